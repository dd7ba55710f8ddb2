#include "onefold/define/aggregates.hpp"

#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

template <class Clause> using aggregate_of = typename Clause::aggregate;

} // namespace

TEST_CASE("a quantile is the decimal that was written, not the nearest binary fraction") {
    using onefold::aggregates::Quantile;
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::quantile<0.9>(amount))>, Quantile<9, 10>>);
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::quantile<0.999>(amount))>, Quantile<999, 1000>>);
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::quantile<0.0>(amount))>, Quantile<0, 1>>);
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::quantile<1.0>(amount))>, Quantile<1, 1>>);
    CHECK(std::is_same_v<aggregate_of<decltype(onefold::median(amount))>, Quantile<5, 10>>);
    constexpr auto third = onefold::detail::decimal_fraction(1.0 / 3);
    CHECK(third.denominator == 1'000'000'000'000);
    CHECK(third.numerator == 333'333'333'333);
}

TEST_CASE("the words of a clause change what they say and nothing else") {
    constexpr auto usual = onefold::sum(amount).over(1_h, 2_d);
    CHECK(usual.window_count == 2);
    CHECK(usual.lengths[0].label.view() == "1h");
    CHECK(usual.lengths[1].label.view() == "2d");
    CHECK_FALSE(usual.bounds.before_current);
    CHECK(usual.bounds.delay == 0);
    constexpr auto words = usual.before_current().excluding_start().delayed(3_s);
    CHECK(words.bounds.before_current);
    CHECK(words.bounds.start == onefold::WindowBounds::Start::open);
    CHECK(words.bounds.delay == 3'000'000);
    CHECK(words.lengths[1].label.view() == "2d");
    constexpr auto other_order = onefold::sum(amount).delayed(3_s).excluding_start().before_current().over(1_h, 2_d);
    CHECK(other_order.bounds.before_current == words.bounds.before_current);
    CHECK(other_order.bounds.start == words.bounds.start);
    CHECK(other_order.bounds.delay == words.bounds.delay);
    CHECK(onefold::count().including_start().bounds.start == onefold::WindowBounds::Start::closed);
}

TEST_CASE("count_if is a count with a condition") {
    constexpr auto clause = onefold::count_if(amount > 1.0).over(1_h);
    CHECK(std::is_same_v<aggregate_of<decltype(clause)>, onefold::aggregates::Count>);
    CHECK_FALSE(std::is_same_v<typename decltype(clause)::filter_type, onefold::Always>);
}
