#include "onefold/engine/entity_store.hpp"

#include <random>

#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Every algebra, windows of time, of rows and without a start; with and without an order inside ties.
struct Ordered {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().id<&Event::serial>().keep_duplicates(),
                        onefold::by<>("sum"_f = onefold::sum(amount).over(100_us, 3'000_us, onefold::lifetime),
                                      "least"_f = onefold::min(cents).over(100_us, 3'000_us, onefold::lifetime),
                                      "most"_f = onefold::max(tip).where(fraud == false).over(500_us, 7_rows),
                                      "last"_f = onefold::last(note).over(100_us, onefold::lifetime).before_current(),
                                      "order"_f = onefold::aggregate<Sequence>(points).over(3'000_us, 40_rows),
                                      "median"_f = onefold::median(cents).over(1'000_us),
                                      "tags"_f = onefold::distinct(tag).over(1'000_us, onefold::lifetime)));
};
struct Unordered {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>(),
        onefold::by<>("sum"_f = onefold::sum(amount).over(100_us, 3'000_us), "n"_f = onefold::count(tip).over(500_us),
                      "least"_f = onefold::min(cents).over(1'000_us)));
};

// Events come in any order, many are taken back, and some of these come again; whatever stays must be as if nothing
// else had ever come.
template <class Def>
void check_retract(std::uint64_t seed) {
    using Store = onefold::engine::EntityStore<Def, 0>;
    std::mt19937_64 random(seed);
    auto events = Generator(seed).events(1'500);
    const auto spread = static_cast<std::int64_t>(1 + seed % 5);
    for (std::size_t i = 0; i < events.size(); ++i) {
        // Within reach of the windows and with ties.
        events[i].at.micros = static_cast<std::int64_t>(random() % 1'500) * spread;
        events[i].serial = static_cast<std::int64_t>(i);
    }
    Store store(true, 1);
    std::vector<std::size_t> in;
    const auto compare = [&] {
        Store again(true, 2);
        for (const auto i : in) again.apply(events[i], INT64_MIN, nullptr);
        for (int question = 0; question < 3; ++question) {
            onefold::Row<Def> expected, actual;
            const auto t = static_cast<std::int64_t>(random() % 2'000) * spread;
            again.read(onefold::Tuple<>{}, t, expected);
            store.read(onefold::Tuple<>{}, t, actual);
            INFO("at " << t << " of " << in.size() << " events, feature " << expected.first_difference(actual));
            REQUIRE(expected == actual);
            again.preview(events[0], expected);
            store.preview(events[0], actual);
            REQUIRE(expected == actual);
        }
    };
    for (std::size_t next = 0; next < events.size();) {
        onefold::Row<Def> row;
        for (auto n = random() % 300; n > 0 && next < events.size(); --n) {
            in.push_back(next);
            store.apply(events[next++], INT64_MIN, random() % 2 == 0 ? &row : nullptr);
        }
        for (auto n = random() % 250; n > 0 && !in.empty(); --n) {
            const auto place = random() % 3 == 0 ? in.size() - 1 : random() % in.size();
            store.retract(events[in[place]]);
            if (random() % 8 == 0) store.apply(events[in[place]], INT64_MIN, &row);
            else in.erase(in.begin() + static_cast<std::ptrdiff_t>(place));
        }
        compare();
    }
    Store again(true, 2);
    for (const auto i : in) again.apply(events[i], INT64_MIN, nullptr);
    for (std::uint32_t group = 0; group < onefold::engine::key_groups; ++group) {
        onefold::ByteWriter expected, actual;
        again.save(group, INT64_MIN, expected);
        store.save(group, INT64_MIN, actual);
        REQUIRE(expected.take() == actual.take());
    }
}

} // namespace

TEST_CASE("an event that is taken back leaves no trace") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        INFO("seed " << seed);
        check_retract<Ordered>(seed);
        check_retract<Unordered>(seed);
    }
}
