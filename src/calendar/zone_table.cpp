#include "calendar/zone_table.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <date/tz.h>
#include <fmt/format.h>

#include "calendar/civil.hpp"
#include "calendar/posix_rule.hpp"
#include "onefold/core/calendar.hpp"
#include "onefold/core/error.hpp"

namespace onefold {

namespace detail {

std::size_t ZoneTable::span_of(std::int64_t second) const noexcept {
    const auto cell = (second - hints_begin) >> hint_bits;
    if (cell >= 0 && cell < static_cast<std::int64_t>(hints.size())) {
        std::size_t at = hints[static_cast<std::size_t>(cell)];
        while (second >= spans[at].end) ++at;
        return at;
    }
    const auto after = std::upper_bound(spans.begin(), spans.end(), second,
                                        [](std::int64_t s, const Span& span) { return s < span.end; });
    return static_cast<std::size_t>(after - spans.begin());
}

std::int64_t ZoneTable::day_of(std::int64_t second, std::size_t span) const noexcept {
    return std::max(spans[span].day_before, floor_divide(second + spans[span].offset, day_seconds));
}

std::int64_t ZoneTable::begin_of(std::int64_t day, std::size_t near) const noexcept {
    while (near > 0 && spans[near - 1].last_day >= day) --near;
    while (spans[near].last_day < day) ++near;
    return std::max(spans[near].begin, day * day_seconds - spans[near].offset);
}

namespace {

constexpr std::int64_t earliest_second = -ZoneTable::latest_second;
// Rules are written out up to the end of this year; the 400 years before its beginning stand for all later ones.
constexpr std::int64_t last_year = 2500;

struct Offset {
    std::int64_t begin;
    std::int64_t seconds;
};

#if USE_OS_TZDB
// Where the library looks for the system's zone files, in its order.
constexpr const char* folders[] = {"/usr/share/zoneinfo/", "/usr/share/zoneinfo/uclibc/", "/usr/share/lib/zoneinfo/",
                                   "/var/db/timezone/zoneinfo/"};

// The library reads the transitions of a zone file and not the rule after them, so that it has no daylight-saving time
// after 2037, or after 2007 in files without what the rule repeats.
std::optional<PosixRule> final_rule(const std::string& name) {
    for (const auto* folder : folders) {
        std::ifstream file(folder + name, std::ios::binary);
        if (!file) continue;
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        const std::string_view text = bytes;
        // Version 1 of the format has no such line; in the others it stands between two line ends, the last bytes.
        if (text.size() < 44 || !text.starts_with("TZif") || text[4] < '2' || text.back() != '\n') return {};
        const auto before = text.rfind('\n', text.size() - 2);
        if (before == text.npos) return {};
        return parse_posix_rule(text.substr(before + 1, text.size() - before - 2));
    }
    return {};
}
#else
std::optional<PosixRule> final_rule(const std::string&) { return {}; }
#endif

std::vector<Offset> offsets_of(const std::string& name) {
    const auto& zone = *date::locate_zone(name);
    const auto first = date::sys_seconds(date::sys_days(date::year::min() / 1 / 1));
    const auto last = date::sys_seconds(date::sys_days(date::year{last_year + 1} / 1 / 1));
    std::vector<Offset> offsets;
    auto known_until = earliest_second;
    for (auto at = first; at < last;) {
        const auto info = zone.get_info(at);
        if (offsets.empty() || offsets.back().seconds != info.offset.count())
            offsets.push_back({at.time_since_epoch().count(), info.offset.count()});
        if (at > first) known_until = at.time_since_epoch().count();
        if (info.end <= at) break;
        at = info.end;
    }
    offsets.front().begin = earliest_second;

    const auto rule = final_rule(name);
    if (!rule || !rule->has_summer) return offsets;
    const auto year = [](std::int64_t second) { return month_of(floor_divide(second, day_seconds)).at.year; };
    const auto add = [&](std::int64_t begin, std::int64_t seconds) {
        if (begin > known_until && offsets.back().seconds != seconds) offsets.push_back({begin, seconds});
    };
    // A file that holds nothing but the rule does not say since when; it is taken from 1970 on.
    for (auto y = known_until == earliest_second ? 1970 : year(known_until); y <= last_year; ++y) {
        const auto starts = rule->summer_starts.local_seconds(y) - rule->standard;
        const auto ends = rule->summer_ends.local_seconds(y) - rule->summer;
        if (starts < ends) add(starts, rule->summer);
        add(ends, rule->standard);
        if (starts > ends) add(starts, rule->summer);
    }
    return offsets;
}

ZoneTable table_of(const std::vector<Offset>& offsets) {
    ZoneTable table;
    // A zone that changes its clocks in the last year of the table does so forever.
    const auto cycle_end = day_of({last_year, 1}) * day_seconds;
    if (offsets.back().begin >= cycle_end) table.cycle_end = cycle_end;
    std::int64_t day = INT64_MIN;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const auto end = i + 1 < offsets.size() ? offsets[i + 1].begin : ZoneTable::latest_second;
        const auto before = day;
        day = std::max(day, floor_divide(end - 1 + offsets[i].seconds, day_seconds));
        table.spans.push_back({offsets[i].begin, end, offsets[i].seconds, before, day});
    }
    constexpr auto hints_end = 4102444800; // 2100
    std::uint32_t span = 0;
    for (auto at = ZoneTable::hints_begin; at < hints_end; at += std::int64_t{1} << ZoneTable::hint_bits) {
        while (at >= table.spans[span].end) ++span;
        table.hints.push_back(span);
    }
    return table;
}

void check_database() {
    try {
        if (!date::get_tzdb().zones.empty()) return;
    } catch (const std::exception&) {}
    throw Error(ErrorKind::environment,
                "this machine has no IANA time zone database; install it (the package is called tzdata)");
}

} // namespace

const ZoneTable& zone_table(std::string_view name) {
    // Never destroyed: calendars of static storage may be used until the very end.
    static auto& guard = *new std::mutex;
    static auto& tables = *new std::map<std::string, std::unique_ptr<const ZoneTable>, std::less<>>;
    const std::lock_guard lock(guard);
    if (const auto found = tables.find(name); found != tables.end()) return *found->second;
    check_database();
    try {
        // The zone of one machine has no place in a definition.
        if (name == "localtime" || name == "posixrules") throw std::runtime_error("not of the IANA database");
        const std::string key(name);
        auto table = std::make_unique<const ZoneTable>(table_of(offsets_of(key)));
        return *tables.emplace(key, std::move(table)).first->second;
    } catch (const std::bad_alloc&) { throw; } catch (const std::exception&) {
        throw Error(
            ErrorKind::usage,
            fmt::format("the time zone database ({}) has no zone '{}'; write a name such as Europe/Berlin or UTC",
                        time_zone_database_version(), name));
    }
}

} // namespace detail

std::string time_zone_database_version() {
#if USE_OS_TZDB
    // Distributions do not install the file that the library reads it from; this one begins "# version 2025b".
    for (const auto* folder : detail::folders) {
        std::ifstream file(std::string(folder) + "tzdata.zi");
        std::string hash, word, version;
        if (file >> hash >> word >> version && hash == "#" && word == "version") return version;
    }
#endif
    try {
        if (const auto& version = date::get_tzdb().version; !version.empty()) return version;
    } catch (const std::exception&) {}
    return "unknown";
}

} // namespace onefold
