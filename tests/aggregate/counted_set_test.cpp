#include "onefold/aggregate/counted_set.hpp"

#include <type_traits>

#include "aggregate/multiset_twin.hpp"
#include "support/catch.hpp"

using namespace multiset_twin;
using onefold::ByteReader;
using onefold::CountedSet;

static_assert(sizeof(CountedSet<std::int64_t>) <= 32 && sizeof(CountedSet<std::string>) <= 32);
static_assert(std::is_nothrow_default_constructible_v<CountedSet<std::string>>);
static_assert(std::is_nothrow_move_constructible_v<CountedSet<std::string>>);
static_assert(std::is_nothrow_move_assignable_v<CountedSet<std::string>>);

namespace {

template <class T>
bool agrees(const CountedSet<T>& set, const Twin<T>& twin) {
    if (set.distinct() != twin.size() || set.empty() != twin.empty()) return false;
    Twin<T> seen;
    bool once = true;
    set.for_each([&](const T& value, std::uint64_t count) { once = once && seen.emplace(value, count).second; });
    if (!once || seen.size() != twin.size()) return false;
    for (auto a = seen.cbegin(), b = twin.cbegin(); a != seen.cend(); ++a, ++b)
        if (!same(a->first, b->first) || a->second != b->second || set.count(b->first) != b->second) return false;
    return true;
}

} // namespace

TEMPLATE_TEST_CASE("CountedSet agrees with its twin after every operation", "[counted_set]", std::int64_t, double,
                   float, bool, Color, std::string, onefold::Time, (std::array<double, 3>)) {
    using T = TestType;
    Random random(7);
    for (const std::uint32_t universe : {1u, 3u, 8u, 20u, 200u}) {
        CountedSet<T> set;
        Twin<T> twin;
        for (int step = 0; step < 1500; ++step) {
            const auto value = nth<T>(random() % universe);
            const bool grow = (step / 300) % 2 == 0;
            if (random() % 10 < (grow ? 7u : 3u)) {
                set.add(value);
                ++twin[value];
            } else if (twin.contains(value)) {
                set.subtract(value);
                twin_subtract(twin, value);
            }
            REQUIRE(set.count(value) == (twin.contains(value) ? twin.at(value) : 0));
            REQUIRE(agrees(set, twin));
        }
        REQUIRE(bytes_of(set) == twin_bytes(twin));
    }
}

TEST_CASE("CountedSet keeps counts of every width", "[counted_set]") {
    for (const std::uint32_t others : {0u, 5u, 40u, 3000u}) {
        CountedSet<std::int64_t> set;
        Twin<std::int64_t> twin;
        for (std::uint32_t n = 10; n < others + 10; ++n) set.add(nth<std::int64_t>(n)), ++twin[nth<std::int64_t>(n)];
        for (const std::uint64_t times :
             {std::uint64_t{254}, std::uint64_t{1}, std::uint64_t{1}, std::uint64_t{65279}, std::uint64_t{1},
              std::uint64_t{0xfffeffff}, std::uint64_t{1}, std::uint64_t{1} << 40}) {
            set.add(5, times);
            twin[5] += times;
            REQUIRE(agrees(set, twin));
            CountedSet<std::int64_t> fresh;
            fresh.add(9, times);
            REQUIRE(fresh.count(9) == times);
        }
        set.subtract(5, std::uint64_t{1} << 40);
        twin[5] -= std::uint64_t{1} << 40;
        REQUIRE(agrees(set, twin));
        set.add(77, 0);
        set.subtract(77, 0);
        REQUIRE(agrees(set, twin));
    }
}

TEMPLATE_TEST_CASE("CountedSet fills and drains without losing its way", "[counted_set]", std::int64_t, std::string) {
    using T = TestType;
    for (const auto& [low, high] : {std::pair{0u, 9u}, {6u, 9u}, {11u, 14u}, {100u, 700u}, {0u, 2500u}, {500u, 520u}}) {
        CountedSet<T> set;
        Twin<T> twin;
        sawtooth(
            low, high, 6,
            [&](std::uint32_t n) {
                set.add(nth<T>(n));
                ++twin[nth<T>(n)];
                if (n % 97 == 0) REQUIRE(agrees(set, twin));
            },
            [&](std::uint32_t n) {
                set.subtract(nth<T>(n));
                twin_subtract(twin, nth<T>(n));
                if (n % 97 == 0 || twin.size() < 20) REQUIRE(agrees(set, twin));
            });
        REQUIRE(agrees(set, twin));
    }
}

TEST_CASE("CountedSet holds a hundred thousand values, copies, moves and merges them", "[counted_set]") {
    constexpr std::uint32_t n = 100'000;
    CountedSet<std::int64_t> set;
    Twin<std::int64_t> twin;
    Random random(11);
    for (std::uint32_t i = 0; i < 3 * n; ++i) {
        const auto value = nth<std::int64_t>(random() % n);
        set.add(value);
        ++twin[value];
    }
    for (std::uint32_t i = 0; i < n; ++i) set.add(nth<std::int64_t>(i)), ++twin[nth<std::int64_t>(i)];
    REQUIRE(set.distinct() == n);
    REQUIRE(agrees(set, twin));
    const auto bytes = bytes_of(set);
    REQUIRE(bytes == twin_bytes(twin));

    auto copy = set;
    REQUIRE(agrees(copy, twin));
    auto moved = std::move(copy);
    REQUIRE(copy.empty()); // NOLINT: a moved-from set is empty
    copy.add(1);
    REQUIRE(copy.distinct() == 1);
    moved.merge(set);
    moved.subtract(set);
    REQUIRE(agrees(moved, twin));
    moved.merge(moved);
    for (const auto& [value, count] : twin) REQUIRE(moved.count(value) == 2 * count);
    moved.subtract(set);
    REQUIRE(agrees(moved, twin));
    moved.subtract(set);
    REQUIRE(moved.empty());
    REQUIRE(agrees(set, twin));

    ByteReader reader(bytes);
    auto loaded = CountedSet<std::int64_t>::load(reader);
    REQUIRE((reader.ok() && reader.at_end()));
    REQUIRE(agrees(loaded, twin));
    loaded.subtract(loaded);
    REQUIRE(loaded.empty());
    for (auto at = twin.begin(); at != twin.end(); at = twin.begin()) {
        set.subtract(at->first, at->second);
        twin.erase(at);
        if (twin.size() % 9973 == 0) REQUIRE(agrees(set, twin));
    }
    REQUIRE(set.empty());
}

TEST_CASE("CountedSet of strings copies, merges and takes references to its own values", "[counted_set]") {
    for (const std::uint32_t n : {1u, 5u, 60u, 3000u}) {
        CountedSet<std::string> a, b;
        Twin<std::string> twin;
        for (std::uint32_t i = 0; i < n; ++i) a.add(nth<std::string>(i)), ++twin[nth<std::string>(i)];
        for (std::uint32_t i = n / 2; i < n + n / 2; ++i) b.add(nth<std::string>(i)), ++twin[nth<std::string>(i)];
        const auto a_bytes = bytes_of(a);
        auto both = a;
        both.merge(b);
        REQUIRE(agrees(both, twin));
        const auto& itself = both;
        both = itself;
        REQUIRE(agrees(both, twin));
        both.subtract(b);
        REQUIRE(bytes_of(both) == a_bytes);
        const std::string* own = nullptr;
        both.for_each([&](const std::string& value, std::uint64_t) { own = &value; });
        const auto value = *own;
        both.add(*own, 300); // widens the counts, and so moves the value that is referred to
        REQUIRE(both.count(value) == 301);
        REQUIRE(both.distinct() == n);
    }
}

TEST_CASE("CountedSet saves the same bytes whatever the history", "[counted_set]") {
    CountedSet<double> a, b;
    for (std::uint32_t i = 0; i < 700; ++i) a.add(nth<double>(i), i % 3 + 1);
    for (std::uint32_t i = 2000; i-- > 0;) b.add(nth<double>(i), 400);
    for (std::uint32_t i = 700; i < 2000; ++i) b.subtract(nth<double>(i), 400);
    for (std::uint32_t i = 0; i < 700; ++i) b.subtract(nth<double>(i), 400 - (i % 3 + 1));
    REQUIRE(bytes_of(a) == bytes_of(b));
    REQUIRE(bytes_of(CountedSet<double>()) == std::string(8, '\0'));
}

TEST_CASE("CountedSet refuses bytes that it could not have saved", "[counted_set]") {
    Random random(5);
    CountedSet<std::int64_t> integers;
    CountedSet<std::string> strings;
    CountedSet<double> doubles;
    CountedSet<bool> bools;
    for (std::uint32_t i = 0; i < 30; ++i) {
        integers.add(nth<std::int64_t>(i), i + 1);
        strings.add(nth<std::string>(i));
        doubles.add(nth<double>(i));
        bools.add(nth<bool>(i));
    }
    REQUIRE(survives_damage<CountedSet<std::int64_t>>(bytes_of(integers), random));
    REQUIRE(survives_damage<CountedSet<std::string>>(bytes_of(strings), random));
    REQUIRE(survives_damage<CountedSet<double>>(bytes_of(doubles), random));
    REQUIRE(survives_damage<CountedSet<bool>>(bytes_of(bools), random));
    for (const auto& bytes : forged_integers()) {
        ByteReader reader(bytes);
        REQUIRE(CountedSet<std::int64_t>::load(reader).empty());
        REQUIRE_FALSE(reader.ok());
    }
    // Neither -0.0 nor a NaN with another payload is a canonical value.
    for (const std::uint64_t bits : {0x8000000000000000u, 0xfff8000000000000u, 0x7ff8000000000001u}) {
        onefold::ByteWriter writer;
        writer.put(std::uint64_t{1});
        writer.put(bits);
        writer.put(std::uint64_t{1});
        ByteReader reader(writer.view());
        REQUIRE(CountedSet<double>::load(reader).empty());
        REQUIRE_FALSE(reader.ok());
    }
}

TEST_CASE("values are saved and loaded bit for bit", "[value_bytes]") {
    const auto round_trip = []<class T>(const T& value, std::size_t size) {
        onefold::ByteWriter writer;
        onefold::detail::save_value(writer, value);
        REQUIRE(writer.view().size() == size);
        REQUIRE(size >= onefold::detail::least_value_bytes<T>());
        ByteReader reader(writer.view());
        REQUIRE(onefold::detail::load_value<T>(reader) == value);
        REQUIRE((reader.ok() && reader.at_end()));
        for (std::size_t n = 0; n < size; ++n) {
            ByteReader cut(writer.view().substr(0, n));
            onefold::detail::load_value<T>(cut);
            REQUIRE_FALSE(cut.ok());
        }
    };
    round_trip(true, 1);
    round_trip(std::int8_t{-5}, 1);
    round_trip(std::uint16_t{65535}, 2);
    round_trip(std::int64_t{INT64_MIN}, 8);
    round_trip(Color::blue, 2);
    round_trip(1.5f, 4);
    round_trip(-1e300, 8);
    round_trip(onefold::Time{-1}, 8);
    round_trip(onefold::Duration{7}, 8);
    round_trip(std::string("a\0b", 3), 11);
    round_trip(std::string(), 8);
    round_trip(std::optional<std::int32_t>(), 1);
    round_trip(std::optional<std::int32_t>(-9), 5);
    round_trip(std::array<float, 3>{1, 2, 3}, 12);
    round_trip(std::optional<std::array<std::string, 2>>({"x", "yz"}), 20);

    onefold::ByteWriter writer;
    writer.put(std::uint8_t{2});
    ByteReader as_bool(writer.view()), as_optional(writer.view());
    onefold::detail::load_value<bool>(as_bool);
    REQUIRE_FALSE(as_bool.ok());
    REQUIRE_FALSE(onefold::detail::load_value<std::optional<bool>>(as_optional).has_value());
    REQUIRE_FALSE(as_optional.ok());
}
