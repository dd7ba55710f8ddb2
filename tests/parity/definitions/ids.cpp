#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Null ids are never duplicates; kept duplicates only order ties. Groups alone need no order inside ties.
struct NullIds {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::maybe_id>().lateness(15_us),
        onefold::by<&Event::account>("serial"_f = onefold::first(serial).over(10_us, 2_rows),
                                     "order"_f = onefold::aggregate<Sequence>(pieces).over(3_rows, 10_us)));
};
struct KeptDuplicates {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().keep_duplicates().lateness(15_us),
        onefold::by<&Event::tag>("n"_f = onefold::count().over(10_us, 3_rows),
                                 "last"_f = onefold::last(amount).over(10_us)));
};
struct GroupsAlone {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().lateness(15_us),
        onefold::by<&Event::account, &Event::region>("serials"_f = onefold::sum(serial).over(10_us),
                                                     "sum"_f = onefold::sum(amount).over(10_us, onefold::lifetime),
                                                     "tip"_f = onefold::mean(tip).over(10_us)));
};

const Registered<NullIds> null_ids("NullIds");
const Registered<KeptDuplicates> kept_duplicates("KeptDuplicates");
const Registered<GroupsAlone> groups_alone("GroupsAlone");

} // namespace
