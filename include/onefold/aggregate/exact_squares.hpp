#pragma once

#include <bit>
#include <cstdint>

#include "onefold/aggregate/exact_storage.hpp"
#include "onefold/core/arithmetic.hpp"
#include "onefold/core/bytes.hpp"
#include "onefold/core/wide_integer.hpp"

namespace onefold {

// The exact sum of x * x over a multiset of doubles, each product with all of its 106 bits. The twin of ExactSum: a
// group, order-independent, without trace of what left. 32 bytes on a grid of 2^-128; add and subtract O(1), without
// allocation for 2^-12 <= |x| < 2^61. Throws std::bad_alloc only where a value outside those bounds needs memory.
class ExactSquares {
public:
    void add(double x) { accumulate<false>(x); }
    void subtract(double x) { accumulate<true>(x); }

    // The other's elements enter (leave) the set. `other` may be *this.
    void merge(const ExactSquares& other) { storage_.merge(other.storage_); }
    void subtract(const ExactSquares& other) { storage_.subtract(other.storage_); }

    // The exact sum rounded once, to nearest even: NaN if the set holds a NaN, else infinite if it holds an infinity or
    // if the sum is beyond the largest double, +0.0 for zero.
    double rounded() const noexcept;

    // The same exact sum and the same numbers of NaNs and infinities, however they came about.
    bool operator==(const ExactSquares& other) const noexcept { return storage_ == other.storage_; }

    // The same bytes for equal sums. load fails the reader on bytes that save cannot have written.
    void save(ByteWriter& writer) const { storage_.save(writer); }
    static ExactSquares load(ByteReader& reader) {
        ExactSquares squares;
        squares.storage_ = detail::ExactStorage<4>::load(reader);
        return squares;
    }

private:
    friend struct detail::ExactAccess;

    template <bool negate>
    void accumulate(double x) {
        using detail::UInt128;
        const auto bits = std::bit_cast<std::uint64_t>(x);
        // |x| as an integer on ExactSum's grid, squared.
        const std::uint64_t shift = (bits >> 52 & 0x7ff) - 1011;
        if (shift > 62) [[unlikely]] {
            if (bits << 1 != 0) accumulate_wide(bits, negate);
            return;
        }
        const std::uint64_t mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
        const UInt128 size = detail::multiply_wide(mantissa, std::uint64_t{1} << shift);
        const std::uint64_t low = detail::low_limb(size);
        const std::uint64_t high = detail::high_limb(size);
        // size < 2^115, so none of these sums overflows and the square stays below 2^230.
        const UInt128 bottom = detail::multiply_wide(low, low);
        const UInt128 middle = (detail::multiply_wide(low, high) << 1) + detail::high_limb(bottom);
        const UInt128 square_high = detail::multiply_wide(high, high) + detail::high_limb(middle);
        const UInt128 square_low = detail::join_limbs(detail::low_limb(middle), detail::low_limb(bottom));

        const UInt128 held_low = detail::join_limbs(storage_.limb[1], storage_.limb[0]);
        const UInt128 held_high = detail::join_limbs(storage_.limb[3], storage_.limb[2]);
        const UInt128 sum_low = negate ? held_low - square_low : held_low + square_low;
        const bool carry = negate ? held_low < square_low : sum_low < square_low;
        const UInt128 sum_high = negate ? held_high - square_high - carry : held_high + square_high + carry;
        if (!detail::ExactStorage<4>::holds(detail::high_limb(sum_high))) [[unlikely]]
            return accumulate_wide(bits, negate);
        storage_.limb[0] = detail::low_limb(sum_low);
        storage_.limb[1] = detail::high_limb(sum_low);
        storage_.limb[2] = detail::low_limb(sum_high);
        storage_.limb[3] = detail::high_limb(sum_high);
    }
    void accumulate_wide(std::uint64_t bits, bool negate);

    detail::ExactStorage<4> storage_;
};

} // namespace onefold
