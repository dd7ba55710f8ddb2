#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace onefold {

// std::tuple without the parts that cost compile time: an aggregate whose members are reached by index. It is
// trivially copyable when its members are, which the event log relies on to shift entries with memmove.
namespace detail {

template <std::size_t I, class T>
struct Leaf {
    [[no_unique_address]] T value;
};

template <class Indices, class... T> struct Leaves;
template <std::size_t... I, class... T>
struct Leaves<std::index_sequence<I...>, T...> : Leaf<I, T>... {};

} // namespace detail

template <class... T>
struct Tuple : detail::Leaves<std::index_sequence_for<T...>, T...> {
    static constexpr std::size_t size = sizeof...(T);
};

template <std::size_t I, class T>
constexpr T& get(detail::Leaf<I, T>& leaf) noexcept {
    return leaf.value;
}
template <std::size_t I, class T>
constexpr const T& get(const detail::Leaf<I, T>& leaf) noexcept {
    return leaf.value;
}

template <class... T>
constexpr auto make_tuple(T... values) {
    return Tuple<T...>{{{std::move(values)}...}};
}

template <class... T> struct TypeList {
    static constexpr std::size_t size = sizeof...(T);
};

namespace detail {

// Overload resolution on a base class finds the I-th type without recursion.
template <std::size_t I, class T> std::type_identity<T> leaf_type(const Leaf<I, T>*);
template <std::size_t I, class List> struct At;
template <std::size_t I, class... T>
struct At<I, Tuple<T...>> : decltype(leaf_type<I>(static_cast<const Tuple<T...>*>(nullptr))) {};
template <std::size_t I, class T> struct Indexed {};
template <class Indices, class... T> struct IndexedAll;
template <std::size_t... I, class... T>
struct IndexedAll<std::index_sequence<I...>, T...> : Indexed<I, T>... {};
template <std::size_t I, class T> std::type_identity<T> indexed_type(const Indexed<I, T>*);
template <std::size_t I, class... T>
struct At<I, TypeList<T...>>
    : decltype(indexed_type<I>(static_cast<const IndexedAll<std::index_sequence_for<T...>, T...>*>(nullptr))) {};

} // namespace detail

template <std::size_t I, class List> using type_at = typename detail::At<I, List>::type;

// Calls f with std::integral_constant 0 .. N-1 in order.
template <std::size_t N, class F>
constexpr void for_each_index(F&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (f(std::integral_constant<std::size_t, I>{}), ...);
    }(std::make_index_sequence<N>{});
}

} // namespace onefold
