#include "onefold/run/intake.hpp"

#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/slow_twin.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;
using onefold::Verdict;
using onefold::run::Arrival;

struct Plain {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
                        onefold::by<>("n"_f = onefold::count().over(1_h)));
};
struct Guarded {
    static constexpr auto definition = onefold::define(onefold::stream<Event>("events")
                                                           .time<&Event::maybe_at>()
                                                           .id<&Event::maybe_id>()
                                                           .lateness(15_us)
                                                           .future_guard(20_us)
                                                           .where(amount < 10.0),
                                                       onefold::by<>("n"_f = onefold::count().over(1_h)));
};

Event event(std::int64_t time, std::int64_t id = 0) {
    Event e;
    e.at.micros = time;
    e.maybe_at = e.at;
    e.id = id;
    return e;
}

template <class Def>
void compare(std::uint64_t seed, bool recorded) {
    Generator generator(seed);
    onefold::run::Intake<Def> intake(Arrival::as_given, seed);
    SlowGate<Def> slow;
    std::uint64_t counts[5] = {};
    std::int64_t clock = INT64_MIN;
    for (const auto& e : generator.events(120)) {
        clock = std::max(clock, onefold::saturating_subtract(e.at.micros, generator.below(30)));
        const auto before = intake.watermark().value();
        const auto expected = recorded ? slow.judge(e, clock) : slow.judge(e);
        INFO("seed " << seed << ", event " << describe(e));
        REQUIRE(intake.judge(e, recorded ? clock : INT64_MIN) == expected);
        REQUIRE(intake.watermark_before() == before);
        ++counts[static_cast<int>(expected)];
        REQUIRE(intake.account() ==
                onefold::Account{intake.account().in, counts[0], counts[1], counts[2], counts[3], counts[4], 0});
        REQUIRE(intake.account().balances());
        if (slow.watermark && *slow.watermark >= INT64_MIN)
            REQUIRE(intake.watermark().value() == static_cast<std::int64_t>(*slow.watermark));
    }
}

} // namespace

TEST_CASE("every event gets the verdict that the rules give it") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        compare<Plain>(seed, false);
        compare<Guarded>(seed, false);
        compare<Guarded>(seed, true);
    }
}

TEST_CASE("the first reason counts: rejected, filtered, late, duplicate") {
    onefold::run::Intake<Guarded> intake;
    auto e = event(100);
    e.maybe_id = 1;
    CHECK(intake.judge(e) == Verdict::applied);
    auto bad = e;
    bad.amount = 50;
    CHECK(intake.judge(bad) == Verdict::filtered);
    bad.maybe_at = onefold::Time{10};
    CHECK(intake.judge(bad) == Verdict::filtered); // late as well
    bad.maybe_at.reset();
    CHECK(intake.judge(bad) == Verdict::rejected); // filtered as well
    e.maybe_at = onefold::Time{84};
    CHECK(intake.judge(e) == Verdict::late); // and a duplicate
    e.maybe_at = onefold::Time{85};
    CHECK(intake.judge(e) == Verdict::duplicate);
}

TEST_CASE("events that do not count tell the time, except those that cannot be trusted") {
    onefold::run::Intake<Guarded> intake;
    auto e = event(100);
    e.amount = 50;
    CHECK(intake.judge(e, 100) == Verdict::filtered);
    CHECK(intake.watermark().value() == 84);
    e.amount = 0;
    e.maybe_at = onefold::Time{221};
    CHECK(intake.judge(e, 200) == Verdict::rejected);
    CHECK(intake.watermark().value() == 84);
    e.maybe_at = onefold::Time{220};
    CHECK(intake.judge(e, 200) == Verdict::applied);
    CHECK(intake.watermark().value() == 204);
}

TEST_CASE("null ids are never duplicates") {
    onefold::run::Intake<Guarded> intake;
    CHECK(intake.judge(event(1)) == Verdict::applied);
    CHECK(intake.judge(event(1)) == Verdict::applied);
}

TEST_CASE("the ends of time are no event times") {
    for (const auto arrival : {Arrival::any, Arrival::as_given}) {
        onefold::run::Intake<Plain> intake(arrival);
        CHECK(intake.judge(event(INT64_MIN)) == Verdict::rejected);
        CHECK(intake.judge(event(INT64_MAX)) == Verdict::rejected);
        CHECK(intake.judge(event(INT64_MIN + 1, 1)) == Verdict::applied);
        CHECK(intake.judge(event(INT64_MAX - 1, 2)) == Verdict::applied);
        CHECK(intake.judge(event(INT64_MIN + 1, 3)) == (arrival == Arrival::any ? Verdict::applied : Verdict::late));
    }
}

TEST_CASE("a complete history has no late events, and an id counts once in all of it") {
    onefold::run::Intake<Plain> intake(Arrival::any);
    CHECK(intake.judge(event(1'000'000, 1)) == Verdict::applied);
    CHECK(intake.judge(event(5, 2)) == Verdict::applied);
    CHECK(intake.judge(event(9'000'000, 1)) == Verdict::duplicate);
    CHECK(intake.watermark().value() == INT64_MIN);
}

TEST_CASE("what could not be read is counted as rejected") {
    onefold::run::Intake<Plain> intake;
    intake.reject();
    CHECK(intake.account() == onefold::Account{1, 0, 0, 0, 1, 0, 0});
}

TEST_CASE("waiting events come out in canonical order, when the watermark has passed them") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Generator generator(seed);
        onefold::run::Waiting<Plain> waiting;
        const auto events = generator.events(60);
        for (const auto& e : events) waiting.push(e);
        const auto watermark = events[static_cast<std::size_t>(generator.below(60))].at.micros;
        std::size_t due = 0;
        for (const auto& e : events) due += e.at.micros <= watermark;
        Event before = event(INT64_MIN);
        for (; waiting.ready(watermark); --due) {
            const auto next = waiting.pop();
            REQUIRE(std::pair(before.at, before.id) <= std::pair(next.at, next.id));
            before = next;
        }
        CHECK(due == 0);
    }
}
