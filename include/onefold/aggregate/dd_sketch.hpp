#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "onefold/aggregate/numeric.hpp"
#include "onefold/aggregate/ranked_multiset.hpp"

namespace onefold {
namespace detail {

// The buckets of a DDSketch (Masson, Rim, Lee: DDSketch, a fast and fully-mergeable quantile sketch with
// relative-error guarantees, VLDB 2019) with its linearly interpolated mapping: every octave [2^e, 2^(e+1)) is cut into
// `per_octave` buckets of equal width, so that a bucket's number is integer arithmetic on the bits of the value. One
// cannot tell the sketch's logarithm from this one but by its memory: 1.44 times the buckets.
//
// Numbers ascend with the values: 0 is zero, positive values have positive numbers and negative ones the opposite, an
// infinity is beyond all others, NaN (only ever positive) beyond that. At most 2098 per_octave + 2 in magnitude.
std::int32_t relative_bucket(double value, std::int32_t per_octave) noexcept;
std::int32_t relative_bucket(std::int64_t value, std::int32_t per_octave) noexcept;
bool is_relative_bucket(std::int32_t bucket, std::int32_t per_octave) noexcept;

// The harmonic mean of the bucket's ends, rounded once to nearest even: no value of the bucket is further than
// 1 / (2 per_octave + 1) of itself away, plus that rounding, which among subnormal numbers is at most 2^-1075.
double relative_bucket_value(std::int32_t bucket, std::int32_t per_octave) noexcept;

// How many buckets per octave keep the error below alpha = numerator / denominator: the smallest m with
// 1 / (2 m + 1) < alpha.
constexpr std::int32_t buckets_per_octave(std::int64_t numerator, std::int64_t denominator) noexcept {
    return static_cast<std::int32_t>((denominator / numerator + 1) / 2);
}

} // namespace detail

namespace accumulate {

// How many values lie in each bucket. Counts, so that a value can leave again.
template <Number V, std::int32_t PerOctave>
struct RelativeBuckets {
    static constexpr std::string_view name = "relative buckets";
    using Value = V;
    using State = RankedMultiset<std::int32_t>;
    static void add(State& s, const V& v) { s.add(bucket_of(v)); }
    static void subtract(State& s, const V& v) { s.subtract(bucket_of(v)); }
    static void merge(State& s, const State& other) { s.merge(other); }
    static void unmerge(State& s, const State& other) { s.subtract(other); }
    // The number of buckets, then each with its count, ascending.
    static void save(const State& s, ByteWriter& to) { s.save(to); }
    static State load(ByteReader& from) {
        auto s = State::load(from);
        if (s.empty() || (detail::is_relative_bucket(s.at_rank(0), PerOctave) &&
                          detail::is_relative_bucket(s.at_rank(s.size() - 1), PerOctave)))
            return s;
        from.fail();
        return {};
    }

private:
    static std::int32_t bucket_of(const V& v) noexcept {
        using Wide = std::conditional_t<std::is_integral_v<V>, std::int64_t, double>;
        return detail::relative_bucket(static_cast<Wide>(v), PerOctave);
    }
};

} // namespace accumulate

namespace aggregates {

// The value at nearest rank (see Quantile) within alpha = ErrorNumerator / ErrorDenominator of itself: for the exact
// quantile q the answer lies between q (1 - alpha) and q (1 + alpha). Zero, infinities and NaN (greatest) are exact;
// among subnormal numbers it may be 2^-1075 further off. O(log buckets) to add, subtract and ask; a bucket takes about
// 6 bytes, and values between 0.01 and 10,000 at alpha = 0.01 have at most 1000 of them.
template <std::int64_t Numerator, std::int64_t Denominator, std::int64_t ErrorNumerator, std::int64_t ErrorDenominator>
struct ApproxQuantile {
    static constexpr std::string_view name = "approx_quantile";
    static constexpr std::int64_t parameters[] = {Numerator, Denominator, ErrorNumerator, ErrorDenominator};
    static constexpr std::int32_t per_octave = detail::buckets_per_octave(ErrorNumerator, ErrorDenominator);
    template <Number V> using accumulators = TypeList<accumulate::RelativeBuckets<V, per_octave>>;
    template <class V> static std::optional<double> result(const auto& view) {
        const auto& buckets = view.template state<accumulate::RelativeBuckets<V, per_octave>>();
        const std::uint64_t n = buckets.size();
        if (n == 0) return std::nullopt;
        __extension__ using Wide = unsigned __int128;
        const auto rank = static_cast<std::uint64_t>((Wide{n} * Numerator + (Denominator - 1)) / Denominator);
        return detail::relative_bucket_value(buckets.at_rank(rank == 0 ? 0 : rank - 1), per_octave);
    }
};

} // namespace aggregates
} // namespace onefold
