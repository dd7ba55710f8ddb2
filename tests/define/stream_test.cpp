#include "onefold/define/stream.hpp"

#include <chrono>

#include "support/catch.hpp"
#include "support/events.hpp"

using namespace onefold::literals;
using twin::Event;

TEST_CASE("a stream says its time, id and lateness") {
    constexpr auto bare = onefold::stream<Event>("events");
    CHECK_FALSE(bare.has_time);
    CHECK_FALSE(bare.has_id);
    CHECK(bare.allowed_lateness == 0);
    CHECK(bare.idle_after == INT64_MAX);
    CHECK(bare.future_limit == INT64_MAX);

    constexpr auto full = onefold::stream<Event>("events")
                              .time<&Event::at>()
                              .id<&Event::id>()
                              .lateness(5_min)
                              .idle_timeout(1_h)
                              .future_guard(2_s);
    CHECK(full.name == "events");
    CHECK(full.has_time);
    CHECK(full.has_id);
    CHECK(full.deduplicates);
    CHECK(full.allowed_lateness == 300'000'000);
    CHECK(full.idle_after == 3'600'000'000);
    CHECK(full.future_limit == 2'000'000);
    constexpr auto kept = full.keep_duplicates();
    CHECK(kept.has_id);
    CHECK_FALSE(kept.deduplicates);
    CHECK(kept.allowed_lateness == full.allowed_lateness);
}

TEST_CASE("durations of std::chrono are taken wherever no name is made of them") {
    using namespace std::chrono_literals;
    constexpr auto stream =
        onefold::stream<Event>("events").time<&Event::at>().lateness(90s).idle_timeout(1500us).future_guard(2h);
    CHECK(stream.allowed_lateness == 90'000'000);
    CHECK(stream.idle_after == 1'500);
    CHECK(stream.future_limit == 7'200'000'000);
}

TEST_CASE("the words of a stream come in any order") {
    constexpr auto a =
        onefold::stream<Event>("e").time<&Event::at>().id<&Event::id>().lateness(1_s).where(twin::amount > 1.0);
    constexpr auto b =
        onefold::stream<Event>("e").where(twin::amount > 1.0).lateness(1_s).id<&Event::id>().time<&Event::at>();
    CHECK(std::is_same_v<decltype(a), decltype(b)>);
    CHECK(a.allowed_lateness == b.allowed_lateness);
    CHECK(a.deduplicates == b.deduplicates);
}

TEST_CASE("a stream says its partitions, its arrival times and its punctuations") {
    constexpr auto bare = onefold::stream<Event>("events");
    CHECK_FALSE(bare.has_partitions);
    CHECK_FALSE(bare.has_arrival);
    CHECK_FALSE(bare.has_punctuations);
    CHECK_FALSE(bare.says_lateness);
    constexpr auto full = bare.time<&Event::at>()
                              .partitioned_by<&Event::shop>(3)
                              .arrival<&Event::arrived>()
                              .punctuated_by(twin::tag == "end")
                              .idle_timeout(1_h)
                              .id<&Event::id>();
    CHECK(full.has_partitions);
    CHECK(full.partition_member == &Event::shop);
    CHECK(full.partition_count == 3);
    CHECK(full.has_arrival);
    CHECK(full.arrival_member == &Event::arrived);
    CHECK(full.has_punctuations);
    CHECK(full.has_time);
    CHECK(full.deduplicates);
    CHECK(full.idle_after == 3'600'000'000);
    // In any order, and of any type that tells one partition from another.
    constexpr auto other = bare.punctuated_by(twin::tag == "end")
                               .id<&Event::id>()
                               .arrival<&Event::arrived>()
                               .partitioned_by<&Event::shop>(3)
                               .idle_timeout(1_h)
                               .time<&Event::at>();
    CHECK(std::is_same_v<decltype(full), decltype(other)>);
    CHECK(other.partition_count == 3);
    CHECK(bare.partitioned_by<&Event::channel>(2).has_partitions);
    CHECK(bare.partitioned_by<&Event::pieces>(2).has_partitions);
    CHECK(bare.lateness(0_s).says_lateness);
}
