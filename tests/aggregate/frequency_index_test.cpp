#include "onefold/aggregate/frequency_index.hpp"

#include <functional>
#include <type_traits>

#include "aggregate/multiset_twin.hpp"
#include "support/catch.hpp"

using namespace multiset_twin;
using onefold::ByteReader;
using onefold::FrequencyIndex;

static_assert(sizeof(FrequencyIndex<std::int64_t>) <= 32 && sizeof(FrequencyIndex<std::string>) <= 32);
static_assert(std::is_nothrow_default_constructible_v<FrequencyIndex<std::string>>);
static_assert(std::is_nothrow_move_constructible_v<FrequencyIndex<std::string>>);
static_assert(std::is_nothrow_move_assignable_v<FrequencyIndex<std::string>>);

namespace {

// All of it, or the first `most`, sorted the obvious way.
template <class T>
bool agrees(const FrequencyIndex<T>& index, const Twin<T>& twin, std::size_t most = SIZE_MAX) {
    std::multimap<std::uint64_t, T, std::greater<>> by_count; // keeps equal counts in the twin's order
    for (const auto& [value, count] : twin) by_count.emplace(count, value);
    std::vector<std::pair<T, std::uint64_t>> expected;
    for (const auto& [count, value] : by_count) expected.emplace_back(value, count);
    if (expected.size() > most) expected.resize(most);
    std::size_t at = 0;
    bool equal = index.distinct() == twin.size() && index.empty() == twin.empty();
    index.for_each_most_frequent([&](const T& value, std::uint64_t count) {
        if (at == expected.size() || !same(value, expected[at].first) || count != expected[at].second)
            return equal = false;
        return ++at < most;
    });
    return equal && at == expected.size();
}

// Small values of n much more often than large ones, as merchants and words are.
std::uint32_t skewed(Random& random, std::uint32_t universe) {
    const auto range = 1 + random() % universe;
    return random() % range;
}

} // namespace

TEMPLATE_TEST_CASE("FrequencyIndex agrees with its twin after every operation", "[frequency_index]", std::int64_t,
                   double, float, bool, Color, std::string, onefold::Time, (std::array<double, 3>),
                   (std::array<std::int64_t, 20>)) {
    using T = TestType;
    Random random(7);
    for (const std::uint32_t universe : {1u, 3u, 8u, 70u, 400u}) {
        FrequencyIndex<T> index;
        Twin<T> twin;
        for (int step = 0; step < 1500; ++step) {
            const auto value = nth<T>(skewed(random, universe));
            const bool grow = (step / 500) % 2 == 0;
            if (random() % 10 < (grow ? 7u : 2u)) {
                index.add(value);
                ++twin[value];
            } else if (twin.contains(value)) {
                index.subtract(value);
                twin_subtract(twin, value);
            }
            REQUIRE(agrees(index, twin));
        }
        REQUIRE(bytes_of(index) == twin_bytes(twin));
        std::uint64_t total = 0;
        for (const auto& entry : twin) total += entry.second;
        REQUIRE(index.size() == total);
    }
}

TEST_CASE("FrequencyIndex keeps counts of every width", "[frequency_index]") {
    for (const std::uint32_t others : {0u, 5u, 63u, 64u, 3000u}) {
        FrequencyIndex<std::int64_t> index;
        Twin<std::int64_t> twin;
        for (std::uint32_t n = 0; n < others; ++n)
            index.add(nth<std::int64_t>(n + 10), n % 7 + 1), twin[nth<std::int64_t>(n + 10)] += n % 7 + 1;
        for (const std::uint64_t times :
             {std::uint64_t{254}, std::uint64_t{1}, std::uint64_t{1}, std::uint64_t{65279}, std::uint64_t{1},
              std::uint64_t{0xfffeffff}, std::uint64_t{1}, std::uint64_t{1} << 40}) {
            index.add(5, times);
            twin[5] += times;
            REQUIRE(agrees(index, twin));
        }
        index.subtract(5, (std::uint64_t{1} << 40) + 0xffffffff);
        twin[5] -= (std::uint64_t{1} << 40) + 0xffffffff;
        REQUIRE(agrees(index, twin));
    }
}

// Counts too large to share a word with their place in the node, beside small ones, tied and not.
TEST_CASE("FrequencyIndex orders counts near the end of their range", "[frequency_index]") {
    for (const std::uint32_t n : {4u, 30u, 900u}) {
        FrequencyIndex<std::int64_t> index;
        Twin<std::int64_t> twin;
        for (std::uint32_t i = 0; i < n; ++i) {
            const auto top = std::uint64_t{1} << (i % 4 == 0 ? 50 : i % 4 == 1 ? 53 : 3);
            const auto times = top + i % 3;
            index.add(nth<std::int64_t>(i), times);
            twin[nth<std::int64_t>(i)] = times;
        }
        for (const auto value : {nth<std::int64_t>(2), nth<std::int64_t>(3), nth<std::int64_t>(n - 1)}) {
            index.add(value, std::uint64_t{1} << 61);
            twin[value] += std::uint64_t{1} << 61;
            REQUIRE(agrees(index, twin));
        }
        // The greatest shifted by six bits is small: 2^58 + 1 and 1 would look alike.
        index.add(-1, (std::uint64_t{1} << 58) + 1);
        index.add(-2, 1);
        twin[-1] = (std::uint64_t{1} << 58) + 1;
        twin[-2] = 1;
        REQUIRE(agrees(index, twin));
    }
}

TEMPLATE_TEST_CASE("FrequencyIndex fills and drains without losing its way", "[frequency_index]", std::int64_t,
                   std::string) {
    using T = TestType;
    Random random(23);
    for (const auto& [low, high] : {std::pair{0u, 9u}, {6u, 9u}, {60u, 70u}, {100u, 700u}, {0u, 5000u}, {500u, 520u}}) {
        FrequencyIndex<T> index;
        Twin<T> twin;
        std::vector<std::uint32_t> drawn;
        sawtooth(
            low, high, 5,
            [&](std::uint32_t n) {
                drawn.push_back(n % 3 == 0 ? n : skewed(random, high));
                index.add(nth<T>(drawn[n]));
                ++twin[nth<T>(drawn[n])];
                if (n % 97 == 0) REQUIRE(agrees(index, twin));
            },
            [&](std::uint32_t n) {
                index.subtract(nth<T>(drawn[n]));
                twin_subtract(twin, nth<T>(drawn[n]));
                if (n % 97 == 0 || twin.size() < 20) REQUIRE(agrees(index, twin));
            });
        REQUIRE(agrees(index, twin));
    }
}

TEST_CASE("FrequencyIndex holds a hundred thousand values, copies, moves and merges them", "[frequency_index]") {
    constexpr std::uint32_t n = 100'000;
    FrequencyIndex<std::int64_t> index;
    Twin<std::int64_t> twin;
    Random random(11);
    for (std::uint32_t i = 0; i < n; ++i) index.add(nth<std::int64_t>(i)), ++twin[nth<std::int64_t>(i)];
    REQUIRE(agrees(index, twin)); // all tied: the whole order is that of the values
    for (std::uint32_t i = 0; i < 2 * n; ++i) {
        const auto value = nth<std::int64_t>(skewed(random, n));
        index.add(value);
        ++twin[value];
    }
    REQUIRE(agrees(index, twin));
    for (const std::size_t k : {1u, 2u, 10u, 1000u}) REQUIRE(agrees(index, twin, k));
    const auto bytes = bytes_of(index);
    REQUIRE(bytes == twin_bytes(twin));

    auto copy = index;
    REQUIRE(agrees(copy, twin));
    auto moved = std::move(copy);
    REQUIRE(copy.empty()); // NOLINT: a moved-from index is empty
    moved.merge(index);
    moved.subtract(index);
    REQUIRE(agrees(moved, twin));
    moved.merge(moved);
    REQUIRE(moved.size() == 2 * index.size());
    moved.subtract(index);
    REQUIRE(agrees(moved, twin));
    moved.subtract(moved);
    REQUIRE(moved.empty());

    ByteReader reader(bytes);
    const auto loaded = FrequencyIndex<std::int64_t>::load(reader);
    REQUIRE((reader.ok() && reader.at_end()));
    REQUIRE(agrees(loaded, twin));
    while (!twin.empty()) {
        auto at = twin.lower_bound(nth<std::int64_t>(random()));
        if (at == twin.end()) at = twin.begin();
        index.subtract(at->first, at->second);
        twin.erase(at);
        if (twin.size() % 9973 == 0) REQUIRE(agrees(index, twin));
    }
    REQUIRE(index.empty());
}

TEST_CASE("FrequencyIndex saves the same bytes whatever the history", "[frequency_index]") {
    FrequencyIndex<double> a, b;
    for (std::uint32_t i = 0; i < 700; ++i) a.add(nth<double>(i), i % 3 + 1);
    for (std::uint32_t i = 2000; i-- > 0;) b.add(nth<double>(i), 400);
    for (std::uint32_t i = 700; i < 2000; ++i) b.subtract(nth<double>(i), 400);
    for (std::uint32_t i = 0; i < 700; ++i) b.subtract(nth<double>(i), 400 - (i % 3 + 1));
    REQUIRE(bytes_of(a) == bytes_of(b));
    REQUIRE(bytes_of(FrequencyIndex<double>()) == std::string(8, '\0'));
}

TEST_CASE("FrequencyIndex refuses bytes that it could not have saved", "[frequency_index]") {
    Random random(5);
    FrequencyIndex<std::int64_t> integers;
    FrequencyIndex<std::string> strings;
    for (std::uint32_t i = 0; i < 90; ++i) {
        integers.add(nth<std::int64_t>(i), i + 1);
        strings.add(nth<std::string>(i));
    }
    REQUIRE(survives_damage<FrequencyIndex<std::int64_t>>(bytes_of(integers), random));
    REQUIRE(survives_damage<FrequencyIndex<std::string>>(bytes_of(strings), random));
    for (const auto& bytes : forged_integers()) {
        ByteReader reader(bytes);
        REQUIRE(FrequencyIndex<std::int64_t>::load(reader).empty());
        REQUIRE_FALSE(reader.ok());
    }
}
