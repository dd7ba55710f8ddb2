#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// The ends of a window in canonical order, and how its values are spread, per key.
struct Sequences {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::account>(
            "first"_f = onefold::first_n<3>(tip).over(10_us, 5_rows, onefold::lifetime),
            "last"_f = onefold::last_n<3>(tip).over(10_us, 5_rows, onefold::lifetime),
            "tags"_f = onefold::last_n<2>(note).where(amount > 0.0).over(40_us, onefold::lifetime).before_current(),
            "lag"_f = onefold::lag<1>(points).over(10_us, 3_rows, onefold::lifetime),
            "last_one"_f = onefold::lag<0>(note).over(10_us),
            "before"_f = onefold::lag<2>(amount).where(fraud == false).over(40_us).before_current()),
        onefold::by<&Event::region>(
            "amounts"_f = onefold::histogram<-5, 0.0, 0.1, 10>(amount).over(10_us, 40_us, onefold::lifetime),
            "cents"_f = onefold::histogram<-0x1p63, -9.5, 1, 2.5, 9'223'372'036'854'775'807, 1e300>(cents).over(40_us),
            "tips"_f = onefold::histogram<9'007'199'254'740'993>(tip).over(40_us).before_current(),
            "weights"_f = onefold::histogram<0>(weight).where(fraud == true).over(10_us, 3_rows),
            "frauds"_f = onefold::histogram<1>(fraud).over(10_us),
            "mode"_f = onefold::mode(amount).over(10_us, 40_us, onefold::lifetime),
            "note"_f = onefold::mode(note).over(40_us)));
};

const Registered<Sequences> sequences("Sequences");
const RegisteredChanges<Sequences> changed_sequences("Sequences");

} // namespace
