#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// One candidate queue per window end: least, greatest, oldest and newest of every type, per enum key.
struct Selection {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::channel>(
            "min"_f = onefold::min(amount).over(10_us, 40_us, onefold::lifetime),
            "max"_f = onefold::max(amount).over(10_us, 40_us, onefold::lifetime),
            "min_text"_f = onefold::min(tag).over(10_us), "max_time"_f = onefold::max(at).over(40_us).before_current(),
            "max_channel"_f = onefold::max(account).where(amount < 10.0).over(10_us, onefold::lifetime),
            "first"_f = onefold::first(tip).over(10_us, onefold::lifetime),
            "last"_f = onefold::last(tip).where(fraud == true).over(10_us, onefold::lifetime),
            "first_text"_f = onefold::first_non_null(note).over(10_us, onefold::lifetime),
            "last_weight"_f = onefold::last_non_null(tip).over(10_us),
            "before"_f = onefold::last(amount).over(10_us, onefold::lifetime).before_current(),
            "gap"_f = onefold::time_since_last().over(10_us, onefold::lifetime).before_current(),
            "gap_big"_f = onefold::time_since_last().where(amount > 5.0).over(40_us).before_current()));
};

const Registered<Selection> selection("Selection");
const RegisteredChanges<Selection> changed_selection("Selection");

} // namespace
