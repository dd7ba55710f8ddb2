#pragma once

#include "onefold/aggregate/drawdown.hpp"
#include "onefold/aggregate/each.hpp"
#include "onefold/aggregate/entropy.hpp"
#include "onefold/aggregate/histogram.hpp"
#include "onefold/aggregate/multiset.hpp"
#include "onefold/aggregate/numeric.hpp"
#include "onefold/aggregate/ratio.hpp"
#include "onefold/aggregate/selection.hpp"
#include "onefold/aggregate/sequence.hpp"
#include "onefold/aggregate/user.hpp"
#include "onefold/define/clause.hpp"

// How the verbs of define/aggregates.hpp make clauses: each checks its arguments, and after a mistake answers Silent.
namespace onefold {
namespace detail {

template <class Aggregate, class E>
constexpr auto clause_of(const E& argument) {
    return Clause<Aggregate, E, Always, 0>{argument, {}, {}, {}};
}

template <class Aggregate, class E>
constexpr auto numeric_clause(const E& argument) {
    if constexpr (is_silent<E>) return Silent{};
    else if constexpr (is_each<E>) {
        constexpr bool ok = Number<typename stripped<argument_value<E>>::value_type>;
        static_assert(ok, "onefold: this aggregate takes numbers, and the elements of the array are none (64-bit "
                          "unsigned integers); convert the field");
        if constexpr (ok) return clause_of<aggregates::Each<Aggregate>>(argument);
        else return Silent{};
    } else {
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
    if constexpr (is_silent<E>) return Silent{};
    else if constexpr (is_each<E>) {
        constexpr bool ok = std::same_as<Aggregate, aggregates::Min> || std::same_as<Aggregate, aggregates::Max>;
        static_assert(ok, "onefold: each() works in the aggregates of numbers and in min and max; give this one an "
                          "element<I>(x), or the array itself");
        if constexpr (ok) return clause_of<aggregates::Each<Aggregate>>(argument);
        else return Silent{};
    } else return clause_of<Aggregate>(argument);
}

template <template <std::size_t> class Aggregate, std::size_t N, class E>
constexpr auto list_clause(const E& argument) {
    static_assert(N > 0, "onefold: first_n<N>() and last_n<N>() take at least one value; write last_n<3>(x)");
    if constexpr (N > 0) return value_clause<Aggregate<N>>(argument);
    else return Silent{};
}

template <class Aggregate, class... E>
constexpr auto arg_clause(const E&... value_and_by) {
    constexpr bool ok = sizeof...(E) == 2 && (Expression<E> && ...);
    static_assert(ok, "onefold: arg_min() and arg_max() take two fields, the value to answer and what its event is "
                      "ordered by; write arg_min(shop, amount)");
    constexpr bool whole = !(is_each<E> || ...);
    static_assert(whole, "onefold: each() works in the aggregates of numbers and in min and max; give this one an "
                         "element<I>(x), or the array itself");
    if constexpr (ok && whole) return value_clause<Aggregate>(make_node<ValueBy>(value_and_by...));
    else return Silent{};
}

template <class... E>
constexpr auto ratio_clause(const E&... sums) {
    constexpr bool two = sizeof...(E) == 2 && (Expression<E> && ...);
    static_assert(two, "onefold: ratio() takes two fields, ratio(discount, price) for the sum of one over the sum of "
                       "the other");
    if constexpr (!two) return Silent{};
    else if constexpr ((is_silent<E> || ...)) return Silent{};
    else {
        constexpr bool ok = (Number<stripped<argument_value<E>>> && ...);
        static_assert(ok, "onefold: ratio() takes two numbers, and one field is none (a 64-bit unsigned integer, a "
                          "string, an enum, a time or an array); convert the field");
        if constexpr (ok) return clause_of<aggregates::Ratio>(make_node<Both>(sums...));
        else return Silent{};
    }
}

template <class Aggregate, class Condition>
constexpr auto condition_clause(const Condition& condition) {
    constexpr bool ok = [] {
        if constexpr (!Expression<Condition>) return false;
        else if constexpr (is_silent<Condition>) return true;
        else return std::same_as<stripped<argument_value<Condition>>, bool>;
    }();
    static_assert(ok, "onefold: any(), all() and share() take a condition of fields; compare the field with something, "
                      "any(amount > 100.0)");
    if constexpr (ok) return value_clause<Aggregate>(condition);
    else return Silent{};
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
} // namespace onefold
