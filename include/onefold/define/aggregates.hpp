#pragma once

#include "onefold/aggregate/multiset.hpp"
#include "onefold/aggregate/numeric.hpp"
#include "onefold/aggregate/selection.hpp"
#include "onefold/aggregate/user.hpp"
#include "onefold/define/clause.hpp"

// The verbs of a definition. What each means for null, NaN, empty windows and overflow stands with its aggregate in
// aggregate/; the README has one table of them all.
namespace onefold {
namespace detail {

// Evaluating a part of a definition needs the record type only; this reads a field's type without an event.
struct TypeContext {
    template <class F> const typename F::value& field() const { __builtin_unreachable(); }
    template <class F> Silent feature() const { return {}; }
};
template <class E> using argument_value =
    std::remove_cvref_t<decltype(detail::evaluate(std::declval<const E&>(), TypeContext{}))>;

template <class Aggregate, class E>
constexpr auto clause_of(const E& argument) {
    return Clause<Aggregate, E, Always, 0>{argument, {}, {}, {}};
}

// Sentence is a type with `static constexpr bool holds<V>`; a failed one reports and goes quiet.
template <class Aggregate, class E>
constexpr auto numeric_clause(const E& argument) {
    if constexpr (std::same_as<E, Silent> || std::same_as<stripped<argument_value<E>>, Silent>) return Silent{};
    else {
        constexpr bool ok = Number<stripped<argument_value<E>>>;
        static_assert(
            ok,
            "onefold: this aggregate takes a number, and the field is not one (a 64-bit unsigned integer, a string, "
            "an enum, a time or an array); use distinct, first, last or count, or convert the field");
        if constexpr (ok) return clause_of<Aggregate>(argument);
        else return Silent{};
    }
}

template <class Aggregate, class E>
constexpr auto value_clause(const E& argument) {
    if constexpr (std::same_as<E, Silent> || std::same_as<stripped<argument_value<E>>, Silent>) return Silent{};
    else return clause_of<Aggregate>(argument);
}

// The decimal that the user wrote: 0.9 means nine tenths, not the nearest binary fraction.
struct Fraction {
    std::int64_t numerator, denominator;
};
consteval Fraction decimal_fraction(double q) {
    std::int64_t denominator = 1;
    for (int digits = 0; digits < 12; ++digits, denominator *= 10) {
        const auto numerator = static_cast<std::int64_t>(q * static_cast<double>(denominator) + 0.5);
        if (static_cast<double>(numerator) / static_cast<double>(denominator) == q) return {numerator, denominator};
    }
    return {static_cast<std::int64_t>(q * 1e12 + 0.5), 1'000'000'000'000};
}

} // namespace detail

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

template <Expression E> constexpr auto distinct(const E& of) { return detail::value_clause<aggregates::Distinct>(of); }
// The K largest values with repeats; the K most frequent ones, ties smaller value first.
template <std::size_t K, Expression E> constexpr auto top(const E& of) {
    return detail::value_clause<aggregates::Top<K>>(of);
}
template <std::size_t K, Expression E> constexpr auto most_frequent(const E& of) {
    return detail::value_clause<aggregates::MostFrequent<K>>(of);
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
    if constexpr (std::same_as<E, Silent> || std::same_as<detail::stripped<detail::argument_value<E>>, Silent>)
        return Silent{};
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
