#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Element by element over arrays, of which some are null, and whole arrays as values.
struct Elements {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::account>(
            "sum"_f = onefold::sum(each(embedding)).over(10_us, 40_us, onefold::lifetime),
            "mean"_f = onefold::mean(each(embedding)).over(10_us, 40_us),
            "sd"_f = onefold::stddev(each(counters)).over(40_us),
            "total"_f = onefold::sum(each(counters)).where(fraud == false).over(10_us, 4_rows, onefold::lifetime),
            "min"_f = onefold::min(each(counters)).over(10_us, onefold::lifetime),
            "max"_f = onefold::max(each(embedding)).over(40_us).before_current(),
            "z"_f = onefold::zscore(each(counters)).over(40_us).before_current(),
            "fall"_f = onefold::drawdown(each(counters)).over(10_us, onefold::lifetime),
            "spread"_f = onefold::histogram<0, 0.5>(each(embedding)).over(40_us)),
        onefold::by<>("mean_per"_f = onefold::mean(each(counters)).per(region).over(40_us),
                      "sum_per"_f = onefold::sum(each(counters)).per(channel).over(40_us),
                      "least"_f = onefold::min(each(embedding)).per(fraud).over(10_us, onefold::lifetime),
                      "nearest"_f = onefold::arg_min(embedding, amount).over(40_us),
                      "last"_f = onefold::last_n<2>(counters).over(10_us),
                      "different"_f = onefold::distinct(embedding).over(40_us)),
        onefold::derive("first"_f = element<0>("mean_10us"_f) + 1.0));
};

const Registered<Elements> elements("Elements");
const RegisteredChanges<Elements> changed_elements("Elements");

} // namespace
