#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/aggregate/exact_integer.hpp"
#include "onefold/aggregate/exact_squares.hpp"
#include "onefold/aggregate/exact_statistics.hpp"
#include "onefold/aggregate/exact_sum.hpp"
#include "onefold/core/tuple.hpp"

namespace onefold {

// bool counts as 0 and 1, so that mean(fraud) is a rate.
template <class V>
concept Number = std::is_arithmetic_v<V> && !(std::is_unsigned_v<V> && sizeof(V) == 8);

namespace accumulate {

template <class V>
concept Integer = std::is_integral_v<V>;

// How many values; free when nothing can be absent, because then it is the distance of two cursors.
template <class V>
struct Present {
    static constexpr std::string_view name = "present";
    using Value = V;
    using State = std::uint32_t;
    static constexpr bool needs_value = false;
    static constexpr bool merges_fast = true;
    static void add(State& s, const V&) noexcept { ++s; }
    static void subtract(State& s, const V&) noexcept { --s; }
    static void merge(State& s, const State& other) noexcept { s += other; }
    static void unmerge(State& s, const State& other) noexcept { s -= other; }
    static void save(const State& s, ByteWriter& to) { to.put(s); }
    static State load(ByteReader& from) { return from.get<std::uint32_t>(); }
};

// Σx, exactly.
template <Number V>
struct Sum : MergedByState<std::conditional_t<Integer<V>, ExactIntegerSum, ExactSum>> {
    static constexpr std::string_view name = "sum";
    static constexpr bool merges_fast = true;
    using Value = V;
    static void add(auto& s, const V& v) { s.add(v); }
    static void subtract(auto& s, const V& v) { s.subtract(v); }
};

// Σx², exactly, from full products.
template <Number V>
struct Squares : MergedByState<std::conditional_t<Integer<V>, ExactIntegerSquares, ExactSquares>> {
    static constexpr std::string_view name = "squares";
    static constexpr bool merges_fast = true;
    using Value = V;
    static void add(auto& s, const V& v) { s.add(v); }
    static void subtract(auto& s, const V& v) { s.subtract(v); }
};

} // namespace accumulate

// Aggregates of numbers. Nulls are skipped; NaN and infinities make the result NaN or infinite while they are in the
// window and leave no trace after. Every result is the exact real value rounded once to nearest even.
namespace aggregates {

// How many values are not null; of nothing it is 0.
struct Count {
    static constexpr std::string_view name = "count";
    template <class V> using accumulators = TypeList<accumulate::Present<V>>;
    template <class V> static std::int64_t result(const auto& view) { return view.rows(); }
};

// Integers give an integer, null when the exact sum leaves int64; floating point gives a double.
struct Sum {
    static constexpr std::string_view name = "sum";
    template <class V> static constexpr bool can_overflow = std::is_integral_v<V>;
    template <Number V> using accumulators = TypeList<accumulate::Present<V>, accumulate::Sum<V>>;
    template <class V> static auto result(const auto& view) {
        using A = accumulate::Sum<V>;
        if constexpr (std::is_integral_v<V>)
            return view.rows() == 0 ? std::optional<std::int64_t>() : view.template state<A>().exact();
        else return view.rows() == 0 ? std::optional<double>() : std::optional(view.template state<A>().rounded());
    }
};

struct Mean {
    static constexpr std::string_view name = "mean";
    template <Number V> using accumulators = TypeList<accumulate::Present<V>, accumulate::Sum<V>>;
    template <class V> static std::optional<double> result(const auto& view) {
        if (view.rows() == 0) return std::nullopt;
        return exact_mean(view.template state<accumulate::Sum<V>>(), view.rows());
    }
};

// Of the sample (n - 1) or the population (n); a sample of one value is null.
template <Spread S>
struct Variance {
    static constexpr std::string_view name = S == Spread::sample ? "variance" : "variance_population";
    template <Number V>
    using accumulators = TypeList<accumulate::Present<V>, accumulate::Sum<V>, accumulate::Squares<V>>;
    template <class V> static std::optional<double> result(const auto& view) {
        if (view.rows() < (S == Spread::sample ? 2 : 1)) return std::nullopt;
        return exact_variance(view.rows(), view.template state<accumulate::Sum<V>>(),
                              view.template state<accumulate::Squares<V>>(), S);
    }
};

// The square root of the exact variance, rounded once.
template <Spread S>
struct StandardDeviation {
    static constexpr std::string_view name = S == Spread::sample ? "stddev" : "stddev_population";
    template <Number V>
    using accumulators = TypeList<accumulate::Present<V>, accumulate::Sum<V>, accumulate::Squares<V>>;
    template <class V> static std::optional<double> result(const auto& view) {
        if (view.rows() < (S == Spread::sample ? 2 : 1)) return std::nullopt;
        return exact_stddev(view.rows(), view.template state<accumulate::Sum<V>>(),
                            view.template state<accumulate::Squares<V>>(), S);
    }
};

// How many sample standard deviations the current event's value lies above the window's mean. Null without a current
// value, with fewer than two values, or when all of them are equal.
struct ZScore {
    static constexpr std::string_view name = "zscore";
    static constexpr bool needs_current = true;
    template <Number V>
    using accumulators = TypeList<accumulate::Present<V>, accumulate::Sum<V>, accumulate::Squares<V>>;
    template <class V> static std::optional<double> result(const auto& view) {
        const auto& sum = view.template state<accumulate::Sum<V>>();
        const auto& squares = view.template state<accumulate::Squares<V>>();
        const auto current = view.current();
        if (!current || view.rows() < 2 || exact_is_constant(view.rows(), sum, squares)) return std::nullopt;
        using Wide = std::conditional_t<std::is_integral_v<V>, std::int64_t, double>;
        return exact_zscore(static_cast<Wide>(*current), view.rows(), sum, squares, Spread::sample);
    }
};

// Events per `Per` microseconds of the window's length. Needs a window with a length.
template <std::int64_t Per>
struct Rate {
    static constexpr std::string_view name = "rate";
    static constexpr std::int64_t parameters[] = {Per};
    static constexpr bool needs_length = true;
    template <class V> using accumulators = TypeList<accumulate::Present<V>>;
    template <class V> static std::optional<double> result(const auto& view) {
        auto a = Per, b = view.length();
        while (b != 0) {
            const auto rest = a % b;
            a = b;
            b = rest;
        }
        std::int64_t numerator = 0;
        if (__builtin_mul_overflow(view.rows(), Per / a, &numerator)) return std::nullopt;
        return exact_ratio(numerator, view.length() / a);
    }
};

} // namespace aggregates
} // namespace onefold
