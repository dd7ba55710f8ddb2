#include "onefold/run/forget.hpp"

#include "onefold/port/journal.hpp"
#include "onefold/run/served.hpp"
#include "support/catch.hpp"
#include "support/directory.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;
using onefold::Time;

struct Sums {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us).idle_timeout(9_us),
        onefold::by<&Event::account>("n"_f = onefold::count().over(10_us, onefold::lifetime)),
        onefold::by<>("sum"_f = onefold::sum(onefold::field<&Event::amount>).over(40_us),
                      "tags"_f = onefold::distinct(onefold::field<&Event::tag>).over(onefold::lifetime)));
};

} // namespace

TEST_CASE("what is forgotten leaves a journal, and values, that are those of somebody who never heard of it") {
    const Directory directory;
    std::uint64_t forgotten = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Generator generator(seed);
        const auto all = generator.events(60);
        const auto name = [&](const char* of) { return directory / (std::to_string(seed) + of); };
        onefold::JournalWriter<Sums> with(name("with.journal"), {500}), without(name("without.journal"), {500});
        onefold::LiveOptions<Sums> options, options_without;
        options.journal = with;
        options_without.journal = without;
        onefold::Live<Sums> live(std::move(options)), live_without(std::move(options_without));
        std::vector<onefold::Served<Sums>> rows;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto arrived = all[i].arrived.value_or(Time{onefold::earliest});
            live.push(all[i], arrived);
            if (all[i].account != 1) rows.push_back(live_without.push(all[i], arrived));
            if (i % 9 == 0) live.reject(), live_without.reject();
            if (i % 7 == 0) live.tick(arrived), live_without.tick(arrived);
        }
        live.finish(), live_without.finish();
        with.close(), without.close();

        onefold::JournalReader<Sums> reader(name("with.journal"));
        onefold::JournalWriter<Sums> copy(name("copy.journal"), {500});
        forgotten += onefold::forget<Sums>(reader, copy, [](const Event& event) { return event.account == 1; });
        copy.close();
        INFO("seed " << seed);
        REQUIRE((contents(name("copy.journal")) == contents(name("without.journal"))));

        onefold::Arrivals<Sums> arrivals;
        onefold::JournalReader<Sums>(name("copy.journal")).replay(arrivals);
        const auto history = onefold::served<Sums>(arrivals);
        REQUIRE(history.rows.size() == rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            REQUIRE((history.rows[i] == rows[i] && history.rows[i].verdict == rows[i].verdict));
        // And the state: of an executor that the copy is replayed into.
        onefold::Live<Sums> again;
        arrivals.replay(again);
        for (std::uint32_t group = 0; group < onefold::engine::key_groups; ++group)
            REQUIRE(again.save(group) == live_without.save(group));
    }
    REQUIRE(forgotten > 200);
}
