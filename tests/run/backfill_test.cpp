#include "onefold/run/backfill.hpp"

#include <random>

#include "onefold/run/live.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;
using onefold::Verdict;

struct Totals {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us).where(amount >= 0.0),
        onefold::by<&Event::account>("sum"_f = onefold::sum(amount).over(10_us),
                                     "n"_f = onefold::count().over(onefold::lifetime)),
        onefold::derive("mean"_f = "sum_10us"_f / "n_lifetime"_f));
};

struct Punctuated {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().punctuated_by(tag == "end"),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(onefold::lifetime)));
};

// Without ids the contents order ties, for each entity what it reads: here the keys of the first say the opposite.
struct TwoEntities {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(onefold::lifetime)),
                        onefold::by<>("last"_f = onefold::last(serial).over(onefold::lifetime)));
};

Event event(std::int64_t time, std::int64_t id, double value = 1, std::int64_t key = 1) {
    Event e;
    e.at.micros = time;
    e.id = id;
    e.amount = value;
    e.account = key;
    return e;
}

// A source and a sink of the simplest kind.
struct FromList {
    std::vector<Event> events;
    std::size_t position = 0;
    bool next(Event& into) {
        if (position == events.size()) return false;
        into = events[position++];
        return true;
    }
};
struct ToList {
    std::vector<std::int64_t> ids;
    bool committed = false;
    void write(const Event& e, const onefold::Row<Totals>&) { ids.push_back(e.id); }
    void commit() { committed = true; }
};

} // namespace

TEST_CASE("ties are in the order of what their entity reads, as in live") {
    std::vector<Event> events{event(1, 0, 1, 5), event(1, 0, 1, 4)};
    events[0].serial = 1;
    events[1].serial = 2;
    onefold::Live<TwoEntities> live;
    live.push(events[0]);
    const auto served = live.push(events[1]);
    CHECK(served["last_lifetime"_f] == 2);
    for (const auto& row : onefold::backfill<TwoEntities>(events).rows) CHECK(row["last_lifetime"_f] == 2);
}

TEST_CASE("rows are in canonical order and say which event they belong to") {
    const std::vector<Event> events{event(30, 1),     event(10, 5), event(20, 3),
                                    event(20, 2, -1), event(10, 4), event(20, 0)};
    const auto batch = onefold::backfill<Totals>(events);
    CHECK(batch.order == std::vector<std::uint32_t>{4, 1, 5, 2, 0});
    REQUIRE(batch.rows.size() == 5);
    CHECK(batch.rows[0]["n_lifetime"_f] == 2); // with its tie
    CHECK(batch.rows[4]["n_lifetime"_f] == 5);
    CHECK(batch.rows[4]["sum_10us"_f] == std::optional(1.0)); // the ones at 20 are 10 old: out
    CHECK(batch.rows[2]["mean"_f] == std::optional(0.5));
    CHECK(batch.account == onefold::Account{6, 5, 0, 0, 0, 1, 0});
    REQUIRE(batch.excluded.size() == 1);
    CHECK(batch.excluded[0].position == 3);
    CHECK(batch.excluded[0].reason == Verdict::filtered);
}

TEST_CASE("lateness counts when the order is that of arrival, and not in a complete history") {
    const std::vector<Event> events{event(100, 1), event(84, 2), event(85, 3), event(85, 3)};
    onefold::BackfillOptions as_given;
    as_given.arrival = onefold::Arrival::as_given;
    const auto arrived = onefold::backfill<Totals>(events, as_given);
    CHECK(arrived.order == std::vector<std::uint32_t>{2, 0});
    CHECK(arrived.account == onefold::Account{4, 2, 1, 1, 0, 0, 0});
    CHECK(arrived.excluded[0].watermark == 84);
    const auto complete = onefold::backfill<Totals>(events);
    CHECK(complete.order == std::vector<std::uint32_t>{1, 2, 0});
    CHECK(complete.account == onefold::Account{4, 3, 0, 1, 0, 0, 0});
}

TEST_CASE("punctuations have no row and are not excluded, and count when the order is that of arrival") {
    std::vector<Event> events{event(100, 1), event(50, 0), event(50, 2), event(51, 3)};
    events[1].tag = "end";
    onefold::BackfillOptions as_given;
    as_given.arrival = onefold::Arrival::as_given;
    const auto arrived = onefold::backfill<Punctuated>(events, as_given);
    CHECK(arrived.order == std::vector<std::uint32_t>{3, 0});
    CHECK(arrived.account == onefold::Account{3, 2, 1, 0, 0, 0, 0});
    REQUIRE(arrived.excluded.size() == 1);
    CHECK(arrived.excluded[0].position == 2);
    CHECK(arrived.excluded[0].watermark == 50);
    const auto complete = onefold::backfill<Punctuated>(events);
    CHECK(complete.order == std::vector<std::uint32_t>{2, 3, 0});
    CHECK(complete.account == onefold::Account{3, 3, 0, 0, 0, 0, 0});
    CHECK(complete.excluded.empty());
}

TEST_CASE("no events make no rows") {
    const auto batch = onefold::backfill<Totals>(std::vector<Event>{});
    CHECK(batch.rows.empty());
    CHECK(batch.order.empty());
    CHECK(batch.account.in == 0);
}

TEST_CASE("no number of threads changes a bit, with many keys and with one") {
    for (const std::int64_t keys : {1, 3, 5'000}) {
        Generator generator(static_cast<std::uint64_t>(keys));
        std::vector<Event> events;
        for (std::int64_t i = 0; i < 20'000; ++i)
            events.push_back(event(i / 3 - generator.below(9), i, static_cast<double>(generator.below(1000)) / 7,
                                   generator.below(keys)));
        onefold::BackfillOptions options;
        options.threads = 1;
        const auto one = onefold::backfill<Totals>(events, options);
        for (const unsigned threads : {2u, 4u, 0u}) {
            options.threads = threads;
            const auto several = onefold::backfill<Totals>(events, options);
            REQUIRE(several.order == one.order);
            std::size_t different = 0;
            for (std::size_t i = 0; i < one.rows.size(); ++i) different += !(one.rows[i] == several.rows[i]);
            CHECK(different == 0);
        }
    }
}

TEST_CASE("from a source to a sink, rows come in canonical order and are committed at the end") {
    FromList source{{event(30, 1), event(10, 5), event(20, 3), event(10, 5)}};
    ToList sink;
    const auto counts = onefold::backfill<Totals>(source, sink);
    CHECK(sink.ids == std::vector<std::int64_t>{5, 3, 1});
    CHECK(sink.committed);
    CHECK(counts == onefold::Account{4, 3, 0, 1, 0, 0, 0});
}

namespace {

struct Stamped {
    std::int64_t id;
    std::int64_t account;
    double amount;
    onefold::Time at, arrived;
};
struct Guarded {
    static constexpr auto definition = onefold::define(
        onefold::stream<Stamped>("events")
            .time<&Stamped::at>()
            .id<&Stamped::id>()
            .arrival<&Stamped::arrived>()
            .future_guard(1_h)
            .lateness(5_s),
        onefold::by<&Stamped::account>("n"_f = onefold::count().over(1_min, onefold::lifetime),
                                       "sum"_f = onefold::sum(onefold::field<&Stamped::amount>).over(1_h)));
};

} // namespace

TEST_CASE("one event stamped a hundred years ahead is rejected and leaves no trace in either executor") {
    constexpr std::int64_t second = 1'000'000, start = 1'700'000'000 * second;
    std::mt19937_64 random(3);
    std::vector<Stamped> good;
    for (std::int64_t i = 0; i < 100'000; ++i) {
        const auto arrived = start + i * second;
        good.push_back({i,
                        static_cast<std::int64_t>(random() % 50),
                        static_cast<double>(random() % 10'000) / 7,
                        {arrived - static_cast<std::int64_t>(random() % 4'000'000)},
                        {arrived}});
    }
    auto all = good;
    all.insert(all.begin(), {-1, 7, 1.0, {start + 36'500 * (86'400 * second)}, {start - second}});

    onefold::BackfillOptions options;
    options.arrival = onefold::Arrival::as_given;
    const auto expected = onefold::backfill<Guarded>(good, options);
    REQUIRE(expected.account == onefold::Account{100'000, 100'000, 0, 0, 0, 0, 0});
    for (const auto arrival : {onefold::Arrival::as_given, onefold::Arrival::any}) {
        options.arrival = arrival;
        const auto batch = onefold::backfill<Guarded>(all, options);
        REQUIRE(batch.account == onefold::Account{100'001, 100'000, 0, 0, 1, 0, 0});
        REQUIRE(batch.rows.size() == expected.rows.size());
        std::size_t different = 0;
        for (std::size_t i = 0; i < batch.rows.size(); ++i)
            different += all[batch.order[i]].id != good[expected.order[i]].id ||
                         batch.rows[i].first_difference(expected.rows[i]) != onefold::Row<Guarded>::width;
        CHECK(different == 0);
    }

    std::size_t settled = 0, different = 0;
    onefold::LiveOptions<Guarded> live_options;
    live_options.settled = [&](const Stamped& event, const onefold::Settled<Guarded>& row) {
        different += event.id != good[expected.order[settled]].id ||
                     row.first_difference(expected.rows[settled]) != onefold::Row<Guarded>::width;
        ++settled;
    };
    onefold::Live<Guarded> live(std::move(live_options));
    onefold::Live<Guarded> without;
    for (const auto& event : all) {
        const auto row = live.push(event);
        if (event.id == -1) CHECK(row.verdict == onefold::Verdict::rejected);
        else different += row.first_difference(without.push(event)) != onefold::Row<Guarded>::width;
    }
    live.finish();
    CHECK(settled == good.size());
    CHECK(different == 0);
    CHECK(live.account() == onefold::Account{100'001, 100'000, 0, 0, 1, 0, 0});
}
