#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/core/bytes.hpp"
#include "onefold/core/hash.hpp"
#include "onefold/core/tuple.hpp"

namespace onefold {

// HyperLogLog (Flajolet, Fusy, Gandouet, Meunier 2007) over 64-bit hashes, kept sparse while that is smaller (after
// Heule, Nunkesser, Hall: HyperLogLog in practice, 2013): the state of an approximate distinct.
//
//   sparse   the hash's first 26 bits and the position of the first one bit after them, one word each, ascending;
//            while there are at most `most_coupons` different 26-bit prefixes
//   dense    2^precision registers of a byte each: the largest position of the first one bit after `precision` bits
//
// Both only ever grow towards the maximum, and what is sparse depends on the set of hashes alone: a semilattice, so
// that any order and any tree of merges gives the same state and the same bytes. `precision`, from 4 to 18, is the same
// in every call on one object and on what is merged with it.
class HyperLogLog {
public:
    // O(1) dense; a binary search and a move of at most 8 KiB sparse.
    void add(std::uint64_t hash, int precision);
    void merge(const HyperLogLog& other, int precision);

    // Sparse: the number of prefixes, which is that of the values but for a collision (one in 2^26 for each pair).
    // Dense: the improved raw estimator of Ertl (New cardinality estimation algorithms for HyperLogLog sketches, 2017),
    // without tables and without a bias to correct; standard error 1.04 / sqrt(2^precision). Rounded to the nearest
    // integer; it does additions, products by powers of two and correctly rounded square roots only, so that every
    // machine gets the same bits.
    std::int64_t estimate(int precision) const noexcept;

    bool is_dense() const noexcept { return !registers_.empty(); }
    bool operator==(const HyperLogLog&) const = default;

    // One byte 0, the number of words and the words; or one byte 1 and the registers.
    void save(ByteWriter& to) const;
    // Words out of order or too many and registers out of range fail the reader.
    static HyperLogLog load(ByteReader& from, int precision);

    // Where words would take three quarters of the registers, and never more than what insertion moves quickly.
    static constexpr std::size_t most_coupons(int precision) noexcept {
        const auto limit = (std::size_t{3} << precision) / 16;
        return limit < 2048 ? limit : 2048;
    }

private:
    void add_coupon(std::uint32_t coupon, int precision);
    void raise(std::uint32_t coupon, int precision) noexcept;
    void densify(int precision);

    std::vector<std::uint32_t> coupons_;
    std::vector<std::uint8_t> registers_; // empty while sparse
};

namespace accumulate {

// Values by the documented hash with seed 0: NaN is one value and -0.0 equals 0.0.
template <class V, int Precision>
struct DistinctSketch {
    static constexpr std::string_view name = "distinct sketch";
    static constexpr bool ignores_order = true;
    using Value = V;
    using State = HyperLogLog;
    static void add(State& s, const V& v) { s.add(hash_value(v), Precision); }
    static void merge(State& s, const State& other) { s.merge(other, Precision); }
    static void save(const State& s, ByteWriter& to) { s.save(to); }
    static State load(ByteReader& from) { return State::load(from, Precision); }
};

} // namespace accumulate

namespace aggregates {

// About how many different values: exact but for a probability of n^2 / 2^27 while they are at most
// HyperLogLog::most_coupons (768 at the usual precision of 12), beyond that with a standard error of
// 1.04 / sqrt(2^Precision), 1.6 % at 12. Of nothing it is 0. A monoid: values that leave a window are not subtracted,
// their blocks of the log are merged again.
template <int Precision>
struct ApproxDistinct {
    static constexpr std::string_view name = "approx_distinct";
    static constexpr std::int64_t parameters[] = {Precision};
    template <class V> using accumulators = TypeList<accumulate::DistinctSketch<V, Precision>>;
    template <class V> static std::int64_t result(const auto& view) {
        return view.template state<accumulate::DistinctSketch<V, Precision>>().estimate(Precision);
    }
};

} // namespace aggregates
} // namespace onefold
