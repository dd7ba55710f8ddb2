#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

// The offset of one zone from UTC at all times, laid out so that the local date of an instant and the first instant of
// a date are found without a search.
namespace onefold::detail {

struct ZoneTable {
    // Times are whole seconds since 1970 UTC, days are counted from 1970-01-01.
    struct Span {
        std::int64_t begin;
        std::int64_t end; // of the last one: latest_second
        std::int64_t offset;
        std::int64_t day_before; // the latest local date of all that lies before
        std::int64_t last_day;   // the same, with this span
    };
    static constexpr std::int64_t latest_second = std::int64_t{1} << 60;

    // Rules that never end repeat with the calendar: times from `cycle_end` on are those of 400 years earlier. The
    // spans go on for most of a year after it, so that a period that begins before it is whole.
    std::int64_t cycle_end = latest_second;
    std::vector<Span> spans;

    // hints[k]: the span of the instant hints_begin + k * 2^hint_bits seconds.
    static constexpr std::int64_t hints_begin = -2208988800; // 1900
    static constexpr int hint_bits = 21;                     // 24 days
    std::vector<std::uint32_t> hints;

    std::size_t span_of(std::int64_t second) const noexcept;
    // The latest local date up to the instant: it never falls where clocks go back.
    std::int64_t day_of(std::int64_t second, std::size_t span) const noexcept;
    // The first instant whose local date is `day` or later; `near` is a span at most a few away.
    std::int64_t begin_of(std::int64_t day, std::size_t near) const noexcept;
};

// Reads the zone's file; the table of one name is made once and stays. Throws Error.
const ZoneTable& zone_table(std::string_view name);

} // namespace onefold::detail
