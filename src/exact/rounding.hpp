#pragma once

#include <bit>
#include <cstdint>

#include "onefold/core/wide_integer.hpp"

namespace onefold::detail {

// mantissa * 2^exponent, for a mantissa of at most 53 bits (or 2^53): below 2^52 only at exponent -1074. Infinite
// beyond the largest double; a zero is +0.0.
inline double compose(bool negative, std::uint64_t mantissa, int exponent) noexcept {
    if (mantissa == 0) return 0.0;
    // The implicit bit of a normal number adds one to the exponent field; a subnormal one has neither.
    const std::uint64_t bits = (static_cast<std::uint64_t>(exponent + 1074) << 52) + mantissa;
    return std::bit_cast<double>(bits | static_cast<std::uint64_t>(negative) << 63);
}

inline double signed_infinity(bool negative) noexcept {
    return std::bit_cast<double>(std::uint64_t{0x7ff} << 52 | static_cast<std::uint64_t>(negative) << 63);
}

// The double nearest to (top + fraction) * 2^exponent, ties to even, in the whole range: subnormal results are rounded
// once, at their own precision, and those beyond the largest double are infinite. The highest bit of top is set;
// `inexact` says that the fraction, which is below 1, is not zero.
inline double round_to_double(bool negative, std::uint64_t top, bool inexact, int exponent) noexcept {
    if (exponent > 1023 - 63) return signed_infinity(negative);
    if (exponent >= -1022 - 63) return round_to_normal(negative, top, inexact, exponent);
    // The last bit of a subnormal weighs 2^-1074.
    const int dropped = -1074 - exponent;
    if (dropped > 64) return 0.0;
    const std::uint64_t rest = dropped == 64 ? top : top << (64 - dropped);
    constexpr std::uint64_t half = std::uint64_t{1} << 63;
    std::uint64_t mantissa = dropped == 64 ? 0 : top >> dropped;
    if (rest > half || (rest == half && (inexact || (mantissa & 1) != 0))) ++mantissa;
    return compose(negative, mantissa, -1074);
}

struct Quotient {
    std::uint64_t quotient;
    std::uint64_t remainder;
};

// (high, low) / divisor for high < divisor.
inline Quotient divide_wide(std::uint64_t high, std::uint64_t low, std::uint64_t divisor) noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
    // The compiler would call a library function, which costs as much again as the instruction.
    Quotient result;
    __asm__("divq %[divisor]"
            : "=a"(result.quotient), "=d"(result.remainder)
            : [divisor] "r"(divisor), "a"(low), "d"(high)
            : "cc");
    return result;
#else
    const UInt128 dividend = join_limbs(high, low);
    return {low_limb(dividend / divisor), low_limb(dividend % divisor)};
#endif
}

} // namespace onefold::detail
