#include "onefold/run/backfill_windows.hpp"

#include <vector>

#include "onefold/run/sharded_windows.hpp"
#include "support/catch.hpp"

using namespace onefold::literals;

namespace backfill_windows_test {

struct Order {
    std::int64_t card = 0;
    std::optional<double> amount;
    onefold::Time at;
};
constexpr auto amount = onefold::field<&Order::amount>;

struct Hops {
    static constexpr auto definition =
        onefold::define(onefold::stream<Order>("orders").time<&Order::at>().lateness(3_us),
                        onefold::by<&Order::card>(onefold::hopping(10_us, 5_us).allowed_lateness(5_us),
                                                  "n"_f = onefold::count(), "spend"_f = onefold::sum(amount)),
                        onefold::derive("mean"_f = "spend"_f / "n"_f));
};

template <auto Window>
struct Sessions {
    static constexpr auto definition = onefold::define(onefold::stream<Order>("orders").time<&Order::at>(),
                                                       onefold::by<&Order::card>(Window(), "n"_f = onefold::count()));
};

std::vector<Order> stray_orders() {
    std::vector<Order> events;
    std::uint64_t state = 7;
    for (std::int64_t i = 0; i < 3'000; ++i) {
        state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
        const auto late = static_cast<std::int64_t>(state >> 60);
        events.push_back({static_cast<std::int64_t>(state >> 33) % 7, 0.25 * static_cast<double>(i % 9), {i - late}});
        if (i % 11 == 0) events.back().amount.reset();
    }
    return events;
}

} // namespace backfill_windows_test
using namespace backfill_windows_test;

TEST_CASE("backfill windows: an event at the very end of a session is still of it, if touching ones are one") {
    const std::vector<Order> events{{1, 1.0, {0}}, {1, 1.0, {10}}, {1, 1.0, {21}}};
    const auto touching = onefold::backfill<Sessions<[] { return onefold::session(10_us); }>>(events);
    REQUIRE(touching.rows.size() == 2);
    REQUIRE(touching.rows[0].end.micros == 20);
    REQUIRE(touching.rows[0]["n"_f] == 2);
    const auto apart = onefold::backfill<Sessions<[] { return onefold::session(10_us).excluding_touch(); }>>(events);
    REQUIRE(apart.rows.size() == 3);
    REQUIRE(apart.rows[0].end.micros == 10);
}

TEST_CASE("backfill windows: each window once, in the order end, start, key") {
    const std::vector<Order> events{{2, 1.0, {12}}, {1, 2.0, {3}}, {1, std::nullopt, {7}}};
    const auto batch = onefold::backfill<Hops>(events);
    REQUIRE(batch.rows.size() == 5);
    const auto is = [&](std::size_t i, std::int64_t start, std::int64_t card, std::int64_t n,
                        std::optional<double> spend) {
        const auto& row = batch.rows[i];
        return row.start.micros == start && row.end.micros == start + 10 && onefold::get<0>(row.key) == card &&
               row["n"_f] == n && row["spend"_f] == spend;
    };
    REQUIRE(is(0, -5, 1, 1, 2.0));
    REQUIRE(is(1, 0, 1, 2, 2.0));
    REQUIRE(is(2, 5, 1, 1, std::nullopt));
    REQUIRE(is(3, 5, 2, 1, 1.0));
    REQUIRE(is(4, 10, 2, 1, 1.0));
    REQUIRE(batch.rows[1]["mean"_f] == 1.0);
    REQUIRE(batch.fired.empty());
    REQUIRE(batch.account.applied == 3);
}

TEST_CASE("backfill windows: an input that does not end leaves its last windows open") {
    onefold::BackfillOptions options;
    options.arrival = onefold::Arrival::as_given;
    options.fires = true;
    options.finishes = false;
    const auto open = onefold::backfill<Hops>({{1, 1.0, {0}}, {1, 1.0, {20}}}, options);
    // The watermark is 16: [-5, 5) and [0, 10) have answered, and [-5, 5) and [0, 10) are closed at 9 and 14.
    REQUIRE(open.fired.size() == 2);
    REQUIRE(open.fired[0].cause == 1);
    REQUIRE(open.fired[1].watermark.micros == 16);
    REQUIRE(open.rows.size() == 2);
}

TEST_CASE("backfill windows: the answers of live over any number of shards, threads and batch sizes") {
    const auto events = stray_orders();
    onefold::BackfillOptions options;
    options.arrival = onefold::Arrival::as_given;
    options.fires = true;
    const auto batch = onefold::backfill<Hops>(events, options);
    REQUIRE(batch.account.late > 0);
    REQUIRE(batch.account.balances());
    for (const unsigned shards : {1u, 2u, 5u})
        for (const std::size_t size : {std::size_t{1}, std::size_t{97}, events.size()}) {
            std::vector<onefold::Fired<Hops>> fired;
            std::vector<onefold::Closed<Hops>> closed;
            std::size_t letters = 0;
            onefold::LiveOptions<Hops> live;
            live.fired = [&](const onefold::Fired<Hops>& row) { fired.push_back(row); };
            live.settled = [&](const onefold::Closed<Hops>& row) { closed.push_back(row); };
            live.dead_letter = [&](const onefold::DeadLetter<Order>& letter) {
                REQUIRE(letter.position == batch.excluded[letters].position);
                REQUIRE(letter.watermark.micros == batch.excluded[letters++].watermark);
            };
            onefold::ShardedLive<Hops> executor(shards, 2, std::move(live));
            std::vector<onefold::Verdict> verdicts(size);
            for (std::size_t start = 0; start < events.size(); start += size)
                executor.push_many(&events[start], std::min(size, events.size() - start), verdicts.data());
            executor.finish();
            REQUIRE(executor.account() == batch.account);
            REQUIRE(letters == batch.excluded.size());
            REQUIRE(closed == batch.rows);
            REQUIRE(fired.size() == batch.fired.size());
            for (std::size_t i = 0; i < fired.size(); ++i) {
                REQUIRE(static_cast<const onefold::Closed<Hops>&>(fired[i]) == batch.fired[i]);
                REQUIRE(fired[i].cause == batch.fired[i].cause);
            }
        }
}
