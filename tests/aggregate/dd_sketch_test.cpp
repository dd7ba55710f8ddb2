#include "onefold/aggregate/dd_sketch.hpp"

#include <algorithm>
#include <limits>

#include "support/approximate_twin.hpp"
#include "support/catch.hpp"

using onefold::detail::relative_bucket;
using onefold::detail::relative_bucket_value;
using reference::Integer;
using reference::Random;
using reference::same;
using reference::uniform;

namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();
// Integers of two thousand bits are slow in an unoptimised build with a sanitizer.
#ifdef ONEFOLD_TESTS_SANITIZED
constexpr int rarer = 10;
#else
constexpr int rarer = 1;
#endif

using Buckets = onefold::accumulate::RelativeBuckets<double, 50>;

std::string bytes_of(const Buckets::State& state) {
    onefold::ByteWriter to;
    Buckets::save(state, to);
    return to.take();
}

// |value - exact| <= exact / (2 m + 1) + one rounding, in integers.
bool within(double value, const Integer& exact, std::int64_t m) {
    const Integer distance = abs(reference::units(value) - exact);
    return (distance * 2 - 1) * (2 * m + 1) <= 2 * abs(exact) + (abs(exact) >> 50) * (2 * m + 1);
}

} // namespace

TEST_CASE("the value of a bucket is within the stated error of every value in it, over the whole range of doubles") {
    Random random(1);
    for (const std::int32_t m : {2, 3, 50, 51, 5000})
        for (int i = 0; i < 3000 / rarer; ++i) {
            const double x = i % 3 == 0 ? reference::random_double(random, 0, 2046)
                             : i % 3 == 1
                                 ? reference::random_double(random, 0, 1)
                                 : static_cast<double>(uniform(random, -10000, 10000)) / uniform(random, 1, 100);
            const double value = relative_bucket_value(relative_bucket(x, m), m);
            REQUIRE(same(value, twin::middle_of_bucket(reference::units(x), m)));
            REQUIRE(within(value, reference::units(x), m));
        }
}

TEST_CASE("integers fall into the buckets of their exact values") {
    Random random(2);
    for (int i = 0; i < 20000 / rarer; ++i) {
        const auto x = static_cast<std::int64_t>(random()) >> uniform(random, 0, 63);
        const auto bucket = relative_bucket(x, 50);
        REQUIRE(same(relative_bucket_value(bucket, 50), twin::middle_of_bucket(twin::in_units(x), 50)));
        if (x < (std::int64_t{1} << 53) && x > -(std::int64_t{1} << 53))
            REQUIRE(bucket == relative_bucket(static_cast<double>(x), 50));
    }
    CHECK(relative_bucket(INT64_MIN, 50) == relative_bucket(-0x1p63, 50));
    // This one is in the bucket below that of the double nearest to it.
    CHECK(relative_bucket(INT64_MAX, 50) == relative_bucket(0x1p63, 50) - 1);
}

TEST_CASE("buckets ascend with their values, and what is not finite has buckets of its own") {
    const double ascending[] = {-infinity,  -0x1.fffffffffffffp1023,
                                -1.0,       -0x1p-1022,
                                -0x1p-1074, 0.0,
                                0x1p-1074,  0x1p-1022,
                                0.99,       1.0,
                                1.02,       0x1.fffffffffffffp1023,
                                infinity,   std::numeric_limits<double>::quiet_NaN()};
    for (std::size_t i = 1; i < std::size(ascending); ++i)
        CHECK(relative_bucket(ascending[i - 1], 50) < relative_bucket(ascending[i], 50));
    for (const double exact : {-infinity, 0.0, infinity, ascending[13], 0x1p-1074})
        CHECK(same(relative_bucket_value(relative_bucket(exact, 50), 50), exact));
    CHECK(relative_bucket(-0.0, 50) == 0);
    CHECK(relative_bucket(-ascending[13], 50) == relative_bucket(ascending[13], 50));
    // The first value of an octave opens a bucket; the last one before it closes one.
    for (const int exponent : {-1074, -1073, -1022, -1, 0, 1, 1023})
        CHECK(relative_bucket(std::ldexp(1.0, exponent), 50) == (exponent + 1074) * 50 + 1);
    CHECK(relative_bucket(0x1.fffffffffffffp0, 50) == relative_bucket(2.0, 50) - 1);
}

TEST_CASE("buckets per octave are the fewest whose error is below alpha") {
    using onefold::detail::buckets_per_octave;
    CHECK(buckets_per_octave(1, 100) == 50);
    CHECK(buckets_per_octave(2, 100) == 25);
    CHECK(buckets_per_octave(25, 100) == 2);
    CHECK(buckets_per_octave(1, 10000) == 5000);
    for (std::int64_t denominator = 4; denominator < 3000; ++denominator)
        for (const std::int64_t numerator : {1, 2, 3, 7}) {
            if (4 * numerator > denominator) continue;
            const std::int64_t m = buckets_per_octave(numerator, denominator);
            REQUIRE((2 * m + 1) * numerator > denominator);
            REQUIRE((2 * m - 1) * numerator <= denominator);
        }
}

TEST_CASE("a sketch is a function of its multiset: any order, any tree of merges, any values that came and left") {
    Random random(3);
    for (int round = 0; round < 60; ++round) {
        auto values = reference::random_set(random, round % reference::shapes);
        values.push_back(round % 2 == 0 ? infinity : std::numeric_limits<double>::quiet_NaN());
        Buckets::State one, left, right, guests;
        for (const double x : values) Buckets::add(one, x);
        std::shuffle(values.begin(), values.end(), random);
        const auto visitors = reference::random_set(random, (round + 5) % reference::shapes);
        for (const double x : visitors) Buckets::add(left, x), Buckets::add(guests, x);
        for (std::size_t i = 0; i < values.size(); ++i) Buckets::add(i % 3 == 0 ? left : right, values[i]);
        Buckets::merge(right, left);
        if (round % 2 == 0)
            for (const double x : visitors) Buckets::subtract(right, x);
        else Buckets::unmerge(right, guests);
        REQUIRE(bytes_of(right) == bytes_of(one));
        const auto bytes = bytes_of(one);
        onefold::ByteReader reader(bytes);
        REQUIRE(bytes_of(Buckets::load(reader)) == bytes);
        REQUIRE((reader.ok() && reader.at_end()));
    }
}

TEST_CASE("the bytes of a sketch never change") {
    Buckets::State state;
    for (const double x : {1.0, 1.01, -2.5, 0.0, 1000.0}) Buckets::add(state, x);
    // By hand: 1 and 1.01 open octave 1074 (bucket 53701); -2.5 is 12 fiftieths into the next (53763); 1000 is
    // 2^9 (1 + 0.953125), 47 fiftieths into octave 1083 (54198). Each 4 bytes, with 8 of its count.
    std::string expected("\4\0\0\0\0\0\0\0", 8);
    const auto entry = [&](std::int32_t bucket, char count) {
        for (int i = 0; i < 4; ++i)
            expected.push_back(static_cast<char>(static_cast<std::uint32_t>(bucket) >> (8 * i)));
        expected.push_back(count);
        expected.append(7, '\0');
    };
    entry(-53763, 1);
    entry(0, 1);
    entry(53701, 2);
    entry(54198, 1);
    CHECK(bytes_of(state) == expected);
}

TEST_CASE("bytes of buckets that no value has are refused") {
    const auto load = [](std::int32_t bucket) {
        onefold::RankedMultiset<std::int32_t> buckets;
        buckets.add(bucket);
        onefold::ByteWriter to;
        buckets.save(to);
        onefold::ByteReader from(to.view());
        static_cast<void>(Buckets::load(from));
        return from.ok();
    };
    CHECK(load(0));
    CHECK(load(2098 * 50 + 2));
    CHECK_FALSE(load(2098 * 50 + 3));
    CHECK(load(-(2098 * 50 + 1)));
    CHECK_FALSE(load(-(2098 * 50 + 2)));
}
