#pragma once

#include <string_view>

#include "onefold/core/calendar.hpp"
#include "onefold/window/window.hpp"

namespace onefold {

// Windows that close: each key's events are put into windows of event time, and a window is answered when the watermark
// passes its end. A by<>() takes one of these before its features.
//     tumbling(1_h)                [n·1h, (n+1)·1h): each event in one window
//     hopping(1_h, 15_min)         a new window every 15 minutes; a hop above the size leaves holes between windows
//     session(30_min)              events at most 30 minutes apart; ends 30 minutes after the last
//     calendar_day("Europe/Rome")  a day of local time, 23 or 25 hours where the clock changes; also weeks (from
//                                  Monday) and months
struct ClosingWindow {
    enum class Kind : std::uint8_t { hopping, session, calendar };
    Kind kind = Kind::hopping;
    std::int64_t size = 0; // of a session its gap
    std::int64_t hop = 0;
    std::int64_t shift = 0; // of window 0's start from the epoch
    bool touching_merges = true;
    CalendarUnit unit = CalendarUnit::day;
    std::string_view zone;
    std::int64_t lateness = 0;
    bool discards = false;

    // An event so far behind the watermark is late whatever else its key has, unless a longer session takes it.
    constexpr std::int64_t reach() const noexcept {
        constexpr std::int64_t day = 86'400'000'000;
        // The date line has given some places the same day twice.
        const auto length = kind != Kind::calendar       ? size
                            : unit == CalendarUnit::day  ? 3 * day
                            : unit == CalendarUnit::week ? 9 * day
                                                         : 33 * day;
        return saturating_add(lateness, length);
    }

    // Windows start at multiples of the hop plus this.
    template <any_duration D>
    consteval ClosingWindow offset(D by) const {
        auto copy = *this;
        copy.shift = micros_of(by);
        return copy;
    }
    // For so long after its end a window still takes events; each of them makes it answer once more, at once. After
    // that its state is gone and its events are late.
    template <any_duration D>
    consteval ClosingWindow allowed_lateness(D bound) const {
        auto copy = *this;
        copy.lateness = micros_of(bound);
        return copy;
    }
    // A further answer of one window holds only what came since its last one; otherwise (accumulating) everything. The
    // settled answer always holds everything.
    consteval ClosingWindow discarding() const {
        auto copy = *this;
        copy.discards = true;
        return copy;
    }
    // Of a session: events exactly one gap apart are two sessions.
    consteval ClosingWindow excluding_touch() const {
        auto copy = *this;
        copy.touching_merges = false;
        return copy;
    }
};

template <any_duration D>
consteval ClosingWindow tumbling(D size) {
    ClosingWindow window;
    window.size = window.hop = micros_of(size);
    return window;
}
template <any_duration S, any_duration H>
consteval ClosingWindow hopping(S size, H hop) {
    ClosingWindow window;
    window.size = micros_of(size);
    window.hop = micros_of(hop);
    return window;
}
template <any_duration D>
consteval ClosingWindow session(D gap) {
    ClosingWindow window;
    window.kind = ClosingWindow::Kind::session;
    window.size = micros_of(gap);
    return window;
}

namespace detail {
consteval ClosingWindow calendar_window(CalendarUnit unit, std::string_view zone) {
    ClosingWindow window;
    window.kind = ClosingWindow::Kind::calendar;
    window.unit = unit;
    window.zone = zone;
    return window;
}
} // namespace detail

// The zone is a name of the IANA database; making an executor looks it up and throws Error(usage) for an unknown one.
consteval ClosingWindow calendar_day(std::string_view zone) { return detail::calendar_window(CalendarUnit::day, zone); }
consteval ClosingWindow calendar_week(std::string_view zone) {
    return detail::calendar_window(CalendarUnit::week, zone);
}
consteval ClosingWindow calendar_month(std::string_view zone) {
    return detail::calendar_window(CalendarUnit::month, zone);
}

} // namespace onefold
