#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// The value beside the least or greatest of another field, with ties, nulls on both sides and NaN, per enum key.
struct Arguments {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
                        onefold::by<&Event::channel>(
                            "cheapest"_f = onefold::arg_min(serial, pieces).over(10_us, 40_us, onefold::lifetime),
                            "dearest"_f = onefold::arg_max(serial, pieces).over(10_us, 40_us, onefold::lifetime),
                            "least_amount"_f = onefold::arg_min(note, amount).over(10_us, onefold::lifetime),
                            "most_amount"_f = onefold::arg_max(tip, amount).where(fraud == false).over(40_us, 4_rows),
                            "least_tip"_f = onefold::arg_min(tag, tip).over(10_us, onefold::lifetime).before_current(),
                            "most_points"_f = onefold::arg_max(points, points + 0).over(10_us).delayed(7_us)));
};
// Without ids, the pairs order ties among others.
struct ArgumentsWithoutId {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::maybe_at>().lateness(15_us),
        onefold::by<&Event::account>("first"_f = onefold::arg_min(serial, serial).over(3_rows, 10_us),
                                     "last"_f = onefold::arg_max(note, returned).over(10_us, onefold::lifetime)));
};

const Registered<Arguments> arguments("Arguments");
const Registered<ArgumentsWithoutId> arguments_without_id("ArgumentsWithoutId");
const RegisteredChanges<Arguments> changed_arguments("Arguments");
const RegisteredChanges<ArgumentsWithoutId> changed_arguments_without_id("ArgumentsWithoutId");

} // namespace
