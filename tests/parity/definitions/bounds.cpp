#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Open and closed starts, before the current event, delays, and two entities, one of them everything.
struct Bounds {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<>("n"_f = onefold::count().over(1_us, 10_us),
                      "closed"_f = onefold::count().over(10_us).including_start(),
                      "before"_f = onefold::sum(amount).over(10_us, onefold::lifetime).before_current(),
                      "between"_f = onefold::sum(amount).over(10_us).before_current().excluding_start(),
                      "open"_f = onefold::min(amount).over(10_us).excluding_start(),
                      "past"_f = onefold::mean(fraud).over(10_us, 40_us, onefold::lifetime).delayed(7_us),
                      "past_closed"_f = onefold::max(cents).over(10_us).including_start().delayed(25_us)),
        onefold::by<&Event::account>(
            "past_before"_f = onefold::last(amount).over(10_us, onefold::lifetime).before_current().delayed(3_us),
            "past_tags"_f = onefold::distinct(tag).over(10_us).delayed(7_us),
            "order"_f = onefold::aggregate<Sequence>(cents).over(40_us, onefold::lifetime).before_current(),
            "past_order"_f = onefold::aggregate<Sequence>(cents).over(onefold::lifetime).delayed(5_us)));
};

const Registered<Bounds> bounds("Bounds");
const RegisteredChanges<Bounds> changed_bounds("Bounds");

} // namespace
