#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "onefold/core/arithmetic.hpp"
#include "onefold/core/fixed_string.hpp"
#include "onefold/core/time.hpp"
#include "onefold/core/total_order.hpp"
#include "onefold/core/tuple.hpp"
#include "onefold/record/field.hpp"

namespace onefold {

// A part of a definition that failed its own check has already said why. Everything that receives it stays quiet, so
// that one mistake is one error.
struct Silent {
    // A name takes Silent through its own operator=, not through its copy assignment.
    template <class T>
        requires(!requires { T::names_a_feature; })
    constexpr operator T() const {
        return T{};
    }
    template <class T> constexpr Silent operator[](T) const { return {}; }
    template <class... A> consteval Silent over(A...) const { return {}; }
    template <class A> consteval Silent where(A) const { return {}; }
    template <class A> consteval Silent per(A) const { return {}; }
    template <auto M> consteval Silent time() const { return {}; }
    template <auto M> consteval Silent id() const { return {}; }
    template <class A> consteval Silent lateness(A) const { return {}; }
    template <class A> consteval Silent idle_timeout(A) const { return {}; }
    template <class A> consteval Silent future_guard(A) const { return {}; }
    template <auto M> consteval Silent partitioned_by(std::int32_t) const { return {}; }
    template <auto M> consteval Silent arrival() const { return {}; }
    template <class A> constexpr Silent punctuated_by(A) const { return {}; }
    consteval Silent keep_duplicates() const { return {}; }
    template <auto... M> consteval Silent key() const { return {}; }
    template <auto... M> consteval Silent on() const { return {}; }
    template <auto M> consteval Silent since() const { return {}; }
    template <auto... M> consteval Silent tie_break() const { return {}; }
    template <auto M> consteval Silent tombstone() const { return {}; }
    template <class A> consteval Silent time_to_live(A) const { return {}; }
    consteval Silent last_arrived_wins() const { return {}; }
    consteval Silent strictly() const { return {}; }
    consteval Silent forward() const { return {}; }
    template <class A> consteval Silent delayed(A) const { return {}; }
    consteval Silent before_current() const { return {}; }
    consteval Silent up_to_current_row() const { return {}; }
    consteval Silent excluding_ties() const { return {}; }
    consteval Silent excluding_current() const { return {}; }
    template <class A> consteval Silent at_most(A) const { return {}; }
    template <class A> consteval Silent in_hops_of(A) const { return {}; }
    consteval Silent including_start() const { return {}; }
    consteval Silent excluding_start() const { return {}; }
};

template <FixedString Name> struct FeatureName;

// An expression is evaluated against a context that knows how to read a field and, in derived features, a feature.
// Its result is a value, or an optional where it can be null; null in, null out, as in SQL.
namespace detail {

template <class T> struct Constant {
    using value_type = T;
    T value;
    template <class Context> constexpr T evaluate(const Context&) const { return value; }
    constexpr std::uint64_t fingerprint() const {
        if constexpr (std::is_floating_point_v<T>)
            return combine_fingerprints(11, std::bit_cast<std::uint64_t>(double{value}));
        else if constexpr (std::same_as<T, std::string_view>) return fingerprint_of(value);
        else if constexpr (std::same_as<T, Time> || std::same_as<T, Duration>)
            return combine_fingerprints(12, static_cast<std::uint64_t>(value.micros));
        else return combine_fingerprints(type_fingerprint<T>, static_cast<std::uint64_t>(value));
    }
};

template <class Operation, class... Operands> struct Node;

template <class T> inline constexpr bool is_field = false;
template <auto M> inline constexpr bool is_field<Field<M>> = true;
template <class T> inline constexpr bool is_feature_name = false;
template <FixedString N> inline constexpr bool is_feature_name<FeatureName<N>> = true;
template <class T> inline constexpr bool is_node = is_field<T> || is_feature_name<T> || std::same_as<T, Silent>;
template <class O, class... A> inline constexpr bool is_node<Node<O, A...>> = true;
template <class T> inline constexpr bool is_node<Constant<T>> = true;

template <class T>
concept Literal = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::same_as<T, Time> || std::same_as<T, Duration> ||
                  std::convertible_to<T, std::string_view>;

template <class T>
constexpr auto as_operand(const T& operand) {
    if constexpr (is_node<T>) return operand;
    else if constexpr (std::convertible_to<T, std::string_view>) return Constant<std::string_view>{operand};
    else return Constant<T>{operand};
}

template <class T> struct Stripped {
    using type = std::remove_cvref_t<T>;
};
template <class T> struct Stripped<std::optional<T>> {
    using type = T;
};
// The type of an evaluated operand without its nullability.
template <class T> using stripped = typename Stripped<std::remove_cvref_t<T>>::type;

template <class T> constexpr bool has_value(const T& v) {
    if constexpr (is_optional<T>) return v.has_value();
    else return true;
}
template <class T> constexpr const auto& value_of(const T& v) {
    if constexpr (is_optional<T>) return *v;
    else return v;
}

} // namespace detail

// A field, a feature's name, or something computed from them.
template <class E>
concept Expression = detail::is_node<std::remove_cvref_t<E>>;

template <class E>
concept Operand = Expression<E> || detail::Literal<std::remove_cvref_t<E>>;

namespace detail {

template <class E, class Context>
constexpr decltype(auto) evaluate(const E& expression, const Context& context) {
    if constexpr (is_field<E>) return context.template field<E>();
    else if constexpr (is_feature_name<E>) return context.template feature<E>();
    else return expression.evaluate(context);
}

template <class E>
constexpr std::uint64_t fingerprint(const E& expression) {
    if constexpr (requires { expression.fingerprint(); }) return expression.fingerprint();
    else return type_fingerprint<E>;
}

template <class Operation, class... Operands>
struct Node {
    Tuple<Operands...> operands;

    template <class Context>
    constexpr auto evaluate(const Context& context) const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return Operation::apply(detail::evaluate(get<I>(operands), context)...);
        }(std::index_sequence_for<Operands...>{});
    }
    constexpr std::uint64_t fingerprint() const {
        auto h = type_fingerprint<Operation>;
        for_each_index<sizeof...(Operands)>(
            [&](auto i) { h = combine_fingerprints(h, detail::fingerprint(get<decltype(i)::value>(operands))); });
        return h;
    }
};

template <class Operation, class... A>
constexpr auto make_node(const A&... operands) {
    if constexpr ((std::same_as<A, Silent> || ...)) return Silent{};
    else
        return Node<Operation, std::remove_cvref_t<decltype(as_operand(operands))>...>{
            onefold::make_tuple(as_operand(operands)...)};
}

} // namespace detail
} // namespace onefold
