#include "onefold/engine/table_store.hpp"

#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/slow_join.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

constexpr auto events = onefold::stream<Event>("events").time<&Event::at>();
constexpr auto owners = onefold::table<Owner>("owners").key<&Owner::account>().since<&Owner::since>();
constexpr auto limit = onefold::derive("limit"_f = onefold::field<&Owner::limit> + 0.0);
// Nothing says where an event of no by<>() has its key.
constexpr auto on_account = owners.on<&Event::account>();

struct Backward {
    static constexpr SlowTable words{};
    static constexpr auto definition = onefold::define(events, on_account, limit);
};
struct Strict {
    static constexpr SlowTable words{.strictly = true, .by_created = true, .oldest = 20};
    static constexpr auto definition =
        onefold::define(events, on_account.strictly().tie_break<&Owner::created>().time_to_live(20_us), limit);
};
struct Forward {
    static constexpr SlowTable words{.forward = true, .last_arrived = true, .oldest = 9};
    static constexpr auto definition =
        onefold::define(events, on_account.forward().last_arrived_wins().time_to_live(9_us), limit);
};

// Versions come in any order; questions are about times that the watermark has not passed, and only what some question
// can still find is kept.
template <class Def>
void check_store(std::uint64_t seed) {
    using Store = onefold::engine::TableStore<Def, 0>;
    Generator random(seed);
    Store store(seed), at_once;
    std::vector<Owner> all;
    all.reserve(200);
    std::int64_t watermark = INT64_MIN;
    for (std::int64_t i = 0; i < 200; ++i) {
        Owner owner;
        owner.account = random.below(3);
        owner.since = onefold::Time{i / 2 + random.below(40) - 20};
        if (random.below(3) != 0) owner.created = random.below(3);
        owner.limit = static_cast<double>(random.below(50));
        all.push_back(owner);
        if (random.below(10) == 0) watermark = i / 2 - 10;
        store.add(owner, onefold::saturating_add(watermark, 1));

        Event event;
        event.account = random.below(4);
        event.at.micros = std::max(watermark + 1, i / 2 - 15 + random.below(40));
        std::vector<const Owner*> arrived;
        for (const auto& one : all) arrived.push_back(&one);
        const auto* expected = in_force(
            arrived, Def::words, event.at.micros, [&](const Owner& o) { return *o.account == event.account; },
            [](const Owner& a, const Owner& b) {
                if (Def::words.by_created)
                    if (const int order = compare(a.created, b.created)) return order < 0;
                return !Def::words.last_arrived && a.limit < b.limit;
            });
        const onefold::plan::Joined<Event, Owner> question{&event, {}};
        const auto* found = store.find(question, event.at.micros);
        INFO("version " << i << ", event at " << event.at.micros << " of account " << event.account);
        REQUIRE((found == nullptr) == (expected == nullptr));
        if (found) {
            REQUIRE(found->limit == expected->limit);
            REQUIRE(found->since->micros == expected->since->micros);
        }
    }
    at_once.add_all(all);
    for (std::int64_t t = watermark + 1; t < 130; ++t)
        for (std::int64_t account = 0; account < 4; ++account) {
            Event event;
            event.account = account;
            const onefold::plan::Joined<Event, Owner> question{&event, {}};
            const auto *one = store.find(question, t), *other = at_once.find(question, t);
            REQUIRE((one == nullptr) == (other == nullptr));
            if (one) REQUIRE(one->limit == other->limit);
        }
}

} // namespace

TEST_CASE("a table finds the version in force, whatever the order in which versions came") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        check_store<Backward>(seed);
        check_store<Strict>(seed);
        check_store<Forward>(seed);
    }
}

TEST_CASE("versions that no question can find any more are forgotten") {
    onefold::engine::TableStore<Backward, 0> store;
    for (std::int64_t i = 0; i < 100'000; ++i) {
        Owner owner;
        owner.account = i % 7;
        owner.since = onefold::Time{i};
        store.add(owner, i - 70);
        // Ten of each key in reach, and one that was in force before them.
        REQUIRE(store.versions() <= 7 * 12);
    }
    REQUIRE(store.keys() == 7);
}

TEST_CASE("a key with a null in it is nobody's") {
    using Store = onefold::engine::TableStore<Backward, 0>;
    using Table = onefold::plan::TablePlan<Backward, 0>::table_type;
    Owner owner;
    owner.since = onefold::Time{0};
    REQUIRE(!Table::has_owner(owner));
    Event event;
    const onefold::plan::Joined<Event, Owner> question{&event, {}};
    REQUIRE(!Store::is_looked_up_by(question, owner));
    owner.account = event.account;
    REQUIRE(Table::has_owner(owner));
    REQUIRE(Store::is_looked_up_by(question, owner));
}
