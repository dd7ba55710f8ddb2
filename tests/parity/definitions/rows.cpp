#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// The newest N events up to the event itself, with every algebra, per composite key.
struct Rows {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::account, &Event::fraud>(
            "n"_f = onefold::count().over(1_rows, 5_rows), "sum"_f = onefold::sum(amount).over(1_rows, 5_rows, 40_us),
            "some"_f = onefold::sum(tip).where(amount > 0.0).over(3_rows),
            "min"_f = onefold::min(amount).over(2_rows, 5_rows, 10_us), "first"_f = onefold::first(tip).over(3_rows),
            "tags"_f = onefold::distinct(tag).over(4_rows), "median"_f = onefold::median(cents).over(5_rows),
            "order"_f = onefold::aggregate<Sequence>(cents).over(4_rows, 10_us),
            "parity"_f = onefold::aggregate<Parity>(cents).over(4_rows),
            "before"_f = onefold::last(amount).over(3_rows).before_current(),
            "late"_f = onefold::sum(amount).over(3_rows).delayed(10_us), "z"_f = onefold::zscore(amount).over(5_rows)));
};

const Registered<Rows> rows("Rows");
const RegisteredChanges<Rows> changed_rows("Rows");

} // namespace
