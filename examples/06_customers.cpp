// Three inputs in one row: transactions, a table of customers' versions, joined as of each transaction's time, and
// logins, a stream of their own, for the same card. Live is told of both late, and agrees with the batch.
#include "onefold/onefold.hpp"
#include "onefold/run/backfill.hpp"
#include <cstdio>
#include <random>
using namespace onefold::literals;

// clang-format off
struct Transaction { std::int64_t id, card; double amount; onefold::Time at; };
struct Customer { std::int64_t card, country; double limit; bool closed; onefold::Time since; };
struct Login { std::int64_t card; bool failed; onefold::Time at; };
// clang-format on
constexpr auto amount = onefold::field<&Transaction::amount>;
constexpr auto limit = onefold::field<&Customer::limit>;

struct Spending {
    static constexpr auto definition = onefold::define(
        onefold::stream<Transaction>("transactions").time<&Transaction::at>().id<&Transaction::id>().lateness(5_min),
        onefold::stream<Login>("logins").time<&Login::at>().lateness(30_min),
        onefold::table<Customer>("customers") // found by the card, as both call it so
            .key<&Customer::card>()
            .since<&Customer::since>()
            .tombstone<&Customer::closed>()
            .lateness(1_h),
        onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(1_h, 24_h),
                                        "beyond"_f = onefold::count().where(amount > limit).over(24_h)),
        onefold::by<&Login::card>("failed"_f = onefold::count_if(onefold::field<&Login::failed>).over(10_min, 1_h)),
        onefold::by<&Customer::country>("country_spend"_f = onefold::sum(amount).over(24_h)),
        onefold::derive("limit_used"_f = "spend_24h"_f / limit, "known"_f = onefold::matched<Customer>()));
};

int main() {
    std::mt19937 random(1);
    const auto below = [&](unsigned bound) { return static_cast<std::int64_t>(random() % bound); };
    std::vector<Transaction> events;
    std::vector<Customer> customers;
    std::vector<Login> logins;
    for (std::int64_t i = 0; i < 20'000; ++i) {
        const onefold::Time now{i * 60'000'000};
        events.push_back({i, below(50), static_cast<double>(below(10'000)) / 100, now});
        logins.push_back({below(50), below(3) == 0, now});
        const double most = 100.0 * static_cast<double>(1 + below(9));
        if (i % 20 == 0) customers.push_back({below(60), below(5), most, below(9) == 0, now});
    }
    const auto training = onefold::backfill<Spending>(events, onefold::Histories<Spending>(customers, logins));
    std::size_t settled = 0, different = 0;
    onefold::LiveOptions<Spending> options;
    options.settled = [&](const auto&, const auto& row) { different += !(row == training.rows[settled++]); };
    onefold::Live<Spending> live(std::move(options));
    for (std::size_t i = 0; i < events.size(); ++i) {
        live.push(events[i]);
        if (i >= 10) live.push(logins[i - 10]);         // ten minutes late
        if (i % 20 == 15) live.push(customers[i / 20]); // a quarter of an hour
    }
    for (std::size_t i = events.size() - 10; i < events.size(); ++i) live.push(logins[i]);
    live.finish();
    std::printf("%zu rows settled, %zu differ from the batch\n", settled, different);
    return settled == events.size() && different == 0 ? 0 : 1;
}
