#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Aggregates whose values can leave again, for every sub key: null keys, null arguments, conditions.
struct PerKeyGroups {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::account>(
            "n"_f = onefold::count().per(channel).over(10_us, 40_us, onefold::lifetime),
            "n_tips"_f = onefold::count(tip).per(region).over(10_us, 3_rows),
            "returns"_f = onefold::count_if(returned == true).per(tag).over(10_us),
            "tips"_f = onefold::sum(tip).per(region).over(10_us, 40_us, onefold::lifetime),
            "cents"_f = onefold::sum(cents).per(shop).where(amount > 0.0).over(40_us),
            "mean"_f = onefold::mean(amount).per(fraud).over(10_us, onefold::lifetime).delayed(7_us),
            "sd"_f = onefold::stddev(points).per(note).over(40_us), "rate"_f = onefold::rate().per(channel).over(7_us),
            "notes"_f = onefold::distinct(note).per(region).over(10_us, onefold::lifetime)),
        onefold::by<>("varp"_f = onefold::variance_population(weight).per(account).over(40_us),
                      "p90"_f = onefold::quantile<0.9>(amount).per(region).over(40_us),
                      "top"_f = onefold::top<2>(points).per(fraud).over(10_us).before_current(),
                      "often"_f = onefold::most_frequent<2>(tag).per(at).over(5_us, 3_rows),
                      "mode"_f = onefold::mode(tag).per(region).over(40_us),
                      "spread"_f = onefold::histogram<0, 1.5>(tip).per(channel).over(10_us, onefold::lifetime),
                      "parity"_f = onefold::aggregate<Parity>(points).per(tag == "a").over(10_us, onefold::lifetime)));
};

// And those that find or order values.
struct PerKeyMonoids {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::account>(
            "min"_f = onefold::min(tip).per(region).over(10_us, 40_us, onefold::lifetime),
            "max"_f = onefold::max(amount).per(channel).where(fraud == false).over(10_us, 3_rows, onefold::lifetime),
            "first"_f = onefold::first(note).per(region).over(10_us, onefold::lifetime),
            "last"_f = onefold::last(points).per(fraud).over(40_us).before_current(),
            "last_note"_f = onefold::last_non_null(note).per(shop).over(10_us).delayed(3_us),
            "cheapest"_f = onefold::arg_min(serial, amount).per(region).over(10_us, onefold::lifetime),
            "dearest"_f = onefold::arg_max(note, tip).per(channel).over(40_us)),
        onefold::by<>("firsts"_f = onefold::first_n<2>(tip).per(region).over(10_us, onefold::lifetime),
                      "lasts"_f = onefold::last_n<2>(serial).per(account).over(10_us, 5_rows),
                      "lag"_f = onefold::lag<1>(points).per(channel).over(10_us, onefold::lifetime),
                      "order"_f = onefold::aggregate<Sequence>(cents).per(region).over(40_us, onefold::lifetime)));
};

const Registered<PerKeyGroups> per_key_groups("PerKeyGroups");
const Registered<PerKeyMonoids> per_key_monoids("PerKeyMonoids");
const RegisteredChanges<PerKeyGroups> changed_per_key_groups("PerKeyGroups");
const RegisteredChanges<PerKeyMonoids> changed_per_key_monoids("PerKeyMonoids");

} // namespace
