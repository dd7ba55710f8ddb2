#pragma once

#include <cstdint>

// Dates of the proleptic Gregorian calendar over the whole range of event time, which std::chrono's years of 16 bits do
// not span. The algorithms are those of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": a year counted
// from March ends with the leap day, and 400 years have 146097 days.
namespace onefold::detail {

inline constexpr std::int64_t day_seconds = 86400;
inline constexpr std::int64_t cycle_days = 146097; // a multiple of 7: weekdays repeat with it as well

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0); // b > 0
}

struct YearMonth {
    std::int64_t year;
    int month; // 1 to 12
};

// The days from 1970-01-01 to the first of the month.
constexpr std::int64_t day_of(YearMonth at) noexcept {
    const auto year = at.year - (at.month <= 2 ? 1 : 0);
    const auto cycle = floor_divide(year, 400);
    const auto year_of_cycle = year - cycle * 400;
    const auto day_of_year = (153 * (at.month + (at.month > 2 ? -3 : 9)) + 2) / 5;
    return cycle * cycle_days + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year - 719468;
}

// The month of a day, and the days that begin it and the next one.
struct Month {
    YearMonth at;
    std::int64_t first;
    std::int64_t after;
};

constexpr Month month_of(std::int64_t day) noexcept {
    const auto since_march = day + 719468; // from 0000-03-01
    const auto cycle = floor_divide(since_march, cycle_days);
    const auto day_of_cycle = static_cast<std::uint32_t>(since_march - cycle * cycle_days);
    const auto year = (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36524 - day_of_cycle / 146096) / 365;
    const auto day_of_year = day_of_cycle - (365 * year + year / 4 - year / 100);
    const auto month = (5 * day_of_year + 2) / 153; // March is 0
    const auto first_of_year = day - day_of_year;
    const bool next_year = month >= 10;
    // February ends this year of March to February, with the leap day of the year that it lies in.
    const auto turn = year + 1;
    const std::uint32_t leap = turn % 4 == 0 && (turn % 100 != 0 || turn == 400) ? 1 : 0;
    const auto end = month == 11 ? 365 + leap : (153 * (month + 1) + 2) / 5;
    return {{cycle * 400 + year + (next_year ? 1 : 0), static_cast<int>(month) + (next_year ? -9 : 3)},
            first_of_year + (153 * month + 2) / 5,
            first_of_year + end};
}

constexpr YearMonth next(YearMonth at) noexcept {
    return at.month == 12 ? YearMonth{at.year + 1, 1} : YearMonth{at.year, at.month + 1};
}

constexpr std::int64_t monday_of(std::int64_t day) noexcept {
    return floor_divide(day + 3, 7) * 7 - 3; // 1970-01-01 was a Thursday
}

} // namespace onefold::detail
