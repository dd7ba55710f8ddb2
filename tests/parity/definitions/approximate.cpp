#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Sketches: as group and as monoid, sparse and dense, of every type of field, per string key.
struct Sketches {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::shop>(
            "p90"_f = onefold::approx_quantile<0.9>(amount).over(10_us, 40_us, onefold::lifetime),
            "p50"_f = onefold::approx_quantile<0.5>(amount).where(fraud == false).over(40_us).before_current(),
            "p0"_f = onefold::approx_quantile<0.0, 0.25>(tip).over(10_us, 4_rows),
            "p75"_f = onefold::approx_quantile<0.75, 0.0001>(weight).over(40_us),
            "cents"_f = onefold::approx_quantile<0.5, 0.02>(cents).over(40_us, onefold::lifetime),
            "pieces"_f = onefold::approx_quantile<1.0>(pieces).over(10_us),
            "amounts"_f = onefold::approx_distinct<4>(amount).over(10_us, 40_us, onefold::lifetime),
            "notes"_f = onefold::approx_distinct<4>(note).where(amount > 0.0).over(40_us, 7_rows),
            "accounts"_f = onefold::approx_distinct(account).over(40_us, onefold::lifetime).before_current()),
        // Everything in one entity: sketches of many values.
        onefold::by<>("same_tag"_f = onefold::approx_frequency<4, 2>(tag).over(10_us, 40_us, onefold::lifetime),
                      "same_tip"_f = onefold::approx_frequency<3, 1>(tip).where(fraud == false).over(40_us, 6_rows),
                      "same_before"_f = onefold::approx_frequency(account).over(40_us).before_current(),
                      "serials"_f = onefold::approx_distinct<4>(serial).over(40_us, onefold::lifetime),
                      "times"_f = onefold::approx_distinct<5>(at).over(onefold::lifetime).delayed(7_us)));
};

// Decay with half-lives from shorter than a tick between events to longer than every window.
struct Decays {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::account>(
            "sum"_f = onefold::decayed_sum<3_us>(amount).over(10_us, 40_us, onefold::lifetime),
            "mean"_f = onefold::decayed_mean<3_us>(amount).over(40_us, onefold::lifetime),
            "tip"_f = onefold::decayed_sum<7_us>(tip).where(fraud == false).over(40_us, 5_rows),
            "tip_mean"_f = onefold::decayed_mean<1_us>(tip).over(onefold::lifetime).before_current(),
            "cents"_f = onefold::decayed_sum<1_us>(cents).over(onefold::lifetime).delayed(7_us),
            "cents_mean"_f = onefold::decayed_mean<1000_us>(cents).over(10_us),
            "frauds"_f = onefold::decayed_mean<5_us>(fraud).over(40_us),
            "n"_f = onefold::decayed_count<1_us>().over(10_us, onefold::lifetime),
            "recent"_f = onefold::decayed_count<1_h>().where(amount > 0.0).over(40_us).before_current()));
};

const Registered<Sketches> sketches("Sketches");
const Registered<Decays> decays("Decays");
const RegisteredChanges<Sketches> changed_sketches("Sketches");
const RegisteredChanges<Decays> changed_decays("Decays");

} // namespace
