#include "onefold/run/fact_changes.hpp"

#include "onefold/onefold.hpp"
#include "onefold/run/parity.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using onefold::Operation;
using onefold::Verdict;

struct Order {
    std::optional<std::int64_t> id;
    std::int64_t card = 0;
    std::int64_t amount = 0;
    std::optional<onefold::Time> at;
    Operation op = Operation::create;
    std::optional<std::int64_t> lsn;
};
struct Tier {
    std::int64_t card = 0;
    std::int64_t level = 0;
    onefold::Time since;
    Operation op = Operation::create;
    std::int64_t lsn = 0;
};
constexpr auto amount = onefold::field<&Order::amount>;
constexpr auto orders = onefold::stream<Order>("orders")
                            .time<&Order::at>()
                            .id<&Order::id>()
                            .lateness(10_us)
                            .changes<&Order::op, &Order::lsn>()
                            .correctable_for(30_us)
                            .where(amount >= std::int64_t{0});
constexpr auto spent =
    onefold::by<&Order::card>("n"_f = onefold::count().over(100_us), "least"_f = onefold::min(amount).over(100_us),
                              "median"_f = onefold::median(amount).over(100_us));
struct Spending {
    static constexpr auto definition = onefold::define(orders, spent);
};
struct SpendingOfTiers {
    static constexpr auto definition =
        onefold::define(orders,
                        onefold::table<Tier>("tiers")
                            .key<&Tier::card>()
                            .since<&Tier::since>()
                            .changes<&Tier::op, &Tier::lsn>()
                            .lateness(20_us),
                        spent, onefold::by<&Tier::level>("of_tier"_f = onefold::max(amount).over(50_us, 3_rows)),
                        onefold::derive("level"_f = onefold::field<&Tier::level> + std::int64_t{0}));
};

Order order(std::int64_t id, std::int64_t lsn, std::int64_t at, std::int64_t value, Operation op = Operation::create) {
    return {id, 1, value, onefold::Time{at}, op, lsn};
}
Order deletion(std::int64_t id, std::int64_t lsn) { return {id, 0, 0, std::nullopt, Operation::remove, lsn}; }
Order truncation(std::int64_t lsn) { return {std::nullopt, 0, 0, std::nullopt, Operation::truncate, lsn}; }

} // namespace

TEST_CASE("fact changes: each change is judged by its position, and by what is known of its fact") {
    onefold::Live<Spending> live;
    REQUIRE(live.push(order(1, 1, 100, 5)).verdict == Verdict::applied);
    REQUIRE(live.push(order(1, 1, 100, 5)).verdict == Verdict::duplicate);
    auto row = live.push(order(1, 4, 101, 7, Operation::update));
    REQUIRE(row["n_100us"_f] == 1);
    REQUIRE(row["least_100us"_f] == 7);
    REQUIRE(live.push(order(1, 3, 100, 6, Operation::update)).verdict == Verdict::duplicate);
    REQUIRE(live.push(order(2, 5, 102, 1, Operation::update)).verdict == Verdict::applied); // not known: a new fact
    // What is deleted before it was made stays out when that is told.
    REQUIRE(live.push(deletion(3, 9)).verdict == Verdict::filtered);
    REQUIRE(live.push(order(3, 8, 103, 2)).verdict == Verdict::duplicate);
    // A correction to what the stream does not take is a deletion.
    REQUIRE(live.push(order(2, 10, 102, -1, Operation::update)).verdict == Verdict::filtered);
    row = live.push(order(4, 11, 104, 8));
    REQUIRE(row["n_100us"_f] == 2);
    REQUIRE(row["least_100us"_f] == 7);
    // Neither without an id, a position or, where something holds, a time.
    REQUIRE(live.push({std::nullopt, 1, 1, onefold::Time{104}, Operation::create, 12}).verdict == Verdict::rejected);
    REQUIRE(live.push({5, 1, 1, onefold::Time{104}, Operation::create, std::nullopt}).verdict == Verdict::rejected);
    REQUIRE(live.push({5, 1, 1, std::nullopt, Operation::create, 12}).verdict == Verdict::rejected);
    REQUIRE(live.push({5, 1, 1, onefold::Time{104}, static_cast<Operation>(9), 12}).verdict == Verdict::rejected);

    const auto gone = live.push(deletion(1, 13));
    REQUIRE(gone.verdict == Verdict::applied);
    REQUIRE(!gone["least_100us"_f]);
    REQUIRE(live.read(onefold::Time{105}, std::int64_t{1})["least_100us"_f] == 8);
    REQUIRE(live.account().balances());
}

TEST_CASE("fact changes: what has settled stays, and a change of it is late") {
    std::vector<std::int64_t> settled;
    onefold::LiveOptions<Spending> options;
    options.settled = [&](const Order& fact, const onefold::Settled<Spending>&) { settled.push_back(*fact.id); };
    onefold::Live<Spending> live(std::move(options));
    live.push(order(1, 1, 100, 5));
    live.push(order(2, 2, 129, 6)); // the watermark is 118; rows have settled up to 98
    REQUIRE(live.push(order(3, 3, 118, 1)).verdict == Verdict::late);
    REQUIRE(live.push(order(1, 4, 99, 4, Operation::update)).verdict == Verdict::applied);
    REQUIRE(live.push(order(1, 5, 98, 4, Operation::update)).verdict == Verdict::late);
    REQUIRE(settled.empty());
    live.push(order(4, 6, 131, 9));
    REQUIRE(settled == std::vector<std::int64_t>{1});
    for (const auto& late : {order(1, 7, 131, 1, Operation::update), deletion(1, 8), truncation(9)})
        REQUIRE(live.push(late).verdict == Verdict::late);
    REQUIRE(live.push(deletion(2, 10)).verdict == Verdict::applied);
    live.finish();
    REQUIRE(settled == std::vector<std::int64_t>{1, 4});
    REQUIRE(live.account().balances());
}

TEST_CASE("fact changes: a truncation takes back every fact before it in the log") {
    onefold::Live<Spending> live;
    live.push(order(1, 1, 100, 5));
    live.push(order(2, 9, 101, 6));
    REQUIRE(live.push(truncation(5)).verdict == Verdict::applied);
    REQUIRE(live.push(truncation(5)).verdict == Verdict::duplicate);
    REQUIRE(live.push(order(3, 4, 101, 7)).verdict == Verdict::duplicate);
    REQUIRE(live.push(order(1, 6, 101, 8)).verdict == Verdict::applied);
    const auto row = live.read(onefold::Time{102}, std::int64_t{1});
    REQUIRE(row["n_100us"_f] == 2);
    REQUIRE(row["least_100us"_f] == 6);
    REQUIRE(live.account().balances());
}

TEST_CASE("fact changes: what is kept of ids follows the watermark") {
    onefold::run::FactChanges<Spending> changes(40, 1);
    std::size_t most = 0;
    for (std::int64_t i = 0; i < 20'000; ++i) {
        const auto watermark = i - 11;
        const auto at = i % 7 == 0 ? deletion(i / 2, i) : order(i, i, i, 1);
        changes.judge(at, static_cast<std::uint64_t>(i), watermark, watermark - 20, at.at.has_value());
        most = std::max(most, changes.size());
    }
    REQUIRE(most <= 200); // generations of 40 microseconds, and what is remembered is so for 61
}

TEST_CASE("fact changes: the executors agree, late changes and changing tables included") {
    std::uint64_t late = 0, taken_back = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        twin::Generator random(seed);
        std::vector<Order> changes;
        std::vector<Tier> tiers;
        std::int64_t clock = 0;
        for (std::int64_t i = 0; i < 80; ++i) {
            clock += random.below(4);
            const Operation operations[] = {Operation::create, Operation::update, Operation::update, Operation::remove};
            const auto id = random.below(25);
            changes.push_back({id, random.below(3), random.below(30) - 2,
                               onefold::Time{clock - random.below(random.below(6) == 0 ? 60 : 11)},
                               operations[random.below(4)], i - random.below(4)});
            if (random.below(60) == 0) changes.push_back(truncation(i));
            if (random.below(4) == 0)
                tiers.push_back({random.below(3),
                                 random.below(3),
                                 {clock - random.below(10)},
                                 random.below(5) == 0 ? Operation::remove : Operation::update,
                                 i});
        }
        onefold::ParityOptions options;
        options.seed = seed;
        options.threads = 2;
        options.shuffles = 3;
        const auto report =
            onefold::check_parity<SpendingOfTiers>(changes, onefold::Versions<SpendingOfTiers>(tiers), options);
        INFO("seed " << seed << ": " << report.difference);
        REQUIRE(report.ok());
        REQUIRE(report.account.in == changes.size());
        late += report.account.late;
        taken_back += report.account.applied - report.rows;
    }
    REQUIRE(late > 100);
    REQUIRE(taken_back > 300);
}
