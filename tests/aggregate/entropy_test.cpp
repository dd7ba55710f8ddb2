#include "onefold/aggregate/entropy.hpp"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "aggregate/log2_reference.hpp"
#include "support/catch.hpp"

namespace {

using onefold::detail::fixed_log2;
using reference::Precise;

Precise steps(std::uint64_t fixed) { return boost::multiprecision::ldexp(Precise(fixed), -57); }

// How far a double may be from the entropy that it stands for: 2^-56 bits, and half a unit in its last place.
Precise bound(double bits) {
    return boost::multiprecision::ldexp(Precise(1), -56) + Precise(std::nextafter(bits, HUGE_VAL) - bits) / 2;
}

onefold::EntropyCounts<std::int64_t> counts_of(const std::vector<std::uint64_t>& counts) {
    onefold::EntropyCounts<std::int64_t> state;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] != 0) state.add(static_cast<std::int64_t>(i), counts[i]);
    return state;
}

} // namespace

TEST_CASE("the logarithm of every count is within 2^-58 + 2^-124 bits") {
    const Precise most = boost::multiprecision::ldexp(Precise(1), -58) + boost::multiprecision::ldexp(Precise(1), -124);
    const auto check = [&](std::uint64_t n) {
        INFO(n);
        REQUIRE(abs(steps(fixed_log2(n)) - reference::precise_log2(n)) <= most);
    };
    for (std::uint64_t n = 1; n < 1200; ++n) check(n);
    std::mt19937_64 random(2);
    for (int i = 0; i < 300; ++i) check((random() >> (random() % 64)) | 1);
    for (int power = 0; power < 64; ++power) {
        const auto n = std::uint64_t{1} << power;
        REQUIRE(fixed_log2(n) == static_cast<std::uint64_t>(power) << 57);
        check(n | 1);
        check(n - (power > 0));
    }
    check(UINT64_MAX);
}

TEST_CASE("an entropy is within 2^-56 bits, and then rounded") {
    std::mt19937_64 random(3);
    for (int round = 0; round < 400; ++round) {
        std::vector<std::uint64_t> counts;
        const auto widest = random() % 40;
        for (auto n = 1 + random() % 12; n > 0; --n) counts.push_back(random() >> (63 - random() % (widest + 1)));
        counts.push_back(1);
        const auto bits = counts_of(counts).bits();
        INFO(round << ": " << bits);
        REQUIRE(abs(Precise(bits) - reference::entropy(counts)) <= bound(bits));
    }
    // One rare value among many is a small entropy, but never 0 nor below it.
    for (const auto many : {std::uint64_t{1} << 20, (std::uint64_t{1} << 40) + 1, (std::uint64_t{1} << 52) - 1}) {
        const auto bits = counts_of({many, 1}).bits();
        REQUIRE(bits > 0);
        REQUIRE(abs(Precise(bits) - reference::entropy(std::vector<std::uint64_t>{many, 1})) <= bound(bits));
    }
}

TEST_CASE("an entropy of shares that are powers of two is exact, however many there are of each") {
    for (const std::uint64_t times : {1u, 3u, 1000u, 12345u}) {
        CHECK(counts_of({times}).bits() == 0.0);
        CHECK_FALSE(std::signbit(counts_of({times}).bits()));
        CHECK(counts_of({times, times}).bits() == 1.0);
        CHECK(counts_of({times, times, times, times}).bits() == 2.0);
        CHECK(counts_of({2 * times, times, times}).bits() == 1.5);
        CHECK(counts_of({4 * times, 2 * times, times, times}).bits() == 1.75);
    }
}

TEST_CASE("counts that leave leave no trace in the entropy") {
    std::mt19937_64 random(5);
    using State = onefold::EntropyCounts<std::string>;
    for (int round = 0; round < 60; ++round) {
        std::vector<std::string> kept, gone;
        for (auto n = random() % 3000; n > 0; --n)
            (random() % 3 == 0 ? kept : gone).push_back(std::to_string(random() % (1 + random() % 40)));
        State state, expected, other;
        for (const auto& value : gone) state.add(value);
        for (const auto& value : kept) state.add(value), expected.add(value);
        for (const auto& value : gone) other.add(value);
        auto unmerged = state;
        unmerged.subtract(other);
        for (const auto& value : gone) state.subtract(value);
        State merged = expected;
        merged.merge(other);
        merged.subtract(other);
        onefold::ByteWriter bytes;
        expected.save(bytes);
        onefold::ByteReader reader(bytes.view());
        const auto loaded = State::load(reader);
        CHECK(reader.at_end());
        for (const State* same : std::initializer_list<const State*>{&state, &unmerged, &merged, &loaded}) {
            REQUIRE(same->size() == expected.size());
            if (!kept.empty()) REQUIRE(same->bits() == expected.bits());
            onefold::ByteWriter again;
            same->save(again);
            REQUIRE(again.view() == bytes.view());
        }
    }
    State twice;
    twice.add("a");
    twice.add("b");
    twice.merge(twice);
    CHECK(twice.size() == 4);
    CHECK(twice.bits() == 1.0);
    twice.subtract(twice);
    CHECK(twice.size() == 0);
}
