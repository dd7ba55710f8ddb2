#include "support/changes_check.hpp"
#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Windows about the event itself and its ties, capped ones, and ones that move in hops: with every algebra.
struct OwnWindows {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::serial>().keep_duplicates().lateness(15_us),
        onefold::by<&Event::account>(
            "n_row"_f = onefold::count().over(10_us, onefold::lifetime).up_to_current_row(),
            "sum_row"_f = onefold::sum(amount).over(10_us, 40_us).up_to_current_row(),
            "sum_tied"_f = onefold::sum(amount).over(10_us, onefold::lifetime).excluding_ties(),
            "tips_tied"_f = onefold::count(tip).over(10_us, 3_rows).excluding_ties(),
            "max_tied"_f = onefold::max(tip).over(10_us, onefold::lifetime).excluding_ties(),
            "note_tied"_f = onefold::last(note).over(40_us, 1_rows).excluding_ties(),
            "order_tied"_f = onefold::aggregate<Sequence>(points).over(40_us, onefold::lifetime).excluding_ties(),
            "sum_other"_f = onefold::sum(cents).over(10_us, onefold::lifetime).excluding_current(),
            "min_other"_f = onefold::min(tip).over(10_us, onefold::lifetime).excluding_current(),
            "last_other"_f = onefold::last(tag).over(10_us, 2_rows, onefold::lifetime).excluding_current(),
            "tags_other"_f = onefold::distinct(tag).over(40_us).excluding_current(),
            "order_other"_f = onefold::aggregate<Sequence>(points).over(40_us, onefold::lifetime).excluding_current(),
            "sum_capped"_f = onefold::sum(amount).over(40_us).at_most(3_rows),
            "first_capped"_f = onefold::first(tag).over(40_us, onefold::lifetime).at_most(2_rows).up_to_current_row(),
            "max_capped"_f = onefold::max(amount).over(40_us).at_most(4_rows).before_current(),
            "tied_capped"_f = onefold::sum(amount).over(40_us).at_most(2_rows).excluding_ties(),
            "late_capped"_f = onefold::count().over(40_us).at_most(3_rows).delayed(7_us),
            "sum_hops"_f = onefold::sum(amount).over(10_us, 40_us).in_hops_of(8_us),
            "min_hops"_f = onefold::min(amount).over(40_us).in_hops_of(8_us).before_current(),
            "order_hops"_f = onefold::aggregate<Sequence>(points).over(40_us).in_hops_of(8_us).delayed(3_us)));
};

const Registered<OwnWindows> own_windows("OwnWindows");

// Without an order that somebody sees, the event itself is told from its ties by nothing but its own values.
struct OwnSums {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().lateness(15_us),
        onefold::by<&Event::shop>("serial"_f = onefold::max(serial).over(1_us), // the content that orders events
                                  "sum"_f = onefold::sum(amount).over(10_us, onefold::lifetime).excluding_ties(),
                                  "mean"_f = onefold::mean(tip).over(40_us).excluding_ties().including_start(),
                                  "max"_f = onefold::max(tip).over(40_us, onefold::lifetime).excluding_ties(),
                                  "hops"_f = onefold::max(cents).over(40_us).in_hops_of(32_us)));
};

const Registered<OwnSums> own_sums("OwnSums");

// Windows in hops alone, or with shorter ones: old events are in tiles.
struct Tiled {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::serial>().keep_duplicates().lateness(15_us),
        onefold::by<&Event::account>(
            "n"_f = onefold::count().over(60_us, 200_us).in_hops_of(16_us), "now"_f = onefold::count().over(2_us),
            "sum"_f = onefold::sum(amount).over(60_us, 200_us).in_hops_of(16_us).before_current(),
            "tips"_f = onefold::mean(tip).over(60_us).in_hops_of(16_us).excluding_ties(),
            "max"_f = onefold::max(tip).over(200_us).in_hops_of(16_us),
            "first"_f = onefold::first(note).over(60_us, 200_us).in_hops_of(16_us).delayed(5_us),
            "last"_f = onefold::last_non_null(note).over(100_us).in_hops_of(16_us).where(amount > 0.0),
            "tags"_f = onefold::distinct(tag).over(200_us).in_hops_of(16_us),
            "order"_f = onefold::aggregate<Sequence>(points).over(60_us, 200_us).in_hops_of(16_us),
            "all"_f = onefold::sum(cents).over(onefold::lifetime).in_hops_of(16_us)),
        onefold::by<>("n2"_f = onefold::count().over(150_us).in_hops_of(50_us),
                      "least"_f = onefold::min(amount).over(150_us).in_hops_of(50_us)));
};

const Registered<Tiled> tiled("Tiled");
const RegisteredChanges<OwnWindows> changed_own_windows("OwnWindows");
const RegisteredChanges<OwnSums> changed_own_sums("OwnSums");
const RegisteredChanges<Tiled> changed_tiled("Tiled");

} // namespace
