// The promise as a test of yours: your definition, over events as your service gets them, in Catch2 (version 2 or 3).
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp> // link Catch2::Catch2WithMain
#else
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif

#include "onefold/onefold.hpp"
#include "onefold/run/parity.hpp"

using namespace onefold::literals;

struct Click {
    std::string id;
    std::optional<std::int64_t> user; // null before they have signed in
    std::optional<double> price;
    onefold::Time at;
};
constexpr auto price = onefold::field<&Click::price>;

struct Interest {
    static constexpr auto definition =
        onefold::define(onefold::stream<Click>("clicks").time<&Click::at>().id<&Click::id>().lateness(10_min),
                        onefold::by<&Click::user>("clicks"_f = onefold::count().over(10_min, 1_h),
                                                  "spread"_f = onefold::stddev(price).over(1_h, 20_rows),
                                                  "usual"_f = onefold::median(price).over(1_h).before_current()),
                        onefold::derive("dear"_f = price / "usual_1h"_f));
};

// What services get: ties, nulls, prices that differ by a factor of 10^14, the same click twice, and stragglers.
std::vector<Click> clicks() {
    std::vector<Click> all;
    for (std::int64_t i = 0; i < 3'000; ++i) {
        const auto cost = static_cast<double>(i % 11) * 1e9 + static_cast<double>(i % 5) * 1e-5;
        Click click{std::to_string(i), i % 7, cost, {i / 3 * 60'000'000}};
        if (i % 7 == 0) click.user.reset();
        if (i % 4 == 0) click.price.reset();
        if (i % 50 == 0) click.at.micros -= 5 * 60'000'000; // late, but within the 10 minutes
        if (i % 500 == 1) click.at.micros -= 3'600'000'000; // too late
        all.push_back(click);
        if (i % 100 == 0) all.push_back(click);
    }
    return all;
}

TEST_CASE("clicks have the same features in training and in service") {
    // Batch, live as the events arrived, live in other orders, sharded over threads: every row, every bit.
    const auto report = onefold::check_parity<Interest>(clicks());
    INFO(report.difference); // run, feature and key, both values in hex, and how few events suffice to see it
    CHECK(report.ok());
    CHECK(report.features == 6);
    // Nothing is lost in silence, so these can be expected to the last event.
    CHECK(report.account.in == 3'030);
    CHECK(report.account.duplicate == 30);
    CHECK(report.account.late == 6);
    CHECK(report.rows == report.account.applied);
}
