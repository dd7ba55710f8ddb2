#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Null, zero and missing: optional fields of every kind under conditions, per string key.
struct Nullable {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::shop>(
            "tips"_f = onefold::count(tip).over(10_us, onefold::lifetime),
            "tip"_f = onefold::sum(tip).over(10_us, 40_us, onefold::lifetime),
            "tip_mean"_f = onefold::mean(tip).where(amount > 0.0).over(40_us),
            "tip_sd"_f = onefold::stddev(tip).where(amount > 0.0 || is_null(region)).over(40_us, onefold::lifetime),
            "tip_z"_f = onefold::zscore(tip).over(40_us),
            "big_z"_f = onefold::zscore(amount).where(amount > 5.0).over(40_us),
            "points"_f = onefold::sum(points).where(tag == "a").over(40_us),
            "points_varp"_f = onefold::variance_population(points).over(40_us),
            "returns"_f = onefold::count_if(returned == true).over(10_us, 40_us),
            "return_rate"_f = onefold::mean(returned).over(40_us),
            "notes"_f = onefold::count(note).where(!(tip > 1.0)).over(onefold::lifetime),
            "least_tip"_f = onefold::min(tip).where(fraud == false).over(10_us, onefold::lifetime)));
};

const Registered<Nullable> nullable("Nullable");
const RegisteredChanges<Nullable> changed_nullable("Nullable");

} // namespace
