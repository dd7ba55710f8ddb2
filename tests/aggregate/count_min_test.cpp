#include "onefold/aggregate/count_min.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "support/approximate_twin.hpp"
#include "support/catch.hpp"

using reference::Random;
using reference::uniform;

namespace {

template <std::uint32_t Width, std::uint32_t Depth>
using Counters = onefold::accumulate::CountMin<std::int64_t, Width, Depth>;

template <class A>
std::string bytes_of(const typename A::State& state) {
    onefold::ByteWriter to;
    A::save(state, to);
    return to.take();
}

// Values as they come: few of them often, many of them rarely.
std::vector<std::int64_t> values_of(Random& random, int n) {
    std::vector<std::int64_t> values;
    std::geometric_distribution<std::int64_t> often(0.02);
    for (int i = 0; i < n; ++i)
        values.push_back(i % 3 == 0 ? static_cast<std::int64_t>(random()) : often(random) * often(random));
    return values;
}

// Every estimate is the twin's and at least the count; the share of those above the bound is at most e^-Depth.
template <std::uint32_t Width, std::uint32_t Depth>
void within_the_bound(int n) {
    using A = Counters<Width, Depth>;
    Random random(Width + Depth);
    std::int64_t asked = 0, beyond = 0;
    for (int set = 0; set < 6; ++set) {
        typename A::State state;
        twin::Seen<std::int64_t> seen;
        seen.values = values_of(random, n);
        std::map<std::int64_t, std::uint64_t> exact;
        for (const auto value : seen.values) A::add(state, value), ++exact[value];
        for (const auto& [value, count] : exact) {
            const auto estimate = A::estimate(state, value);
            REQUIRE(estimate >= count);
            ++asked;
            beyond += static_cast<double>(estimate - count) > std::exp(1.0) / Width * n ? 1 : 0;
        }
        for (int i = 0; i < 4; ++i) {
            seen.current = i == 0 ? -1 : seen.values[random() % seen.values.size()];
            using Twin = twin::Obvious<onefold::aggregates::ApproxFrequency<Width, Depth>>;
            REQUIRE(static_cast<std::int64_t>(A::estimate(state, *seen.current)) == *Twin::result(seen));
        }
    }
    CHECK(static_cast<double>(beyond) <= std::exp(-static_cast<double>(Depth)) * static_cast<double>(asked));
}

} // namespace

TEST_CASE("frequencies are never too few, and too many no more often than stated") {
    within_the_bound<16, 1>(300);
    within_the_bound<16, 4>(1000);
    within_the_bound<256, 3>(5000);
    within_the_bound<2048, 4>(20000);
}

TEST_CASE("a count-min sketch is a function of its multiset, and costs little while it is small") {
    using A = Counters<2048, 4>;
    Random random(5);
    for (int round = 0; round < 60; ++round) {
        auto values = values_of(random, 1 + round * round / 3);
        const auto guests = values_of(random, uniform(random, 0, 300));
        A::State one, left, right, visitors;
        for (const auto value : values) A::add(one, value);
        std::shuffle(values.begin(), values.end(), random);
        for (const auto value : guests) A::add(left, value), A::add(visitors, value);
        for (std::size_t i = 0; i < values.size(); ++i) A::add(i % 3 == 0 ? left : right, values[i]);
        A::merge(right, left);
        if (round % 2 == 0)
            for (const auto value : guests) A::subtract(right, value);
        else A::unmerge(right, visitors);
        const auto bytes = bytes_of<A>(one);
        REQUIRE(bytes_of<A>(right) == bytes);
        REQUIRE(one.distinct() <= 4 * values.size());
        onefold::ByteReader from(bytes);
        REQUIRE(bytes_of<A>(A::load(from)) == bytes);
        REQUIRE((from.ok() && from.at_end()));
    }
}

TEST_CASE("the bytes of a count-min sketch never change") {
    using A = Counters<16, 2>;
    A::State state;
    A::add(state, 0);
    A::add(state, 0);
    // By a Python program of ten lines, from the comment in core/hash.hpp, with integers of any size: the hash of 0 is
    // e220a8397b1dcdaf, and mix of it and of the number after it begin with a and 2.
    std::string expected("\2\0\0\0\0\0\0\0", 8);
    for (const char counter : {char{10}, char{18}}) {
        expected.push_back(counter);
        expected.append(3, '\0');
        expected.append("\2\0\0\0\0\0\0\0", 8);
    }
    CHECK(bytes_of<A>(state) == expected);
}

TEST_CASE("bytes of counters that do not exist are refused") {
    const auto loads = [](std::uint32_t counter) {
        onefold::CountedSet<std::uint32_t> set;
        set.add(counter);
        onefold::ByteWriter to;
        set.save(to);
        onefold::ByteReader from(to.view());
        static_cast<void>(Counters<16, 2>::load(from));
        return from.ok();
    };
    CHECK(loads(31));
    CHECK_FALSE(loads(32));
}
