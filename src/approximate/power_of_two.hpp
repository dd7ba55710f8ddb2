#pragma once

#include <cstdint>

#include "exact/rounding.hpp"
#include "onefold/core/tuple.hpp"
#include "onefold/core/wide_integer.hpp"

namespace onefold::detail {

// 2^(numerator / denominator) for 0 <= numerator < denominator < 2^63, by Taylor's series in integers: the one
// implementation of this function, so that no libm and no compiler has a say in its last bits.
class PowerOfTwo {
public:
    PowerOfTwo(std::uint64_t numerator, std::uint64_t denominator) noexcept
        : numerator_(numerator), denominator_(denominator) {
        if (numerator_ != 0) narrow_ = narrow();
    }

    // (magnitude + fraction) 2^exponent times the power, rounded to nearest even. The highest bit of magnitude is set;
    // `inexact` says that the fraction, below 1, is not zero. A power other than 1 is irrational, so that no product
    // lies on the middle of two doubles; one that cannot be told from it within 2^-120 of itself may be rounded
    // wrongly, to the same double everywhere.
    double times(bool negative, UInt128 magnitude, bool inexact, int exponent) const noexcept {
        if (numerator_ == 0)
            return round_to_double(negative, high_limb(magnitude), low_limb(magnitude) != 0 || inexact, exponent + 64);
        const UInt128 product = multiply_wide(high_limb(magnitude), narrow_);
        const int zeros = high_limb(product) >> 63 == 0 ? 1 : 0;
        const auto top = high_limb(product << zeros);
        const int top_exponent = exponent + 65 - zeros;
        // The estimate is at most 13 units too small: 10 of the power, 2 of the magnitude's cut, 1 of its own. Rounding
        // to 53 bits looks at the last 11 (Ziv's test).
        const auto rest = static_cast<int>(top & 0x7ff);
        if ((rest < 0x400 - 16 || rest > 0x400 + 16) && top_exponent >= -1022 - 63)
            return round_to_double(negative, top, true, top_exponent);
        const UInt128 exact = high_product(magnitude, wide());
        const int exact_zeros = high_limb(exact) >> 63 == 0 ? 1 : 0;
        return round_to_double(negative, high_limb(exact << exact_zeros), true, exponent + 65 - exact_zeros);
    }

private:
    // The upper half of a product of 256 bits, at most 3 too small.
    static UInt128 high_product(UInt128 a, UInt128 b) noexcept {
        const UInt128 middle = multiply_wide(high_limb(a), low_limb(b));
        const UInt128 other = multiply_wide(low_limb(a), high_limb(b));
        return multiply_wide(high_limb(a), high_limb(b)) + high_limb(middle) + high_limb(other) +
               high_limb(static_cast<UInt128>(low_limb(middle)) + low_limb(other));
    }

    // With z = log(2) numerator / denominator below 0.694, e^z - 1 is z (1 + z/2 (1 + z/3 (1 + ...))); every bracket
    // is below 2 and every step cuts, so that nothing overflows and the result is too small: by less than 10 units.
    std::uint64_t narrow() const noexcept {
        const auto z = high_limb(multiply_wide(divide_wide(numerator_, 0, denominator_).quotient, 0xb17217f7d1cf79ab));
        std::uint64_t sum = 0;
        // Divisors known to the compiler are products and shifts.
        for_each_index<20>([&](auto i) {
            constexpr std::uint64_t k = 20 - decltype(i)::value;
            sum = (z + high_limb(multiply_wide(z, sum))) / k;
        });
        return std::uint64_t{1} << 63 | sum >> 1;
    }
    UInt128 wide() const noexcept {
        const auto first = divide_wide(numerator_, 0, denominator_);
        const auto second = divide_wide(first.remainder, 0, denominator_);
        const UInt128 z = high_product(join_limbs(first.quotient, second.quotient),
                                       join_limbs(0xb17217f7d1cf79ab, 0xc9e3b39803f2f6af));
        UInt128 sum = 0;
        for (std::uint64_t k = 34; k > 0; --k) {
            const UInt128 product = z + high_product(z, sum);
            const auto high = high_limb(product) / k;
            sum = join_limbs(high, divide_wide(high_limb(product) % k, low_limb(product), k).quotient);
        }
        return static_cast<UInt128>(1) << 127 | sum >> 1;
    }

    std::uint64_t numerator_;
    std::uint64_t denominator_;
    std::uint64_t narrow_ = 0; // in units of 2^-63
};

} // namespace onefold::detail
