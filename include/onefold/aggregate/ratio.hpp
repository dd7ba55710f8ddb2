#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "onefold/aggregate/numeric.hpp"
#include "onefold/core/pair.hpp"

namespace onefold {
namespace accumulate {

// Two exact sums over the same events.
template <class V>
struct BothSums {
    static constexpr std::string_view name = "both sums";
    static constexpr bool merges_fast = true;
    using Value = V;
    using First = Sum<typename V::first_type>;
    using Second = Sum<typename V::second_type>;
    using State = Pair<typename First::State, typename Second::State>;
    static void add(State& s, const V& v) {
        First::add(s.first, v.first);
        Second::add(s.second, v.second);
    }
    static void subtract(State& s, const V& v) {
        First::subtract(s.first, v.first);
        Second::subtract(s.second, v.second);
    }
    static void merge(State& s, const State& other) {
        First::merge(s.first, other.first);
        Second::merge(s.second, other.second);
    }
    static void unmerge(State& s, const State& other) {
        First::unmerge(s.first, other.first);
        Second::unmerge(s.second, other.second);
    }
    static void save(const State& s, ByteWriter& to) {
        First::save(s.first, to);
        Second::save(s.second, to);
    }
    static State load(ByteReader& from) {
        State s;
        s.first = First::load(from);
        s.second = Second::load(from);
        return s;
    }
};

} // namespace accumulate

namespace aggregates {

// The sum of one field over the sum of another, over the events in which neither is null: the exact quotient of the two
// exact sums, rounded once. Null where the sum below is exactly zero, and so of nothing. A NaN, or infinities in both
// sums, make it NaN while they are in the window; an infinite sum above makes it infinite, one below zero.
struct Ratio {
    static constexpr std::string_view name = "ratio";
    template <class V> using accumulators = TypeList<accumulate::BothSums<V>>;
    template <class V> static std::optional<double> result(const auto& view) {
        const auto& sums = view.template state<accumulate::BothSums<V>>();
        // A sum of doubles that is not zero does not round to it, because each is a multiple of the smallest.
        if (sums.second.rounded() == 0) return std::nullopt;
        return exact_ratio(sums.first, sums.second);
    }
};

// Whether a condition holds in some event, in every event, of those in which it is not null; null of none.
template <bool Every>
struct Quantified {
    static constexpr std::string_view name = Every ? "all" : "any";
    template <class V> using accumulators = TypeList<accumulate::Present<V>, accumulate::Sum<V>>;
    template <class V> static std::optional<bool> result(const auto& view) {
        const auto rows = view.rows();
        if (rows == 0) return std::nullopt;
        const auto held = view.template state<accumulate::Sum<V>>().exact();
        return held == (Every ? rows : 0) ? Every : !Every;
    }
};
using Any = Quantified<false>;
using All = Quantified<true>;

} // namespace aggregates
} // namespace onefold
