#include "onefold/order/watermark.hpp"

#include <random>

#include "support/catch.hpp"

using onefold::Watermark;

TEST_CASE("the watermark is the newest time less the lateness less one microsecond") {
    Watermark watermark(10);
    CHECK(watermark.value() == INT64_MIN);
    watermark.observe(100);
    CHECK(watermark.value() == 89);
    CHECK(watermark.is_late(89));
    CHECK_FALSE(watermark.is_late(90)); // exactly the lateness behind still counts
    watermark.observe(50);
    CHECK(watermark.value() == 89);
    watermark.observe(101);
    CHECK(watermark.value() == 90);
}

TEST_CASE("the watermark never falls, whoever moves it") {
    std::mt19937_64 random(5);
    for (int round = 0; round < 50; ++round) {
        Watermark watermark(static_cast<std::int64_t>(random() % 20), static_cast<std::int64_t>(random() % 30));
        auto before = watermark.value();
        for (int i = 0; i < 100; ++i) {
            const auto time = static_cast<std::int64_t>(random() % 200) - 100;
            switch (random() % 3) {
            case 0: watermark.observe(time, static_cast<std::int64_t>(random() % 200)); break;
            case 1: watermark.advance_to(time); break;
            default: watermark.tick(onefold::Time{time}.micros);
            }
            REQUIRE(watermark.value() >= before);
            before = watermark.value();
        }
    }
}

TEST_CASE("a lower announcement is ignored and the end of input is the end of time") {
    Watermark watermark(0);
    watermark.advance_to(7);
    watermark.advance_to(3);
    CHECK(watermark.value() == 7);
    watermark.advance_to(INT64_MAX);
    CHECK(watermark.is_late(INT64_MAX));
    watermark.observe(5);
    CHECK(watermark.value() == INT64_MAX);
}

TEST_CASE("the watermark does not wrap around at the ends of time") {
    Watermark early(INT64_MAX);
    early.observe(INT64_MIN + 5);
    CHECK(early.value() == INT64_MIN);
    Watermark sharp(0);
    sharp.observe(INT64_MIN + 1);
    CHECK(sharp.value() == INT64_MIN);
    Watermark late(0);
    late.observe(INT64_MAX - 1);
    CHECK(late.value() == INT64_MAX - 2);
    Watermark idle(0, 10);
    idle.observe(INT64_MAX - 3, 100);
    idle.tick(INT64_MAX);
    CHECK(idle.value() == INT64_MAX - 1);
}

TEST_CASE("a source that is idle lets the watermark follow the clock") {
    Watermark watermark(10, 60);
    watermark.tick(1'000); // nothing has been seen: there is no time to follow
    CHECK(watermark.value() == INT64_MIN);
    watermark.observe(500, 2'000);
    CHECK(watermark.value() == 489);
    watermark.tick(2'059);
    CHECK(watermark.value() == 489);
    watermark.tick(2'060); // idle for 60: as if an event of 560 had come
    CHECK(watermark.value() == 549);
    watermark.tick(2'100);
    CHECK(watermark.value() == 589);
    watermark.tick(2'050); // a clock that goes back moves nothing
    CHECK(watermark.value() == 589);
    watermark.observe(700, 2'110);
    CHECK(watermark.value() == 689);
    watermark.tick(2'169);
    CHECK(watermark.value() == 689);
}

TEST_CASE("without a clock or a time-out nothing is ever idle") {
    Watermark no_clock(0, 60);
    no_clock.observe(5);
    no_clock.tick(1'000'000);
    CHECK(no_clock.value() == 4);
    Watermark no_timeout(0);
    no_timeout.observe(5, 100);
    no_timeout.tick(1'000'000);
    CHECK(no_timeout.value() == 4);
}

TEST_CASE("a punctuation is the watermark, and an idle source goes on from there") {
    Watermark watermark(0, 60);
    watermark.arrive(1'000); // an event of a source with punctuations tells no time
    CHECK(watermark.value() == INT64_MIN);
    watermark.punctuate(500, 2'000);
    CHECK(watermark.value() == 500);
    CHECK(watermark.is_late(500));
    CHECK_FALSE(watermark.is_late(501));
    watermark.punctuate(400, 2'010);
    CHECK(watermark.value() == 500);
    watermark.arrive(2'050);
    CHECK_FALSE(watermark.is_idle(2'109));
    CHECK(watermark.is_idle(2'110));
    CHECK(watermark.idle_from() == 2'110);
    watermark.tick(2'109);
    CHECK(watermark.value() == 500);
    watermark.tick(2'110);
    CHECK(watermark.value() == 560);
    watermark.punctuate(INT64_MAX);
    CHECK(watermark.value() == INT64_MAX);
}
