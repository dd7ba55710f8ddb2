#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Values that can leave again: distinct, ranks and frequencies of numbers, text and enums, per nullable key.
struct Multisets {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::region>(
            "accounts"_f = onefold::distinct(account).over(10_us, onefold::lifetime),
            "amounts"_f = onefold::distinct(amount).over(10_us, 40_us),
            "notes"_f = onefold::distinct(note).where(amount > 0.0).over(40_us),
            "p90"_f = onefold::quantile<0.9>(amount).over(40_us, onefold::lifetime),
            "p0"_f = onefold::quantile<0.0>(tip).over(10_us), "median"_f = onefold::median(tag).over(40_us),
            "top"_f = onefold::top<3>(amount).over(10_us, 40_us),
            "top_points"_f = onefold::top<2>(points).where(fraud == false).over(40_us).before_current(),
            "channels"_f = onefold::most_frequent<2>(channel).over(10_us, onefold::lifetime),
            "modes"_f = onefold::most_frequent<3>(pieces).over(40_us)));
};

const Registered<Multisets> multisets("Multisets");
const RegisteredChanges<Multisets> changed_multisets("Multisets");

} // namespace
