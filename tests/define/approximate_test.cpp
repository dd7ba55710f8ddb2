#include "onefold/define/approximate.hpp"

#include <cmath>

#include "onefold/adapter/text_file.hpp"
#include "onefold/plan/describe.hpp"
#include "onefold/run/backfill.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"

namespace approximate_test {

using namespace onefold::literals;

template <class Clause> using aggregate_of = typename Clause::aggregate;

struct Line {
    std::int64_t seq = 0;
    onefold::Time ts;
    std::string stock_code, country;
    std::int64_t quantity = 0;
    double unit_price = 0;
};
constexpr auto product = onefold::field<&Line::stock_code>;
constexpr auto quantity = onefold::field<&Line::quantity>;
constexpr auto price = onefold::field<&Line::unit_price>;

// Every approximate feature beside what it approximates.
struct Retail {
    static constexpr auto definition = onefold::define(
        onefold::stream<Line>("lines").time<&Line::ts>().id<&Line::seq>(),
        onefold::by<&Line::country>("p50"_f = onefold::median(price).over(1_h, 7_d),
                                    "approx_p50"_f = onefold::approx_quantile<0.5>(price).over(1_h, 7_d),
                                    "p99"_f = onefold::quantile<0.99>(quantity).over(7_d, 500_rows),
                                    "approx_p99"_f = onefold::approx_quantile<0.99, 0.05>(quantity).over(7_d, 500_rows),
                                    "products"_f = onefold::distinct(product).over(1_h, 7_d),
                                    "approx_products"_f = onefold::approx_distinct(product).over(1_h, 7_d),
                                    "lines"_f = onefold::count().over(1_h, 7_d),
                                    "approx_same"_f = onefold::approx_frequency<512, 3>(product).over(1_h, 7_d),
                                    "decayed"_f = onefold::decayed_sum<12_h>(price).over(7_d),
                                    "decayed_n"_f = onefold::decayed_count<12_h>().over(7_d),
                                    "decayed_mean"_f = onefold::decayed_mean<12_h>(price).over(7_d)),
        onefold::by<&Line::country, &Line::stock_code>("same"_f = onefold::count().over(1_h, 7_d)));
};

} // namespace approximate_test

template <>
struct onefold::schema<approximate_test::Line>
    : onefold::fields<&approximate_test::Line::seq, onefold::column<&approximate_test::Line::ts, "ts", milliseconds>,
                      &approximate_test::Line::stock_code, &approximate_test::Line::country,
                      &approximate_test::Line::quantity, &approximate_test::Line::unit_price> {
    static constexpr bool ignore_other_columns = true;
};

namespace approximate_test {

// The first lines of the example's real data.
const std::vector<Line>& lines() {
    static const auto all = [] {
        auto reader = onefold::csv("examples/data/online_retail.csv.gz").source<Line>();
        std::vector<Line> read;
        for (Line line; read.size() < 20'000 && reader.next(line);) read.push_back(line);
        return read;
    }();
    return all;
}
const onefold::Backfill<Retail>& features() {
    static const auto all = onefold::backfill<Retail>(lines());
    return all;
}

} // namespace approximate_test

using namespace approximate_test;

TEST_CASE("approximate verbs take what was written and nothing else") {
    using namespace onefold::aggregates;
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::approx_quantile<0.9>(price))>, ApproxQuantile<9, 10, 1, 100>>);
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::approx_quantile<0.5, 0.025>(quantity))>,
                         ApproxQuantile<5, 10, 25, 1000>>);
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::approx_distinct(product))>, ApproxDistinct<12>>);
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::approx_frequency(product))>, ApproxFrequency<2048, 4>>);
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::decayed_sum<90_s>(price))>, DecayedSum<90'000'000>>);
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::decayed_mean<onefold::Duration{7}>(price))>, DecayedMean<7>>);
    CHECK(ApproxFrequency<2048, 4>::needs_current);
    CHECK(onefold::detail::half_life_micros<30_min> == 1'800'000'000);
    for (const auto refused :
         {onefold::detail::half_life_micros<0_s>, onefold::detail::half_life_micros<10_rows>,
          onefold::detail::half_life_micros<onefold::lifetime>,
          onefold::detail::half_life_micros<onefold::Duration{-1}>, onefold::detail::half_life_micros<5>})
        CHECK(refused <= 0);
}

TEST_CASE("approximate clauses are explained, and share their accumulators, as exact ones do") {
    const auto description = onefold::describe<Retail>();
    const auto& entity = description.entities[0];
    const auto family = [&](std::string_view accumulator) {
        for (const auto& one : entity.families)
            if (one.accumulator == accumulator) return one;
        return onefold::FamilyDescription{};
    };
    CHECK(family("relative buckets").algebra == "group");
    CHECK(family("distinct sketch").algebra == "monoid");
    CHECK(family("count-min").algebra == "group");
    CHECK(family("decayed sum").algebra == "group");
    // The sum and the mean of one value with one half-life keep one sum; the count has weights of its own.
    CHECK(family("decayed sum").argument == "decayed<43200000000>(unit_price, event_time)");
    CHECK(family("decayed sum").clauses == std::vector<std::string>{"decayed", "decayed_mean"});
    CHECK(family("decayed weights").clauses == std::vector<std::string>{"decayed_n"});
    for (const auto& feature : entity.features) {
        if (feature.name == "approx_p99_7d") CHECK(feature.aggregate == "approx_quantile<99, 100, 5, 100>");
        if (feature.name == "decayed_7d") CHECK(feature.aggregate == "decayed_sum<43200000000>");
    }
}

// One test: each that stood alone would compute all the features once more.
TEST_CASE("approximate features of real sliding windows keep their bounds") {
    SECTION("quantiles are within the stated relative error of the exact ones") {
        double worst = 0;
        const auto compare = [&](double approximate, double exact, double alpha) {
            REQUIRE(std::abs(approximate - exact) <= alpha * std::abs(exact));
            if (exact != 0) worst = std::max(worst, std::abs(approximate - exact) / std::abs(exact) / alpha);
        };
        REQUIRE(features().rows.size() == lines().size());
        for (const auto& row : features().rows) {
            compare(*row["approx_p50_1h"_f], *row["p50_1h"_f], 0.01);
            compare(*row["approx_p50_7d"_f], *row["p50_7d"_f], 0.01);
            compare(*row["approx_p99_7d"_f], static_cast<double>(*row["p99_7d"_f]), 0.05);
            compare(*row["approx_p99_500rows"_f], static_cast<double>(*row["p99_500rows"_f]), 0.05);
        }
        CHECK(worst > 0.2); // the sketch is not exact by accident
    }

    SECTION("distinct counts are exact while few, then within the standard error") {
        double squares = 0, many = 0, few = 0, collided = 0;
        const auto compare = [&](std::int64_t approximate, std::int64_t exact) {
            const double error = static_cast<double>(approximate) / static_cast<double>(exact) - 1;
            if (exact <= 768) {
                // Of these 2408 products 90214G and 20794 have one prefix, and so have 90185D and M.
                REQUIRE(approximate <= exact);
                REQUIRE(approximate >= exact - 2);
                ++few;
                collided += approximate != exact;
            } else {
                REQUIRE(std::abs(error) < 4 * 1.04 / 64);
                squares += error * error, ++many;
            }
        };
        for (const auto& row : features().rows) {
            compare(row["approx_products_1h"_f], row["products_1h"_f]);
            compare(row["approx_products_7d"_f], row["products_7d"_f]);
        }
        REQUIRE(few > 5000);
        CHECK(collided < 0.05 * few);
        REQUIRE(many > 5000);
        // Neighbouring windows share most of their values, so that this mean is over few independent ones.
        CHECK(std::sqrt(squares / many) < 1.5 * 1.04 / 64);
    }

    SECTION("frequencies are never too few and rarely too many") {
        double beyond = 0, above = 0;
        for (const auto& row : features().rows) {
            const auto check = [&](std::int64_t approximate, std::int64_t exact, std::int64_t n) {
                REQUIRE(approximate >= exact);
                above += approximate > exact;
                beyond += static_cast<double>(approximate - exact) > std::exp(1.0) / 512 * static_cast<double>(n);
            };
            check(*row["approx_same_1h"_f], row["same_1h"_f], row["lines_1h"_f]);
            check(*row["approx_same_7d"_f], row["same_7d"_f], row["lines_7d"_f]);
        }
        CHECK(beyond <= std::exp(-3.0) * 2 * static_cast<double>(features().rows.size()));
        CHECK(above > 0); // so small a sketch does collide
    }

    SECTION("decayed features are within their bounds of a direct sum") {
        const auto& order = features().order;
        for (std::size_t i = 0; i < order.size(); i += 97) {
            const Line& now = lines()[order[i]];
            long double sum = 0, magnitudes = 0, count = 0;
            for (const Line& line : lines()) {
                const auto age = now.ts.micros - line.ts.micros;
                if (line.country != now.country || age < 0 || age >= 7 * 86'400'000'000) continue;
                const auto weight = std::exp2(-static_cast<long double>(age) / 43'200'000'000);
                sum += weight * line.unit_price;
                magnitudes += weight * std::abs(line.unit_price);
                count += weight;
            }
            const auto& row = features().rows[i];
            // The direct sum itself errs by some 2^-60 of the magnitudes.
            REQUIRE(std::abs(*row["decayed_7d"_f] - sum) <= magnitudes * 0x1.01p-52L);
            REQUIRE(std::abs(row["decayed_n_7d"_f] - count) <= count * 0x1.01p-52L);
            REQUIRE(std::abs(*row["decayed_mean_7d"_f] - sum / count) <= magnitudes / count * 0x1.01p-51L);
        }
    }
}
