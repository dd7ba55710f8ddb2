#include "onefold/aggregate/dd_sketch.hpp"

#include <bit>
#include <limits>

#include "exact/rounding.hpp"

namespace onefold::detail {

namespace {

// The first octave holds the smallest subnormal, 2^-1074; the last one ends at 2^1024.
constexpr int first_octave = -1074;
constexpr std::int32_t octaves = 1024 - first_octave;

// |value| = 2^exponent (1 + fraction / 2^64), not zero.
std::int32_t bucket_of(bool negative, int exponent, std::uint64_t fraction, std::int32_t per_octave) noexcept {
    const auto within = high_limb(multiply_wide(fraction, static_cast<std::uint64_t>(per_octave)));
    const auto bucket = (exponent - first_octave) * per_octave + static_cast<std::int32_t>(within) + 1;
    return negative ? -bucket : bucket;
}

// Without the highest bit of `magnitude`, which is not zero, as a fraction of it.
std::uint64_t fraction_of(std::uint64_t magnitude) noexcept { return magnitude << std::countl_zero(magnitude) << 1; }

} // namespace

std::int32_t relative_bucket(double value, std::int32_t per_octave) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const bool negative = bits >> 63 != 0;
    const int biased = static_cast<int>(bits >> 52 & 0x7ff);
    const std::uint64_t mantissa = bits & 0xfffffffffffff;
    if (biased == 0x7ff) {
        const auto infinite = octaves * per_octave + 1;
        return mantissa != 0 ? infinite + 1 : negative ? -infinite : infinite;
    }
    if (biased != 0) return bucket_of(negative, biased - 1023, mantissa << 12, per_octave);
    if (mantissa == 0) return 0;
    return bucket_of(negative, first_octave + 63 - std::countl_zero(mantissa), fraction_of(mantissa), per_octave);
}

std::int32_t relative_bucket(std::int64_t value, std::int32_t per_octave) noexcept {
    if (value == 0) return 0;
    const auto size = low_limb(magnitude(value));
    return bucket_of(value < 0, 63 - std::countl_zero(size), fraction_of(size), per_octave);
}

bool is_relative_bucket(std::int32_t bucket, std::int32_t per_octave) noexcept {
    const auto infinite = octaves * per_octave + 1;
    return bucket >= -infinite && bucket <= infinite + 1;
}

double relative_bucket_value(std::int32_t bucket, std::int32_t per_octave) noexcept {
    const auto infinite = octaves * per_octave + 1;
    if (bucket == 0) return 0.0;
    if (bucket > infinite) return std::numeric_limits<double>::quiet_NaN();
    const bool negative = bucket < 0;
    const auto number = (negative ? -bucket : bucket) - 1;
    if (number + 1 == infinite) return signed_infinity(negative);
    // The ends are 2^e (m + j) / m and 2^e (m + j + 1) / m, and 2 a b / (a + b) of them is 2^e times a ratio in (1, 2),
    // of numbers below 2^30.
    const auto m = static_cast<std::uint64_t>(per_octave);
    const auto j = static_cast<std::uint64_t>(number % per_octave);
    const std::uint64_t numerator = 2 * (m + j) * (m + j + 1), denominator = m * (2 * (m + j) + 1);
    const auto [quotient, remainder] = divide_wide(numerator >> 1, numerator << 63, denominator);
    return round_to_double(negative, quotient, remainder != 0, first_octave + number / per_octave - 63);
}

} // namespace onefold::detail
