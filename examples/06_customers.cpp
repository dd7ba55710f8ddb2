// A table of versions, joined with each transaction as of its time: what was known of the customer then, for features
// of the customer's whole country as well. Batch knows all versions; live is told of them late, and agrees.
#include "onefold/onefold.hpp"
#include "onefold/run/backfill.hpp"
#include <cstdio>
#include <random>
using namespace onefold::literals;

struct Transaction {
    std::int64_t id, card;
    double amount;
    onefold::Time at;
};
struct Customer { // one version; the next one of the card takes its place
    std::int64_t card, country;
    double limit;
    bool closed;
    onefold::Time since;
};
constexpr auto amount = onefold::field<&Transaction::amount>;
constexpr auto limit = onefold::field<&Customer::limit>;

struct Spending {
    static constexpr auto definition = onefold::define(
        onefold::stream<Transaction>("transactions").time<&Transaction::at>().id<&Transaction::id>().lateness(5_min),
        onefold::table<Customer>("customers") // found by the card, as both call it so
            .key<&Customer::card>()
            .since<&Customer::since>()
            .tombstone<&Customer::closed>()
            .lateness(1_h),
        onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(1_h, 24_h),
                                        "beyond"_f = onefold::count().where(amount > limit).over(24_h)),
        onefold::by<&Customer::country>("country_spend"_f = onefold::sum(amount).over(24_h)),
        onefold::derive("limit_used"_f = "spend_24h"_f / limit, "known"_f = onefold::matched<Customer>()));
};

int main() {
    std::mt19937 random(1);
    const auto below = [&](unsigned bound) { return static_cast<std::int64_t>(random() % bound); };
    std::vector<Transaction> events;
    std::vector<Customer> customers;
    for (std::int64_t i = 0; i < 20'000; ++i) {
        const onefold::Time now{i * 60'000'000};
        events.push_back({i, below(50), static_cast<double>(below(10'000)) / 100, now});
        const double most = 100.0 * static_cast<double>(1 + below(9));
        if (i % 20 == 0) customers.push_back({below(60), below(5), most, below(9) == 0, now});
    }
    const auto training = onefold::backfill<Spending>(events, onefold::Versions<Spending>(customers));
    std::size_t settled = 0, different = 0;
    onefold::LiveOptions<Spending> options;
    options.settled = [&](const Transaction&, const onefold::Settled<Spending>& row) {
        different += !(row == training.rows[settled++]);
    };
    onefold::Live<Spending> live(std::move(options));
    for (std::size_t i = 0; i < events.size(); ++i) {
        live.push(events[i]);
        if (i % 20 == 15) live.push(customers[i / 20]); // a quarter of an hour late
    }
    live.finish();
    std::printf("%zu rows settled, %zu differ from the batch\n", settled, different);
    return settled == events.size() && different == 0 ? 0 : 1;
}
