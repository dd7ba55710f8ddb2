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

struct Idle {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().lateness(5_us).idle_timeout(20_us),
                        onefold::by<>("n"_f = onefold::count().over(1_h)));
};
struct Channels {
    static constexpr auto definition = onefold::define(onefold::stream<Event>("events")
                                                           .time<&Event::maybe_at>()
                                                           .id<&Event::id>()
                                                           .partitioned_by<&Event::channel>(3)
                                                           .lateness(15_us)
                                                           .idle_timeout(9_us)
                                                           .future_guard(20_us),
                                                       onefold::by<>("n"_f = onefold::count().over(1_h)));
};
struct Shops {
    static constexpr auto definition = onefold::define(onefold::stream<Event>("events")
                                                           .time<&Event::at>()
                                                           .partitioned_by<&Event::shop>(5)
                                                           .arrival<&Event::arrived>()
                                                           .idle_timeout(12_us)
                                                           .future_guard(10_us),
                                                       onefold::by<>("n"_f = onefold::count().over(1_h)));
};
struct Punctuated {
    static constexpr auto definition = onefold::define(onefold::stream<Event>("events")
                                                           .time<&Event::maybe_at>()
                                                           .id<&Event::id>()
                                                           .punctuated_by(tag == "b" || note == "a")
                                                           .idle_timeout(30_us)
                                                           .future_guard(20_us)
                                                           .where(amount < 10.0),
                                                       onefold::by<>("n"_f = onefold::count().over(1_h)));
};
struct PunctuatedRegions {
    static constexpr auto definition = onefold::define(onefold::stream<Event>("events")
                                                           .time<&Event::at>()
                                                           .punctuated_by([](const Event& e) { return e.pieces > 1; })
                                                           .partitioned_by<&Event::fraud>(2)
                                                           .idle_timeout(15_us),
                                                       onefold::by<>("n"_f = onefold::count().over(1_h)));
};

// Judges a stream as the twin does, with the clock going on beside it; answers how many records were not applied.
template <class Def>
std::uint64_t compare(std::uint64_t seed, bool recorded) {
    Generator generator(seed);
    onefold::run::Intake<Def> intake(Arrival::as_given, seed);
    SlowGate<Def> slow;
    std::uint64_t counts[5] = {};
    std::uint64_t records = 0, punctuations = 0;
    std::int64_t clock = INT64_MIN;
    const auto same_watermark = [&] {
        return intake.watermark().value() == (!slow.watermark || *slow.watermark < INT64_MIN
                                                  ? INT64_MIN
                                                  : static_cast<std::int64_t>(*slow.watermark));
    };
    for (const auto& e : generator.events(120)) {
        clock = std::max(clock, onefold::saturating_subtract(e.at.micros, generator.below(30)));
        const auto before = intake.watermark().value();
        const auto expected = recorded ? slow.judge(e, clock) : slow.judge(e);
        INFO("seed " << seed << ", record " << records << ": " << describe(e));
        REQUIRE(intake.judge(e, recorded ? clock : INT64_MIN) == expected);
        REQUIRE(intake.watermark_before() == before);
        REQUIRE(intake.was_punctuation() == slow.punctuation);
        REQUIRE(intake.records() == ++records);
        if (slow.punctuation) ++punctuations;
        else ++counts[static_cast<int>(expected)];
        REQUIRE(intake.account() ==
                onefold::Account{records - punctuations, counts[0], counts[1], counts[2], counts[3], counts[4], 0});
        REQUIRE(intake.account().balances());
        REQUIRE(same_watermark());
        if (generator.below(5) == 0) {
            const auto now = onefold::saturating_add(clock, generator.below(40));
            intake.watermark().tick(now);
            slow.tick(now);
            INFO("tick " << now);
            REQUIRE(same_watermark());
            REQUIRE(intake.watermark().value() >= before);
        }
    }
    return records - counts[0];
}

} // namespace

TEST_CASE("every event gets the verdict that the rules give it") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        compare<Plain>(seed, false);
        compare<Guarded>(seed, false);
        compare<Guarded>(seed, true);
        compare<Idle>(seed, false);
        compare<Idle>(seed, true);
    }
}

TEST_CASE("partitions and punctuations are judged as the rules say, with any clock") {
    std::uint64_t excluded[4] = {};
    for (std::uint64_t seed = 1; seed <= 150; ++seed)
        for (const bool recorded : {false, true}) {
            excluded[0] += compare<Channels>(seed, recorded);
            excluded[1] += compare<Shops>(seed, recorded);
            excluded[2] += compare<Punctuated>(seed, recorded);
            excluded[3] += compare<PunctuatedRegions>(seed, recorded);
        }
    for (const auto count : excluded) CHECK(count > 1000); // of 36,000: there was something to judge
}

TEST_CASE("a punctuation moves the watermark and is no event") {
    onefold::run::Intake<Punctuated> intake;
    auto late = event(10, 1), heartbeat = event(50, 1);
    heartbeat.tag = "b";
    heartbeat.amount = 1e6; // whatever the filter would say
    CHECK(intake.judge(event(100, 2)) == Verdict::applied);
    CHECK(intake.watermark().value() == INT64_MIN); // events do not move it
    CHECK(intake.judge(heartbeat) == Verdict::filtered);
    CHECK(intake.was_punctuation());
    CHECK(intake.watermark().value() == 50);
    CHECK(intake.judge(late) == Verdict::late);
    CHECK_FALSE(intake.was_punctuation());
    CHECK(intake.judge(event(51, 3)) == Verdict::applied);
    CHECK(intake.account() == onefold::Account{3, 2, 1, 0, 0, 0, 0});
    CHECK(intake.records() == 4);
    heartbeat.maybe_at.reset(); // says nothing
    CHECK(intake.judge(heartbeat) == Verdict::filtered);
    heartbeat.maybe_at = onefold::Time{1'021}; // too far from its arrival to be believed
    CHECK(intake.judge(heartbeat, 1'000) == Verdict::filtered);
    CHECK(intake.watermark().value() == 50);
    heartbeat.maybe_at = onefold::Time{1'020};
    CHECK(intake.judge(heartbeat, 1'000) == Verdict::filtered);
    CHECK(intake.watermark().value() == 1'020);
    CHECK(intake.account().in == 3);
    CHECK(intake.records() == 7);
}

TEST_CASE("a complete history has punctuations too, and they move nothing") {
    onefold::run::Intake<Punctuated> intake(Arrival::any);
    auto heartbeat = event(50);
    heartbeat.tag = "b";
    CHECK(intake.judge(heartbeat) == Verdict::filtered);
    CHECK(intake.was_punctuation());
    CHECK(intake.watermark().value() == INT64_MIN);
    CHECK(intake.judge(event(10, 1)) == Verdict::applied);
    CHECK(intake.account().in == 1);
}

TEST_CASE("the member that holds the arrival is believed before anybody else, in a complete history as well") {
    for (const auto arrival : {Arrival::any, Arrival::as_given}) {
        onefold::run::Intake<Shops> intake(arrival);
        auto e = event(100);
        e.arrived = onefold::Time{89};
        CHECK(intake.judge(e, 1'000) == Verdict::rejected);
        e.arrived = onefold::Time{90};
        CHECK(intake.judge(e, 5) == Verdict::applied);
        e.arrived.reset(); // not known: nothing is from the future
        CHECK(intake.judge(e, 5) == Verdict::applied);
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
