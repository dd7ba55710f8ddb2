#include "onefold/core/calendar.hpp"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "onefold/core/error.hpp"
#include "onefold/core/time.hpp"
#include "support/catch.hpp"
#include "support/contains.hpp"

using onefold::Calendar;
using onefold::CalendarPeriod;
using onefold::CalendarUnit;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;

// The instant that UTC calls so.
constexpr std::int64_t utc(int year, unsigned month, unsigned day, int hours = 0, int minutes = 0, int seconds = 0) {
    using namespace std::chrono;
    const auto days = sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
    return days.time_since_epoch().count() * 24 * hour + hours * hour + minutes * minute + seconds * second;
}

// Every instant of the period finds the same one: both ends, and the middle.
void check_period(const Calendar& calendar, std::int64_t start, std::int64_t end) {
    INFO(start << " to " << end);
    const CalendarPeriod expected{start, end};
    CHECK(calendar.period(start) == expected);
    CHECK(calendar.period(start + (end - start) / 2) == expected);
    CHECK(calendar.period(end - 1) == expected);
    CHECK(calendar.period(start - 1).end == start);
    CHECK(calendar.period(end).start == end);
}

} // namespace

TEST_CASE("days are 23 and 25 hours long where clocks change") {
    const Calendar new_york(CalendarUnit::day, "America/New_York"); // 5 hours behind, 4 in summer
    check_period(new_york, utc(2024, 1, 15, 5), utc(2024, 1, 16, 5));
    check_period(new_york, utc(2024, 3, 10, 5), utc(2024, 3, 11, 4)); // the second Sunday of March
    check_period(new_york, utc(2024, 7, 4, 4), utc(2024, 7, 5, 4));
    check_period(new_york, utc(2024, 11, 3, 4), utc(2024, 11, 4, 5)); // the first Sunday of November
    const Calendar london(CalendarUnit::day, "Europe/London");
    check_period(london, utc(2024, 3, 31), utc(2024, 3, 31, 23));   // the last Sunday of March
    check_period(london, utc(2024, 10, 26, 23), utc(2024, 10, 28)); // the last Sunday of October
}

TEST_CASE("a zone may change its clocks by half an hour") {
    const Calendar lord_howe(CalendarUnit::day, "Australia/Lord_Howe"); // 10:30 ahead, 11 in summer
    check_period(lord_howe, utc(2024, 4, 6, 13), utc(2024, 4, 7, 13, 30));
    check_period(lord_howe, utc(2024, 10, 5, 13, 30), utc(2024, 10, 6, 13));
}

TEST_CASE("offsets need not be whole hours") {
    check_period({CalendarUnit::day, "Asia/Kolkata"}, utc(2024, 2, 28, 18, 30), utc(2024, 2, 29, 18, 30));
    check_period({CalendarUnit::month, "Asia/Kathmandu"}, utc(2024, 1, 31, 18, 15), utc(2024, 2, 29, 18, 15));
}

TEST_CASE("a day whose midnight was skipped begins at one o'clock") {
    const Calendar sao_paulo(CalendarUnit::day, "America/Sao_Paulo");  // 3 hours behind, 2 in summer
    check_period(sao_paulo, utc(2018, 11, 4, 3), utc(2018, 11, 5, 2)); // 00:00 became 01:00
    check_period(sao_paulo, utc(2018, 2, 17, 2), utc(2018, 2, 18, 3)); // 24:00 became 23:00
    check_period({CalendarUnit::week, "America/Sao_Paulo"}, utc(2018, 10, 29, 3), utc(2018, 11, 5, 2));
}

TEST_CASE("a day that a zone left out does not exist") {
    // Samoa went from 10 hours behind to 14 ahead at the end of 2011-12-29; 2011-12-30 was not.
    const Calendar day(CalendarUnit::day, "Pacific/Apia");
    check_period(day, utc(2011, 12, 29, 10), utc(2011, 12, 30, 10));
    check_period(day, utc(2011, 12, 30, 10), utc(2011, 12, 31, 10));
    check_period({CalendarUnit::week, "Pacific/Apia"}, utc(2011, 12, 26, 10), utc(2012, 1, 1, 10));
    check_period({CalendarUnit::month, "Pacific/Apia"}, utc(2011, 12, 1, 10), utc(2011, 12, 31, 10));
}

TEST_CASE("a day with two midnights begins at the first and keeps what follows") {
    // Newfoundland's clocks went from 00:01 (2:30 behind) to 23:01 of the day before (3:30 behind).
    const Calendar day(CalendarUnit::day, "America/St_Johns");
    check_period(day, utc(2006, 10, 28, 2, 30), utc(2006, 10, 29, 2, 30));
    check_period(day, utc(2006, 10, 29, 2, 30), utc(2006, 10, 30, 3, 30));
    CHECK(day.period(utc(2006, 10, 29, 3)).start == utc(2006, 10, 29, 2, 30)); // 23:30 by the clock
}

TEST_CASE("months follow the Gregorian calendar and weeks begin on Monday") {
    const Calendar month(CalendarUnit::month, "UTC");
    check_period(month, utc(2024, 2, 1), utc(2024, 3, 1));
    CHECK(month.period(utc(2024, 2, 29, 23, 59)).start == utc(2024, 2, 1));
    CHECK(month.period(utc(2023, 2, 28, 23, 59)).end == utc(2023, 2, 28) + 24 * hour);
    CHECK(month.period(utc(2000, 2, 1)).end - utc(2000, 2, 1) == 29 * 24 * hour);
    CHECK(month.period(utc(1900, 2, 1)).end - utc(1900, 2, 1) == 28 * 24 * hour);
    CHECK(month.period(utc(2100, 2, 1)).end - utc(2100, 2, 1) == 28 * 24 * hour);
    check_period(month, utc(2023, 12, 1), utc(2024, 1, 1));
    const Calendar week(CalendarUnit::week, "UTC");
    check_period(week, utc(2024, 12, 30), utc(2025, 1, 6)); // 2024-12-30 was a Monday
    check_period(week, utc(1969, 12, 29), utc(1970, 1, 5));
    check_period({CalendarUnit::week, "America/New_York"}, utc(2024, 3, 4, 5), utc(2024, 3, 11, 4));
}

TEST_CASE("periods before 1970 follow the clocks of their time") {
    check_period({CalendarUnit::month, "America/New_York"}, utc(1969, 12, 1, 5), utc(1970, 1, 1, 5));
    // Britain kept summer time from 1968 to 1971.
    check_period({CalendarUnit::day, "Europe/London"}, utc(1969, 12, 31, 23), utc(1970, 1, 1, 23));
    // New York's local mean time, 4:56:02 behind, until noon of 1883-11-18.
    check_period({CalendarUnit::day, "America/New_York"}, utc(1883, 11, 17, 4, 56, 2), utc(1883, 11, 18, 4, 56, 2));
    check_period({CalendarUnit::day, "America/New_York"}, utc(1883, 11, 18, 4, 56, 2), utc(1883, 11, 19, 5));
    check_period({CalendarUnit::month, "America/New_York"}, utc(1, 1, 1, 4, 56, 2), utc(1, 2, 1, 4, 56, 2));
    check_period({CalendarUnit::month, "UTC"}, utc(-1, 12, 1), utc(0, 1, 1));
    check_period({CalendarUnit::month, "UTC"}, utc(0, 2, 1), utc(0, 3, 1));
}

TEST_CASE("rules in force hold for ever") {
    // Zone files list the changes of clocks up to 2037, or fewer.
    const Calendar new_york(CalendarUnit::day, "America/New_York");
    check_period(new_york, utc(2038, 3, 14, 5), utc(2038, 3, 15, 4));
    check_period(new_york, utc(2038, 7, 4, 4), utc(2038, 7, 5, 4));
    check_period(new_york, utc(9999, 3, 14, 5), utc(9999, 3, 15, 4)); // as 1999: 400 years have whole weeks
    check_period(new_york, utc(9999, 7, 4, 4), utc(9999, 7, 5, 4));
    check_period(new_york, utc(9999, 11, 7, 4), utc(9999, 11, 8, 5));
    check_period({CalendarUnit::month, "UTC"}, utc(9999, 12, 1), utc(9999, 12, 31) + 24 * hour);
    // The south has summer at the turn of the year.
    const Calendar sydney(CalendarUnit::month, "Australia/Sydney");
    for (const int year : {2050, 2099, 2499, 2500, 2501, 2899, 2900, 9998})
        check_period(sydney, utc(year, 12, 31, 13), utc(year + 1, 1, 31, 13));
    // Ireland's summer time is its standard, and winter time the exception.
    check_period({CalendarUnit::day, "Europe/Dublin"}, utc(2045, 7, 1, 23), utc(2045, 7, 2, 23));
    check_period({CalendarUnit::day, "Europe/Dublin"}, utc(2045, 1, 2), utc(2045, 1, 3));
}

TEST_CASE("periods stop at the ends of time") {
    for (const auto* zone : {"UTC", "America/New_York", "Pacific/Apia"})
        for (const auto unit : {CalendarUnit::day, CalendarUnit::week, CalendarUnit::month}) {
            INFO(zone);
            const Calendar calendar(unit, zone);
            const auto first = calendar.period(onefold::earliest);
            CHECK(first.start == onefold::earliest);
            CHECK(first.end > onefold::earliest);
            CHECK(calendar.period(first.end).start == first.end);
            const auto last = calendar.period(onefold::latest);
            CHECK(last.end == onefold::latest);
            CHECK(last.start < onefold::latest);
            CHECK(calendar.period(last.start - 1).end == last.start);
        }
    // INT64_MAX is 294247-01-10T04:00:54.775807Z, INT64_MIN is -290308-12-21T19:59:05.224192Z.
    const Calendar day(CalendarUnit::day, "UTC");
    CHECK(onefold::latest - day.period(onefold::latest).start == 4 * hour + 54 * second + 775807);
    CHECK(day.period(onefold::earliest).end - onefold::earliest == 4 * hour + 54 * second + 775808);
    const Calendar month(CalendarUnit::month, "UTC");
    CHECK(onefold::latest - month.period(onefold::latest).start == 9 * 24 * hour + 4 * hour + 54 * second + 775807);
    CHECK(month.period(onefold::earliest).end - onefold::earliest == 10 * 24 * hour + 4 * hour + 54 * second + 775808);
}

TEST_CASE("a zone that does not exist is refused by name") {
    for (const std::string zone : {"Mars/Phobos", "", "localtime", "zone.tab", "../zoneinfo/UTC", "europe/berlin"}) {
        INFO(zone);
        try {
            Calendar(CalendarUnit::day, zone);
            FAIL("no exception");
        } catch (const onefold::Error& error) {
            CHECK(error.kind() == onefold::ErrorKind::usage);
            CHECK_THAT(std::string(error.what()),
                       Contains("no zone '" + zone + "'; write a name such as Europe/Berlin or UTC"));
        }
    }
    CHECK_NOTHROW(Calendar(CalendarUnit::day, "US/Eastern"));
}

TEST_CASE("the release of the time zone database is a year and a letter") {
    const auto version = onefold::time_zone_database_version();
    REQUIRE(version.size() == 5);
    CHECK(version.substr(0, 2) == "20");
    CHECK(version.back() >= 'a');
    CHECK(version.back() <= 'z');
}

namespace {

// The slow twin: the local date by the C library, which reads the zone's file by itself.
class LocalDates {
public:
    explicit LocalDates(const char* zone) {
        if (const auto* before = std::getenv("TZ")) before_ = before;
        ::setenv("TZ", zone, 1);
        ::tzset();
    }
    ~LocalDates() {
        if (before_) ::setenv("TZ", before_->c_str(), 1);
        else ::unsetenv("TZ");
        ::tzset();
    }
    LocalDates(const LocalDates&) = delete;
    LocalDates& operator=(const LocalDates&) = delete;

    // A number that grows by the period.
    static std::int64_t number(CalendarUnit unit, std::int64_t t) {
        const auto seconds = static_cast<std::time_t>(t / second);
        std::tm date{};
        ::localtime_r(&seconds, &date);
        if (unit == CalendarUnit::month) return date.tm_year * 12 + date.tm_mon;
        std::tm noon{};
        noon.tm_year = date.tm_year;
        noon.tm_mon = date.tm_mon;
        noon.tm_mday = date.tm_mday;
        const auto day = ::timegm(&noon) / 86400;
        return unit == CalendarUnit::day ? day : (day + 3) / 7; // 1970-01-05 was a Monday
    }

private:
    std::optional<std::string> before_;
};

} // namespace

TEST_CASE("every quarter of an hour lies in the period of its local date") {
    struct Years {
        const char* zone;
        int from, to;
    };
    const auto years = GENERATE(Years{"America/New_York", 2023, 2025}, Years{"Europe/London", 1970, 1973},
                                Years{"Australia/Lord_Howe", 2023, 2025}, Years{"America/Sao_Paulo", 2017, 2020},
                                Years{"Pacific/Apia", 2010, 2013}, Years{"Asia/Kathmandu", 1985, 1987},
                                Years{"America/St_Johns", 1987, 1990}, Years{"America/St_Johns", 2010, 2012},
                                Years{"Africa/Casablanca", 2023, 2026}, Years{"Asia/Gaza", 2011, 2025},
                                Years{"Europe/Dublin", 2036, 2040}, Years{"America/Nuuk", 2098, 2102},
                                Years{"Antarctica/Troll", 2498, 2503}, Years{"Asia/Beirut", 2020, 2024});
    const LocalDates dates(years.zone);
    for (const auto unit : {CalendarUnit::day, CalendarUnit::week, CalendarUnit::month}) {
        INFO(years.zone << " " << years.from << " unit " << static_cast<int>(unit));
        const Calendar calendar(unit, years.zone);
        auto number = LocalDates::number(unit, utc(years.from, 1, 1));
        auto open = calendar.period(utc(years.from, 1, 1));
        std::size_t wrong = 0;
        for (auto t = utc(years.from, 1, 1); t < utc(years.to, 1, 1); t += 15 * minute) {
            const auto now = LocalDates::number(unit, t);
            const auto period = calendar.period(t);
            if (now > number) { // the first instant of the next period
                number = now;
                wrong += period.start != t || open.end != t;
                open = period;
            } else wrong += period != open;
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("threads may share a calendar") {
    const Calendar shared(CalendarUnit::day, "America/New_York");
    const auto sum = [](const Calendar& calendar) {
        std::uint64_t total = 0;
        for (auto t = utc(1890, 1, 1); t < utc(2110, 1, 1); t += 7 * hour) {
            const auto period = calendar.period(t);
            total = total * 31 + static_cast<std::uint64_t>(period.start ^ period.end);
        }
        return total;
    };
    const auto expected = sum(shared);
    std::vector<std::uint64_t> sums(4);
    std::vector<std::thread> threads;
    for (auto& to : sums)
        threads.emplace_back([&to, &shared, &sum] {
            to = sum(shared);
            to = to == sum(Calendar(CalendarUnit::day, "America/New_York")) ? to : 0;
        });
    for (auto& thread : threads) thread.join();
    for (const auto total : sums) CHECK(total == expected);
}
