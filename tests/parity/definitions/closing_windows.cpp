#include "support/parity_check.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Each kind of window that closes, with every algebra: groups, selections, monoids, and groups alone, whose windows
// slide over their slices.
struct Hopping {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::serial>().keep_duplicates().lateness(15_us),
        onefold::by<&Event::account>(
            onefold::hopping(20_us, 4_us).offset(3_us).allowed_lateness(25_us), "n"_f = onefold::count(),
            "sum"_f = onefold::sum(amount), "sd"_f = onefold::stddev(tip), "cents"_f = onefold::sum(cents),
            "tags"_f = onefold::distinct(tag), "p"_f = onefold::quantile<0.9>(amount),
            "often"_f = onefold::most_frequent<2>(note), "web"_f = onefold::count_if(channel == Channel::web),
            "rate"_f = onefold::rate<60>()),
        onefold::derive("share"_f = "web"_f / "n"_f));
};
const Registered<Hopping> hopping("Hopping");

struct UnevenHops {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
        onefold::by<&Event::shop, &Event::region>(
            onefold::hopping(10_us, 4_us).offset(-7_us).allowed_lateness(9_us), "n"_f = onefold::count(tip),
            "min"_f = onefold::min(amount), "max"_f = onefold::max(tip), "first"_f = onefold::first(note),
            "last"_f = onefold::last_non_null(points), "order"_f = onefold::aggregate<Sequence>(points)));
};
const Registered<UnevenHops> uneven_hops("UnevenHops");

struct Holes {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().lateness(15_us).where(channel != Channel::shop),
        onefold::by<&Event::account>(onefold::hopping(5_us, 12_us), "n"_f = onefold::count(),
                                     "sum"_f = onefold::sum(weight), "max"_f = onefold::max(cents)));
};
const Registered<Holes> holes("Holes");

struct TumblingDiscarding {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::maybe_at>().id<&Event::maybe_id>().lateness(15_us),
        onefold::by<>(onefold::tumbling(16_us).allowed_lateness(40_us).discarding(),
                      "serial"_f = onefold::last(serial), // the content that orders events without an id
                      "n"_f = onefold::count(), "sum"_f = onefold::sum(points), "first"_f = onefold::first(tag),
                      "top"_f = onefold::top<2>(amount), "order"_f = onefold::aggregate<Sequence>(cents)));
};
const Registered<TumblingDiscarding> tumbling_discarding("TumblingDiscarding");

struct Sessions {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::serial>().keep_duplicates().lateness(15_us),
        onefold::by<&Event::account>(
            onefold::session(6_us).allowed_lateness(30_us), "n"_f = onefold::count(), "sum"_f = onefold::sum(amount),
            "tags"_f = onefold::distinct(tag), "first"_f = onefold::first(note), "max"_f = onefold::max(tip),
            "order"_f = onefold::aggregate<Sequence>(points), "parity"_f = onefold::aggregate<Parity>(cents)));
};
const Registered<Sessions> sessions("Sessions");

struct SessionsApart {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().lateness(15_us),
                        onefold::by<&Event::channel>(
                            onefold::session(4_us).excluding_touch().allowed_lateness(11_us).discarding(),
                            "n"_f = onefold::count(), "sum"_f = onefold::sum(cents), "min"_f = onefold::min(amount)));
};
const Registered<SessionsApart> sessions_apart("SessionsApart");

struct Days {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().lateness(15_us),
        onefold::by<&Event::region>(onefold::calendar_day("Australia/Lord_Howe").allowed_lateness(20_us),
                                    "n"_f = onefold::count(), "mean"_f = onefold::mean(amount),
                                    "last"_f = onefold::last_non_null(note).where(amount > 0.0)));
};
const Registered<Days> days("Days");

} // namespace
