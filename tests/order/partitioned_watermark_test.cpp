#include "onefold/order/partitioned_watermark.hpp"

#include <map>
#include <random>
#include <string>

#include "support/catch.hpp"

using onefold::PartitionedWatermark;

TEST_CASE("the slowest partition sets the watermark, once all that were declared have been heard of") {
    PartitionedWatermark<int> watermark(2, 10);
    watermark.observe(7, 100);
    watermark.observe(7, 200);
    CHECK(watermark.value() == INT64_MIN);
    watermark.observe(-3, 150);
    CHECK(watermark.value() == 139);
    CHECK(watermark.is_late(139));
    CHECK_FALSE(watermark.is_late(140));
    watermark.observe(7, 500);
    CHECK(watermark.value() == 139);
    watermark.observe(-3, 400);
    CHECK(watermark.value() == 389);
    CHECK(watermark.partitions() == 2);
}

TEST_CASE("a partition that was not declared takes part, and the watermark never falls for it") {
    PartitionedWatermark<std::string> watermark(1, 0);
    watermark.observe("a", 100);
    CHECK(watermark.value() == 99);
    watermark.observe("b", 50);
    CHECK(watermark.value() == 99);
    watermark.observe("a", 200);
    CHECK(watermark.value() == 99); // b is at 49
    watermark.observe("b", 150);
    CHECK(watermark.value() == 149);
    CHECK(watermark.partitions() == 2);
}

TEST_CASE("an idle partition is left out of the minimum until its next event") {
    PartitionedWatermark<int> watermark(2, 0, 60);
    watermark.observe(1, 100, 1'000);
    watermark.observe(2, 500, 1'050);
    CHECK(watermark.value() == 99);
    watermark.tick(1'059);
    CHECK(watermark.value() == 99);
    watermark.tick(1'060); // 1 has been silent for 60; 2 counts alone, as far as it has come and no farther
    CHECK(watermark.value() == 499);
    watermark.observe(2, 510, 1'070);
    CHECK(watermark.value() == 509);
    watermark.observe(1, 110, 1'080); // late; but 1 is back, and holds the watermark where it is
    CHECK(watermark.value() == 509);
    watermark.observe(2, 600, 1'090);
    CHECK(watermark.value() == 509);
    watermark.observe(1, 550, 1'100);
    CHECK(watermark.value() == 549);
}

TEST_CASE("the time of arrival of others tells that a partition is idle") {
    PartitionedWatermark<int> watermark(2, 0, 60);
    watermark.observe(1, 100, 1'000);
    watermark.observe(2, 500, 1'001);
    watermark.observe(2, 600, 1'059);
    CHECK(watermark.value() == 99);
    watermark.observe(2, 700, 1'060);
    CHECK(watermark.value() == 699);
    // Without a time of arrival of its own, 1 has come at 1'060 as well.
    watermark.observe(1, 710);
    watermark.observe(2, 800, 1'119);
    CHECK(watermark.value() == 709);
    watermark.observe(2, 810, 1'120);
    CHECK(watermark.value() == 809);
}

TEST_CASE("when all partitions are idle the watermark follows the clock") {
    PartitionedWatermark<int> watermark(2, 10, 60);
    watermark.observe(1, 500, 1'000);
    watermark.observe(2, 700, 1'020);
    CHECK(watermark.value() == 489);
    watermark.tick(1'079);
    CHECK(watermark.value() == 689); // 1 is left out
    watermark.tick(1'080);           // as if an event of 760 had come
    CHECK(watermark.value() == 749);
    watermark.tick(1'100);
    CHECK(watermark.value() == 769);
    watermark.tick(1'050); // a clock that goes back moves nothing
    CHECK(watermark.value() == 769);
    watermark.observe(1, 790, 1'110);
    CHECK(watermark.value() == 779); // 2 is still left out
}

TEST_CASE("partitions that never came hold the watermark whatever the clock says") {
    PartitionedWatermark<int> watermark(2, 0, 60);
    watermark.observe(1, 100, 1'000);
    watermark.tick(1'000'000);
    CHECK(watermark.value() == INT64_MIN);
    watermark.advance_to(7); // unless its owner knows better
    CHECK(watermark.value() == 7);
}

TEST_CASE("each partition makes its own punctuations") {
    PartitionedWatermark<int> watermark(2, 0, 60);
    watermark.arrive(1, 1'000);
    watermark.arrive(2, 1'000);
    CHECK(watermark.value() == INT64_MIN);
    watermark.punctuate(1, 100, 1'010);
    CHECK(watermark.value() == INT64_MIN);
    watermark.punctuate(2, 80, 1'020);
    CHECK(watermark.value() == 80);
    watermark.arrive(2, 1'070);
    watermark.tick(1'070); // 1 is idle: only 2 counts, and has not said more
    CHECK(watermark.value() == 80);
    watermark.tick(1'130); // 100 and the 60 since
    CHECK(watermark.value() == 160);
}

TEST_CASE("the watermark of partitions never falls and is never above the least of those that speak") {
    std::mt19937_64 random(7);
    const auto below = [&](std::uint64_t bound) { return static_cast<std::int64_t>(random() % bound); };
    for (int round = 0; round < 200; ++round) {
        const auto lateness = below(20);
        const auto declared = static_cast<std::size_t>(1 + below(4));
        PartitionedWatermark<std::int64_t> watermark(declared, lateness);
        std::map<std::int64_t, std::int64_t> newest;
        auto before = watermark.value();
        for (int i = 0; i < 200; ++i) {
            const auto partition = below(4) * below(1 + static_cast<std::uint64_t>(i)) % 5;
            const auto time = below(100) + i;
            watermark.observe(partition, time);
            const auto known = newest.emplace(partition, time).first;
            known->second = std::max(known->second, time);
            auto least = INT64_MAX;
            for (const auto& [key, value] : newest) least = std::min(least, value - lateness - 1);
            const auto expected = newest.size() < declared ? INT64_MIN : std::max(before, least);
            REQUIRE(watermark.value() == expected);
            before = watermark.value();
        }
    }
}
