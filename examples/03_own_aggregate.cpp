// Aggregates of your own: types with State, add, merge and result. Whether there is a subtract decides how windows
// slide.
#include "onefold/onefold.hpp"
#include "onefold/run/parity.hpp"
#include <algorithm>
#include <cstdio>

using namespace onefold::literals;

struct Reading {
    std::int64_t id, sensor;
    double degrees;
    onefold::Time at;
};
// In how many hours of the day (UTC) something was read. An event that leaves the window is subtracted, which must undo
// its add exactly: so hours are counted, as a mere bit could not tell whether a second reading had set it too.
struct HoursSeen {
    struct State { // integers without padding are saved as they are; any other State needs save() and load()
        std::array<std::uint32_t, 24> readings{};
    };
    static std::size_t hour(onefold::Time t) { return static_cast<std::size_t>(t.micros / 3'600'000'000 % 24); }
    static void add(State& s, onefold::Time t) { ++s.readings[hour(t)]; }
    static void subtract(State& s, onefold::Time t) { --s.readings[hour(t)]; }
    static void merge(State& s, const State& later) {
        for (std::size_t h = 0; h < 24; ++h) s.readings[h] += later.readings[h];
    }
    static std::int64_t result(const State& s) { return 24 - std::count(s.readings.begin(), s.readings.end(), 0u); }
};
// The most readings in a row for which a condition held. None can be taken out of such a number again: without subtract
// a window is merged from pieces, in order of time, and a streak may begin in one piece and go on in the next.
struct LongestStreak {
    struct State {
        std::int64_t size = 0, at_start = 0, at_end = 0, longest = 0;
    };
    static void add(State& s, bool holds) { merge(s, {1, holds, holds, holds}); }
    static void merge(State& s, const State& later) {
        s.longest = std::max({s.longest, later.longest, s.at_end + later.at_start});
        if (s.at_start == s.size) s.at_start += later.at_start;
        s.at_end = later.at_end + (later.at_end == later.size ? s.at_end : 0);
        s.size += later.size;
    }
    static std::int64_t result(const State& s) { return s.longest; }
};
struct Sensor {
    static constexpr auto definition = onefold::define(
        onefold::stream<Reading>("readings").time<&Reading::at>().id<&Reading::id>().lateness(6_h),
        onefold::by<&Reading::sensor>(
            "hours"_f = onefold::aggregate<HoursSeen>(onefold::field<&Reading::at>).over(12_h),
            "hot"_f = onefold::aggregate<LongestStreak>(onefold::field<&Reading::degrees> > 25.0).over(12_h, 48_h)));
};
int main() {
    constexpr double degrees[]{9, 26, 27, 28, 29, 9, 26, 27, 9, 26};
    std::vector<Reading> events; // one in two hours, so that 12 hours hold six
    for (std::int64_t i = 0; i < 1'000; ++i) events.push_back({i, 1, degrees[i % 10], {i * 2 * 3'600'000'000}});
    const auto last = onefold::backfill<Sensor>(events).rows.back();
    const bool right = last["hours_12h"_f] == 6 && last["hot_12h"_f] == 2 && last["hot_48h"_f] == 4;
    // What holds for the library's aggregates holds for yours: batch and live agree, in any order of arrival.
    const auto parity = onefold::check_parity<Sensor>(events);
    return right && parity ? 0 : (std::printf("wrong result %s\n", parity.difference.c_str()), 1);
}
