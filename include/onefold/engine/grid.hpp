#pragma once

#include <optional>

#include "onefold/window/hops.hpp"

namespace onefold::engine {

// Where windows lie that do not depend on the events: hopping ones. A slice is the part of time whose events belong to
// the same windows.
class HoppingGrid {
public:
    explicit HoppingGrid(const ClosingWindow& window) noexcept : hops_(window) {}

    // Nothing in the hole of a large hop.
    std::optional<Interval> slice(std::int64_t t) const noexcept {
        if (hops_.first(t) > hops_.last(t)) return std::nullopt;
        return hops_.slice(t);
    }
    // The first window of those that hold the slice whose last instant, end - 1, lies after x.
    std::optional<Interval> window_after(const Interval& slice, std::int64_t x) const noexcept {
        const auto first = std::max(hops_.first(slice.start), hops_.first_ending_after(x));
        if (first > hops_.last(slice.start)) return std::nullopt;
        const auto window = hops_.window(first);
        // Cut off at the end of time it may end at x after all.
        return window.end - 1 > x ? std::optional(window) : std::nullopt;
    }

private:
    Hops hops_;
};

// Local days, weeks or months: each is a slice and a window at once.
class CalendarGrid {
public:
    explicit CalendarGrid(const ClosingWindow& window) : calendar_(window.unit, window.zone) {}

    std::optional<Interval> slice(std::int64_t t) const {
        const auto period = calendar_.period(t);
        return Interval{period.start, period.end};
    }
    std::optional<Interval> window_after(const Interval& slice, std::int64_t x) const noexcept {
        return slice.end - 1 > x ? std::optional(slice) : std::nullopt;
    }

private:
    Calendar calendar_;
};

} // namespace onefold::engine
