#include "conformance/generator/times.hpp"

#include <algorithm>

#include "onefold/core/time.hpp"

namespace conformance {
namespace {

// The longest reach of any window or bound from an event's own time.
std::int64_t reach(const CaseFile& file) {
    const auto of = [](const CaseWindow& window) {
        auto sum = onefold::saturating_add(window.size.value_or(0), window.delay);
        sum = onefold::saturating_add(sum, window.gap);
        sum = onefold::saturating_add(sum, window.hop);
        return onefold::saturating_add(sum, window.offset < 0 ? -window.offset : window.offset);
    };
    auto longest = of(file.window);
    for (const auto& feature : file.features) longest = std::max(longest, of(feature.window));
    longest = onefold::saturating_add(longest, file.watermark_delay);
    return onefold::saturating_add(longest, file.allowed_lateness);
}

} // namespace

std::int64_t ticks_of(const std::vector<Column>& columns, const Table& table) {
    constexpr auto limit = onefold::latest / 1000;
    for (std::size_t column = 0; column < columns.size(); ++column)
        for (std::size_t row = 0; row < table.size() && columns[column].type == Type::time; ++row)
            if (const auto* time = std::get_if<std::int64_t>(&table.at(row, column)))
                if (*time >= limit || *time <= -limit) return 1;
    return 1000;
}

Times times_of(const CaseFile& file, const Table& events) {
    Times times;
    std::int64_t least = onefold::latest, greatest = onefold::earliest;
    for (std::size_t row = 0; row < events.size(); ++row) {
        const auto* time = std::get_if<std::int64_t>(&events.at(row, file.time));
        if (!time) throw CaseError(file.events + ": row " + std::to_string(row) + " has no event time");
        least = std::min(least, *time);
        greatest = std::max(greatest, *time);
        times.disorder = std::max(times.disorder, onefold::saturating_subtract(greatest, *time));
    }
    times.rows = static_cast<std::int64_t>(events.size());
    if (events.size() == 0) return times;
    times.span = onefold::saturating_subtract(greatest, least);
    constexpr auto limit = onefold::latest / 1000;
    const auto far = reach(file);
    if (onefold::saturating_add(greatest, far) >= limit || onefold::saturating_subtract(least, far) <= -limit)
        times.ticks = 1;
    // Any other column of times is read with the same clock.
    times.ticks = std::min(times.ticks, ticks_of(file.columns, events));
    if (times.ticks == 1 && file.window.kind == CaseWindow::Kind::calendar)
        throw CaseError(file.events + ": calendar windows of times whose microseconds leave int64");
    return times;
}

} // namespace conformance
