#pragma once

#include "onefold/define/aggregates.hpp"
#include "onefold/define/approximate.hpp"
#include "onefold/define/table.hpp"
#include "onefold/window/closing.hpp"

namespace onefold {

// Features per entity: by<&T::card>(...), by<&T::shop, &T::product>(...). Null keys form one group, as in GROUP BY;
// by<>() has one group of everything.
//
// With a window that closes in front, by<&T::card>(tumbling(1_h), ...), there is a row per key and window instead of a
// row per event.
//
// by<&Login::card>(...) of a stream beside the first aggregates that stream's events, as of the spine's event, for the
// key that the spine's event has. A null key is nobody's there, and finds nothing.
template <class Keys, class On, class Windows, class... Named>
struct Entity {
    using keys = Keys;
    using on_members = On;
    static constexpr bool has_on = On::size > 0;
    using clauses_type = Tuple<Named...>;
    static constexpr bool closes = std::same_as<Windows, ClosingWindow>;
    [[no_unique_address]] Windows windows;
    Tuple<Named...> clauses;

    // Where the spine's event has the key of another stream's by<>(), in the same order: members of the first stream's
    // record, or of a table. Without it, the members of the spine's by<>() that are called as the key's.
    template <auto... Members>
    constexpr auto on() const {
        constexpr bool ok = sizeof...(Members) > 0 && (std::is_member_object_pointer_v<decltype(Members)> && ...);
        static_assert(ok, "onefold: on<>() takes the members of the event that hold the key; write "
                          "by<&Login::card>(...).on<&Transaction::card>()");
        if constexpr (ok) return Entity<Keys, KeyMembers<Members...>, Windows, Named...>{windows, clauses};
        else return Silent{};
    }
};

// Each clause has windows of its own, as of the event.
struct AsOfEvent {};

template <class... Named> struct Derived {
    using expressions_type = Tuple<Named...>;
    Tuple<Named...> expressions;
};

namespace detail {

template <class T> inline constexpr bool is_named_clause = false;
template <class C> inline constexpr bool is_named_clause<NamedClause<C>> = true;
template <class T> inline constexpr bool is_named_expression = false;
template <class E> inline constexpr bool is_named_expression<NamedExpression<E>> = true;
template <class T> inline constexpr bool is_entity = false;
template <class K, class O, class W, class... N> inline constexpr bool is_entity<Entity<K, O, W, N...>> = true;
template <class T> inline constexpr bool is_derived = false;
template <class... N> inline constexpr bool is_derived<Derived<N...>> = true;

template <auto Member>
consteval bool is_key_member() {
    if constexpr (std::is_member_object_pointer_v<decltype(Member)>) {
        return is_key_type<stripped<typename Field<Member>::value>>;
    } else return false;
}

} // namespace detail

namespace detail {

template <class Keys, class Windows, class... Named>
constexpr auto make_entity(Windows windows, Named... features) {
    return Entity<Keys, KeyMembers<>, Windows, Named...>{windows, onefold::make_tuple(features...)};
}

template <class Keys, class Windows, class... Named>
constexpr auto entity(Windows windows, Named... features) {
    constexpr bool keys_ok = []<auto... M>(KeyMembers<M...>) { return (is_key_member<M>() && ...); }(Keys{});
    static_assert(
        keys_ok,
        "onefold: by<>() takes members that are integers, bools, enums, strings or times (or optionals of them); "
        "floating point and arrays are no keys");
    constexpr bool quiet = !keys_ok || (std::same_as<Named, Silent> || ...);
    constexpr bool ok = quiet || (is_named_clause<Named> && ...);
    static_assert(
        ok,
        "onefold: by<>() takes named aggregates, \"spend\"_f = sum(amount).over(24_h); put expressions into derive()");
    if constexpr (quiet || !ok) return Silent{};
    else {
        constexpr bool closes = std::same_as<Windows, ClosingWindow>;
        constexpr bool windowed = closes || ((Named::clause_type::window_count > 0) && ...);
        static_assert(
            windowed,
            "onefold: this feature has no window; write .over(24_h) or .over(lifetime) after the aggregate, or put a "
            "window that closes, tumbling(1_h), before the features of by<>()");
        constexpr bool unwindowed = !closes || ((Named::clause_type::window_count == 0) && ...);
        static_assert(unwindowed, "onefold: the features of a by<>() with a window that closes are over that window; "
                                  "remove .over()");
        if constexpr (!windowed || !unwindowed) return Silent{};
        else if constexpr (closes) return detail::make_entity<Keys>(windows, features.over_closing_window()...);
        else return detail::make_entity<Keys>(windows, features...);
    }
}

} // namespace detail

template <auto... Members, class... Named>
constexpr auto by(Named... features) {
    return detail::entity<KeyMembers<Members...>>(AsOfEvent{}, features...);
}
template <auto... Members, class... Named>
constexpr auto by(ClosingWindow windows, Named... features) {
    return detail::entity<KeyMembers<Members...>>(windows, features...);
}

// Features of fields and features of the same row; an expression may use those derived before it.
template <class... Named>
constexpr auto derive(Named... features) {
    constexpr bool quiet = (std::same_as<Named, Silent> || ...);
    constexpr bool ok = quiet || (detail::is_named_expression<Named> && ...);
    static_assert(ok, "onefold: derive() takes named expressions, \"share\"_f = amount / \"spend_24h\"_f; put "
                      "aggregates into by<>()");
    if constexpr (quiet || !ok) return Silent{};
    else return Derived<Named...>{onefold::make_tuple(features...)};
}

template <class StreamPart, class Entities, class DerivedPart, class Tables, class Sides>
struct Definition {
    using stream_type = StreamPart; // the spine
    using entities_type = Entities;
    using derived_type = DerivedPart;
    using tables_type = Tables;
    using sides_type = Sides; // the streams beside it
    StreamPart stream;
    Entities entities;
    DerivedPart derived;
    Tables tables;
    Sides sides;
};

namespace detail {

template <class... T, class Part>
constexpr auto appended(const Tuple<T...>& parts, const Part& part) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return onefold::make_tuple(get<I>(parts)..., part);
    }(std::index_sequence_for<T...>{});
}

template <class S, class E, class D, class T, class Sides>
constexpr auto collect(S stream, E entities, D derived, T tables, Sides sides) {
    return Definition<S, E, D, T, Sides>{stream, entities, derived, tables, sides};
}

template <class S, class E, class D, class T, class Sides, class Part, class... Rest>
constexpr auto collect(S stream, E entities, D derived, T tables, Sides sides, Part part, Rest... rest) {
    if constexpr (is_stream<Part> && std::same_as<S, Silent>)
        return collect(part, entities, derived, tables, sides, rest...);
    else if constexpr (is_stream<Part>)
        return collect(stream, entities, derived, tables, appended(sides, part), rest...);
    else if constexpr (is_derived<Part>) return collect(stream, entities, part, tables, sides, rest...);
    else if constexpr (is_table<Part>)
        return collect(stream, entities, derived, appended(tables, part), sides, rest...);
    else return collect(stream, appended(entities, part), derived, tables, sides, rest...);
}

template <class Part>
concept ReadsRecords = is_stream<Part> || is_table<Part>;

// How many of the parts read records of this part's type; of a part that reads none, 1.
template <class Part, class... Parts>
consteval std::size_t readers_like() {
    if constexpr (!ReadsRecords<Part>) return 1;
    else {
        std::size_t count = 0;
        (
            [&] {
                if constexpr (ReadsRecords<Parts>)
                    count += std::same_as<typename Part::record, typename Parts::record> ? 1 : 0;
            }(),
            ...);
        return count;
    }
}

template <class Part> consteval bool has_event_time() {
    if constexpr (is_stream<Part>) return Part::has_time;
    else return true;
}

// A table has been told all that the join needs.
template <class Part> consteval bool has_since() {
    if constexpr (is_table<Part>) return Part::has_key && Part::has_since;
    else return true;
}

} // namespace detail

// A definition: a stream, the spine, with one row per event; the streams beside it and the tables joined with it; one
// or more by<>(), at most one derive(), in any order, but the spine is the first stream; with a table and a derive() no
// by<>() is needed. It is a value, checked once, that both executors are compiled from; write
// it as `static constexpr auto definition` of a named struct, so that the struct's short name stands for it everywhere.
template <class... Parts>
constexpr auto define(Parts... parts) {
    constexpr bool quiet = (std::same_as<Parts, Silent> || ...);
    constexpr bool known = quiet || ((detail::is_stream<Parts> || detail::is_entity<Parts> ||
                                      detail::is_derived<Parts> || detail::is_table<Parts>) &&
                                     ...);
    constexpr bool streamed = (detail::is_stream<Parts> || ...);
    // What was joined is enough to answer.
    constexpr bool joined = (detail::is_table<Parts> || ...) && (detail::is_derived<Parts> || ...);
    constexpr bool answers = (detail::is_entity<Parts> || ...) || joined;
    constexpr bool derived_once = ((detail::is_derived<Parts> ? 1 : 0) + ... + 0) <= 1;
    static_assert(
        known, "onefold: define() takes stream<T>(), table<T>(), by<>() and derive(); one argument is none of these");
    static_assert(
        quiet || !known || streamed,
        "onefold: define() needs a stream<T>(\"name\").time<&T::at>(), which has a row for each of its events");
    static_assert(
        quiet || !known || answers,
        "onefold: define() needs by<&T::key>(...): windows are per entity; use by<>(...) for all events together");
    static_assert(quiet || !known || derived_once, "onefold: define() takes one derive(); put all expressions into it");
    constexpr bool alone = [] {
        std::size_t entities = 0;
        bool closes = false;
        (
            [&] {
                if constexpr (detail::is_entity<Parts>) {
                    ++entities;
                    closes = closes || Parts::closes;
                }
            }(),
            ...);
        return !closes || entities == 1;
    }();
    static_assert(quiet || !known || alone,
                  "onefold: a definition whose windows close has one by<>(), as its rows are those windows; write a "
                  "definition for each");
    constexpr bool timed = (detail::has_event_time<Parts>() && ...);
    static_assert(quiet || timed, "onefold: the stream has no event time; write stream<T>(\"name\").time<&T::at>()");
    constexpr bool versioned = (detail::has_since<Parts>() && ...);
    static_assert(quiet || versioned, "onefold: a table needs a key and the time from which a version holds; write "
                                      "table<T>(\"name\").key<&T::id>().since<&T::since>()");
    constexpr bool told_apart = ((detail::readers_like<Parts, Parts...>() == 1) && ...);
    static_assert(quiet || told_apart, "onefold: a record's type says which input it is for; give every stream and "
                                       "every table a record type of its own");
    if constexpr (quiet || !known || !streamed || !answers || !derived_once || !alone || !timed || !versioned ||
                  !told_apart)
        return Silent{};
    else return detail::collect(Silent{}, Tuple<>{}, Derived<>{}, Tuple<>{}, Tuple<>{}, parts...);
}

// What a template of ours takes: a struct with `static constexpr auto definition = onefold::define(...)`.
template <class Def>
concept FeatureDefinition = requires { typename std::remove_cvref_t<decltype(Def::definition)>::stream_type; };

} // namespace onefold
