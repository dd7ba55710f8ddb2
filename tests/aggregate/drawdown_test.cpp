#include "onefold/aggregate/drawdown.hpp"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "onefold/onefold.hpp"
#include "support/catch.hpp"

namespace drawdown_test {

template <class V> using Fall = onefold::accumulate::Fall<V>;
using Real = std::numeric_limits<double>;

template <class V>
typename Fall<V>::State state_of(const std::vector<V>& values) {
    typename Fall<V>::State state;
    for (const V value : values) Fall<V>::add(state, value);
    return state;
}
template <class V>
std::string bytes_of(const typename Fall<V>::State& state) {
    onefold::ByteWriter writer;
    Fall<V>::save(state, writer);
    return writer.take();
}
double fall_of(const std::vector<double>& values) { return state_of(values).fall; }
std::uint64_t fall_of(const std::vector<std::int64_t>& values) { return state_of(values).fall; }

struct Price {
    std::int64_t id;
    std::int64_t cents;
    double price;
    onefold::Time at;
};
using namespace onefold::literals;
struct Prices {
    static constexpr auto definition = onefold::define(
        onefold::stream<Price>("prices").time<&Price::at>().id<&Price::id>(),
        onefold::by<>("cents"_f = onefold::drawdown(onefold::field<&Price::cents>).over(10_s),
                      "price"_f = onefold::drawdown(onefold::field<&Price::price>).over(10_s),
                      "before"_f = onefold::drawdown(onefold::field<&Price::price>).over(10_s).before_current(),
                      "each"_f =
                          onefold::drawdown(onefold::field<&Price::cents>).per(onefold::field<&Price::id>).over(10_s)));
};

} // namespace drawdown_test
using namespace drawdown_test;

TEST_CASE("drawdown: the greatest fall from a value to a later one") {
    CHECK(fall_of(std::vector<std::int64_t>{5}) == 0);
    CHECK(fall_of(std::vector<std::int64_t>{1, 2, 3}) == 0);
    CHECK(fall_of(std::vector<std::int64_t>{10, 4, 12, 5, 11}) == 7);
    CHECK(fall_of(std::vector<std::int64_t>{3, 9, 1, 5}) == 8);
    CHECK(fall_of(std::vector<std::int64_t>{INT64_MAX, INT64_MIN}) == UINT64_MAX);
    CHECK(fall_of(std::vector<double>{0.3, 0.1}) == 0.3 - 0.1);
    CHECK(fall_of(std::vector<double>{1e300, -0.5, 2.0}) == 1e300);
    CHECK(fall_of(std::vector<double>{Real::max(), -Real::max()}) == Real::infinity());
    CHECK(fall_of(std::vector<double>{Real::infinity(), Real::infinity()}) == 0.0);
    CHECK(fall_of(std::vector<double>{1.0, -Real::infinity(), -Real::infinity()}) == Real::infinity());
    CHECK_FALSE(std::signbit(fall_of(std::vector<double>{0.0, -0.0})));
    CHECK(state_of(std::vector<double>{1.0, Real::quiet_NaN(), 0.5}).nan);
}

TEST_CASE("drawdown: parts merged in order are the whole, byte for byte") {
    std::mt19937_64 random(8);
    for (int round = 0; round < 500; ++round) {
        std::vector<double> values;
        for (auto n = random() % 12; n > 0; --n) {
            const double special[] = {0.0, -0.0, Real::quiet_NaN(), Real::infinity(), -Real::infinity(), 1e300};
            values.push_back(random() % 5 == 0 ? special[random() % 6] : static_cast<double>(random() % 100) / 7);
        }
        Fall<double>::State merged;
        for (std::size_t i = 0; i < values.size();) {
            Fall<double>::State part;
            for (auto end = i + random() % 4; i < values.size() && i <= end; ++i) Fall<double>::add(part, values[i]);
            Fall<double>::merge(merged, part);
        }
        const auto whole = bytes_of<double>(state_of(values));
        REQUIRE(bytes_of<double>(merged) == whole);
        onefold::ByteReader reader(whole);
        const auto loaded = Fall<double>::load(reader);
        REQUIRE(reader.ok());
        REQUIRE(reader.at_end());
        REQUIRE(bytes_of<double>(loaded) == whole);
        for (std::size_t cut = 0; cut < whole.size(); ++cut) {
            onefold::ByteReader damaged(std::string_view(whole).substr(0, cut));
            Fall<double>::load(damaged);
            REQUIRE_FALSE(damaged.ok());
        }
    }
    // A fall greater than from the highest to the lowest value cannot be.
    auto state = state_of(std::vector<std::int64_t>{5, 3});
    state.fall = 3;
    const auto bytes = bytes_of<std::int64_t>(state);
    onefold::ByteReader damaged(bytes);
    CHECK_FALSE(Fall<std::int64_t>::load(damaged).any);
    CHECK_FALSE(damaged.ok());
}

TEST_CASE("drawdown: out of range is null and counted, NaN lasts as long as it is in the window") {
    onefold::Live<Prices> live;
    auto row = live.push({1, INT64_MAX, 2.5, {0}});
    CHECK(row["cents_10s"_f] == 0);
    CHECK(row["before_10s"_f] == std::nullopt);
    CHECK(live.overflows() == 0);
    row = live.push({2, -1, Real::quiet_NaN(), {1'000'000}});
    CHECK(row["cents_10s"_f] == std::nullopt);
    CHECK(live.overflows() == 1);
    CHECK(std::isnan(*row["price_10s"_f]));
    CHECK(row["before_10s"_f] == 0.0);
    CHECK(*row["each_10s"_f].find(1) == 0);
    row = live.push({3, 0, 1.0, {11'000'000}});
    CHECK(row["cents_10s"_f] == 0);
    CHECK(row["price_10s"_f] == 0.0);
    CHECK(std::isnan(*row["before_10s"_f]));
    CHECK(live.overflows() == 1);
}
