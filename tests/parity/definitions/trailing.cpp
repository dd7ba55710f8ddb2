#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Statistics of a field that is never null, per integer key: the arithmetic of every window is shared.
struct Trailing {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
                        onefold::by<&Event::account>(
                            "n"_f = onefold::count().over(10_us, 40_us, onefold::lifetime),
                            "sum"_f = onefold::sum(amount).over(10_us, 40_us, onefold::lifetime),
                            "mean"_f = onefold::mean(amount).over(10_us, 40_us),
                            "var"_f = onefold::variance(amount).over(10_us, onefold::lifetime),
                            "varp"_f = onefold::variance_population(amount).over(1_us, 40_us),
                            "sd"_f = onefold::stddev(amount).over(10_us, 40_us),
                            "sdp"_f = onefold::stddev_population(weight).over(10_us, 40_us),
                            "z"_f = onefold::zscore(amount).over(10_us, onefold::lifetime),
                            "cents"_f = onefold::sum(cents).over(10_us, onefold::lifetime),
                            "cents_sd"_f = onefold::stddev(cents).over(40_us),
                            "fraud_rate"_f = onefold::mean(fraud).over(40_us), "rate"_f = onefold::rate().over(7_us)));
};

const Registered<Trailing> trailing("Trailing");
const RegisteredChanges<Trailing> changed_trailing("Trailing");

} // namespace
