#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// The last line of a zone file: the rule that holds after its last transition, in the form of the POSIX variable TZ
// with the extension of RFC 8536 (hours from -167 to 167), such as "EST5EDT,M3.2.0,M11.1.0".
namespace onefold::detail {

struct PosixRule {
    // A day of the year and a local time of it.
    struct Date {
        enum class Kind : std::uint8_t { month_week_day, day_without_leap, day };
        Kind kind = Kind::day;
        int month = 0;   // 1 to 12
        int week = 0;    // 1 to 5, 5 the last
        int weekday = 0; // 0 is Sunday
        int day = 0;     // 1 to 365 without leap days; or 0 to 365
        std::int64_t seconds = 7200;

        // Local seconds since 1970, by the clock that ends there.
        std::int64_t local_seconds(std::int64_t year) const noexcept;
    };

    std::int64_t standard = 0; // seconds east of Greenwich
    std::int64_t summer = 0;
    bool has_summer = false;
    Date summer_starts;
    Date summer_ends;
};

// Nothing if it is not such a rule.
std::optional<PosixRule> parse_posix_rule(std::string_view text);

} // namespace onefold::detail
