#include "onefold/run/served.hpp"

#include "onefold/run/compare_views.hpp"
#include "onefold/run/live_windows.hpp"
#include "support/catch.hpp"
#include "support/changes_check.hpp"
#include "support/contains.hpp"
#include "support/events.hpp"
#include "support/slow_join.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;
using onefold::Arrival, onefold::Arrivals, onefold::Live, onefold::LiveOptions, onefold::Served, onefold::Time,
    onefold::Verdict;

constexpr auto events =
    onefold::stream<Event>("events").time<&Event::at>().id<&Event::serial>().lateness(15_us).idle_timeout(9_us);

struct Joined {
    static constexpr auto definition = onefold::define(
        events.keep_duplicates(), // so that a batch over the accepted events counts them all
        onefold::table<Owner>("owners").key<&Owner::account>().since<&Owner::since>().lateness(20_us),
        onefold::by<&Event::account>(
            "sum"_f =
                onefold::sum(onefold::field<&Event::amount>).over(20_us).where(onefold::field<&Owner::limit> > 50.0),
            "limits"_f = onefold::max(onefold::field<&Owner::limit>).over(40_us)),
        onefold::by<&Owner::tier>("n"_f = onefold::count().over(30_us)),
        onefold::derive("limit"_f = onefold::field<&Owner::limit> + 0.0));
};
struct Sums {
    static constexpr auto definition =
        onefold::define(events, onefold::by<&Event::account>("n"_f = onefold::count().over(10_us, onefold::lifetime)));
};
struct FactSums {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().lateness(15_us),
        onefold::by<&Event::account>("n"_f = onefold::count().over(10_us, onefold::lifetime),
                                     "sum"_f = onefold::sum(onefold::field<&Event::amount>).over(30_us)));
};
struct Hours {
    static constexpr auto definition = onefold::define(
        events,
        onefold::by<&Event::account>(onefold::hopping(20_us, 8_us).allowed_lateness(10_us), "n"_f = onefold::count(),
                                     "tags"_f = onefold::distinct(onefold::field<&Event::tag>)));
};

// Events with everything else that can come in between; versions(random, time) may push one.
template <class Def, class Push, class Version>
void arrive(std::uint64_t seed, const std::vector<Event>& all, Live<Def>& live, Push push, Version version) {
    Generator random(seed);
    for (const auto& event : all) {
        const Time near{onefold::saturating_add(event.at.micros, random.below(40) - 30)};
        switch (random.below(9)) {
        case 0: live.reject(); break;
        case 1: live.tick(near); break;
        case 2:
            if (random.below(4) == 0) live.advance_watermark(near);
            break;
        case 3:
        case 4: version(random, near); break;
        default: break;
        }
        push(event, random.below(3) == 0 ? Time{onefold::earliest} : event.arrived.value_or(near));
    }
}

Owner owner_of(Generator& random, Time since) {
    Owner owner;
    owner.account = random.below(4) - 1;
    if (random.below(9) != 0) owner.since = since;
    owner.limit = static_cast<double>(random.below(12)) * 10;
    if (random.below(3) != 0) owner.tier = static_cast<std::int32_t>(random.below(2));
    return owner;
}

struct Refused {};
// A journal that is full after so many entries.
template <class Def>
struct Full {
    std::size_t left;
    Arrivals<Def> arrivals;
    template <class Record> void push(const Record& record, Time arrived) {
        if (left == 0) throw Refused{};
        --left;
        arrivals.push(record, arrived);
    }
    void reject() { arrivals.reject(); }
    void advance_watermark(Time to) { arrivals.advance_watermark(to); }
    void tick(Time now) { arrivals.tick(now); }
};

} // namespace

TEST_CASE("what a definition with tables served is had again, as a batch over all that had arrived says") {
    std::size_t compared = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Generator generator(seed);
        const auto all = generator.events(40);
        Arrivals<Joined> journal;
        LiveOptions<Joined> options;
        options.journal = journal;
        Live<Joined> live(std::move(options));
        std::vector<Served<Joined>> rows;
        std::vector<Event> accepted;
        std::vector<Owner> owners;
        bool late = false;
        INFO("seed " << seed);
        arrive<Joined>(
            seed, all, live,
            [&](const Event& event, Time arrived) {
                rows.push_back(live.push(event, arrived));
                if (!rows.back().applied()) return;
                accepted.push_back(event);
                if (late) return;
                const auto batch =
                    onefold::backfill<Joined>(accepted, onefold::Versions<Joined>(owners), {.threads = 1});
                for (std::size_t r = 0; r < batch.rows.size(); ++r)
                    if (batch.order[r] == accepted.size() - 1) {
                        REQUIRE(batch.rows[r] == rows.back());
                        ++compared;
                    }
            },
            [&](Generator& random, Time since) {
                const auto owner = owner_of(random, since);
                // What has settled is not changed by a version that comes after that, as it is in a batch.
                late = live.push(owner) == Verdict::late || late;
                if (owner.since) owners.push_back(owner);
            });
        const auto history = onefold::served<Joined>(journal);
        REQUIRE(history.rows.size() == rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            REQUIRE(history.rows[i].verdict == rows[i].verdict);
            REQUIRE(history.rows[i] == rows[i]);
        }
        REQUIRE(history.account == live.account());
        const auto truth = onefold::settled<Joined>(journal, {.arrival = Arrival::as_given});
        REQUIRE(truth.account == live.account());
        REQUIRE(truth.rows.size() == accepted.size());
    }
    REQUIRE(compared > 500);
}

TEST_CASE("facts that were corrected and deleted are served again as they were, and settle as they were in the end") {
    using Facts = Corrected<FactSums>;
    std::size_t corrected = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        ChangeGenerator generator(seed);
        const auto all = generator.changes(seed % 2 == 0);
        Arrivals<Facts> journal;
        LiveOptions<Facts> options;
        options.journal = journal;
        std::vector<onefold::Settled<Facts>> settled;
        options.settled = [&](const Event&, const onefold::Settled<Facts>& row) { settled.push_back(row); };
        Live<Facts> live(std::move(options));
        std::vector<Served<Facts>> rows;
        arrive<Facts>(
            seed, all, live, [&](const Event& event, Time) { rows.push_back(live.push(event)); },
            [](Generator&, Time) {});
        live.finish();
        INFO("seed " << seed);
        const auto history = onefold::served<Facts>(journal, 3);
        REQUIRE(history.rows.size() == rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            REQUIRE(history.rows[i].verdict == rows[i].verdict);
            REQUIRE(history.rows[i] == rows[i]);
            corrected += rows[i].applied() && all[i].operation != onefold::Operation::create ? 1u : 0u;
        }
        REQUIRE(history.account == live.account());
        const auto truth = onefold::settled<Facts>(journal, {.arrival = Arrival::as_given});
        REQUIRE(truth.account == live.account());
        REQUIRE(truth.rows.size() == settled.size());
        for (std::size_t r = 0; r < settled.size(); ++r) REQUIRE(truth.rows[r] == settled[r]);
        REQUIRE(onefold::compare_views<Facts>(journal).rows == settled.size());
    }
    REQUIRE(corrected > 500);
}

TEST_CASE("every answer of windows that close is had again, and their last ones") {
    std::size_t answers = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Generator generator(seed);
        const auto all = generator.events(60);
        Arrivals<Hours> journal;
        LiveOptions<Hours> options;
        options.journal = journal;
        std::vector<onefold::Fired<Hours>> fired;
        std::vector<onefold::Closed<Hours>> closed;
        options.fired = [&](const onefold::Fired<Hours>& row) { fired.push_back(row); };
        options.settled = [&](const onefold::Closed<Hours>& row) { closed.push_back(row); };
        Live<Hours> live(std::move(options));
        arrive<Hours>(
            seed, all, live, [&](const Event& event, Time arrived) { live.push(event, arrived); },
            [](Generator&, Time) {});
        live.finish();
        INFO("seed " << seed);
        const auto history = onefold::served<Hours>(journal);
        REQUIRE(history.rows.size() == fired.size());
        for (std::size_t i = 0; i < fired.size(); ++i)
            REQUIRE((history.rows[i] == fired[i] && history.rows[i].pane == fired[i].pane &&
                     history.rows[i].watermark == fired[i].watermark && history.rows[i].cause == fired[i].cause));
        REQUIRE(history.account == live.account());
        REQUIRE(onefold::settled<Hours>(journal, {.arrival = Arrival::as_given}).rows == closed);
        answers += fired.size();
    }
    REQUIRE(answers > 1'000);
}

TEST_CASE("a sharded executor writes the journal that a single one writes") {
    Generator generator(5);
    const auto all = generator.events(90);
    Arrivals<Sums> one, many;
    LiveOptions<Sums> options, sharded_options;
    std::int64_t clock = 0, sharded_clock = 0;
    options.journal = one;
    options.clock = [&] { return Time{clock += 3}; };
    sharded_options.journal = many;
    sharded_options.clock = [&] { return Time{sharded_clock += 3}; };
    Live<Sums> live(std::move(options));
    onefold::ShardedLive<Sums> sharded(3, 2, std::move(sharded_options));
    live.push_many(all.data(), 50, nullptr);
    sharded.push_many(all.data(), 50, nullptr);
    live.reject(), sharded.reject();
    live.tick({5}), sharded.tick({5});
    live.push_many(all.data() + 50, 40, nullptr);
    sharded.push_many(all.data() + 50, 40, nullptr);
    live.finish(), sharded.finish();
    REQUIRE(one.steps().size() == 93);
    REQUIRE(many.steps().size() == 93);
    for (std::size_t i = 0; i < 93; ++i)
        REQUIRE((one.steps()[i].what == many.steps()[i].what && one.steps()[i].time == many.steps()[i].time));
    REQUIRE(onefold::served<Sums>(many).account == sharded.account());
}

TEST_CASE("an arrival that the journal refuses is not folded, and those before it are") {
    Generator generator(6);
    const auto all = generator.events(60);
    Full<Sums> journal{20, {}}, sharded_journal{20, {}};
    LiveOptions<Sums> options, sharded_options;
    options.journal = journal;
    sharded_options.journal = sharded_journal;
    Live<Sums> live(std::move(options));
    onefold::ShardedLive<Sums> sharded(2, 2, std::move(sharded_options));
    REQUIRE_THROWS_AS(live.push_many(all.data(), 60, nullptr), Refused);
    REQUIRE_THROWS_AS(sharded.push_many(all.data(), 60, nullptr), Refused);
    REQUIRE(live.account().in == 20);
    REQUIRE(sharded.account() == live.account());
    // There is room again.
    journal.left = sharded_journal.left = 1'000;
    std::vector<Served<Sums>> rows(40), sharded_rows(40);
    live.push_many(all.data() + 20, 40, rows.data());
    sharded.push_many(all.data() + 20, 40, sharded_rows.data());
    REQUIRE(rows == sharded_rows);
    const auto history = onefold::served<Sums>(journal.arrivals);
    for (std::size_t i = 0; i < 40; ++i) REQUIRE(history.rows[20 + i] == rows[i]);
}

TEST_CASE("state cannot be loaded into an executor with a journal, which would not tell of it") {
    Live<Sums> live;
    live.push(Event{});
    Arrivals<Sums> journal;
    LiveOptions<Sums> options;
    options.journal = journal;
    Live<Sums> other(std::move(options));
    try {
        other.load(live.save(0));
        FAIL("state was loaded");
    } catch (const onefold::Error& error) {
        REQUIRE(error.kind() == onefold::ErrorKind::usage);
        REQUIRE_THAT(error.what(), Contains("state cannot be loaded into an executor with a journal"));
    }
}
