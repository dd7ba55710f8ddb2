#include <chrono>

#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// No id: content orders ties, serial first. The time can be null, some events are filtered, features are derived.
struct WithoutId {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events")
            .time<&Event::maybe_at>()
            .lateness(std::chrono::microseconds(15))
            .where(amount < 25.0),
        onefold::by<&Event::account>(
            "serial"_f = onefold::last(serial).over(10_us, onefold::lifetime),
            "order"_f = onefold::aggregate<Sequence>(pieces).over(3_rows, 40_us, onefold::lifetime),
            "parity"_f = onefold::aggregate<Parity>(points).over(10_us, onefold::lifetime),
            "even"_f =
                onefold::sum(cents).where([](const Event& e) { return e.id % 2 == 0; }).over(10_us, onefold::lifetime),
            "third"_f = onefold::sum(cents).where([](const Event& e) { return e.id % 3 == 0; }).over(10_us),
            "total"_f = onefold::sum(amount * 2.0 - weight).over(10_us),
            "nets"_f = onefold::max(coalesce(tip, 0.0) - amount).over(10_us),
            "rate"_f = onefold::rate<60>().where(fraud == true).over(40_us)),
        onefold::derive("share"_f = "even_10us"_f / "even_lifetime"_f, "above"_f = "share"_f > 0.5 && amount > 1.0,
                        "more"_f = if_else("above"_f, "even_10us"_f + pieces, "third_10us"_f),
                        "events"_f = "rate_40us"_f * 40 / 60));
};

const Registered<WithoutId> without_id("WithoutId");

} // namespace
