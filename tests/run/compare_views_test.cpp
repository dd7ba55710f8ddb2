#include "onefold/run/compare_views.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "support/catch.hpp"

namespace compare_views_test {

using namespace onefold::literals;

struct Sale {
    std::int64_t id, shop;
    double price;
    onefold::Time at;
};
struct Shops {
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(100_us),
        onefold::by<&Sale::shop>("n"_f = onefold::count().over(10_us),
                                 "before"_f = onefold::max(onefold::field<&Sale::price>).over(10_us).before_current(),
                                 "dear"_f = onefold::count().where(onefold::field<&Sale::price> > 5.0).over(10_us)));
};

} // namespace compare_views_test
using namespace compare_views_test;

// By hand. Sale 3 of shop 1 comes after the rows of sales 1 and 2 have been served: it is before sale 2 and, by its
// time, a tie of sale 1. Sale 4 is of another shop, sale 5 comes after its window, sale 6 is too late.
TEST_CASE("the report counts rows, distances and the late events that made them") {
    onefold::Arrivals<Shops> arrivals;
    arrivals.push(Sale{1, 1, 2.0, {100}}, {1'000});
    arrivals.push(Sale{2, 1, 1.0, {105}}, {1'000});
    arrivals.reject();
    arrivals.push(Sale{3, 1, 9.5, {100}}, {1'000});
    arrivals.push(Sale{4, 2, 1.0, {101}}, {1'000});
    arrivals.push(Sale{5, 1, 1.0, {300}}, {1'000});
    arrivals.push(Sale{6, 1, 7.0, {104}}, {1'000});

    // n: 1 and 2 instead of 2 and 3. before: sale 2 saw 2.0 instead of 9.5. dear: 0 instead of 1, twice.
    const auto report = onefold::compare_views<Shops>(arrivals);
    CHECK(report.rows == 5);
    CHECK(report.different == 2);
    REQUIRE(report.features.size() == 3);
    CHECK(report.features[0].name == "n_10us");
    CHECK(report.features[0].rows == 2);
    CHECK(report.features[0].numbers == 2);
    CHECK(report.features[0].median == 1.0);
    CHECK(report.features[0].greatest == 1.0);
    CHECK(report.features[1].rows == 1);
    CHECK(report.features[1].nulls == 0);
    CHECK(report.features[1].greatest == 7.5);
    CHECK(report.features[2].rows == 2);
    CHECK(report.late == 1);
    CHECK(report.causes == 1);
    REQUIRE(report.events.size() == 1);
    CHECK(report.events[0].position == 3);
    CHECK(report.events[0].time.micros == 100);
    CHECK(report.events[0].rows == 2);
    CHECK(report.otherwise == 0);
    CHECK(report.account == onefold::Account{7, 5, 1, 0, 1, 0, 0});

    // With all events as the truth sale 6 changes sale 2 (n, dear; before it is null no more) and nothing before it.
    const auto all = onefold::compare_views<Shops>(arrivals, {.arrival = onefold::Arrival::any, .events = 1});
    CHECK(all.rows == 5);
    CHECK(all.features[0].greatest == 2.0);
    CHECK(all.causes == 2);
    REQUIRE(all.events.size() == 1);
    CHECK(all.events[0].position == 3);

    const auto json = nlohmann::json::parse(to_json(report));
    CHECK(json["rows"] == 5);
    CHECK(json["share"] == 0.4);
    CHECK(json["features"][1]["median"] == 7.5);
    CHECK(json["features"][1]["share"] == 0.2);
    CHECK(json["events"][0]["position"] == 3);
    CHECK(json["account"]["rejected"] == 1);
    const auto text = to_text(report);
    CHECK(text.starts_with("views: 5 rows, 2 differ (40.00 %); 1 events came late, 1 of them changed rows\n"
                           "arrival: 5 applied, 1 late, 0 duplicate, 1 rejected, 0 filtered\n"));
    CHECK(text.ends_with("late event at position 3, of 1970-01-01T00:00:00.0001Z: changed 2 rows\n"));
    CHECK(to_text(onefold::compare_views<Shops>({})).starts_with("views: 0 rows, 0 differ (0.00 %)"));
}

TEST_CASE("distances are exact at the ends of integers, and what is not a number is above all") {
    using onefold::run::distance;
    CHECK(distance(INT64_MIN, INT64_MAX) == 0x1p64);
    CHECK(distance(std::int64_t{-3}, std::int64_t{4}) == 7.0);
    CHECK(distance(std::uint64_t{0}, UINT64_MAX) == 0x1p64);
    CHECK(distance(0.0, -0.0) == 0.0);
    const auto infinity = std::numeric_limits<double>::infinity();
    CHECK(distance(infinity, infinity) == 0.0);
    CHECK(distance(infinity, 1.0) == infinity);
    std::vector<double> distances{3.0, std::nan(""), 1.0, 2.0};
    onefold::FeatureDifference difference;
    onefold::run::summarize(distances, difference);
    CHECK(difference.median == 2.0);
    CHECK(std::isnan(difference.greatest));
    distances = {5.0, 1.0};
    onefold::run::summarize(distances, difference);
    CHECK(difference.median == 1.0);
    CHECK(difference.greatest == 5.0);
}
