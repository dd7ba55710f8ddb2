#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Quotients of sums of every pair of types, and conditions over a window, per key.
struct Ratios {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::account>(
            "real"_f = onefold::ratio(amount, tip).over(10_us, 40_us, onefold::lifetime),
            "whole"_f = onefold::ratio(cents, pieces).where(fraud == false).over(10_us, onefold::lifetime),
            "mixed"_f = onefold::ratio(tip, points).over(40_us).before_current(),
            "other"_f = onefold::ratio(points, weight).over(5_rows),
            "rate"_f = onefold::ratio(fraud, pieces + 4).over(40_us).delayed(7_us),
            "any"_f = onefold::any(amount > 5.0).over(10_us, onefold::lifetime),
            "all"_f = onefold::all(returned).over(10_us, 40_us, onefold::lifetime),
            "any_tip"_f = onefold::any(tip > 1.0).where(fraud == true).over(3_rows).before_current(),
            "share"_f = onefold::share(tip > 1.0).over(40_us, onefold::lifetime)),
        onefold::by<>("real_per"_f = onefold::ratio(amount, tip).per(region).over(40_us),
                      "any_per"_f = onefold::any(returned).per(channel).over(10_us),
                      "all_per"_f = onefold::all(returned == true || is_null(note)).per(shop).over(10_us)));
};

// Entropy and the greatest fall, of numbers and text.
struct Spreads {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::account>(
            "tags"_f = onefold::entropy(tag).over(10_us, 40_us, onefold::lifetime),
            "notes"_f = onefold::entropy(note).where(fraud == false).over(40_us, 4_rows).before_current(),
            "amounts"_f = onefold::entropy(amount).over(40_us).delayed(7_us),
            "fall"_f = onefold::drawdown(amount).over(10_us, 40_us, onefold::lifetime),
            "cents"_f = onefold::drawdown(cents).over(10_us, 5_rows, onefold::lifetime),
            "points"_f = onefold::drawdown(points).where(amount > 0.0).over(40_us).before_current(),
            "weight"_f = onefold::drawdown(weight).over(40_us, onefold::lifetime).delayed(3_us)),
        onefold::by<>("tags_per"_f = onefold::entropy(tag).per(region).over(40_us),
                      "fall_per"_f = onefold::drawdown(tip).per(channel).over(40_us, onefold::lifetime),
                      "cents_per"_f = onefold::drawdown(cents).per(account).over(10_us)));
};

const Registered<Ratios> ratios("Ratios");
const Registered<Spreads> spreads("Spreads");
const RegisteredChanges<Ratios> changed_ratios("Ratios");
const RegisteredChanges<Spreads> changed_spreads("Spreads");

} // namespace
