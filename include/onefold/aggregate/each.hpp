#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "onefold/aggregate/held.hpp"
#include "onefold/aggregate/numeric.hpp"
#include "onefold/core/tuple.hpp"

namespace onefold {
namespace accumulate {

// Accumulator A once more for every element of the arrays V: a group if A is one, else a monoid.
template <class V, class A>
struct Elements {
    static constexpr std::string_view name = A::name;
    static constexpr std::size_t size = std::tuple_size_v<V>;
    static constexpr bool merges_fast = onefold::merges_fast<A>;
    using Value = V;
    using State = std::array<typename detail::HeldOf<A>::type, size>;
    static void add(State& s, const V& v) {
        for (std::size_t i = 0; i < size; ++i) detail::held_add<A>(s[i], v[i]);
    }
    static void subtract(State& s, const V& v)
        requires GroupAccumulator<A>
    {
        for (std::size_t i = 0; i < size; ++i) A::subtract(s[i], v[i]);
    }
    static void merge(State& s, const State& other) {
        for (std::size_t i = 0; i < size; ++i) detail::held_merge<A>(s[i], other[i]);
    }
    static void unmerge(State& s, const State& other)
        requires UnmergeableAccumulator<A>
    {
        for (std::size_t i = 0; i < size; ++i) A::unmerge(s[i], other[i]);
    }
    static void save(const State& s, ByteWriter& to) {
        for (const auto& held : s) detail::held_save<A>(held, to);
    }
    static State load(ByteReader& from) {
        State s{};
        for (auto& held : s) held = detail::held_load<A>(from);
        return from.ok() ? s : State{};
    }
};

} // namespace accumulate

namespace detail {

// The accumulators of an aggregate of T for every element of V, but how many values there are only once.
template <class V, class List> struct ElementTypes;
template <class V, class... A>
struct ElementTypes<V, TypeList<A...>> {
    using T = typename V::value_type;
    template <class... B> static TypeList<B...> list(TypeList<B...>);
    template <class... B, class... C, class... Rest>
    static auto list(TypeList<B...>, TypeList<C...>, Rest... rest) {
        return list(TypeList<B..., C...>{}, rest...);
    }
    template <class B> using Of =
        std::conditional_t<std::is_same_v<B, accumulate::Present<T>>, TypeList<>, TypeList<accumulate::Elements<V, B>>>;
    using accumulators = decltype(list(TypeList<accumulate::Present<V>>{}, Of<A>{}...));
};

// One element of every array of a window, as an aggregate's result function sees it. The states are asked for once: a
// monoid's is put together for every question.
template <class Whole, class V, class States>
struct ElementView {
    using T = typename V::value_type;
    std::int64_t count;
    std::int64_t time;
    const States& states;
    const std::optional<V>& event;
    std::size_t element;

    std::int64_t rows() const { return count; }
    std::int64_t now() const { return time; }
    std::optional<T> current() const { return event ? std::optional<T>((*event)[element]) : std::nullopt; }
    template <class A> const typename A::State& state() const { return held<A>(); }
    template <class A> const typename A::Value* selected() const {
        const auto& winner = held<A>();
        return winner ? &*winner : nullptr;
    }

private:
    template <class A> const auto& held() const { return states.template of<accumulate::Elements<V, A>>()[element]; }
};

template <class Aggregate> struct CurrentNeededBy {};
template <class Aggregate>
    requires requires { Aggregate::needs_current; }
struct CurrentNeededBy<Aggregate> {
    static constexpr bool needs_current = true;
};

// The states of a window, by accumulator.
template <class Whole, class List> struct StatesOf;
template <class Whole, class First, class... A>
struct StatesOf<Whole, TypeList<First, A...>> {
    template <class B> struct One {
        decltype(std::declval<const Whole&>().template state<B>()) state;
    };
    struct All : One<A>... {};
    All all;
    explicit StatesOf(const Whole& whole) : all{{whole.template state<A>()}...} {}
    template <class B> const typename B::State& of() const { return static_cast<const One<B>&>(all).state; }
};

} // namespace detail

namespace aggregates {

// Another aggregate for every element of an array field: as many results, each what the aggregate alone would answer of
// that element. An array that is null is skipped whole.
template <class Aggregate>
struct Each : detail::CurrentNeededBy<Aggregate> {
    static constexpr std::string_view name = Aggregate::name;
    template <class V> using Inner = typename V::value_type;
    template <class V> using accumulators =
        typename detail::ElementTypes<V, typename Aggregate::template accumulators<Inner<V>>>::accumulators;
    template <class V> static constexpr bool can_overflow = detail::can_overflow<Aggregate, Inner<V>>;

    template <class V, class Whole> static auto result(const Whole& whole) {
        using States = detail::StatesOf<Whole, accumulators<V>>;
        using View = detail::ElementView<Whole, V, States>;
        using Result = decltype(Aggregate::template result<Inner<V>>(std::declval<const View&>()));
        const States states(whole);
        std::optional<V> event;
        if constexpr (requires { Aggregate::needs_current; }) event = whole.current();
        const auto rows = whole.rows();
        std::array<Result, std::tuple_size_v<V>> results{};
        for (std::size_t i = 0; i < results.size(); ++i)
            results[i] = Aggregate::template result<Inner<V>>(View{rows, whole.now(), states, event, i});
        return results;
    }
    // How many elements' results are null because they left their type.
    template <class V, class Results> static std::uint32_t overflows(const auto& whole, const Results& results) {
        std::uint32_t count = 0;
        if (whole.rows() != 0)
            for (const auto& result : results) count += !result;
        return count;
    }
};

} // namespace aggregates
} // namespace onefold
