#include "onefold/aggregate/ranked_multiset.hpp"

#include <type_traits>

#include "aggregate/multiset_twin.hpp"
#include "support/catch.hpp"

using namespace multiset_twin;
using onefold::ByteReader;
using onefold::RankedMultiset;

static_assert(sizeof(RankedMultiset<std::int64_t>) <= 32 && sizeof(RankedMultiset<std::string>) <= 32);
static_assert(std::is_nothrow_default_constructible_v<RankedMultiset<std::string>>);
static_assert(std::is_nothrow_move_constructible_v<RankedMultiset<std::string>>);
static_assert(std::is_nothrow_move_assignable_v<RankedMultiset<std::string>>);

namespace {

template <class T>
bool agrees(const RankedMultiset<T>& set, const Twin<T>& twin, std::uint64_t rank_step = 1) {
    std::uint64_t total = 0;
    bool ordered = set.distinct() == twin.size() && set.empty() == twin.empty();
    auto next = twin.begin();
    set.for_each([&](const T& value, std::uint64_t count) {
        if (next == twin.end() || !same(value, next->first) || count != next->second) return ordered = false;
        ++next;
        return true;
    });
    if (!ordered || next != twin.end()) return false;
    auto last = twin.rbegin();
    set.for_each_descending([&](const T& value, std::uint64_t count) {
        if (last == twin.rend() || !same(value, last->first) || count != last->second) return ordered = false;
        ++last;
        return true;
    });
    if (!ordered || last != twin.rend()) return false;
    for (const auto& [value, count] : twin) {
        // The first and the last rank of each value, and through the step some between.
        for (std::uint64_t k = 0; k < count; k += rank_step)
            if (!same(set.at_rank(total + k), value)) return false;
        if (!same(set.at_rank(total + count - 1), value)) return false;
        total += count;
    }
    return set.size() == total;
}

} // namespace

TEMPLATE_TEST_CASE("RankedMultiset agrees with its twin after every operation", "[ranked_multiset]", std::int64_t,
                   double, float, bool, Color, std::string, onefold::Time, (std::array<double, 3>),
                   (std::array<std::int64_t, 20>)) {
    using T = TestType;
    Random random(7);
    for (const std::uint32_t universe : {1u, 3u, 8u, 70u, 400u}) {
        RankedMultiset<T> set;
        Twin<T> twin;
        for (int step = 0; step < 1500; ++step) {
            const auto value = nth<T>(random() % universe);
            const bool grow = (step / 500) % 2 == 0;
            if (random() % 10 < (grow ? 7u : 2u)) {
                set.add(value);
                ++twin[value];
            } else if (twin.contains(value)) {
                set.subtract(value);
                twin_subtract(twin, value);
            }
            REQUIRE(agrees(set, twin));
        }
        REQUIRE(bytes_of(set) == twin_bytes(twin));
    }
}

TEST_CASE("RankedMultiset keeps counts of every width", "[ranked_multiset]") {
    for (const std::uint32_t others : {0u, 5u, 63u, 64u, 3000u}) {
        RankedMultiset<std::int64_t> set;
        Twin<std::int64_t> twin;
        for (std::uint32_t n = 10; n < others + 10; ++n) set.add(nth<std::int64_t>(n)), ++twin[nth<std::int64_t>(n)];
        for (const std::uint64_t times :
             {std::uint64_t{254}, std::uint64_t{1}, std::uint64_t{1}, std::uint64_t{65279}, std::uint64_t{1},
              std::uint64_t{0xfffeffff}, std::uint64_t{1}, std::uint64_t{1} << 40}) {
            set.add(5, times);
            twin[5] += times;
            REQUIRE(agrees(set, twin, std::uint64_t{1} << 38));
        }
        set.add(nth<std::int64_t>(5000), std::uint64_t{1} << 20); // a new value that needs wider counts
        twin[nth<std::int64_t>(5000)] += std::uint64_t{1} << 20;
        set.subtract(5, std::uint64_t{1} << 40);
        twin[5] -= std::uint64_t{1} << 40;
        REQUIRE(agrees(set, twin, 1 << 18));
        set.add(77, 0);
        set.subtract(77, 0);
        REQUIRE(agrees(set, twin, 1 << 18));
    }
}

// Leaves with wide and with narrow counts are neighbours here, and are joined both ways.
TEST_CASE("RankedMultiset joins leaves of different count widths", "[ranked_multiset]") {
    for (const int which : {0, 1, 2}) {
        RankedMultiset<std::int64_t> set;
        Twin<std::int64_t> twin;
        for (std::int64_t i = 0; i < 6000; ++i) {
            const auto value = i * 7919 % 6000;
            const std::uint64_t times = value / 100 % 3 == which ? 1000 : 1;
            set.add(value, times);
            twin[value] = times;
        }
        Random random(13);
        while (!twin.empty()) {
            auto at = twin.lower_bound(static_cast<std::int64_t>(random() % 6000));
            if (at == twin.end()) at = twin.begin();
            set.subtract(at->first, at->second);
            twin.erase(at);
            if (twin.size() % 131 == 0) REQUIRE(agrees(set, twin, 400));
        }
        REQUIRE(set.empty());
    }
}

TEMPLATE_TEST_CASE("RankedMultiset fills and drains without losing its way", "[ranked_multiset]", std::int64_t,
                   std::string) {
    using T = TestType;
    for (const auto& [low, high] : {std::pair{0u, 9u}, {6u, 9u}, {60u, 70u}, {100u, 700u}, {0u, 5000u}, {500u, 520u}}) {
        RankedMultiset<T> set;
        Twin<T> twin;
        sawtooth(
            low, high, 5,
            [&](std::uint32_t n) {
                set.add(nth<T>(n));
                ++twin[nth<T>(n)];
                if (n % 197 == 0) REQUIRE(agrees(set, twin));
            },
            [&](std::uint32_t n) {
                set.subtract(nth<T>(n));
                twin_subtract(twin, nth<T>(n));
                if (n % 197 == 0 || twin.size() < 20) REQUIRE(agrees(set, twin));
            });
        REQUIRE(agrees(set, twin));
    }
}

// The worst shapes for a tree: one end grows and the other drains, or one side is emptied first.
TEST_CASE("RankedMultiset follows values that arrive in order", "[ranked_multiset]") {
    for (const bool rising : {true, false}) {
        RankedMultiset<std::int64_t> set;
        Twin<std::int64_t> twin;
        const auto value = [rising](std::int64_t i) { return rising ? i : -i; };
        for (std::int64_t i = 0; i < 30'000; ++i) {
            set.add(value(i));
            ++twin[value(i)];
            if (i >= 7000) set.subtract(value(i - 7000)), twin_subtract(twin, value(i - 7000));
            if (i % 1999 == 0) REQUIRE(agrees(set, twin));
        }
        for (std::int64_t i = 29'999; i >= 23'000; --i) {
            set.subtract(value(i));
            twin_subtract(twin, value(i));
            if (i % 397 == 0) REQUIRE(agrees(set, twin));
        }
        REQUIRE(set.empty());
    }
}

TEST_CASE("RankedMultiset holds a hundred thousand values, copies, moves and merges them", "[ranked_multiset]") {
    constexpr std::uint32_t n = 100'000;
    RankedMultiset<std::int64_t> set;
    Twin<std::int64_t> twin;
    Random random(11);
    for (std::uint32_t i = 0; i < 2 * n; ++i) {
        const auto value = nth<std::int64_t>(random() % n);
        set.add(value);
        ++twin[value];
    }
    for (std::uint32_t i = 0; i < n; ++i) set.add(nth<std::int64_t>(i)), ++twin[nth<std::int64_t>(i)];
    REQUIRE(set.distinct() == n);
    REQUIRE(set.size() == 3 * n);
    REQUIRE(agrees(set, twin));
    const auto bytes = bytes_of(set);
    REQUIRE(bytes == twin_bytes(twin));

    auto copy = set;
    REQUIRE(agrees(copy, twin));
    auto moved = std::move(copy);
    REQUIRE(copy.empty()); // NOLINT: a moved-from multiset is empty
    copy.add(1);
    REQUIRE(copy.at_rank(0) == 1);
    moved.merge(set);
    moved.subtract(set);
    REQUIRE(agrees(moved, twin));
    moved.merge(moved);
    REQUIRE(moved.size() == 2 * set.size());
    moved.subtract(set);
    REQUIRE(agrees(moved, twin));
    moved.subtract(moved);
    REQUIRE(moved.empty());

    ByteReader reader(bytes);
    const auto loaded = RankedMultiset<std::int64_t>::load(reader);
    REQUIRE((reader.ok() && reader.at_end()));
    REQUIRE(agrees(loaded, twin));
    while (!twin.empty()) {
        auto at = twin.lower_bound(nth<std::int64_t>(random()));
        if (at == twin.end()) at = twin.begin();
        set.subtract(at->first, at->second);
        twin.erase(at);
        if (twin.size() % 9973 == 0) REQUIRE(agrees(set, twin));
    }
    REQUIRE(set.empty());
}

TEST_CASE("RankedMultiset visits stop when they are told to", "[ranked_multiset]") {
    for (const std::int64_t n : {5, 1000}) {
        RankedMultiset<std::int64_t> set;
        for (std::int64_t i = 0; i < n; ++i) set.add(i * 389 % n);
        std::vector<std::int64_t> up, down;
        const auto three_of = [](auto& list) {
            return [&list](std::int64_t value, std::uint64_t) { return list.push_back(value), list.size() < 3; };
        };
        set.for_each(three_of(up));
        set.for_each_descending(three_of(down));
        REQUIRE(up == std::vector<std::int64_t>{0, 1, 2});
        REQUIRE(down == std::vector<std::int64_t>{n - 1, n - 2, n - 3});
    }
}

TEST_CASE("RankedMultiset takes references to its own values", "[ranked_multiset]") {
    for (const std::uint32_t n : {1u, 7u, 40u, 2000u}) {
        RankedMultiset<std::string> set;
        Twin<std::string> twin;
        for (std::uint32_t i = 0; i < n; ++i) set.add(nth<std::string>(i)), ++twin[nth<std::string>(i)];
        twin[set.at_rank(n / 2)] += 70'000;
        set.add(set.at_rank(n / 2), 70'000); // widens the counts, and so moves the value that is referred to
        REQUIRE(agrees(set, twin, 10'000));
        while (!twin.empty()) {
            set.subtract(set.at_rank(0), twin.begin()->second); // removes the value that is referred to
            twin.erase(twin.begin());
            REQUIRE(agrees(set, twin, 10'000));
        }
    }
}

TEST_CASE("RankedMultiset saves the same bytes whatever the history", "[ranked_multiset]") {
    RankedMultiset<double> a, b;
    for (std::uint32_t i = 0; i < 700; ++i) a.add(nth<double>(i), i % 3 + 1);
    for (std::uint32_t i = 2000; i-- > 0;) b.add(nth<double>(i), 400);
    for (std::uint32_t i = 700; i < 2000; ++i) b.subtract(nth<double>(i), 400);
    for (std::uint32_t i = 0; i < 700; ++i) b.subtract(nth<double>(i), 400 - (i % 3 + 1));
    REQUIRE(bytes_of(a) == bytes_of(b));
    REQUIRE(std::isnan(a.at_rank(a.size() - 1)));
    REQUIRE(a.at_rank(0) == -std::numeric_limits<double>::infinity());
    REQUIRE(bytes_of(RankedMultiset<double>()) == std::string(8, '\0'));
}

TEST_CASE("RankedMultiset refuses bytes that it could not have saved", "[ranked_multiset]") {
    Random random(5);
    RankedMultiset<std::int64_t> integers;
    RankedMultiset<std::string> strings;
    RankedMultiset<double> doubles;
    for (std::uint32_t i = 0; i < 90; ++i) {
        integers.add(nth<std::int64_t>(i), i + 1);
        strings.add(nth<std::string>(i));
        doubles.add(nth<double>(i));
    }
    REQUIRE(survives_damage<RankedMultiset<std::int64_t>>(bytes_of(integers), random));
    REQUIRE(survives_damage<RankedMultiset<std::string>>(bytes_of(strings), random));
    REQUIRE(survives_damage<RankedMultiset<double>>(bytes_of(doubles), random));
    for (const auto& bytes : forged_integers()) {
        ByteReader reader(bytes);
        REQUIRE(RankedMultiset<std::int64_t>::load(reader).empty());
        REQUIRE_FALSE(reader.ok());
    }
}
