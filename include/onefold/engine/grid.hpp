#pragma once

#include <optional>

#include "onefold/window/hops.hpp"

namespace onefold::engine {

// A part of time whose events belong to the same windows, and the numbers of those.
struct SliceOfTime {
    Interval span;
    std::int64_t first, last;
};

// Where windows lie that do not depend on the events; they are numbered in order of time.
class HoppingGrid {
public:
    explicit HoppingGrid(const ClosingWindow& window) noexcept : hops_(window) {}

    // Nothing in the hole of a large hop.
    std::optional<SliceOfTime> slice(std::int64_t t) const noexcept {
        const auto last = hops_.last(t), first = hops_.first(t, last);
        if (first > last) return std::nullopt;
        return SliceOfTime{hops_.slice(t, last), first, last};
    }
    Interval window(std::int64_t n) const noexcept { return hops_.window(n); }
    std::int64_t first_ending_after(std::int64_t x) const noexcept { return hops_.first_ending_after(x); }

private:
    Hops hops_;
};

// Local days, weeks or months: each is a slice and a window at once, and its first instant is its number.
class CalendarGrid {
public:
    explicit CalendarGrid(const ClosingWindow& window) : calendar_(window.unit, window.zone) {}

    std::optional<SliceOfTime> slice(std::int64_t t) const {
        const auto span = window(t);
        return SliceOfTime{span, span.start, span.start};
    }
    Interval window(std::int64_t n) const {
        const auto period = calendar_.period(n);
        return {period.start, period.end};
    }
    std::int64_t first_ending_after(std::int64_t x) const { return window(x < latest - 1 ? x + 1 : x).start; }

private:
    Calendar calendar_;
};

} // namespace onefold::engine
