#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "onefold/aggregate/numeric.hpp"

namespace onefold {

// Exponential decay that does not depend on order and can be subtracted: the value x of an event at time t counts
// x 2^-((now - t) / h) at `now`, which is x 2^(t / h) over 2^(now / h), and the first of these does not change with
// time. With k = floor(t / h) it is the double
//     y = x 2^(t / h - k) / 2, rounded once to nearest even,
// times 2^(k + 1); those doubles are summed exactly. What an event adds is what it takes away again.
namespace detail {

// k, and the bits of the doubles x 2^(t / h - k) / 2 and 2^(t / h - k) / 2; an array, because that is something a
// column of the log knows to order and to save. NaN is one value.
using DecayedTerm = std::array<std::int64_t, 3>;
DecayedTerm decayed_term(double x, std::int64_t time, std::int64_t half_life) noexcept;
DecayedTerm decayed_term(std::int64_t x, std::int64_t time, std::int64_t half_life) noexcept;

} // namespace detail

// Σ y 2^(k + 1), exactly. One exact sum for every 32 half-lives in which there are events, ascending by time: 24 bytes
// each, for |x| from 2^-11 to 2^29 (ExactSum). A sum of zero is left out, so that equal sums have equal bytes.
class DecayedSum {
public:
    void add(std::int64_t k, double y) { accumulate(k, y, false); }
    void subtract(std::int64_t k, double y) { accumulate(k, y, true); }
    void merge(const DecayedSum& other) { combine(other, false); }
    void subtract(const DecayedSum& other) { combine(other, true); }

    // The exact sum times 2^-(now / half_life), rounded to nearest even: the only rounding after that of the terms, so
    // that the result is within 2^-52 of the sum of the magnitudes of the decayed values, plus 2^-1073 for each where
    // they are subnormal. NaN and infinities as in IEEE sums, while they are in the set.
    // Precondition: no term is later than `now`.
    double decayed(std::int64_t now, std::int64_t half_life) const noexcept;

    // The quotient of two sums, of values and of their weights, rounded once to nearest even.
    // Precondition: the weights are those of at least one event and finite.
    static double ratio(const DecayedSum& values, const DecayedSum& weights) noexcept;

    bool operator==(const DecayedSum& other) const noexcept;

    // The number of sums, then each with its number (floor(k / 32)), ascending. load fails the reader on other bytes.
    void save(ByteWriter& to) const;
    static DecayedSum load(ByteReader& from);

private:
    struct Span {
        std::int64_t number;
        ExactSum sum;
    };
    struct Total;
    void accumulate(std::int64_t k, double y, bool negative);
    void combine(const DecayedSum& other, bool negative);
    std::size_t find_or_add(std::int64_t number);
    void drop_zero(std::size_t at);
    Total total(std::int64_t reference) const noexcept;

    std::vector<Span> spans_;
};

namespace accumulate {

// Σ of word `Word` of the terms: 1 their values, 2 their weights.
template <std::size_t Word>
struct Decayed : MergedByState<DecayedSum> {
    static constexpr std::string_view name = Word == 1 ? "decayed sum" : "decayed weights";
    using Value = detail::DecayedTerm;
    static void add(auto& s, const Value& v) { s.add(v[0], std::bit_cast<double>(v[Word])); }
    static void subtract(auto& s, const Value& v) { s.subtract(v[0], std::bit_cast<double>(v[Word])); }
};

} // namespace accumulate

// Their argument is a DecayedTerm, made of the value and the time of the event when it enters the log; `now` is the
// moment asked about, also for delayed windows. A window of 64 half-lives holds all that a double can show of a
// lifetime, and its state stays small.
namespace aggregates {

// Null for no values; NaN and infinities as IEEE while they are inside.
template <std::int64_t HalfLife>
struct DecayedSum {
    static constexpr std::string_view name = "decayed_sum";
    static constexpr std::int64_t parameters[] = {HalfLife};
    template <class V> using accumulators = TypeList<accumulate::Present<V>, accumulate::Decayed<1>>;
    template <class V> static std::optional<double> result(const auto& view) {
        if (view.rows() == 0) return std::nullopt;
        return view.template state<accumulate::Decayed<1>>().decayed(view.now(), HalfLife);
    }
};

// The weights alone: how many events there are, each counting 2^-(age / half-life). Of nothing it is 0.
template <std::int64_t HalfLife>
struct DecayedCount {
    static constexpr std::string_view name = "decayed_count";
    static constexpr std::int64_t parameters[] = {HalfLife};
    template <class V> using accumulators = TypeList<accumulate::Decayed<2>>;
    template <class V> static double result(const auto& view) {
        return view.template state<accumulate::Decayed<2>>().decayed(view.now(), HalfLife);
    }
};

// The mean of the values by those weights, the same at any moment while the window holds the same events. Within 2^-51
// of the same mean of the values' magnitudes. Null for no values.
template <std::int64_t HalfLife>
struct DecayedMean {
    static constexpr std::string_view name = "decayed_mean";
    static constexpr std::int64_t parameters[] = {HalfLife};
    template <class V>
    using accumulators = TypeList<accumulate::Present<V>, accumulate::Decayed<1>, accumulate::Decayed<2>>;
    template <class V> static std::optional<double> result(const auto& view) {
        if (view.rows() == 0) return std::nullopt;
        return onefold::DecayedSum::ratio(view.template state<accumulate::Decayed<1>>(),
                                          view.template state<accumulate::Decayed<2>>());
    }
};

} // namespace aggregates
} // namespace onefold
