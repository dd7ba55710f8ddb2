#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Partitions of three names, as many as were declared; records that arrived too early by their own word are rejected.
struct Partitions {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events")
                            .time<&Event::at>()
                            .id<&Event::id>()
                            .partitioned_by<&Event::channel>(3)
                            .arrival<&Event::arrived>()
                            .future_guard(10_us)
                            .lateness(15_us),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(10_us, onefold::lifetime),
                                                     "sum"_f = onefold::sum(amount).over(40_us),
                                                     "last"_f = onefold::last(tag).over(10_us).before_current(),
                                                     "tags"_f = onefold::distinct(tag).over(10_us).delayed(7_us)));
};

// The source says itself what is late; by a condition that is never true of most streams' first events.
struct Punctuated {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events")
                            .time<&Event::maybe_at>()
                            .id<&Event::id>()
                            .punctuated_by(tag == "b" && pieces > 0)
                            .where(cents < 15),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(10_us, 3_rows),
                                                     "mean"_f = onefold::mean(amount).over(40_us).before_current(),
                                                     "max"_f = onefold::max(cents).over(10_us, onefold::lifetime)));
};

// Both: each partition makes punctuations of its own.
struct PunctuatedPartitions {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events")
                            .punctuated_by([](const Event& event) { return event.pieces > 2; })
                            .partitioned_by<&Event::fraud>(2)
                            .time<&Event::at>(),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(10_us, onefold::lifetime),
                                                     "order"_f = onefold::aggregate<Sequence>(cents).over(40_us)),
                        onefold::by<>("p"_f = onefold::median(amount).over(10_us)));
};

// The source falls silent and the clock goes on; what is too far in the future by the time of its arrival is rejected.
struct Idle {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events")
                            .time<&Event::at>()
                            .id<&Event::serial>()
                            .lateness(15_us)
                            .idle_timeout(6_us)
                            .future_guard(10_us),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(10_us, 3_rows),
                                                     "sum"_f = onefold::sum(amount).over(40_us).where(fraud),
                                                     "z"_f = onefold::zscore(tip).over(40_us).before_current()),
                        onefold::by<>("tags"_f = onefold::distinct(tag).over(10_us)),
                        onefold::derive("share"_f = "sum_40us"_f / "n_10us"_f));
};

const Registered<Idle> idle("Idle");
const Registered<Partitions> partitions("Partitions");
const Registered<Punctuated> punctuated("Punctuated");
const Registered<PunctuatedPartitions> punctuated_partitions("PunctuatedPartitions");

} // namespace
