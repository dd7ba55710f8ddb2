#include "onefold/core/calendar.hpp"

#include "calendar/civil.hpp"
#include "calendar/zone_table.hpp"
#include "onefold/core/time.hpp"

namespace onefold {

namespace {

constexpr std::int64_t second_micros = 1'000'000;

std::int64_t micros_at(std::int64_t second) noexcept {
    std::int64_t micros = 0;
    if (!__builtin_mul_overflow(second, second_micros, &micros)) return micros;
    return second < 0 ? earliest : latest;
}

} // namespace

Calendar::Calendar(CalendarUnit unit, std::string_view zone) : zone_(&detail::zone_table(zone)), unit_(unit) {}

CalendarPeriod Calendar::period(std::int64_t t) const noexcept {
    constexpr auto cycle_seconds = detail::cycle_days * detail::day_seconds;
    auto second = detail::floor_divide(t, second_micros);
    std::int64_t shift = 0;
    if (second >= zone_->cycle_end) {
        shift = ((second - zone_->cycle_end) / cycle_seconds + 1) * cycle_seconds;
        second -= shift;
    }
    const auto span = zone_->span_of(second);
    const auto day = zone_->day_of(second, span);
    std::int64_t first = day, after = day + 1;
    if (unit_ == CalendarUnit::week) {
        first = detail::monday_of(day);
        after = first + 7;
    } else if (unit_ == CalendarUnit::month) {
        const auto month = detail::month_of(day);
        first = month.first;
        after = month.after;
    }
    return {micros_at(zone_->begin_of(first, span) + shift), micros_at(zone_->begin_of(after, span) + shift)};
}

} // namespace onefold
