#include "onefold/order/recent_ids.hpp"

#include <map>
#include <random>
#include <string>

#include "support/catch.hpp"

namespace {

// Every id ever accepted with the newest time it was accepted at.
template <class Id>
struct SlowIds {
    std::map<Id, std::int64_t> known;
    bool insert(const Id& id, std::int64_t time, std::int64_t watermark) {
        const auto found = known.find(id);
        if (found != known.end() && found->second > watermark) return false;
        known[id] = time;
        return true;
    }
};

std::int64_t id_from(std::uint64_t number, std::int64_t) { return static_cast<std::int64_t>(number) - 20; }
std::string id_from(std::uint64_t number, const std::string&) {
    return std::string(number % 40, 'x') + std::to_string(number);
}

template <class Id>
void compare(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto lateness = static_cast<std::int64_t>(random() % 50);
    onefold::RecentIds<Id> ids(1 + static_cast<std::int64_t>(random() % 60), random());
    SlowIds<Id> slow;
    std::int64_t clock = static_cast<std::int64_t>(random() % 200) - 100, watermark = INT64_MIN;
    const auto range = 1 + random() % 300;
    for (int i = 0; i < 600; ++i) {
        clock += static_cast<std::int64_t>(random() % 4 == 0 ? random() % 20 : 0);
        const auto time = clock - static_cast<std::int64_t>(random() % (static_cast<std::uint64_t>(lateness) + 1));
        if (time <= watermark) continue; // late: nobody asks
        const auto id = id_from(random() % range, Id{});
        INFO("seed " << seed << " event " << i);
        REQUIRE(ids.insert(id, time, watermark) == slow.insert(id, time, watermark));
        watermark = std::max(watermark, time - lateness - 1);
    }
}

} // namespace

TEST_CASE("ids are known until the watermark passes their event") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        compare<std::int64_t>(seed);
        compare<std::string>(seed);
    }
}

TEST_CASE("an id that the watermark has passed is new again") {
    onefold::RecentIds<std::int64_t> ids(10);
    CHECK(ids.insert(7, 100, INT64_MIN));
    CHECK_FALSE(ids.insert(7, 105, 99));
    CHECK(ids.insert(7, 105, 100));
    CHECK_FALSE(ids.insert(7, 108, 104));
}

TEST_CASE("ids behind the watermark are forgotten") {
    onefold::RecentIds<std::int64_t> ids(10);
    for (std::int64_t i = 0; i < 10'000; ++i) ids.insert(i, i, i - 21);
    CHECK(ids.size() <= 40);
    CHECK(ids.size() >= 20);
}

TEST_CASE("negative times and the ends of time have generations of their own") {
    onefold::RecentIds<std::int64_t> ids(1'000);
    for (const auto time : {INT64_MIN + 1, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, INT64_MAX - 1}) {
        CHECK(ids.insert(time, time, INT64_MIN));
        CHECK_FALSE(ids.insert(time, time, INT64_MIN));
    }
    CHECK(ids.size() == 5);
}

TEST_CASE("what is attached to an id is found until the watermark passes the time that was given last") {
    onefold::RecentIds<std::string, int> ids(10);
    ids.put("a", 100, 1, INT64_MIN);
    REQUIRE(ids.find("a", 99));
    CHECK(*ids.find("a", 99) == 1);
    CHECK_FALSE(ids.find("a", 100));
    CHECK_FALSE(ids.find("b", 99));
    // In its generation, in a later one, and back.
    for (const auto& [time, value] : {std::pair<std::int64_t, int>{104, 2}, {205, 3}, {101, 4}}) {
        ids.put("a", time, value, 90);
        REQUIRE(ids.find("a", 100));
        CHECK(*ids.find("a", 100) == value);
    }
    CHECK_FALSE(ids.find("a", 101));
    // Forgetting the one does not bring back the other.
    ids.put("b", 300, 5, 102);
    CHECK_FALSE(ids.find("a", 102));
    CHECK(*ids.find("b", 299) == 5);
}
