#include "onefold/engine/event_order.hpp"

#include <algorithm>
#include <limits>

#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

struct WithId {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().id<&Event::maybe_id>(),
                        onefold::by<&Event::account>("last"_f = onefold::last(amount).over(1_h)));
};
struct WithoutId {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                        onefold::by<&Event::account>("last"_f = onefold::last(amount).over(1_h),
                                                     "n"_f = onefold::count().where(fraud == true).over(1_h)),
                        onefold::derive("double"_f = cents * 2));
};

Event event(std::int64_t time, std::optional<std::int64_t> id, double value = 0) {
    Event e;
    e.at.micros = time;
    e.maybe_id = id;
    e.amount = value;
    return e;
}
template <class Def>
bool before(const Event& a, const Event& b) {
    const bool less = onefold::engine::event_order<Def>(a, b) < 0;
    if (less) CHECK((onefold::engine::event_order<Def>(b, a) > 0));
    return less;
}

} // namespace

TEST_CASE("events are ordered by time, then id, then content") {
    CHECK(before<WithId>(event(1, 9, 9), event(2, 1, 1)));
    CHECK(before<WithId>(event(1, 1, 9), event(1, 2, 1)));
    CHECK(before<WithId>(event(1, std::nullopt), event(1, -5)));
    CHECK(before<WithId>(event(1, 1, 3), event(1, 1, 4)));
    CHECK((onefold::engine::event_order<WithId>(event(1, 1, 3), event(1, 1, 3)) == 0));
}

TEST_CASE("content is everything the definition reads: keys, arguments, conditions and fields of derived features") {
    auto a = event(1, {}), b = a;
    b.account = 1;
    CHECK(before<WithoutId>(a, b));
    b = a;
    b.fraud = true;
    CHECK(before<WithoutId>(a, b));
    b = a;
    b.cents = 1;
    CHECK(before<WithoutId>(a, b));
    b = a;
    b.tag = "nobody reads it";
    CHECK((onefold::engine::event_order<WithoutId>(a, b) == 0));
}

TEST_CASE("contents that look alike have one order") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(before<WithoutId>(event(1, {}, -0.0), event(1, {}, 0.0)));
    CHECK(before<WithoutId>(event(1, {}, std::numeric_limits<double>::infinity()), event(1, {}, nan)));
    CHECK((onefold::engine::event_order<WithoutId>(event(1, {}, nan), event(1, {}, -nan)) == 0));
}
