#include "onefold/aggregate/ratio.hpp"

#include "onefold/onefold.hpp"
#include "support/catch.hpp"

namespace ratio_test {

using namespace onefold::literals;

struct Sale {
    std::int64_t id;
    std::optional<double> discount;
    std::optional<std::int64_t> price;
    std::optional<bool> returned;
    onefold::Time at;
};
constexpr auto discount = onefold::field<&Sale::discount>;
constexpr auto price = onefold::field<&Sale::price>;
constexpr auto returned = onefold::field<&Sale::returned>;

struct Sales {
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>(),
        onefold::by<>("rebate"_f = onefold::ratio(discount, price).over(10_s),
                      "any"_f = onefold::any(returned).over(10_s), "all"_f = onefold::all(returned).over(10_s),
                      "share"_f = onefold::share(returned).over(10_s)));
};

} // namespace ratio_test
using namespace ratio_test;

TEST_CASE("a ratio is of the events that have both values, and null over zero") {
    onefold::Live<Sales> live;
    auto row = live.push({1, 0.1, std::nullopt, std::nullopt, {1}});
    CHECK(row["rebate_10s"_f] == std::nullopt);
    row = live.push({2, std::nullopt, 5, std::nullopt, {2}});
    CHECK(row["rebate_10s"_f] == std::nullopt);
    row = live.push({3, 0.25, 3, std::nullopt, {3}});
    CHECK(row["rebate_10s"_f] == 0.25 / 3);
    row = live.push({4, 0.5, -3, std::nullopt, {4}});
    CHECK(row["rebate_10s"_f] == std::nullopt);
    row = live.push({5, -1.0, 7, std::nullopt, {5}});
    CHECK(row["rebate_10s"_f] == -0.25 / 7); // 0.25 + 0.5 - 1.0, over 3 - 3 + 7
}

TEST_CASE("any, all and share of a condition look where it is not null") {
    onefold::Live<Sales> live;
    auto row = live.push({1, 0.1, 1, std::nullopt, {1}});
    CHECK(row["any_10s"_f] == std::nullopt);
    CHECK(row["all_10s"_f] == std::nullopt);
    CHECK(row["share_10s"_f] == std::nullopt);
    row = live.push({2, 0.1, 1, true, {2}});
    CHECK(row["any_10s"_f] == true);
    CHECK(row["all_10s"_f] == true);
    CHECK(row["share_10s"_f] == 1.0);
    row = live.push({3, 0.1, 1, false, {3}});
    CHECK(row["any_10s"_f] == true);
    CHECK(row["all_10s"_f] == false);
    CHECK(row["share_10s"_f] == 0.5);
    row = live.push({4, 0.1, 1, false, {10'000'002}}); // the true one has left
    CHECK(row["any_10s"_f] == false);
    CHECK(row["all_10s"_f] == false);
}
