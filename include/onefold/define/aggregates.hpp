#pragma once

#include "onefold/define/clause_of.hpp"

// The verbs of a definition. What each means for null, NaN, empty windows and overflow stands with its aggregate in
// aggregate/; the README has one table of them all.
namespace onefold {
// Every element of an array field for itself, such as an embedding's: mean(each(embedding)) is as many means.
template <Expression E> constexpr auto each(const E& array) { return detail::make_node<detail::EachElement>(array); }

// Events of the window.
constexpr auto count() { return detail::clause_of<aggregates::Count>(EveryEvent{}); }
// Values that are not null.
template <Expression E> constexpr auto count(const E& of) { return detail::value_clause<aggregates::Count>(of); }
// Events that pass the condition.
template <class Condition> constexpr auto count_if(Condition condition) { return count().where(condition); }

template <Expression E> constexpr auto sum(const E& of) { return detail::numeric_clause<aggregates::Sum>(of); }
template <Expression E> constexpr auto mean(const E& of) { return detail::numeric_clause<aggregates::Mean>(of); }
template <Expression E> constexpr auto variance(const E& of) {
    return detail::numeric_clause<aggregates::Variance<Spread::sample>>(of);
}
template <Expression E> constexpr auto variance_population(const E& of) {
    return detail::numeric_clause<aggregates::Variance<Spread::population>>(of);
}
template <Expression E> constexpr auto stddev(const E& of) {
    return detail::numeric_clause<aggregates::StandardDeviation<Spread::sample>>(of);
}
template <Expression E> constexpr auto stddev_population(const E& of) {
    return detail::numeric_clause<aggregates::StandardDeviation<Spread::population>>(of);
}
template <Expression E> constexpr auto zscore(const E& of) { return detail::numeric_clause<aggregates::ZScore>(of); }

// The sum of one field over the sum of another, of the events in which neither is null: ratio(discount, price).
template <class... E>
constexpr auto ratio(const E&... sums) {
    return detail::ratio_clause(sums...);
}
// Whether the condition holds in some event, in every event, and in which share of the events; each of those events
// only in which it is not null.
template <class Condition> constexpr auto any(const Condition& condition) {
    return detail::condition_clause<aggregates::Any>(condition);
}
template <class Condition> constexpr auto all(const Condition& condition) {
    return detail::condition_clause<aggregates::All>(condition);
}
template <class Condition> constexpr auto share(const Condition& condition) {
    return detail::condition_clause<aggregates::Mean>(condition);
}

template <Expression E> constexpr auto min(const E& of) { return detail::value_clause<aggregates::Min>(of); }
template <Expression E> constexpr auto max(const E& of) { return detail::value_clause<aggregates::Max>(of); }
// By (event time, id, content). A null value is answered as null; the non_null ones look for the nearest value.
template <Expression E> constexpr auto first(const E& of) { return detail::value_clause<aggregates::First>(of); }
template <Expression E> constexpr auto last(const E& of) { return detail::value_clause<aggregates::Last>(of); }
template <Expression E> constexpr auto first_non_null(const E& of) {
    return detail::value_clause<aggregates::FirstNonNull>(of);
}
template <Expression E> constexpr auto last_non_null(const E& of) {
    return detail::value_clause<aggregates::LastNonNull>(of);
}

// The first (last) N values that are not null, a list in canonical order, oldest first.
template <std::size_t N, Expression E>
constexpr auto first_n(const E& of) {
    return detail::list_clause<aggregates::FirstN, N>(of);
}
template <std::size_t N, Expression E>
constexpr auto last_n(const E& of) {
    return detail::list_clause<aggregates::LastN, N>(of);
}
// The greatest fall from a value to a later one.
template <Expression E> constexpr auto drawdown(const E& of) {
    return detail::numeric_clause<aggregates::Drawdown>(of);
}
// The value N events before the newest of the window, null where there are not so many; lag<0> is last.
template <std::size_t N, Expression E> constexpr auto lag(const E& of) {
    return detail::value_clause<aggregates::Lag<N>>(of);
}

// The value in the event whose `by` is least (greatest): arg_min(shop, amount). Of equals the earliest event in
// canonical order answers; a null `by` is skipped, a null value answered as null.
template <class... E>
constexpr auto arg_min(const E&... value_and_by) {
    return detail::arg_clause<aggregates::ArgMin>(value_and_by...);
}
template <class... E>
constexpr auto arg_max(const E&... value_and_by) {
    return detail::arg_clause<aggregates::ArgMax>(value_and_by...);
}

template <Expression E> constexpr auto distinct(const E& of) { return detail::value_clause<aggregates::Distinct>(of); }
// The K largest values with repeats; the K most frequent ones, ties smaller value first.
template <std::size_t K, Expression E> constexpr auto top(const E& of) {
    return detail::value_clause<aggregates::Top<K>>(of);
}
template <std::size_t K, Expression E> constexpr auto most_frequent(const E& of) {
    return detail::value_clause<aggregates::MostFrequent<K>>(of);
}

template <Expression E> constexpr auto mode(const E& of) { return detail::value_clause<aggregates::Mode>(of); }

// Shannon's entropy of the values in bits: how evenly they are spread.
template <Expression E> constexpr auto entropy(const E& of) { return detail::value_clause<aggregates::Entropy>(of); }

// Counts below the first edge, between each two and from the last on: histogram<0, 10, 100>(amount) has four. A value
// on an edge belongs to the bucket above it.
template <auto... Edges, Expression E>
constexpr auto histogram(const E& of) {
    constexpr bool ok = [] {
        if constexpr (sizeof...(Edges) == 0) return false;
        else return detail::are_edges<Edges...>();
    }();
    static_assert(ok, "onefold: histogram<edges...>() takes finite numbers that ascend, at least one; write "
                      "histogram<0, 10, 100>(x) for counts below 0, from 0, from 10 and from 100 on");
    if constexpr (ok) return detail::numeric_clause<aggregates::Histogram<Edges...>>(of);
    else return Silent{};
}

// Nearest rank; Q is taken as the decimal written.
template <double Q, Expression E>
constexpr auto quantile(const E& of) {
    constexpr bool ok = Q >= 0.0 && Q <= 1.0;
    static_assert(ok,
                  "onefold: quantile<Q>() takes Q from 0 to 1; write quantile<0.9>(x) for the ninetieth percentile");
    if constexpr (ok) {
        constexpr auto q = detail::decimal_fraction(Q);
        return detail::value_clause<aggregates::Quantile<q.numerator, q.denominator>>(of);
    } else return Silent{};
}
template <Expression E> constexpr auto median(const E& of) { return quantile<0.5>(of); }

// Microseconds since the newest earlier event; needs .before_current().
constexpr auto time_since_last() { return detail::clause_of<aggregates::TimeSinceLast>(EveryEvent{}); }
// Events per unit of the window's length: rate<3'600'000'000>() is per hour. Per second unless told.
template <std::int64_t PerMicros = 1'000'000>
constexpr auto rate() {
    return detail::clause_of<aggregates::Rate<PerMicros>>(EveryEvent{});
}

// The user's own; see aggregate/user.hpp for what it needs.
template <class G, Expression E>
constexpr auto aggregate(const E& of) {
    if constexpr (detail::is_silent<E>) return Silent{};
    else {
        constexpr bool ok = AggregateOf<G, detail::stripped<detail::argument_value<E>>>;
        static_assert(
            ok, "onefold: this type is no aggregate of that field; it needs struct State, static void add(State&, "
                "const V&), "
                "static void merge(State&, const State&) and static R result(const State&), for the field's type V");
        if constexpr (ok) return detail::clause_of<aggregates::User<G>>(of);
        else return Silent{};
    }
}

} // namespace onefold
