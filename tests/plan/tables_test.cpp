#include "onefold/plan/tables.hpp"

#include "onefold/plan/plan.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;
using onefold::plan::none;

struct Shared {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>(),
        onefold::by<&Event::account>(
            "sum"_f = onefold::sum(amount).over(1_h, 1_d), "mean"_f = onefold::mean(amount).over(1_h),
            "sd"_f = onefold::stddev(amount).over(1_d), "some"_f = onefold::sum(amount).where(cents > 0).over(1_h),
            "same"_f = onefold::mean(amount).where(cents > 0).over(1_h), "tip"_f = onefold::sum(tip).over(1_h),
            "n"_f = onefold::count().over(1_h, 1_d)));
};
using P = onefold::plan::EntityPlan<Shared, 0>;
using Sum = onefold::accumulate::Sum<double>;
template <std::size_t C, class A = Sum> constexpr std::size_t family = P::template family_of<C, A>;

struct Selected {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                        onefold::by<&Event::account>(
                            "min"_f = onefold::min(amount).over(1_h, 1_d, 5_rows),
                            "max"_f = onefold::max(amount).over(1_h).before_current(),
                            "even"_f = onefold::count().where([](const Event& e) { return e.id % 2 == 0; }).over(1_h),
                            "odd"_f = onefold::count().where([](const Event& e) { return e.id % 2 != 0; }).over(1_h)));
};
using Q = onefold::plan::EntityPlan<Selected, 0>;

struct Groups {
    static constexpr auto definition = onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                                                       onefold::by<>("sum"_f = onefold::sum(amount).over(1_h)));
};

} // namespace

TEST_CASE("clauses of one field share one accumulator, and one column of the log") {
    CHECK(family<0> == family<1>);
    CHECK(family<0> == family<2>);
    CHECK(family<2, onefold::accumulate::Squares<double>> != family<0>);
    // The condition makes another set, which the two clauses that have it share.
    CHECK(family<3> != family<0>);
    CHECK(family<3> == family<4>);
    CHECK(family<5> != family<0>);
    const auto& t = P::tables;
    CHECK(t.column_of_family[family<0>] == t.column_of_family[family<3>]);
    CHECK(t.column_of_family[family<0>] == t.column_of_family[family<2, onefold::accumulate::Squares<double>>]);
    CHECK(t.column_of_family[family<5>] != t.column_of_family[family<0>]);
    CHECK(t.column_count == 2); // amount and tip
}

TEST_CASE("windows are shared by length and bounds, each family with a slot for each that somebody asks of it") {
    const auto& t = P::tables;
    CHECK(t.window_count == 2);
    CHECK(t.end_count == 1);
    CHECK(t.slot_count[family<0>] == 2);
    CHECK(t.slot_count[family<2, onefold::accumulate::Squares<double>>] == 1);
    CHECK(t.slot_count[family<3>] == 1);
    const auto hour = t.window_of[0], day = t.window_of[1];
    CHECK(hour != day);
    CHECK(t.slot_of_window[family<0>][hour] != t.slot_of_window[family<0>][day]);
    CHECK(t.slot_of_window[family<3>][day] == none);
    CHECK(t.windows[hour].from == 3'599'999'999);
    CHECK(t.windows[day].from == 86'399'999'999);

    CHECK(Q::tables.window_count == 4);
    CHECK(Q::tables.end_count == 3); // up to now, up to the row, before now
}

TEST_CASE("conditions and nulls are presence bits; a condition of the user's own is shared with nobody") {
    CHECK(P::tables.bit_count == 2); // cents > 0; tip is not null
    CHECK(P::tables.bit_of_family[family<0>] == none);
    CHECK(P::tables.bit_of_family[family<3>] != none);
    CHECK(P::tables.bit_of_family[family<3>] != P::tables.bit_of_family[family<5>]);
    CHECK(Q::tables.bit_count == 2);
}

TEST_CASE("the order inside ties matters only where somebody looks at it") {
    CHECK(Q::order_matters);
    CHECK_FALSE(onefold::plan::EntityPlan<Groups, 0>::order_matters);
    CHECK_FALSE(P::order_matters);
}
