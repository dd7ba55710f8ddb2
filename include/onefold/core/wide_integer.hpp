#pragma once

#include <bit>
#include <cstdint>

namespace onefold::detail {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

constexpr std::uint64_t low_limb(UInt128 x) noexcept { return static_cast<std::uint64_t>(x); }
constexpr std::uint64_t high_limb(UInt128 x) noexcept { return static_cast<std::uint64_t>(x >> 64); }
constexpr UInt128 join_limbs(std::uint64_t high, std::uint64_t low) noexcept {
    return static_cast<UInt128>(high) << 64 | low;
}
constexpr UInt128 multiply_wide(std::uint64_t a, std::uint64_t b) noexcept { return static_cast<UInt128>(a) * b; }
constexpr UInt128 magnitude(Int128 x) noexcept {
    return x < 0 ? UInt128{0} - static_cast<UInt128>(x) : static_cast<UInt128>(x);
}

// The double nearest to (top + fraction) * 2^exponent, ties to even. The highest bit of top is set; `inexact` says that
// the fraction is not zero. The result must be a normal number; round_to_double (src/exact/rounding.hpp) has no such
// condition. Integers only: no flag of the user's compiler changes it.
constexpr double round_to_normal(bool negative, std::uint64_t top, bool inexact, int exponent) noexcept {
    const std::uint64_t kept = top >> 1 | (top & 1) | static_cast<std::uint64_t>(inexact);
    const std::uint64_t mantissa = (kept + 0x1ff + (kept >> 10 & 1)) >> 10;
    // A mantissa rounded up to 2^53 carries into the exponent, which is what it should do.
    const std::uint64_t bits = (static_cast<std::uint64_t>(exponent + 63 + 1022) << 52) + mantissa;
    return std::bit_cast<double>(bits | static_cast<std::uint64_t>(negative) << 63);
}

// The double nearest to value * 2^exponent, for exponents that keep it normal. Zero is +0.0.
constexpr double round_to_normal(Int128 value, int exponent) noexcept {
    const UInt128 size = magnitude(value);
    const std::uint64_t high = high_limb(size);
    const std::uint64_t low = low_limb(size);
    if (high != 0) {
        const int zeros = std::countl_zero(high);
        const UInt128 shifted = size << zeros;
        return round_to_normal(value < 0, high_limb(shifted), low_limb(shifted) != 0, exponent + 64 - zeros);
    }
    if (low == 0) return 0.0;
    const int zeros = std::countl_zero(low);
    return round_to_normal(value < 0, low << zeros, false, exponent - zeros);
}

} // namespace onefold::detail
