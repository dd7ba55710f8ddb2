#include "onefold/run/sharded.hpp"

#include <map>
#include <random>

#include "support/catch.hpp"

namespace {

using namespace onefold::literals;

struct Sale {
    std::int64_t id;
    std::string shop;
    std::optional<std::int64_t> customer;
    double price;
    onefold::Time at;
};
constexpr auto price = onefold::field<&Sale::price>;

struct Sales {
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(10_s).where(price < 900.0),
        onefold::by<&Sale::shop>("revenue"_f = onefold::sum(price).over(30_s, onefold::lifetime),
                                 "best"_f = onefold::max(price).over(30_s)),
        onefold::by<&Sale::customer>("visits"_f = onefold::count().over(60_s).before_current()),
        onefold::derive("share"_f = price / "revenue_30s"_f));
};

std::vector<Sale> sales(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random(seed);
    std::vector<Sale> all;
    for (std::size_t i = 0; i < count; ++i) {
        Sale sale;
        sale.id = static_cast<std::int64_t>(random() % (2 * count));
        sale.shop = "shop " + std::to_string(random() % 7);
        if (random() % 4 != 0) sale.customer = static_cast<std::int64_t>(random() % 50);
        sale.price = static_cast<double>(random() % 100'000) / 100;
        const auto late = static_cast<std::int64_t>(random() % 12'000'000);
        sale.at = {static_cast<std::int64_t>(i) * 200'000 - late};
        all.push_back(sale);
    }
    return all;
}

struct Outcome {
    std::vector<onefold::Served<Sales>> served;
    std::vector<std::pair<std::int64_t, onefold::Settled<Sales>>> settled;
    std::vector<std::pair<std::uint64_t, onefold::Verdict>> dead;
    onefold::Account account;

    onefold::LiveOptions<Sales> options() {
        onefold::LiveOptions<Sales> wanted;
        wanted.settled = [this](const Sale& sale, const onefold::Settled<Sales>& row) {
            settled.emplace_back(sale.id, row);
        };
        wanted.dead_letter = [this](const onefold::DeadLetter<Sale>& letter) {
            dead.emplace_back(letter.position, letter.reason);
        };
        return wanted;
    }
};

} // namespace

namespace {

struct Visits {
    static constexpr auto definition =
        onefold::define(onefold::stream<Sale>("sales").time<&Sale::at>(),
                        onefold::by<&Sale::shop>("shop"_f = onefold::count().over(onefold::lifetime)),
                        onefold::by<&Sale::customer>("customer"_f = onefold::count().over(onefold::lifetime)));
};

} // namespace

TEST_CASE("all events of a key are in one shard, wherever they stand among those that come together") {
    auto events = sales(3, 600);
    for (std::size_t i = 0; i < events.size(); ++i) events[i].at.micros = static_cast<std::int64_t>(i);
    std::map<std::string, std::int64_t> shops;
    std::map<std::optional<std::int64_t>, std::int64_t> customers;
    std::vector<onefold::Served<Visits>> served(events.size());
    onefold::ShardedLive<Visits> sharded(3, 2);
    for (std::size_t start = 0, size = 1; start < events.size(); start += size, size = size % 7 + 1) {
        size = std::min(size, events.size() - start);
        sharded.push_many(&events[start], size, &served[start]);
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
        INFO("event " << i);
        REQUIRE(served[i]["shop_lifetime"_f] == ++shops[events[i].shop]);
        REQUIRE(served[i]["customer_lifetime"_f] == ++customers[events[i].customer]);
    }
}

TEST_CASE("sharded live answers what live answers, for every number of shards, threads and events at a time") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const auto events = sales(seed, 400);
        Outcome one;
        onefold::Live<Sales> live(one.options());
        for (const auto& event : events) one.served.push_back(live.push(event));
        live.finish();
        one.account = live.account();
        REQUIRE(one.account.late > 0);
        REQUIRE(one.account.duplicate > 0);
        REQUIRE(one.account.filtered > 0);

        for (const unsigned shards : {1u, 2u, 3u, 128u, 1000u})
            for (const unsigned threads : {1u, 2u, 4u}) {
                INFO("seed " << seed << ", " << shards << " shards, " << threads << " threads");
                Outcome many;
                onefold::ShardedLive<Sales> sharded(shards, threads, many.options());
                many.served.resize(events.size());
                for (std::size_t start = 0, size = 1; start < events.size(); start += size, size = size * 3 % 97 + 1) {
                    size = std::min(size, events.size() - start);
                    sharded.push_many(&events[start], size, &many.served[start]);
                    REQUIRE(sharded.account().balances());
                }
                sharded.finish();
                REQUIRE(sharded.account() == one.account);
                REQUIRE(many.dead == one.dead);
                REQUIRE(many.settled.size() == one.settled.size());
                for (std::size_t i = 0; i < one.settled.size(); ++i) {
                    REQUIRE(many.settled[i].first == one.settled[i].first);
                    REQUIRE(many.settled[i].second.first_difference(one.settled[i].second) ==
                            onefold::Row<Sales>::width);
                }
                for (std::size_t i = 0; i < events.size(); ++i) {
                    REQUIRE(many.served[i].verdict == one.served[i].verdict);
                    REQUIRE(many.served[i].first_difference(one.served[i]) == onefold::Row<Sales>::width);
                }
            }
    }
}

TEST_CASE("sharded live without rows or settled rows keeps the account") {
    const auto events = sales(9, 100);
    onefold::ShardedLive<Sales> sharded(2, 2);
    sharded.push_many(events.data(), events.size(), nullptr);
    sharded.reject();
    REQUIRE(sharded.account().in == events.size() + 1);
    REQUIRE(sharded.account().rejected == 1);
    REQUIRE(sharded.account().balances());
}

namespace {

struct Reading {
    std::int64_t id;
    std::int64_t sensor;
    std::int32_t line;
    bool heartbeat;
    onefold::Time at;
};
struct Readings {
    static constexpr auto definition =
        onefold::define(onefold::stream<Reading>("readings")
                            .time<&Reading::at>()
                            .id<&Reading::id>()
                            .partitioned_by<&Reading::line>(3)
                            .punctuated_by(onefold::field<&Reading::heartbeat>)
                            .idle_timeout(50_us),
                        onefold::by<&Reading::sensor>("n"_f = onefold::count().over(20_us, onefold::lifetime)));
};

} // namespace

TEST_CASE("shards keep partitions, punctuations and positions as one executor does") {
    std::mt19937_64 random(11);
    std::vector<Reading> readings;
    for (std::int64_t i = 0; i < 3'000; ++i) {
        const auto line = static_cast<std::int32_t>(random() % 3);
        // Each line is some way behind the one before it; a heartbeat promises what some later readings break.
        readings.push_back({static_cast<std::int64_t>(random() % 6'000),
                            static_cast<std::int64_t>(random() % 20),
                            line,
                            random() % 10 == 0,
                            {i - 15 * line - static_cast<std::int64_t>(random() % 10)}});
    }
    struct Heard {
        std::vector<std::int64_t> settled;
        std::vector<std::pair<std::uint64_t, onefold::Verdict>> dead;
        onefold::LiveOptions<Readings> options(const std::int64_t& now) {
            onefold::LiveOptions<Readings> wanted;
            wanted.settled = [this](const Reading& r, const onefold::Settled<Readings>&) { settled.push_back(r.id); };
            wanted.dead_letter = [this](const onefold::DeadLetter<Reading>& letter) {
                dead.emplace_back(letter.position, letter.reason);
            };
            wanted.clock = [&now] { return onefold::Time{now}; };
            return wanted;
        }
    } one_heard, many_heard;
    std::int64_t now = 0;
    onefold::Live<Readings> one(one_heard.options(now));
    onefold::ShardedLive<Readings> many(3, 2, many_heard.options(now));
    std::vector<onefold::Served<Readings>> served(100);
    for (std::size_t start = 0; start < readings.size(); start += served.size()) {
        now = static_cast<std::int64_t>(start);
        many.push_many(&readings[start], served.size(), served.data());
        for (std::size_t i = 0; i < served.size(); ++i) {
            const auto row = one.push(readings[start + i]);
            REQUIRE(row.verdict == served[i].verdict);
            REQUIRE(row.first_difference(served[i]) == onefold::Row<Readings>::width);
        }
        one.tick(onefold::Time{now + 70});
        many.tick(onefold::Time{now + 70});
        REQUIRE(one.watermark() == many.watermark());
        REQUIRE(one_heard.settled == many_heard.settled);
    }
    CHECK(one_heard.dead == many_heard.dead);
    CHECK(one_heard.dead.size() > 100);
    CHECK(one_heard.settled.size() > 500);
    CHECK(one.account() == many.account());
    CHECK(one.account().balances());
    std::uint64_t heartbeats = 0;
    for (const auto& reading : readings) heartbeats += reading.heartbeat;
    CHECK(one.account().in + heartbeats == readings.size());
    for (const auto& [position, reason] : one_heard.dead) CHECK_FALSE(readings[position].heartbeat);
}
