#include "onefold/engine/key_table.hpp"

#include <map>
#include <random>
#include <set>

#include "onefold/plan/plan.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

struct ByInteger {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(1_h)));
};
struct ByParts {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                        onefold::by<&Event::shop, &Event::region, &Event::channel>("n"_f = onefold::count().over(1_h)));
};
struct ByNothing {
    static constexpr auto definition = onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                                                       onefold::by<>("n"_f = onefold::count().over(1_h)));
};
template <class Def> using Table = onefold::engine::KeyTable<onefold::plan::EntityPlan<Def, 0>, int>;

template <class Def, class Key>
void compare(Key key_of) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        std::mt19937_64 random(seed);
        Table<Def> table(random());
        std::map<decltype(key_of(Event{})), int> expected;
        for (int i = 0; i < 3'000; ++i) {
            Event event;
            event.account = static_cast<std::int64_t>(random() % 1'500) - 700;
            event.shop = std::string(random() % 12, static_cast<char>('a' + random() % 3));
            if (random() % 3 != 0) event.region = static_cast<std::int32_t>(random() % 3) - 1;
            event.channel = random() % 2 == 0 ? Channel::web : Channel::phone;
            const auto key = key_of(event);
            auto* found = table.find(event);
            REQUIRE((found != nullptr) == expected.contains(key));
            if (found) REQUIRE(found->state == expected[key]);
            const auto owned = Table<Def>::Keys::make(event);
            REQUIRE((table.find(owned) != nullptr) == (found != nullptr));
            auto& added = random() % 2 == 0 ? table.find_or_add(event) : table.find_or_add(owned);
            if (!found) REQUIRE(added.state == 0);
            added.state = expected[key] = i;
            REQUIRE(table.size() == expected.size());
            if (i % 3 == 0) continue;
            // Long runs of keys that were pushed along must stay in reach when one of them goes.
            expected.erase(key);
            table.erase(added);
            REQUIRE(table.find(event) == nullptr);
            REQUIRE(table.size() == expected.size());
        }
        std::size_t visited = 0;
        std::multiset<int> states, kept;
        table.for_each([&](auto& keyed) {
            ++visited;
            states.insert(keyed.state);
        });
        for (const auto& [key, state] : expected) kept.insert(state);
        CHECK(visited == expected.size());
        CHECK(states == kept);
    }
}

} // namespace

TEST_CASE("a table of keys does what a std::map does") {
    compare<ByInteger>([](const Event& e) { return e.account; });
    compare<ByParts>([](const Event& e) { return std::tuple(e.shop, e.region, e.channel); });
    compare<ByNothing>([](const Event&) { return 0; });
}

TEST_CASE("states stay where they are while the table grows") {
    Table<ByInteger> table;
    Event event;
    auto* first = &table.find_or_add(event);
    for (event.account = 1; event.account < 1'000; ++event.account) table.find_or_add(event);
    event.account = 0;
    CHECK(table.find(event) == first);
}

// Computed as in tests/core/hash_test.cpp.
TEST_CASE("the hash of a key is the documented one, so that its key group never changes") {
    Event event;
    event.account = -1;
    CHECK(Table<ByInteger>::Keys::hash(event, 0) == 0xe4d971771b652c20);
    CHECK(Table<ByNothing>::Keys::hash(event, 0) == 0xe220a8397b1dcdaf);
    event.shop = "card";
    const auto parts = onefold::hash_value(-1, onefold::mix(0x929d4b77d77ece72 ^ 0x9e3779b97f4a7c15));
    CHECK(Table<ByParts>::Keys::hash(event, 0) == parts);
    CHECK(Table<ByParts>::Keys::hash(Table<ByParts>::Keys::make(event), 0) == parts);
}

TEST_CASE("a saved key is read back") {
    Event event;
    event.shop = "a shop";
    event.channel = Channel::phone;
    using Keys = Table<ByParts>::Keys;
    onefold::ByteWriter writer;
    Keys::save(Keys::make(event), writer);
    onefold::ByteReader reader(writer.view());
    const auto key = Keys::load(reader);
    CHECK(reader.ok());
    CHECK(reader.at_end());
    CHECK(Keys::equal(key, event));
    event.region = 0;
    CHECK_FALSE(Keys::equal(key, event)); // null is not 0
    CHECK((Keys::order(key, Keys::make(event)) < 0));
}
