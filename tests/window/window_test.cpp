#include "onefold/window/window.hpp"

#include "support/catch.hpp"
#include "support/slow_twin.hpp"

namespace {

using namespace onefold::literals;
using onefold::WindowBounds;
using Start = WindowBounds::Start;

bool holds(const onefold::Window& window, std::int64_t t, std::int64_t s) {
    return window.start(t) <= s && s < window.end(t);
}

WindowBounds bounds(bool before_current, Start start, std::int64_t delay) {
    WindowBounds words;
    words.before_current = before_current;
    words.start = start;
    words.delay = delay;
    return words;
}

} // namespace

TEST_CASE("the default window is (t - W, t] and before_current makes it [t - W, t)") {
    const auto usual = window_of(10_us, {});
    CHECK(holds(usual, 100, 100));
    CHECK(holds(usual, 100, 91));
    CHECK_FALSE(holds(usual, 100, 90));
    CHECK_FALSE(holds(usual, 100, 101));
    const auto before = window_of(10_us, bounds(true, Start::usual, 0));
    CHECK(holds(before, 100, 99));
    CHECK(holds(before, 100, 90));
    CHECK_FALSE(holds(before, 100, 100));
    CHECK_FALSE(holds(before, 100, 89));
}

TEST_CASE("a window is one pair of bounds, whatever words it was written with") {
    for (const std::int64_t length : {1, 2, 7, 30})
        for (const bool before_current : {false, true})
            for (const auto start : {Start::usual, Start::closed, Start::open})
                for (const std::int64_t delay : {0, 1, 5, 30}) {
                    onefold::WindowLength over;
                    over.micros = length;
                    const auto words = bounds(before_current, start, delay);
                    const auto window = window_of(over, words);
                    for (std::int64_t s = -80; s <= 20; ++s) {
                        INFO("length " << length << " before " << before_current << " delay " << delay << " s " << s);
                        REQUIRE(holds(window, -10, s) == twin::in_time(over, words, s, -10));
                    }
                }
}

TEST_CASE("windows stop at the ends of time instead of wrapping around") {
    for (const auto& over : {1_us, 1_h, onefold::lifetime})
        for (const bool before_current : {false, true})
            for (const std::int64_t delay : {std::int64_t{0}, std::int64_t{3}, INT64_MAX / 2})
                for (const auto start : {Start::usual, Start::closed, Start::open}) {
                    const auto words = bounds(before_current, start, delay);
                    const auto window = window_of(over, words);
                    // The two ends themselves are no event times.
                    for (const auto t : {INT64_MIN + 1, INT64_MIN + 2, std::int64_t{0}, INT64_MAX - 2, INT64_MAX - 1})
                        for (const auto s :
                             {INT64_MIN + 1, INT64_MIN + 2, std::int64_t{0}, INT64_MAX - 2, INT64_MAX - 1}) {
                            INFO(over.label.view() << " delay " << delay << " t " << t << " s " << s);
                            REQUIRE(holds(window, t, s) == twin::in_time(over, words, s, t));
                        }
                }
}

TEST_CASE("rows end at the event itself, unless another end is written") {
    const auto rows = window_of(3_rows, {});
    CHECK(rows.rows == 3);
    CHECK(rows.stop == onefold::Window::Stop::row);
    CHECK_FALSE(rows.unbounded());
    CHECK(window_of(3_rows, bounds(true, Start::usual, 0)).stop == onefold::Window::Stop::time);
    CHECK(window_of(3_rows, bounds(false, Start::usual, 5)).stop == onefold::Window::Stop::time);
    CHECK(window_of(onefold::lifetime, {}).unbounded());
    CHECK_FALSE(window_of(1_us, {}).unbounded());
}

TEST_CASE("one row without ties is the event alone, in hops too") {
    WindowBounds words;
    words.most_rows = 1;
    words.exclude = WindowBounds::Exclude::ties;
    for (const std::int64_t hop : {0, 4}) {
        words.hop = hop;
        const auto window = window_of(40_us, words);
        CHECK(window.own == onefold::Window::Own::added);
        for (std::int64_t s = 0; s <= 50; ++s) CHECK_FALSE(holds(window, 47, s));
    }
}

TEST_CASE("windows that end together are told by their ends") {
    const auto hour = window_of(1_h, {}), day = window_of(1_d, {});
    CHECK(hour.same_end(day));
    CHECK_FALSE(hour == day);
    CHECK_FALSE(hour.same_end(window_of(1_h, bounds(true, Start::usual, 0))));
    CHECK_FALSE(hour.same_end(window_of(1_h, bounds(false, Start::usual, 1))));
    CHECK_FALSE(hour.same_end(window_of(5_rows, {})));
    // [t - 10, t] and (t - 11, t] are the same events and so the same window.
    CHECK(window_of(10_us, bounds(false, Start::closed, 0)) == window_of(11_us, {}));
}

TEST_CASE("lengths carry their value and the label of the feature's name") {
    CHECK((1_us).micros == 1);
    CHECK((2_ms).micros == 2'000);
    CHECK((3_s).micros == 3'000'000);
    CHECK((4_min).micros == 240'000'000);
    CHECK((5_h).micros == 18'000'000'000);
    CHECK((7_d).micros == 604'800'000'000);
    CHECK((7_d).label.view() == "7d");
    CHECK((90_min).label.view() == "90min");
    CHECK((1'000_ms).label.view() == "1000ms");
    CHECK((1'000_ms).micros == 1'000'000);
    CHECK((10_rows).label.view() == "10rows");
    CHECK((10_rows).rows == 10);
    CHECK((10_rows).micros == INT64_MAX);
    CHECK(onefold::lifetime.label.view() == "lifetime");
}
