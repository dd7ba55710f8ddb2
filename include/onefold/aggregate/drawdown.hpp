#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "onefold/aggregate/numeric.hpp"
#include "onefold/core/arithmetic.hpp"
#include "onefold/core/bytes.hpp"
#include "onefold/core/total_order.hpp"
#include "onefold/core/value_bytes.hpp"

namespace onefold {
namespace accumulate {

// The greatest fall of a sequence from a value to a later one. It needs the highest and the lowest value of each part:
// the greatest fall across two parts is from the highest of the first to the lowest of the second.
template <Number V>
struct Fall {
    static constexpr std::string_view name = "greatest fall";
    static constexpr bool is_integer = std::is_integral_v<V>;
    using Value = V;
    using Wide = std::conditional_t<is_integer, std::int64_t, double>;
    // The distance of two int64 always fits. Rounding keeps order, so the greatest rounded difference is the greatest
    // difference, rounded.
    using Distance = std::conditional_t<is_integer, std::uint64_t, double>;
    struct State {
        bool any = false; // a value that is not NaN
        bool nan = false;
        Wide highest{}, lowest{};
        Distance fall{};
    };

    static void add(State& s, const V& v) {
        const auto value = static_cast<Wide>(v);
        if (value != value) s.nan = true;
        else if (!s.any) s = {true, s.nan, value, value, {}};
        else {
            deepen(s, distance(s.highest, value));
            if (total_less(s.highest, value)) s.highest = value;
            if (total_less(value, s.lowest)) s.lowest = value;
        }
    }
    static void merge(State& s, const State& later) {
        const bool nan = s.nan || later.nan;
        if (!s.any) s = later;
        else if (later.any) {
            deepen(s, later.fall);
            deepen(s, distance(s.highest, later.lowest));
            if (total_less(s.highest, later.highest)) s.highest = later.highest;
            if (total_less(later.lowest, s.lowest)) s.lowest = later.lowest;
        }
        s.nan = nan;
    }
    // Two flags, and the three numbers if there is a value.
    static void save(const State& s, ByteWriter& to) {
        to.put(s.any);
        to.put(s.nan);
        if (!s.any) return;
        to.put(s.highest);
        to.put(s.lowest);
        to.put(s.fall);
    }
    static State load(ByteReader& from) {
        State s;
        s.any = detail::load_value<bool>(from);
        s.nan = detail::load_value<bool>(from);
        if (s.any) {
            s.highest = from.get<Wide>();
            s.lowest = from.get<Wide>();
            s.fall = from.get<Distance>();
            // Not so either where one of them is NaN.
            const bool possible =
                s.highest >= s.lowest && s.fall >= Distance{} && s.fall <= distance(s.highest, s.lowest);
            if (!possible) from.fail();
        }
        return from.ok() ? s : State();
    }

private:
    static Distance distance(Wide from, Wide to) noexcept {
        if (!(to < from)) return {}; // equal infinities, too
        if constexpr (is_integer) return static_cast<std::uint64_t>(from) - static_cast<std::uint64_t>(to);
        else return arithmetic::subtract(from, to);
    }
    static void deepen(State& s, Distance fall) noexcept {
        if (s.fall < fall) s.fall = fall;
    }
};

} // namespace accumulate

namespace aggregates {

// The greatest fall from a value to the same or a later one of the window, in canonical order: the greatest x_i - x_j
// with i <= j, and 0 where nothing falls. Of integers exact, null where it leaves int64; of floating point the
// difference of the two doubles rounded once, infinite from or to an infinity. NaN while a NaN is in the window; null
// of nothing.
struct Drawdown {
    static constexpr std::string_view name = "drawdown";
    template <class V> static constexpr bool can_overflow = std::is_integral_v<V>;
    template <Number V> using accumulators = TypeList<accumulate::Present<V>, accumulate::Fall<V>>;
    template <class V> static auto result(const auto& view) {
        using Result = std::optional<typename accumulate::Fall<V>::Wide>;
        if (view.rows() == 0) return Result();
        const auto& state = view.template state<accumulate::Fall<V>>();
        if constexpr (std::is_integral_v<V>)
            return state.fall > INT64_MAX ? Result() : Result(static_cast<std::int64_t>(state.fall));
        else return Result(state.nan ? std::bit_cast<double>(std::uint64_t{0x7ff8000000000000}) : state.fall);
    }
};

} // namespace aggregates
} // namespace onefold
