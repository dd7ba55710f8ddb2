#include "onefold/engine/tiles.hpp"

#include "onefold/engine/entity_store.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

constexpr auto events = onefold::stream<Event>("events").time<&Event::at>();

struct InHops {
    static constexpr auto definition =
        onefold::define(events, onefold::by<>("n"_f = onefold::count().over(1'000_us).in_hops_of(100_us),
                                              "sum"_f = onefold::sum(cents).over(1'000_us).in_hops_of(100_us),
                                              "max"_f = onefold::max(cents).over(1'000_us).in_hops_of(100_us)));
};
struct Exact {
    static constexpr auto definition =
        onefold::define(events, onefold::by<>("sum"_f = onefold::sum(cents).over(1'000_us)));
};

// The bytes of state after `count` events in order, `each` of them at every microsecond, and the last row.
template <class Def>
std::pair<std::size_t, onefold::Row<Def>> state_after(std::int64_t count, std::int64_t each) {
    onefold::engine::EntityStore<Def, 0> store;
    onefold::Row<Def> row;
    std::int64_t now = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        Event event;
        now = i / each;
        event.at = {now};
        event.cents = i % 97;
        store.apply(event, now - 1, &row);
    }
    std::size_t bytes = 0;
    for (std::uint32_t group = 0; group < onefold::engine::key_groups; ++group) {
        onefold::ByteWriter writer;
        store.save(group, now - 1, writer);
        bytes += writer.view().size();
    }
    return {bytes, row};
}

} // namespace

TEST_CASE("what a window in hops keeps does not grow with the events in a hop") {
    const auto few = state_after<InHops>(20'000, 4).first, many = state_after<InHops>(200'000, 40).first;
    // Twelve hops, and the events of the newest microsecond, 36 more of them, at 17 bytes or less.
    CHECK(many < few + 36 * 20);
    CHECK(few < 2'000);
    // An exact window keeps every event.
    CHECK(state_after<Exact>(200'000, 40).first > 40 * 1'000 * 8);
}

TEST_CASE("a window in hops starts at the multiple of the hop at or before its start") {
    // 40 a microsecond up to 4,999: the start, 4,999 - 999, is a multiple of the hop.
    const auto row = state_after<InHops>(200'000, 40).second;
    CHECK(row["n_1000us"_f] == 40 * 1'000);
    CHECK(row["max_1000us"_f] == 96);
    // Up to 5,049 the window reaches 50 further back than its length.
    CHECK(state_after<InHops>(202'000, 40).second["n_1000us"_f] == 40 * 1'050);
}

TEST_CASE("tiles hold whole hops and drop from the front") {
    using P = onefold::plan::EntityPlan<InHops, 0>;
    onefold::engine::Tiles<P> tiles;
    Event event;
    for (const std::int64_t t : {-150, -101, -1, 0, 99, 100, 350}) {
        event.at = {t};
        event.cents = t;
        tiles.absorb(onefold::engine::Entry<P>::of(event));
    }
    REQUIRE(tiles.size() == 5);
    CHECK(tiles[0].start == -200);
    CHECK(tiles[0].rows == 2);
    CHECK(tiles[2].start == 0);
    CHECK(tiles[2].rows == 2);
    CHECK(tiles.lower_bound(0) == 2);
    CHECK(tiles.lower_bound(1) == 3);
    CHECK(tiles.lower_bound(400) == 5);
    tiles.drop_front(3);
    REQUIRE(tiles.size() == 2);
    CHECK(tiles[0].start == 100);
}
