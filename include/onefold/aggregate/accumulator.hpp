#pragma once

#include <concepts>
#include <cstdint>

#include "onefold/core/bytes.hpp"

namespace onefold {

// An aggregate is a formula over accumulators; clauses that need the same accumulator of the same argument share it
// (sum, mean and stddev of an amount keep one exact sum). The algebra of an accumulator decides how a window slides:
//   group      subtract undoes add exactly, in any order: one running state per window
//   selection  of two values one always wins (min, max, first, last): one queue of candidates shared by all windows
//   monoid     merge is all there is: partial results over blocks of the log. Its right side holds the later events,
//              unless the accumulator says `static constexpr bool ignores_order = true`
// Every accumulator is a function of the set of values and of their canonical order, never of their arrival.

// Group accumulators have add and subtract on a State; `needs_value` is false where only presence counts. One whose
// merge costs no more than a few adds says `static constexpr bool merges_fast = true`: it can be put together from
// parts of the log, too, where going to a far moment step by step would take longer.
template <class A>
concept GroupAccumulator = requires(typename A::State& s, const typename A::State& other, const typename A::Value& v) {
    A::add(s, v);
    A::subtract(s, v);
    A::merge(s, other);
};

// The half of a group accumulator that its state does by itself: merge, subtract of a whole state, save and load.
template <class S>
struct MergedByState {
    using State = S;
    static void merge(S& s, const S& other) { s.merge(other); }
    static void unmerge(S& s, const S& other) { s.subtract(other); }
    static void save(const S& s, ByteWriter& to) { s.save(to); }
    static S load(ByteReader& from) { return S::load(from); }
};

template <class A> inline constexpr bool merges_fast = requires { requires A::merges_fast; };

// A merged state can be taken out again.
template <class A>
concept UnmergeableAccumulator =
    GroupAccumulator<A> && requires(typename A::State& s, const typename A::State& other) { A::unmerge(s, other); };

// dominates(newer, older): the newer value makes the older one irrelevant for every window that holds both.
template <class A>
concept SelectionAccumulator = requires(const typename A::Value& v) {
    { A::dominates(v, v) } -> std::same_as<bool>;
};

template <class A>
concept MonoidAccumulator =
    !GroupAccumulator<A> && requires(typename A::State& s, const typename A::State& other, const typename A::Value& v) {
        A::add(s, v);
        A::merge(s, other);
    };

template <class A>
concept Accumulator = GroupAccumulator<A> || SelectionAccumulator<A> || MonoidAccumulator<A>;

// The argument of count() and of everything else that looks at events rather than at a value of theirs.
struct EveryEvent {
    using value_type = bool;
    template <class Context> constexpr bool evaluate(const Context&) const { return true; }
};

// What an aggregate's result function sees: one window of one clause at one moment.
//   rows()         events in the window (after the clause's `where` and, for null-skipping aggregates, without nulls)
//   state<A>()     the group or monoid accumulator's state over them
//   selected<A>()  pointer to the winning value of a selection, null if the window is empty; selected_time<A>() its
//   time current()      the argument's value in the event being scored, null without one now()          the time asked
//   about;  length()  the window's declared length in microseconds
template <class V>
concept ResultView = requires(const V& view) {
    { view.rows() } -> std::convertible_to<std::int64_t>;
    { view.now() } -> std::convertible_to<std::int64_t>;
    { view.length() } -> std::convertible_to<std::int64_t>;
};

namespace detail {

// A null of this aggregate over some values means that their exact result left its type.
template <class Aggregate, class V>
inline constexpr bool can_overflow = [] {
    if constexpr (requires { Aggregate::template can_overflow<V>; }) return Aggregate::template can_overflow<V>;
    else return false;
}();
// How often it does in the result over a window; an aggregate of many results counts its own.
template <class Aggregate, class V, class View, class Result>
std::uint32_t count_overflows(const View& view, const Result& result) {
    if constexpr (!can_overflow<Aggregate, V>) return 0;
    else if constexpr (requires { Aggregate::template overflows<V>(view, result); })
        return Aggregate::template overflows<V>(view, result);
    else return !result && view.rows() != 0 ? 1 : 0;
}

} // namespace detail
} // namespace onefold
