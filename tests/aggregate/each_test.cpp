#include "onefold/aggregate/each.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "onefold/onefold.hpp"
#include "support/catch.hpp"

namespace each_test {

using namespace onefold::literals;

struct Visit {
    std::int64_t id;
    std::optional<std::array<double, 2>> embedding;
    std::array<std::int64_t, 2> counts;
    onefold::Time at;
};
constexpr auto embedding = onefold::field<&Visit::embedding>;
constexpr auto counts = onefold::field<&Visit::counts>;

struct Visits {
    static constexpr auto definition =
        onefold::define(onefold::stream<Visit>("visits").time<&Visit::at>().id<&Visit::id>(),
                        onefold::by<>("mean"_f = onefold::mean(onefold::each(embedding)).over(10_s),
                                      "max"_f = onefold::max(onefold::each(embedding)).over(10_s),
                                      "z"_f = onefold::zscore(onefold::each(counts)).over(10_s),
                                      "sum"_f = onefold::sum(onefold::each(counts)).over(10_s)),
                        onefold::derive("second"_f = onefold::element<1>("mean_10s"_f)));
};

using Pair = std::array<std::int64_t, 2>;
using Sums = onefold::accumulate::Elements<Pair, onefold::accumulate::Sum<std::int64_t>>;
using Least = onefold::accumulate::Elements<Pair, onefold::accumulate::Least<std::int64_t>>;
static_assert(onefold::GroupAccumulator<Sums>);
static_assert(onefold::MonoidAccumulator<Least>);

template <class A>
std::string bytes_of(const typename A::State& state) {
    onefold::ByteWriter writer;
    A::save(state, writer);
    return writer.take();
}

} // namespace each_test
using namespace each_test;

TEST_CASE("each: an array of results, element by element; an array that is null is skipped whole") {
    onefold::Live<Visits> live;
    auto row = live.push({1, std::nullopt, {1, 5}, {1}});
    using Results = std::array<std::optional<double>, 2>;
    CHECK(std::is_same_v<decltype(row["mean_10s"_f]), Results>);
    CHECK(row["mean_10s"_f] == Results{});
    CHECK(row["max_10s"_f] == Results{});
    CHECK(row["z_10s"_f] == Results{}); // one value
    row = live.push({2, {{1.0, -2.0}}, {3, 5}, {2}});
    row = live.push({3, {{2.0, std::numeric_limits<double>::quiet_NaN()}}, {5, 5}, {3}});
    CHECK(row["mean_10s"_f][0] == 1.5);
    CHECK(std::isnan(*row["mean_10s"_f][1]));
    CHECK(std::isnan(*row["second"_f]));
    CHECK(row["max_10s"_f][0] == 2.0);
    CHECK(row["z_10s"_f] == Results{1.0, std::nullopt}); // the second elements are all equal
    CHECK(row["sum_10s"_f] == std::array<std::optional<std::int64_t>, 2>{9, 15});
    row = live.push({4, {{4.0, 1.0}}, {0, 0}, {10'000'004}}); // the first four arrays have left
    CHECK(row["mean_10s"_f] == Results{4.0, 1.0});
}

TEST_CASE("each: every element whose sum leaves its type is null and is counted") {
    onefold::Live<Visits> live;
    live.push({1, std::nullopt, {INT64_MAX, INT64_MIN}, {1}});
    CHECK(live.overflows() == 0);
    auto row = live.push({2, std::nullopt, {1, 1}, {2}});
    CHECK(live.overflows() == 1);
    CHECK(row["sum_10s"_f] == std::array<std::optional<std::int64_t>, 2>{std::nullopt, INT64_MIN + 1});
    live.push({3, std::nullopt, {1, -2}, {3}});
    CHECK(live.overflows() == 3);
}

TEST_CASE("each: states are merged, taken apart and loaded element by element") {
    Sums::State state{}, other{};
    Sums::add(state, {1, 10});
    Sums::add(other, {5, -3});
    Sums::merge(state, other);
    CHECK(state[0].exact() == 6);
    CHECK(state[1].exact() == 7);
    Sums::unmerge(state, other);
    Sums::subtract(state, {1, 10});
    CHECK(bytes_of<Sums>(state) == bytes_of<Sums>(Sums::State{}));

    Least::State least{}, later{};
    CHECK_FALSE(least[0]);
    Least::add(least, {4, 4});
    Least::add(later, {5, 3});
    Least::merge(least, later);
    CHECK(least == Least::State{4, 3});
    Least::merge(later, Least::State{});
    CHECK(later == Least::State{5, 3});
    const auto bytes = bytes_of<Least>(least);
    onefold::ByteReader reader(bytes);
    CHECK(Least::load(reader) == least);
    CHECK(reader.at_end());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        onefold::ByteReader damaged(std::string_view(bytes).substr(0, cut));
        CHECK(Least::load(damaged) == Least::State{});
        CHECK_FALSE(damaged.ok());
    }
}
