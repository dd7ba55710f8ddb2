#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/core/time.hpp"
#include "onefold/core/total_order.hpp"
#include "onefold/core/tuple.hpp"

namespace onefold {
namespace accumulate {

// The source of the shared queue: Shein, Chrysanthis, Labrinidis, SlickDeque (EDBT 2018). Among equals the newest
// stays, because it stays longest.
template <class V>
struct Least {
    static constexpr std::string_view name = "least";
    using Value = V;
    static bool dominates(const V& newer, const V& older) noexcept { return !total_less(older, newer); }
};
template <class V>
struct Greatest {
    static constexpr std::string_view name = "greatest";
    using Value = V;
    static bool dominates(const V& newer, const V& older) noexcept { return !total_less(newer, older); }
};
template <class V>
struct Newest {
    static constexpr std::string_view name = "newest";
    using Value = V;
    static bool dominates(const V&, const V&) noexcept { return true; }
};
template <class V>
struct Oldest {
    static constexpr std::string_view name = "oldest";
    using Value = V;
    static bool dominates(const V&, const V&) noexcept { return false; }
};

// Of pairs (value, by): the pair whose `by` is least (greatest). Only a strictly smaller (greater) one replaces, so
// among equals the earliest in canonical order stays.
template <class V>
struct LeastBy {
    static constexpr std::string_view name = "least by";
    using Value = V;
    static bool dominates(const V& newer, const V& older) noexcept { return total_less(newer.second, older.second); }
};
template <class V>
struct GreatestBy {
    static constexpr std::string_view name = "greatest by";
    using Value = V;
    static bool dominates(const V& newer, const V& older) noexcept { return total_less(older.second, newer.second); }
};

} // namespace accumulate

namespace aggregates {

// A floating-point NaN leaves as the one canonical NaN; -0.0 stays -0.0.
template <class V>
constexpr V one_nan(const V& value) {
    if constexpr (std::is_floating_point_v<V>) return value == value ? value : canonical(value);
    else if constexpr (detail::is_optional<V>) return value ? V(one_nan(*value)) : V();
    else return value;
}

template <template <class> class Selection, bool KeepsNulls>
struct Select {
    // What it is called depends on both: the oldest value is `first`, the oldest that is not null `first_non_null`.
    static constexpr std::string_view name = [] {
        const std::string_view way = Selection<int>::name;
        if (way == "least") return std::string_view("min");
        if (way == "greatest") return std::string_view("max");
        if (way == "oldest") return std::string_view(KeepsNulls ? "first" : "first_non_null");
        return std::string_view(KeepsNulls ? "last" : "last_non_null");
    }();
    // first and last answer with what the event says, null included; the others skip nulls.
    static constexpr bool keeps_nulls = KeepsNulls;
    template <class V> using accumulators = TypeList<Selection<V>>;
    template <class V> static auto result(const auto& view) {
        const V* selected = view.template selected<Selection<V>>();
        if constexpr (detail::is_optional<V>) return selected ? one_nan(*selected) : V();
        else return selected ? std::optional<V>(one_nan(*selected)) : std::optional<V>();
    }
};

using Min = Select<accumulate::Least, false>;
using Max = Select<accumulate::Greatest, false>;
using First = Select<accumulate::Oldest, true>;
using Last = Select<accumulate::Newest, true>;
using FirstNonNull = Select<accumulate::Oldest, false>;
using LastNonNull = Select<accumulate::Newest, false>;

// The value in the event whose `by` is least (greatest) in total order: NaN is greatest, -0.0 below 0.0; of equals the
// earliest event in canonical order answers. An event whose `by` is null is skipped, and a null value is answered as
// null, like nothing in the window.
template <template <class> class Selection>
struct SelectBy {
    static constexpr std::string_view name =
        std::string_view(Selection<int>::name) == "least by" ? "arg_min" : "arg_max";
    template <class V> using accumulators = TypeList<Selection<V>>;
    template <class V> static auto result(const auto& view) {
        using Value = typename V::first_type;
        using Result = std::conditional_t<detail::is_optional<Value>, Value, std::optional<Value>>;
        const V* selected = view.template selected<Selection<V>>();
        return selected ? Result(one_nan(selected->first)) : Result();
    }
};
using ArgMin = SelectBy<accumulate::LeastBy>;
using ArgMax = SelectBy<accumulate::GreatestBy>;

// Microseconds between the newest event of the window and the moment asked about; null when there is none.
struct TimeSinceLast {
    static constexpr std::string_view name = "time_since_last";
    static constexpr bool needs_before_current = true;
    template <class V> using accumulators = TypeList<accumulate::Newest<V>>;
    template <class V> static std::optional<std::int64_t> result(const auto& view) {
        if (!view.template selected<accumulate::Newest<V>>()) return std::nullopt;
        return saturating_subtract(view.now(), view.template selected_time<accumulate::Newest<V>>());
    }
};

} // namespace aggregates
} // namespace onefold
