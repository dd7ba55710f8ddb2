#pragma once

#include <array>
#include <concepts>
#include <type_traits>

#include "onefold/aggregate/per_key.hpp"
#include "onefold/define/arguments.hpp"
#include "onefold/window/window.hpp"

namespace onefold {

namespace detail {
template <class A> inline constexpr bool is_per_sub_key<aggregates::PerKey<A>> = true;
} // namespace detail

// No condition: every event counts.
struct Always {};

// A condition of the user's own: any callable from the event to bool. It must depend on nothing but the event.
template <class F, class Record>
concept RecordPredicate = std::predicate<const F&, const Record&>;

// An aggregate of an argument, and the windows it is asked over. `N` windows make `N` features; the words below apply
// to all of them. Durations are part of features' names, so `over` takes literals.
template <class Aggregate, class Argument, class Filter, std::size_t N>
struct Clause {
    using aggregate = Aggregate;
    using argument_type = Argument;
    using filter_type = Filter;
    static constexpr std::size_t window_count = N;

    [[no_unique_address]] Argument argument;
    [[no_unique_address]] Filter filter;
    WindowBounds bounds;
    std::array<WindowLength, N == 0 ? 1 : N> lengths{};

    // Features over the trailing windows (t - W, t]: the current event and all its ties are in, t - W is out.
    template <class... Length>
    consteval auto over(Length... length) const {
        constexpr bool ok = (std::same_as<Length, WindowLength> && ...) && sizeof...(Length) > 0;
        static_assert(
            ok, "onefold: over() takes window lengths such as 1_h, 7_d, 10_rows or lifetime, which become part of the "
                "feature's name; write .over(24_h) instead of a std::chrono duration or a number");
        if constexpr (ok)
            return Clause<Aggregate, Argument, Filter, sizeof...(Length)>{argument, filter, bounds, {length...}};
        else return Silent{};
    }

    // For by<>(tumbling(1_h), ...): one window, whose length the clause does not say.
    constexpr auto over_closing_window() const {
        return Clause<Aggregate, Argument, Filter, 1>{argument, filter, bounds, {WindowLength{1, 0, {}}}};
    }

    // Only the events that pass: a comparison of fields, or a callable from the event to bool. Null does not pass.
    template <class Condition>
    constexpr auto where(Condition condition) const {
        static_assert(std::same_as<Filter, Always>,
                      "onefold: a clause has one where(); join conditions with && instead");
        if constexpr (std::same_as<Condition, Silent>) return Silent{};
        else return Clause<Aggregate, Argument, Condition, N>{argument, condition, bounds, lengths};
    }

    // The aggregate of every sub key for itself: sum(amount).per(category) answers with a list of (category, sum) of
    // the categories that have events in the window, null among them and first.
    template <class Key>
    constexpr auto per(const Key& key) const {
        static_assert(Expression<Key>, "onefold: per() takes a field, or something computed from fields; write "
                                       "sum(amount).per(category)");
        if constexpr (!Expression<Key>) return Silent{};
        else if constexpr (detail::is_silent<Key>) return Silent{};
        else {
            constexpr bool again = detail::is_per_sub_key<Aggregate>;
            constexpr bool current = detail::is_about_current_event<Aggregate>;
            constexpr bool is_key = detail::is_key_type<detail::stripped<detail::argument_value<Key>>>;
            static_assert(!again, "onefold: a clause has one per(); give each sub key a clause of its own");
            static_assert(again || !current,
                          "onefold: zscore() and time_since_last() compare the window with the event being scored, "
                          "which has one sub key; write by<&T::key, &T::sub_key>(...) instead of per()");
            static_assert(again || current || is_key,
                          "onefold: per() takes an integer, bool, enum, string or time (or an optional of them); "
                          "floating point and arrays are no keys");
            if constexpr (again || current || !is_key) return Silent{};
            else {
                using Both = detail::Node<detail::PerSubKey, Argument, Key>;
                return Clause<aggregates::PerKey<Aggregate>, Both, Filter, N>{Both{onefold::make_tuple(argument, key)},
                                                                              filter, bounds, lengths};
            }
        }
    }

    // [t - W, t): everything strictly before t, so that the feature cannot hold the event being scored nor its ties.
    consteval Clause before_current() const {
        auto copy = *this;
        copy.bounds.before_current = true;
        return copy;
    }
    // The start of the window, t - W itself, is in; or is out.
    consteval Clause including_start() const {
        auto copy = *this;
        copy.bounds.start = WindowBounds::Start::closed;
        return copy;
    }
    consteval Clause excluding_start() const {
        auto copy = *this;
        copy.bounds.start = WindowBounds::Start::open;
        return copy;
    }
    // Of the events of the current one's time, only those that stand before it in canonical order (event time, id,
    // content), and itself.
    consteval Clause up_to_current_row() const {
        auto copy = *this;
        copy.bounds.up_to_current_row = true;
        return copy;
    }
    // Without the other events of the current one's time. Of a window of N rows the current event is one, also where
    // there is none, in a read.
    consteval Clause excluding_ties() const {
        auto copy = *this;
        copy.bounds.exclude = WindowBounds::Exclude::ties;
        return copy;
    }
    // Without the current event itself.
    consteval Clause excluding_current() const {
        auto copy = *this;
        copy.bounds.exclude = WindowBounds::Exclude::current;
        return copy;
    }
    // Of the window only the newest rows in canonical order: sum(amount).over(24_h).at_most(100_rows).
    consteval Clause at_most(WindowLength rows) const {
        auto copy = *this;
        copy.bounds.most_rows =
            rows.rows == 0 ? UINT32_MAX : rows.rows; // a length in time is refused by plan/check.hpp
        return copy;
    }
    // The start of the window rounded down to a multiple of the hop since 1970: what leaves leaves a whole hop at a
    // time, so that old events are kept as one sum per hop. The window then holds up to one hop more than its length.
    template <any_duration D>
    consteval Clause in_hops_of(D hop) const {
        auto copy = *this;
        copy.bounds.hop = micros_of(hop) == 0 ? -1 : micros_of(hop); // 0 means none; it is refused by plan/check.hpp
        return copy;
    }
    // The window as it would have been `by` earlier: for facts that are known late, such as fraud labels.
    template <any_duration D>
    consteval Clause delayed(D by) const {
        auto copy = *this;
        copy.bounds.delay = micros_of(by);
        return copy;
    }
    // The window as it will be `by` later, so that it looks ahead of the event: count().over(7_d).advanced(7_d) is what
    // comes in the 7 days after it. Served, it holds what has arrived; its row settles that much later.
    template <any_duration D>
    consteval Clause advanced(D by) const {
        auto copy = *this;
        copy.bounds.delay = -micros_of(by);
        return copy;
    }
};

namespace detail {
template <class T> inline constexpr bool is_clause = false;
template <class A, class X, class F, std::size_t N> inline constexpr bool is_clause<Clause<A, X, F, N>> = true;
} // namespace detail

// "spend"_f = sum(amount).over(24_h)
template <class C>
struct NamedClause {
    using clause_type = C;
    std::string_view name;
    C clause;

    // The clause over the one window that its by<>() closes, which adds nothing to the name.
    constexpr auto over_closing_window() const {
        const auto windowed = clause.over_closing_window();
        return NamedClause<std::remove_const_t<decltype(windowed)>>{name, windowed};
    }
};

// "share"_f = "spend_1h"_f / "spend_24h"_f, inside derive(...)
template <class E>
struct NamedExpression {
    using expression_type = E;
    std::string_view name;
    E expression;
};

// Names a feature where it is defined, and stands for its value in derive(...) and row[...].
template <FixedString Name>
struct FeatureName {
    static constexpr std::string_view view = Name.view();
    static constexpr bool names_a_feature = true;

    template <class T>
    consteval auto operator=(T feature) const {
        if constexpr (std::same_as<T, Silent>) return Silent{};
        else if constexpr (detail::is_clause<T>) return NamedClause<T>{view, feature};
        else {
            static_assert(Expression<T>,
                          "onefold: a feature is an aggregate with a window, sum(amount).over(24_h), or inside "
                          "derive() an expression of fields and features, amount / \"spend_24h\"_f");
            if constexpr (Expression<T>) return NamedExpression<T>{view, feature};
            else return Silent{};
        }
    }
};

inline namespace literals {
template <FixedString Name> consteval auto operator""_f() { return FeatureName<Name>{}; }
} // namespace literals

} // namespace onefold
