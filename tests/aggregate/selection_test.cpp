#include "onefold/aggregate/selection.hpp"

#include <cmath>
#include <limits>

#include "onefold/onefold.hpp"
#include "support/catch.hpp"

namespace selection_test {

using namespace onefold::literals;

struct Offer {
    std::int64_t id;
    std::optional<std::string> shop;
    std::optional<double> price;
    onefold::Time at;
};
constexpr auto shop = onefold::field<&Offer::shop>;
constexpr auto price = onefold::field<&Offer::price>;

struct Offers {
    static constexpr auto definition =
        onefold::define(onefold::stream<Offer>("offers").time<&Offer::at>().id<&Offer::id>().lateness(10_s),
                        onefold::by<>("cheapest"_f = onefold::arg_min(shop, price).over(onefold::lifetime),
                                      "dearest"_f = onefold::arg_max(shop, price).over(onefold::lifetime)));
};
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace selection_test

using namespace selection_test;

TEST_CASE("arg_min and arg_max answer for the earliest of equals, in canonical order and not in that of arrival") {
    onefold::Live<Offers> live;
    auto row = live.push({3, "third", 5.0, {2}});
    CHECK(row["cheapest_lifetime"_f] == "third");
    row = live.push({2, "second", 5.0, {1}});
    CHECK(row["cheapest_lifetime"_f] == "second");
    row = live.push({1, "first", 5.0, {1}}); // of one time, the smaller id is earlier
    CHECK(row["cheapest_lifetime"_f] == "first");
    row = live.push({4, "fourth", 5.0, {3}});
    CHECK(row["cheapest_lifetime"_f] == "first");
    CHECK(row["dearest_lifetime"_f] == "first");
    row = live.push({5, "fifth", 4.0, {3}});
    CHECK(row["cheapest_lifetime"_f] == "fifth");
    CHECK(row["dearest_lifetime"_f] == "first");
}

TEST_CASE("a null order is skipped, a null value answered as null, and NaN is the greatest") {
    onefold::Live<Offers> live;
    auto row = live.push({1, "unpriced", std::nullopt, {1}});
    CHECK_FALSE(row["cheapest_lifetime"_f]);
    CHECK_FALSE(row["dearest_lifetime"_f]);
    row = live.push({2, "zero", 0.0, {2}});
    CHECK(row["cheapest_lifetime"_f] == "zero");
    row = live.push({3, "minus zero", -0.0, {3}}); // below 0.0
    CHECK(row["cheapest_lifetime"_f] == "minus zero");
    CHECK(row["dearest_lifetime"_f] == "zero");
    row = live.push({4, "nan", not_a_number, {4}});
    CHECK(row["dearest_lifetime"_f] == "nan");
    row = live.push({5, "other nan", -not_a_number, {5}});
    CHECK(row["dearest_lifetime"_f] == "nan");
    row = live.push({6, std::nullopt, -1.0, {6}});
    CHECK_FALSE(row["cheapest_lifetime"_f]);
    CHECK(std::is_same_v<decltype(row["cheapest_lifetime"_f]), std::optional<std::string>>);
}
