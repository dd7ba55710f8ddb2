#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace onefold {

enum class CalendarUnit : std::uint8_t { day, week, month }; // a week begins on Monday (ISO 8601)

// Microseconds since 1970-01-01T00:00:00Z; the start is in, the end is out.
struct CalendarPeriod {
    std::int64_t start = 0;
    std::int64_t end = 0;
    friend constexpr bool operator==(const CalendarPeriod&, const CalendarPeriod&) = default;
};

namespace detail {
struct ZoneTable;
} // namespace detail

// The days, weeks or months of a time zone of the IANA database, as they were and as the rules in force say they will
// be.
//
// A period begins at the first instant whose local date lies in it and ends where the next begins, so that periods have
// no gaps and never overlap. Days are therefore 23, 25 or 24.5 hours long where clocks change, begin at 01:00 where
// midnight was skipped, and do not exist where a zone left a whole day out. Where clocks go back across midnight, the
// new day has begun at the first midnight and keeps what follows, although the wall clock shows the old date once more.
// Dates are those of the Gregorian calendar, for all times.
//
// A value of two words: copies share the zone's data, which stays for the life of the process. Any number of threads
// may use one.
class Calendar {
public:
    // Throws Error: ErrorKind::usage if the database has no such zone ("Europe/Berlin", "UTC"; links such as
    // "US/Eastern" are zones too), ErrorKind::environment if the machine has no database. The first use of a zone in a
    // process reads its file.
    Calendar(CalendarUnit unit, std::string_view zone);

    // The period that holds t. Total: periods that reach past the ends of time stop there, so that the last one ends
    // at, and holds, INT64_MAX. O(1): between 1900 and 2100 no search is made. Neither allocates nor throws.
    CalendarPeriod period(std::int64_t t) const noexcept;

private:
    const detail::ZoneTable* zone_;
    CalendarUnit unit_;
};

// The release of the machine's time zone database, such as "2025b"; "unknown" where the machine does not tell. Part of
// a definition's fingerprint where it uses a calendar, because periods follow the database.
std::string time_zone_database_version();

} // namespace onefold
