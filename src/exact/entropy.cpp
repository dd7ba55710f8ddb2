#include "onefold/aggregate/entropy.hpp"

#include <array>
#include <bit>

#include "exact/rounding.hpp"

namespace onefold::detail {

namespace {

// A bit of a logarithm is whether the square reaches 2 (Knuth, The Art of Computer Programming 1, section 1.2.2): the
// mantissa is a 1.127 fixed-point number, squared and, if it reached 2, halved, once for each bit.
//
// A step loses less than 4 units of 2^-127 (the product of the two low limbs, and what is cut off), 2^-124.4 in the
// logarithm of that step, which weighs half of the step's before. So all steps together lose less than 2^-124, and one
// bit more than wanted rounds to the nearest.
constexpr std::uint64_t log2_of(std::uint64_t count) noexcept {
    const int zeros = std::countl_zero(count);
    UInt128 mantissa = join_limbs(count << zeros, 0);
    std::uint64_t bits = 0;
    for (int i = 0; i <= log2_fraction_bits; ++i) {
        const auto high = high_limb(mantissa), low = low_limb(mantissa);
        // In 2.126 fixed point; twice the product of the limbs, whose low limb is cut off.
        const UInt128 square = multiply_wide(high, high) + (multiply_wide(high, low) >> 63);
        const bool reached = high_limb(square) >> 63 != 0;
        mantissa = reached ? square : square << 1;
        bits = bits << 1 | static_cast<std::uint64_t>(reached);
    }
    return (static_cast<std::uint64_t>(63 - zeros) << log2_fraction_bits) + ((bits + 1) >> 1);
}

constexpr std::size_t table_size = 1024;
constexpr auto table = [] {
    std::array<std::uint64_t, table_size> logarithms{};
    for (std::size_t count = 1; count < table_size; ++count) logarithms[count] = log2_of(count);
    return logarithms;
}();

} // namespace

std::uint64_t fixed_log2(std::uint64_t count) noexcept { return count < table_size ? table[count] : log2_of(count); }

double exact_entropy(std::uint64_t n, UInt128 weights) noexcept {
    const UInt128 numerator = multiply_wide(n, fixed_log2(n)) - weights;
    if (numerator == 0) return 0.0;
    // Both normalised, the numerator halved, so that the quotient fits a limb; it has 63 bits at least.
    const int zeros =
        high_limb(numerator) != 0 ? std::countl_zero(high_limb(numerator)) : 64 + std::countl_zero(low_limb(numerator));
    const UInt128 top = numerator << zeros;
    const int shift = std::countl_zero(n);
    const auto [quotient, remainder] = divide_wide(high_limb(top >> 1), low_limb(top >> 1), n << shift);
    const int lead = std::countl_zero(quotient);
    return round_to_double(false, quotient << lead, remainder != 0 || (low_limb(top) & 1) != 0,
                           1 + shift - zeros - lead - log2_fraction_bits);
}

} // namespace onefold::detail
