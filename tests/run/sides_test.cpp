#include "onefold/run/sides.hpp"

#include "onefold/run/backfill.hpp"
#include "onefold/run/live.hpp"
#include "support/catch.hpp"

namespace {

using namespace onefold::literals;
using onefold::Time;
using onefold::Verdict;

struct Payment {
    std::int64_t id = 0, card = 0;
    double amount = 0;
    Time at;
};
struct Login {
    std::int64_t user = 0;
    Time at;
};

constexpr auto payments = onefold::stream<Payment>("payments").time<&Payment::at>().id<&Payment::id>().lateness(2_us);
constexpr auto logins = onefold::stream<Login>("logins").time<&Login::at>().lateness(5_us);
constexpr auto recent = onefold::by<&Login::user>("logins"_f = onefold::count().over(10_us),
                                                  "before"_f = onefold::count().over(10_us).before_current(),
                                                  "since"_f = onefold::time_since_last().over(1_h))
                            .on<&Payment::card>();

struct Usual {
    static constexpr auto definition = onefold::define(payments, logins, recent);
};
struct Idle {
    static constexpr auto definition = onefold::define(payments, logins.idle_timeout(100_us), recent);
};

} // namespace

TEST_CASE("streams: by hand, an event sees what the other stream had for its key by its time") {
    onefold::Live<Usual> live;
    REQUIRE(live.push(Login{7, Time{10}}) == Verdict::applied);
    live.push(Login{8, Time{15}});
    auto row = live.push(Payment{1, 7, 1.0, Time{20}});
    // (10, 20] and [10, 20).
    REQUIRE(row["logins_10us"_f] == 0);
    REQUIRE(row["before_10us"_f] == 1);
    REQUIRE(row["since_1h"_f] == 10);
    live.push(Login{7, Time{21}});
    row = live.push(Payment{2, 7, 1.0, Time{21}});
    REQUIRE(row["logins_10us"_f] == 1);
    REQUIRE(row["before_10us"_f] == 0);
    REQUIRE(row["since_1h"_f] == 0);
    row = live.push(Payment{3, 9, 1.0, Time{22}});
    REQUIRE(row["logins_10us"_f] == 0);
    REQUIRE(!row["since_1h"_f]);
    // Without an event, by the other stream's key.
    REQUIRE(live.read(Time{22}, std::int64_t{8})["logins_10us"_f] == 1);
    REQUIRE(live.read(Time{25}, std::int64_t{8})["logins_10us"_f] == 0);
}

TEST_CASE("streams: a late event of another stream changes settled rows, not served ones") {
    std::vector<std::int64_t> settled;
    onefold::LiveOptions<Usual> options;
    options.settled = [&](const Payment&, const onefold::Settled<Usual>& row) {
        settled.push_back(row["logins_10us"_f]);
    };
    std::vector<std::uint64_t> dead;
    options.dead_letter_of<Login>() = [&](const onefold::DeadLetter<Login>& letter) {
        dead.push_back(letter.position);
        REQUIRE(letter.reason == Verdict::late);
        REQUIRE(letter.watermark.micros == 14);
    };
    onefold::Live<Usual> live(std::move(options));
    live.push(Login{7, Time{20}});
    REQUIRE(live.push(Payment{1, 7, 1.0, Time{20}})["logins_10us"_f] == 1);
    REQUIRE(live.push(Login{7, Time{15}}) == Verdict::applied);
    REQUIRE(live.push(Login{7, Time{14}}) == Verdict::late);
    REQUIRE(settled.empty());
    live.push(Payment{2, 7, 1.0, Time{40}});
    REQUIRE(settled.empty()); // the logins are at 14
    REQUIRE(live.watermark().micros == 14);
    live.push(Login{1, Time{26}});
    REQUIRE(live.watermark().micros == 20);
    REQUIRE(settled == std::vector<std::int64_t>{2});
    live.finish();
    REQUIRE(settled == std::vector<std::int64_t>{2, 0});
    REQUIRE(dead == std::vector<std::uint64_t>{2});
    const auto& account = live.account<Login>();
    REQUIRE(account.in == 4);
    REQUIRE(account.applied == 3);
    REQUIRE(account.late == 1);
    REQUIRE(account.balances());
    live.reject<Login>();
    REQUIRE(live.account<Login>().rejected == 1);
}

TEST_CASE("streams: one that is silent for its time-out does not hold the others back") {
    onefold::Live<Idle> live;
    live.push(Login{7, Time{1000}}, Time{1000});
    live.push(Payment{1, 7, 1.0, Time{1010}}, Time{1010});
    REQUIRE(live.watermark().micros == 994);
    live.push(Payment{2, 7, 1.0, Time{1099}}, Time{1099});
    REQUIRE(live.watermark().micros == 994);
    // 100 after the last login.
    live.push(Payment{3, 7, 1.0, Time{1100}}, Time{1100});
    REQUIRE(live.watermark().micros == 1097);
    // It takes part again, but what the others have left behind is late.
    REQUIRE(live.push(Login{7, Time{1097}}, Time{1101}) == Verdict::late);
    REQUIRE(live.push(Login{7, Time{1098}}, Time{1102}) == Verdict::applied);
    live.push(Payment{4, 7, 1.0, Time{1150}}, Time{1150});
    REQUIRE(live.watermark().micros == 1097);
    REQUIRE(live.account<Login>().late == 1);

    // One of which nothing has come has been silent since the clock was first told.
    onefold::Live<Idle> alone;
    alone.push(Payment{1, 7, 1.0, Time{10}}, Time{10});
    alone.push(Payment{2, 7, 1.0, Time{90}}, Time{90});
    REQUIRE(alone.watermark().micros == INT64_MIN);
    alone.tick(Time{110});
    REQUIRE(alone.watermark().micros == 87);

    // Without a time-out it is waited for.
    onefold::Live<Usual> waiting;
    waiting.push(Payment{1, 7, 1.0, Time{10}}, Time{10});
    waiting.tick(Time{1'000'000});
    REQUIRE(waiting.watermark().micros == INT64_MIN);
    // Until whoever owns the sources says otherwise.
    waiting.advance_watermark(Time{50});
    REQUIRE(waiting.watermark().micros == 50);
    REQUIRE(waiting.push(Login{7, Time{50}}) == Verdict::late);
}

TEST_CASE("streams: a batch takes the other streams' histories in the order of the definition") {
    const std::vector<Payment> events{{1, 7, 1.0, Time{20}}, {2, 8, 1.0, Time{5}}};
    const std::vector<Login> others{{7, Time{20}}, {7, Time{11}}, {8, Time{6}}};
    const auto batch = onefold::backfill<Usual>(events, onefold::Histories<Usual>(others));
    REQUIRE(batch.order == std::vector<std::uint32_t>{1, 0});
    REQUIRE(batch.rows[0]["logins_10us"_f] == 0);
    REQUIRE(batch.rows[1]["logins_10us"_f] == 2);
    REQUIRE(batch.of<Login>().account.applied == 3);
    // By the order of arrival, the logins at 11 and 6 come too late.
    onefold::BackfillOptions options;
    options.arrival = onefold::Arrival::as_given;
    const auto judged = onefold::backfill<Usual>(events, onefold::Histories<Usual>(others), options);
    REQUIRE(judged.rows.size() == 1);
    REQUIRE(judged.rows[0]["logins_10us"_f] == 1);
    REQUIRE(judged.of<Login>().account.late == 2);
    REQUIRE(judged.of<Login>().excluded[0].position == 1);
}
