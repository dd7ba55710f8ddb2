#include "onefold/window/closing.hpp"

#include <chrono>

#include "support/catch.hpp"

using namespace onefold;
using namespace onefold::literals;

TEST_CASE("closing: the words set what they say and nothing else") {
    constexpr auto plain = tumbling(1_h);
    STATIC_REQUIRE(plain.kind == ClosingWindow::Kind::hopping);
    STATIC_REQUIRE(plain.size == 3'600'000'000);
    STATIC_REQUIRE(plain.hop == plain.size);
    STATIC_REQUIRE(plain.shift == 0);
    STATIC_REQUIRE(plain.lateness == 0);
    STATIC_REQUIRE(!plain.discards);

    constexpr auto hops = hopping(std::chrono::hours(1), 15_min).offset(-5_min).allowed_lateness(2_h).discarding();
    STATIC_REQUIRE(hops.hop == 900'000'000);
    STATIC_REQUIRE(hops.shift == -300'000'000);
    STATIC_REQUIRE(hops.lateness == 7'200'000'000);
    STATIC_REQUIRE(hops.discards);

    constexpr auto gaps = session(30_min);
    STATIC_REQUIRE(gaps.kind == ClosingWindow::Kind::session);
    STATIC_REQUIRE(gaps.touching_merges);
    STATIC_REQUIRE(!gaps.excluding_touch().touching_merges);

    constexpr auto weeks = calendar_week("Europe/Paris");
    STATIC_REQUIRE(weeks.unit == CalendarUnit::week);
    STATIC_REQUIRE(weeks.zone == "Europe/Paris");
    STATIC_REQUIRE(calendar_day("UTC").unit == CalendarUnit::day);
    STATIC_REQUIRE(calendar_month("UTC").unit == CalendarUnit::month);
}

TEST_CASE("closing: an event further behind the watermark than the reach is in no window that is open") {
    STATIC_REQUIRE(tumbling(1_h).allowed_lateness(1_min).reach() == 3'660'000'000);
    STATIC_REQUIRE(hopping(10_s, 1_s).reach() == 10'000'000);
    STATIC_REQUIRE(session(5_s).reach() == 5'000'000);
    // The longest day has 25 hours or, across the date line, two days; the longest month 31 days and an hour.
    STATIC_REQUIRE(calendar_day("UTC").reach() >= 49 * 3'600'000'000);
    STATIC_REQUIRE(calendar_week("UTC").reach() >= 8 * 86'400'000'000);
    STATIC_REQUIRE(calendar_month("UTC").reach() >= 32 * 86'400'000'000);
    STATIC_REQUIRE(tumbling(Duration{latest}).allowed_lateness(1_h).reach() == latest);
}
