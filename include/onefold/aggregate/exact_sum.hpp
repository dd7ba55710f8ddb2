#pragma once

#include <bit>
#include <cstdint>

#include "onefold/aggregate/exact_storage.hpp"
#include "onefold/core/arithmetic.hpp"
#include "onefold/core/bytes.hpp"
#include "onefold/core/wide_integer.hpp"

namespace onefold {

// The exact sum of a multiset of doubles, as an integer number of 2^-64 steps (or finer ones, on the heap, when a value
// needs them). It is a group: whatever was added can be subtracted again, NaN and infinities included, in any order,
// and leaves no trace. 16 bytes; add and subtract O(1), without allocation for 2^-12 <= |x| < 2^61 and |sum| < 2^62.
// Throws std::bad_alloc only where a value outside those bounds needs memory. The accumulator is an int128 with a
// fallback to a superaccumulator over the whole range (Neal: Fast exact summation using small and large
// superaccumulators, 2015).
class ExactSum {
public:
    void add(double x) { accumulate<false>(x); }
    void subtract(double x) { accumulate<true>(x); }

    // The other's elements enter (leave) the set. `other` may be *this.
    void merge(const ExactSum& other) { storage_.merge(other.storage_); }
    void subtract(const ExactSum& other) { storage_.subtract(other.storage_); }

    // The exact sum rounded once, to nearest even: NaN if the set holds a NaN or infinities of both signs, infinite if
    // it holds one or if the sum is beyond the largest double, +0.0 for zero.
    double rounded() const noexcept {
        if (storage_.is_wide()) [[unlikely]]
            return rounded_wide();
        return detail::round_to_normal(
            static_cast<detail::Int128>(detail::join_limbs(storage_.limb[1], storage_.limb[0])), -64);
    }

    // The same exact sum and the same numbers of NaNs and infinities, however they came about.
    bool operator==(const ExactSum& other) const noexcept { return storage_ == other.storage_; }

    // The same bytes for equal sums. load fails the reader on bytes that save cannot have written.
    void save(ByteWriter& writer) const { storage_.save(writer); }
    static ExactSum load(ByteReader& reader) {
        ExactSum sum;
        sum.storage_ = detail::ExactStorage<2>::load(reader);
        return sum;
    }

private:
    friend struct detail::ExactAccess;

    template <bool negate>
    void accumulate(double x) {
        const auto bits = std::bit_cast<std::uint64_t>(x);
        // |x| = mantissa * 2^(shift - 64). From shift 0 on all bits are on the grid; up to 62, the power of two is an
        // int64, so that one multiplication places the mantissa, with its sign, in 128 bits.
        const std::uint64_t shift = (bits >> 52 & 0x7ff) - 1011;
        if (shift > 62) [[unlikely]] {
            if (bits << 1 != 0) accumulate_wide(bits, negate);
            return;
        }
        const std::uint64_t mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
        const std::uint64_t sign = std::uint64_t{0} - (bits >> 63);
        const auto factor = static_cast<std::int64_t>((mantissa ^ sign) - sign);
        const auto term = static_cast<detail::UInt128>(static_cast<detail::Int128>(factor) *
                                                       static_cast<std::int64_t>(std::uint64_t{1} << shift));
        const detail::UInt128 held = detail::join_limbs(storage_.limb[1], storage_.limb[0]);
        const detail::UInt128 sum = negate ? held - term : held + term;
        if (!detail::ExactStorage<2>::holds(detail::high_limb(sum))) [[unlikely]]
            return accumulate_wide(bits, negate);
        storage_.limb[0] = detail::low_limb(sum);
        storage_.limb[1] = detail::high_limb(sum);
    }
    void accumulate_wide(std::uint64_t bits, bool negate);
    double rounded_wide() const noexcept;

    detail::ExactStorage<2> storage_;
};

} // namespace onefold
