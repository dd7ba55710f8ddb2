#pragma once

#include <optional>

#include "onefold/window/hops.hpp"

namespace onefold::engine {

// Where windows lie that do not depend on the events. A slice is the part of time whose events belong to the same
// windows; windows are numbered in order of time, and those that hold a slice are first(slice) .. last(slice).
class HoppingGrid {
public:
    explicit HoppingGrid(const ClosingWindow& window) noexcept : hops_(window) {}

    // Nothing in the hole of a large hop.
    std::optional<Interval> slice(std::int64_t t) const noexcept {
        if (hops_.first(t) > hops_.last(t)) return std::nullopt;
        return hops_.slice(t);
    }
    std::int64_t first(const Interval& slice) const noexcept { return hops_.first(slice.start); }
    std::int64_t last(const Interval& slice) const noexcept { return hops_.last(slice.start); }
    Interval window(std::int64_t n) const noexcept { return hops_.window(n); }
    std::int64_t first_ending_after(std::int64_t x) const noexcept { return hops_.first_ending_after(x); }

private:
    Hops hops_;
};

// Local days, weeks or months: each is a slice and a window at once, and its first instant is its number.
class CalendarGrid {
public:
    explicit CalendarGrid(const ClosingWindow& window) : calendar_(window.unit, window.zone) {}

    std::optional<Interval> slice(std::int64_t t) const { return window(t); }
    std::int64_t first(const Interval& slice) const noexcept { return slice.start; }
    std::int64_t last(const Interval& slice) const noexcept { return slice.start; }
    Interval window(std::int64_t n) const {
        const auto period = calendar_.period(n);
        return {period.start, period.end};
    }
    std::int64_t first_ending_after(std::int64_t x) const { return window(x < latest - 1 ? x + 1 : x).start; }

private:
    Calendar calendar_;
};

} // namespace onefold::engine
