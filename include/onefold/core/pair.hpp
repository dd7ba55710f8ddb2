#pragma once

namespace onefold {

// Two values side by side: the argument of an aggregate of two fields, and an entry of a PerKey. Null, NaN and order
// are those of its members; the first decides before the second. Without what std::pair costs to compile, and
// trivially copyable when its members are.
template <class A, class B>
struct Pair {
    using first_type = A;
    using second_type = B;
    A first{};
    B second{};
};

namespace detail {
template <class T> inline constexpr bool is_pair = false;
template <class A, class B> inline constexpr bool is_pair<Pair<A, B>> = true;
} // namespace detail

} // namespace onefold
