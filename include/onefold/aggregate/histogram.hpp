#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/aggregate/numeric.hpp"
#include "onefold/core/bytes.hpp"
#include "onefold/core/tuple.hpp"

namespace onefold {
namespace detail {

// Where values of one kind begin to be at or above an edge of any kind, exactly: an integer x is at least 2.5 where it
// is at least 3, and a double is at least 2^53 + 1 from the next double on. Everything here happens at compile time.
template <class V, class Edge>
consteval auto threshold_of(Edge edge) {
    struct Threshold {
        std::conditional_t<std::is_integral_v<V>, std::int64_t, double> from;
        bool reachable = true;
    };
    if constexpr (std::is_integral_v<V> && std::is_integral_v<Edge>) {
        if (!std::in_range<std::int64_t>(edge)) return Threshold{INT64_MAX, false};
        return Threshold{static_cast<std::int64_t>(edge)};
    } else if constexpr (std::is_integral_v<V>) {
        if (edge >= 0x1p63) return Threshold{INT64_MAX, false};
        if (edge < -0x1p63) return Threshold{INT64_MIN};
        const auto below = static_cast<std::int64_t>(edge); // towards zero
        return Threshold{static_cast<Edge>(below) < edge ? below + 1 : below};
    } else if constexpr (std::is_integral_v<Edge>) {
        const auto nearest = static_cast<double>(edge);
        __extension__ using Wide = __int128;
        if (static_cast<Wide>(nearest) >= static_cast<Wide>(edge)) return Threshold{nearest};
        const auto bits = std::bit_cast<std::int64_t>(nearest);
        return Threshold{std::bit_cast<double>(nearest < 0 ? bits - 1 : bits + 1)};
    } else return Threshold{static_cast<double>(edge)};
}

template <class Edge>
consteval bool is_finite_edge(Edge edge) {
    if constexpr (std::is_floating_point_v<Edge>) return edge == edge && edge - edge == 0;
    else return true;
}
// Finite, and each below the next.
template <auto First, auto... Rest>
consteval bool are_edges() {
    const auto below = [](auto a, auto b) {
        if constexpr (std::is_integral_v<decltype(a)> && std::is_integral_v<decltype(b)>) return std::cmp_less(a, b);
        else return static_cast<double>(a) < static_cast<double>(b);
    };
    if constexpr (!std::is_arithmetic_v<decltype(First)> || std::is_same_v<decltype(First), bool>) return false;
    else if constexpr (sizeof...(Rest) == 0) return is_finite_edge(First);
    else {
        constexpr auto second = [](auto next, auto...) { return next; };
        if constexpr (!are_edges<Rest...>()) return false;
        else return is_finite_edge(First) && below(First, second(Rest...));
    }
}

} // namespace detail

namespace accumulate {

// How many values lie in each bucket. A bool counts as 0 or 1, and NaN, the greatest value, is in the last bucket.
template <class V, auto... Edges>
struct Buckets {
    static constexpr std::string_view name = "buckets";
    static constexpr std::size_t size = sizeof...(Edges) + 1;
    static constexpr bool merges_fast = sizeof...(Edges) < 32;
    using Value = V;
    using State = std::array<std::uint64_t, size>;

    static std::size_t bucket_of(V value) noexcept {
        // The edges ascend, so those that no value reaches are at the end.
        constexpr std::size_t reachable = (std::size_t{detail::threshold_of<V>(Edges).reachable} + ...);
        constexpr std::array from{detail::threshold_of<V>(Edges).from...};
        if (value != value) return size - 1;
        std::size_t at = 0;
        for (std::size_t n = reachable; n > 0;) {
            const auto half = n / 2;
            const bool above = value >= from[at + half];
            at += above ? half + 1 : 0;
            n = above ? n - half - 1 : half;
        }
        return at;
    }
    static void add(State& s, const V& v) { ++s[bucket_of(v)]; }
    static void subtract(State& s, const V& v) { --s[bucket_of(v)]; }
    static void merge(State& s, const State& other) {
        for (std::size_t i = 0; i < size; ++i) s[i] += other[i];
    }
    static void unmerge(State& s, const State& other) {
        for (std::size_t i = 0; i < size; ++i) s[i] -= other[i];
    }
    static void save(const State& s, ByteWriter& to) {
        for (const auto count : s) to.put(count);
    }
    static State load(ByteReader& from) {
        State s{};
        for (auto& count : s) count = from.get<std::uint64_t>();
        return from.ok() ? s : State{};
    }
};

} // namespace accumulate

namespace aggregates {

// How many values lie below the first edge, from each edge up to the next (itself excluded), and from the last edge on:
// one count more than there are edges. Comparisons are exact between integers and fractions; -0.0 is 0.0; NaN is in the
// last bucket; nulls are skipped; of nothing, all counts are 0.
template <auto... Edges>
struct Histogram {
    static constexpr std::string_view name = "histogram";
    using Parameter = std::conditional_t<(std::is_integral_v<decltype(Edges)> && ...), std::int64_t, double>;
    static constexpr Parameter parameters[] = {static_cast<Parameter>(Edges)...};
    template <Number V> using accumulators = TypeList<accumulate::Buckets<V, Edges...>>;
    template <class V> static auto result(const auto& view) {
        const auto& counts = view.template state<accumulate::Buckets<V, Edges...>>();
        std::array<std::int64_t, sizeof...(Edges) + 1> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = static_cast<std::int64_t>(counts[i]);
        return result;
    }
};

} // namespace aggregates
} // namespace onefold
