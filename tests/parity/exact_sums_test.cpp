#include <limits>

#include "onefold/run/backfill.hpp"
#include "onefold/run/live.hpp"
#include "support/catch.hpp"

namespace {

using namespace onefold::literals;

struct Payment {
    std::int64_t id;
    double amount;
    onefold::Time at;
};
struct Sliding {
    static constexpr auto definition =
        onefold::define(onefold::stream<Payment>("payments").time<&Payment::at>().id<&Payment::id>().lateness(1_min),
                        onefold::by<>("sum"_f = onefold::sum(onefold::field<&Payment::amount>).over(10_s),
                                      "mean"_f = onefold::mean(onefold::field<&Payment::amount>).over(10_s),
                                      "sd"_f = onefold::stddev(onefold::field<&Payment::amount>).over(10_s)));
};

constexpr double big = 0x1p54;
constexpr double huge = 1e308;
const double a_nan = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

struct Step {
    std::int64_t second;
    double amount;
    double sum; // of the last ten seconds, worked out by hand
};

bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

void check(const std::vector<Step>& steps) {
    std::vector<Payment> payments;
    for (const auto& step : steps)
        payments.push_back({static_cast<std::int64_t>(payments.size()), step.amount, {step.second * 1'000'000}});
    const auto batch = onefold::backfill<Sliding>(payments);
    onefold::Live<Sliding> live;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto served = live.push(payments[i]);
        INFO("step " << i << ": live " << *served["sum_10s"_f] << ", batch " << *batch.rows[i]["sum_10s"_f]
                     << ", exactly " << steps[i].sum);
        CHECK(same(*served["sum_10s"_f], steps[i].sum));
        CHECK(same(*batch.rows[i]["sum_10s"_f], steps[i].sum));
        CHECK(served.first_difference(batch.rows[i]) == served.width);
    }
}

} // namespace

TEST_CASE("a value that swallows another leaves, and the other is still there") {
    // 2^54 + 1 has no double: the nearest even one is 2^54. When 2^54 has left, exactly 1 remains.
    check({{0, big, big}, {5, 1.0, big}, {10, 0.5, 1.5}, {16, 0.0, 0.5}});
    check({{0, 1.0, 1.0}, {1, big, big}, {2, 3.0, big + 4}, {10, 0.0, big + 4}, {11, 0.0, 3.0}});
}

TEST_CASE("a sum beyond the largest double comes back when one of its parts leaves") {
    check({{0, huge, huge}, {4, huge, infinity}, {10, 1.0, huge}, {14, 2.0, 3.0}});
    check({{0, huge, huge}, {1, huge, infinity}, {2, -huge, huge}, {10, 0.0, 0.0}, {11, 0.5, -huge}, {12, 0.25, 0.75}});
}

TEST_CASE("NaN and infinity leave no trace") {
    check({{0, 0.1, 0.1}, {2, a_nan, a_nan}, {5, 0.2, a_nan}, {11, 0.0, a_nan}, {12, 0.0, 0.2}, {15, 7.0, 7.0}});
    check({{0, infinity, infinity}, {1, 1.0, infinity}, {2, -infinity, a_nan}, {10, 0.0, -infinity}, {12, 0.0, 0.0}});
}

TEST_CASE("a tenth ten times is one, and nothing drifts") {
    // The exact sum of ten doubles 0.1 is 1 + 5.55e-17, whose nearest double is 1.
    std::vector<Step> steps;
    const double sums[] = {0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8,
                           0.9, 1.0};
    for (std::int64_t second = 0; second < 60; ++second)
        steps.push_back({second, 0.1, second < 10 ? sums[second] : 1.0});
    check(steps);
}
