#include "onefold/aggregate/per_key.hpp"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "onefold/onefold.hpp"
#include "onefold/run/backfill_windows.hpp"
#include "support/catch.hpp"

namespace per_key_test {

using Key = std::optional<std::int64_t>;
using Value = onefold::Pair<Key, std::optional<std::int64_t>>;
using Present = onefold::accumulate::Present<std::int64_t>;
using Sum = onefold::accumulate::Sum<std::int64_t>;
using Greatest = onefold::accumulate::Greatest<std::int64_t>;
using Sums = onefold::accumulate::PerKey<Value, false, Present, Sum>;
using Both = onefold::accumulate::PerKey<Value, false, Sum, Greatest>;
static_assert(onefold::GroupAccumulator<Sums>);
static_assert(onefold::MonoidAccumulator<Both>);

// What each key has: events, values, their sum and the greatest.
struct Expected {
    std::uint64_t events = 0, values = 0;
    std::int64_t sum = 0;
    std::optional<std::int64_t> greatest;
};
using Table = std::map<Key, Expected>; // null is least, as in total order

Table table_of(const std::vector<Value>& values) {
    Table table;
    for (const auto& value : values) {
        auto& expected = table[value.first];
        ++expected.events;
        if (!value.second) continue;
        ++expected.values;
        expected.sum += *value.second;
        if (!expected.greatest || *value.second > *expected.greatest) expected.greatest = *value.second;
    }
    return table;
}
bool holds(const Sums::State& state, const Table& table) {
    bool same = state.size() == table.size();
    auto entry = state.begin();
    for (const auto& [key, expected] : table) {
        if (!same) return false;
        same = entry->key == key && entry->events == expected.events &&
               onefold::get<0>(entry->held) == expected.values && onefold::get<1>(entry->held).exact() == expected.sum;
        ++entry;
    }
    return same;
}
bool holds(const Both::State& state, const Table& table) {
    bool same = state.size() == table.size();
    auto entry = state.begin();
    for (const auto& [key, expected] : table) {
        if (!same) return false;
        same = entry->key == key && entry->events == expected.events &&
               onefold::get<0>(entry->held).exact() == expected.sum &&
               onefold::get<1>(entry->held) == expected.greatest;
        ++entry;
    }
    return same;
}
template <class A>
std::string bytes_of(const typename A::State& state) {
    onefold::ByteWriter writer;
    A::save(state, writer);
    return writer.take();
}
template <class A>
typename A::State state_of(const std::vector<Value>& values) {
    typename A::State state;
    for (const auto& value : values) A::add(state, value);
    return state;
}

struct Values {
    std::mt19937_64 random{11};
    std::vector<Value> operator()(std::uint64_t keys) {
        std::vector<Value> values;
        for (auto n = random() % 40; n > 0; --n) {
            Value value;
            if (random() % 4 != 0) value.first = static_cast<std::int64_t>(random() % keys) - 3;
            if (random() % 4 != 0) value.second = static_cast<std::int64_t>(random() % 100) - 50;
            values.push_back(value);
        }
        return values;
    }
};

} // namespace per_key_test
using namespace per_key_test;

TEST_CASE("per key: what is added, merged and taken out again leaves what it should and no trace") {
    Values draw;
    for (int round = 0; round < 400; ++round) {
        const auto first = draw(1 + static_cast<std::uint64_t>(round) % 30);
        const auto second = draw(1 + static_cast<std::uint64_t>(round) % 17);
        auto both = first;
        both.insert(both.end(), second.begin(), second.end());
        auto state = state_of<Sums>(first);
        CHECK(holds(state, table_of(first)));
        Sums::merge(state, state_of<Sums>(second));
        CHECK(holds(state, table_of(both)));
        CHECK(bytes_of<Sums>(state) == bytes_of<Sums>(state_of<Sums>(both)));
        auto other = state;
        Sums::unmerge(state, state_of<Sums>(second));
        CHECK(holds(state, table_of(first)));
        CHECK(bytes_of<Sums>(state) == bytes_of<Sums>(state_of<Sums>(first)));
        for (const auto& value : first) Sums::subtract(other, value);
        CHECK(bytes_of<Sums>(other) == bytes_of<Sums>(state_of<Sums>(second)));
        for (const auto& value : second) Sums::subtract(other, value);
        CHECK(other.empty());

        auto winners = state_of<Both>(first);
        Both::merge(winners, state_of<Both>(second));
        CHECK(holds(winners, table_of(both)));
        CHECK(bytes_of<Both>(winners) == bytes_of<Both>(state_of<Both>(both)));
    }
}

TEST_CASE("per key: a state merged with itself or taken out of itself") {
    Values draw;
    const auto values = draw(5);
    auto twice = values;
    twice.insert(twice.end(), values.begin(), values.end());
    auto state = state_of<Sums>(values);
    Sums::merge(state, state);
    CHECK(holds(state, table_of(twice)));
    Sums::unmerge(state, state);
    CHECK(state.empty());
}

TEST_CASE("per key: states are loaded as they were saved, and damage is refused") {
    const std::vector<Value> values{{2, 5}, {std::nullopt, 7}, {2, std::nullopt}, {-4, std::nullopt}};
    const auto bytes = bytes_of<Both>(state_of<Both>(values));
    onefold::ByteReader reader(bytes);
    CHECK(holds(Both::load(reader), table_of(values)));
    CHECK(reader.ok());
    CHECK(reader.at_end());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        onefold::ByteReader damaged(std::string_view(bytes).substr(0, cut));
        CHECK(Both::load(damaged).empty());
        CHECK_FALSE(damaged.ok());
    }
    // The null key has one byte, then its number of events: none is impossible.
    auto no_events = bytes;
    no_events[9] = 0;
    onefold::ByteReader damaged(no_events);
    CHECK(Both::load(damaged).empty());
    // The second key's 9 bytes follow 8 + 1 + 8 + 16 + 9 of count, null key, events, sum and winner: -4 becomes the
    // same as the third, which must be greater.
    auto descending = bytes;
    const std::size_t second = 8 + 1 + 8 + 16 + 9 + 1;
    REQUIRE(static_cast<unsigned char>(descending[second]) == 0xfc);
    for (std::size_t i = 0; i < 8; ++i) descending[second + i] = i == 0 ? 2 : 0;
    onefold::ByteReader disordered(descending);
    CHECK(Both::load(disordered).empty());
    CHECK_FALSE(disordered.ok());
}

namespace per_key_test {

using namespace onefold::literals;

struct Sale {
    std::int64_t id;
    std::optional<std::string> category;
    std::optional<std::int64_t> amount;
    onefold::Time at;
};
constexpr auto category = onefold::field<&Sale::category>;
constexpr auto amount = onefold::field<&Sale::amount>;

struct Sales {
    static constexpr auto definition =
        onefold::define(onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>(),
                        onefold::by<>("spend"_f = onefold::sum(amount).per(category).over(10_s),
                                      "n"_f = onefold::count(amount).per(category).over(10_s),
                                      "last"_f = onefold::last(amount).per(category).over(10_s)));
};
constexpr auto most = std::numeric_limits<std::int64_t>::max();

} // namespace per_key_test

TEST_CASE("per key: a sub key is there while it has an event in the window, with null first") {
    onefold::Live<Sales> live;
    live.push({1, "food", 5, {1'000'000}});
    live.push({2, std::nullopt, 7, {2'000'000}});
    live.push({3, "books", std::nullopt, {3'000'000}});
    const auto row = live.push({4, "food", 6, {10'000'000}});
    const auto spend = row["spend_10s"_f];
    REQUIRE(spend.size() == 3);
    CHECK(spend[0].first == std::nullopt);
    CHECK(spend[0].second == 7);
    CHECK(spend[1].first == "books");
    CHECK(spend[1].second == std::nullopt); // its one amount is null, which is the sum of nothing
    CHECK(spend[2].first == "food");
    CHECK(spend[2].second == 11);
    REQUIRE(row["n_10s"_f].find("books"));
    CHECK(*row["n_10s"_f].find("books") == 0);
    CHECK(*spend.find("food") == 11);
    CHECK_FALSE(spend.find("toys"));
    CHECK(std::is_same_v<decltype(row["spend_10s"_f]),
                         onefold::PerKey<std::optional<std::string>, std::optional<std::int64_t>>>);
    CHECK(std::is_same_v<decltype(row["n_10s"_f]), onefold::PerKey<std::optional<std::string>, std::int64_t>>);

    const auto later = live.push({5, "toys", 1, {12'000'000}})["last_10s"_f];
    REQUIRE(later.size() == 3); // food of 1 s and null of 2 s have left
    CHECK(later[0].first == "books");
    CHECK(later[0].second == std::nullopt);
    CHECK(later[1].second == 6);
    CHECK(later[2].second == 1);
}

TEST_CASE("per key: each sub key whose sum leaves its type is null and is counted") {
    onefold::Live<Sales> live;
    live.push({1, "a", most, {0}});
    live.push({2, "b", most, {0}});
    live.push({3, "c", std::nullopt, {0}});
    CHECK(live.overflows() == 0);
    live.push({4, "a", 1, {1}});
    CHECK(live.overflows() == 1);
    const auto row = live.push({5, "b", 1, {2}});
    CHECK(live.overflows() == 3);
    CHECK(row["spend_10s"_f].find("a")->has_value() == false);
    CHECK(row["spend_10s"_f].find("b")->has_value() == false);
}

namespace per_key_test {

struct Hopping {
    static constexpr auto definition =
        onefold::define(onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(3_us),
                        onefold::by<>(onefold::hopping(8_us, 2_us), "spend"_f = onefold::sum(amount).per(category),
                                      "n"_f = onefold::count().per(category)));
};
struct HoppingMonoid {
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(3_us),
        onefold::by<>(onefold::hopping(8_us, 2_us), "spend"_f = onefold::sum(amount).per(category),
                      "most"_f = onefold::max(amount).per(category), "last"_f = onefold::lag<0>(amount).per(category)));
};

} // namespace per_key_test

TEST_CASE("per key: windows that close answer for every sub key of their events") {
    std::mt19937_64 random(6);
    std::vector<Sale> sales;
    for (std::int64_t i = 0; i < 200; ++i) {
        Sale sale{i, std::nullopt, std::nullopt, {i / 3 + static_cast<std::int64_t>(random() % 3)}};
        if (random() % 4 != 0) sale.category = std::string(1, static_cast<char>('a' + random() % 3));
        if (random() % 4 != 0) sale.amount = static_cast<std::int64_t>(random() % 100);
        sales.push_back(sale);
    }
    const auto groups = onefold::backfill<Hopping>(sales);
    const auto monoids = onefold::backfill<HoppingMonoid>(sales);
    REQUIRE(groups.rows.size() > 30);
    REQUIRE(monoids.rows.size() == groups.rows.size());
    for (std::size_t r = 0; r < groups.rows.size(); ++r) {
        const auto& row = groups.rows[r];
        struct Part {
            std::int64_t n = 0;
            std::optional<std::int64_t> sum, most, last;
            std::pair<std::int64_t, std::int64_t> newest{INT64_MIN, 0};
        };
        std::map<std::optional<std::string>, Part> parts;
        for (const auto& sale : sales) {
            if (sale.at.micros < row.start.micros || sale.at.micros >= row.end.micros) continue;
            auto& part = parts[sale.category];
            ++part.n;
            if (const auto when = std::pair(sale.at.micros, sale.id); when > part.newest)
                part.newest = when, part.last = sale.amount;
            if (!sale.amount) continue;
            part.sum = part.sum.value_or(0) + *sale.amount;
            if (!part.most || *sale.amount > *part.most) part.most = sale.amount;
        }
        INFO("window " << row.start.micros << " to " << row.end.micros);
        REQUIRE(row["n"_f].size() == parts.size());
        std::size_t at = 0;
        for (const auto& [key, part] : parts) {
            REQUIRE(row["n"_f][at].first == key);
            REQUIRE(row["n"_f][at].second == part.n);
            REQUIRE(row["spend"_f][at].second == part.sum);
            REQUIRE(monoids.rows[r]["spend"_f][at].second == part.sum);
            REQUIRE(monoids.rows[r]["most"_f][at].second == part.most);
            REQUIRE(monoids.rows[r]["last"_f][at].second == part.last);
            ++at;
        }
    }
}
