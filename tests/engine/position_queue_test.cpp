#include "onefold/engine/position_queue.hpp"

#include <deque>
#include <random>

#include "support/catch.hpp"

namespace {

using onefold::engine::PositionQueue;

void check(const PositionQueue& queue, const std::deque<std::uint32_t>& expected) {
    REQUIRE(queue.size() == expected.size());
    REQUIRE(queue.empty() == expected.empty());
    for (std::uint32_t i = 0; i < queue.size(); ++i) REQUIRE(queue[i] == expected[i]);
}

} // namespace

TEST_CASE("a queue of positions does what a std::deque does, inside the object and out of it") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        std::mt19937_64 random(seed);
        PositionQueue queue;
        std::deque<std::uint32_t> expected;
        for (std::uint32_t next = 0, step = 0; step < 400; ++step) {
            const auto size = static_cast<std::uint32_t>(expected.size());
            switch (random() % (seed % 2 == 0 ? 7 : 9)) {
            case 0:
                if (size != 0) queue.pop_front(), expected.pop_front();
                break;
            case 1:
                if (size != 0) queue.pop_back(), expected.pop_back();
                break;
            case 2: {
                const auto at = static_cast<std::uint32_t>(random() % (size + 1));
                queue.insert(at, next);
                expected.insert(expected.begin() + at, next++);
                break;
            }
            case 3: {
                const auto from = static_cast<std::uint32_t>(random() % (size + 1));
                const auto to = from + static_cast<std::uint32_t>(random() % (std::min(size - from, 3u) + 1));
                queue.erase(from, to);
                expected.erase(expected.begin() + from, expected.begin() + to);
                break;
            }
            case 4: {
                PositionQueue copy(queue);
                check(copy, expected);
                PositionQueue other;
                other.push_back(99);
                other = copy;
                copy.push_back(7);
                queue = std::move(other);
                break;
            }
            default: queue.push_back(next), expected.push_back(next++);
            }
            check(queue, expected);
        }
    }
}

TEST_CASE("moving a queue leaves an empty one that can be used") {
    for (const std::uint32_t size : {0u, 3u, 4u, 5u, 20u}) {
        PositionQueue queue;
        for (std::uint32_t i = 0; i < size; ++i) queue.push_back(i);
        PositionQueue moved(std::move(queue));
        CHECK(moved.size() == size);
        CHECK(queue.size() == 0); // NOLINT: what a moved-from queue is, is under test
        queue.push_back(5);
        CHECK(queue.front() == 5);
        CHECK(queue.back() == 5);
    }
}

TEST_CASE("lower_bound finds the first position that is not below") {
    PositionQueue queue;
    for (const std::uint32_t position : {2u, 5u, 9u, 14u, 20u}) queue.push_back(position);
    queue.pop_front();
    CHECK(queue.lower_bound(0) == 0);
    CHECK(queue.lower_bound(5) == 0);
    CHECK(queue.lower_bound(6) == 1);
    CHECK(queue.lower_bound(20) == 3);
    CHECK(queue.lower_bound(21) == 4);
}
