#pragma once

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/define/operators.hpp"

namespace onefold::detail {

// Evaluating a part of a definition needs the record type only; this reads a field's type without an event.
struct TypeContext {
    template <class F> const typename F::value& field() const { __builtin_unreachable(); }
    template <class F> Silent feature() const { return {}; }
    template <class Version> bool matched() const { return {}; }
};
template <class E> using argument_value =
    std::remove_cvref_t<decltype(detail::evaluate(std::declval<const E&>(), TypeContext{}))>;

// A part of an aggregate's argument, given or made from a part that has already failed.
template <class E>
inline constexpr bool is_silent = [] {
    if constexpr (std::same_as<E, Silent>) return true;
    else return std::same_as<stripped<argument_value<E>>, Silent>;
}();

// The arguments of an aggregate of two fields are one expression whose value is a pair. `explain` spells the operands
// with `separator` between them.

// A value and what its event is ordered by: null, and so skipped, where that is null.
struct ValueBy {
    static constexpr std::string_view symbol = "by";
    static constexpr std::string_view separator = ", ";
    template <class A, class B>
    static constexpr auto apply(const A& value, const B& by) {
        using Both = Pair<A, stripped<B>>;
        if constexpr (is_optional<B>) return by ? std::optional<Both>({value, *by}) : std::optional<Both>();
        else return Both{value, by};
    }
};

// Two values that are of use together only: null where either is.
struct Both {
    static constexpr std::string_view symbol = "both";
    static constexpr std::string_view separator = ", ";
    template <class A, class B>
    static constexpr auto apply(const A& a, const B& b) {
        using Pair = onefold::Pair<stripped<A>, stripped<B>>;
        if constexpr (is_optional<A> || is_optional<B>)
            return has_value(a) && has_value(b) ? std::optional<Pair>({value_of(a), value_of(b)})
                                                : std::optional<Pair>();
        else return Pair{a, b};
    }
};

// Every element of an array for itself; the value is the array.
struct EachElement {
    static constexpr std::string_view symbol = "each";
    template <class A> static constexpr auto apply(const A& array) {
        constexpr bool ok = is_array<stripped<A>> || std::same_as<stripped<A>, Silent>;
        static_assert(ok, "onefold: each() takes a field that is a std::array of numbers; write mean(each(embedding))");
        if constexpr (ok) return array;
        else return Silent{};
    }
};
template <class E> inline constexpr bool is_each = false;
template <class E> inline constexpr bool is_each<Node<EachElement, E>> = true;

// A sub key and the argument of the aggregate that is asked for each.
struct PerSubKey {
    static constexpr std::string_view symbol = "per";
    static constexpr std::string_view separator = " per ";
    template <class A, class K>
    static constexpr auto apply(const A& argument, const K& key) {
        return Pair<K, A>{key, argument};
    }
};

template <class V>
inline constexpr bool is_key_type =
    std::is_integral_v<V> || std::is_enum_v<V> || std::same_as<V, std::string> || std::same_as<V, Time>;

// The aggregate compares the event being scored with the window.
template <class Aggregate>
inline constexpr bool is_about_current_event =
    requires { Aggregate::needs_current; } || requires { Aggregate::needs_before_current; };
template <class Aggregate> inline constexpr bool is_per_sub_key = false;

} // namespace onefold::detail
