// Fraud: features of a card and of a merchant in one row, computed in batch for training and live for scoring.
#include "onefold/onefold.hpp"
#include "onefold/run/backfill.hpp"
#include <cstdio>
#include <random>

using namespace onefold::literals;

struct Transaction {
    std::int64_t id, card, merchant;
    double amount, limit; // the card's limit comes with the request
    bool fraud;           // known only days later
    onefold::Time at;
};
constexpr auto amount = onefold::field<&Transaction::amount>;

struct CardRisk {
    static constexpr auto definition = onefold::define(
        onefold::stream<Transaction>("transactions").time<&Transaction::at>().id<&Transaction::id>().lateness(5_min),
        onefold::by<&Transaction::card>(
            "txn_count"_f = onefold::count().over(1_h, 24_h, 7_d), "spend"_f = onefold::sum(amount).over(24_h, 7_d),
            "merchants"_f = onefold::distinct(onefold::field<&Transaction::merchant>).over(24_h),
            // Without before_current() the amount being judged would be part of what it is compared with.
            "amount_z"_f = onefold::zscore(amount).over(7_d).before_current()),
        onefold::by<&Transaction::merchant>( // as of a week ago: no label is younger than the dispute that gives it
            "fraud_rate"_f = onefold::mean(onefold::field<&Transaction::fraud>).over(1_d, 7_d).delayed(7_d)),
        onefold::derive("limit_used"_f = "spend_24h"_f / onefold::field<&Transaction::limit>));
};

// A minute apart, 50 cards at 20 shops; every 1,000th begins a burst: one card, 8 large amounts in 8 minutes, shop 13.
std::vector<Transaction> history(unsigned seed) {
    std::mt19937 random(seed); // its numbers are the same everywhere; those of the standard's distributions are not
    const auto below = [&](unsigned bound) { return static_cast<std::int64_t>(random() % bound); };
    std::vector<Transaction> all;
    for (std::int64_t i = 0; i < 40'000; ++i) {
        Transaction t{i, below(50), below(20), 10 + static_cast<double>(below(50)), 1'000, false, {i * 60'000'000}};
        if (i >= 1'000 && i % 1'000 < 8) t.card = i / 1'000 % 50, t.merchant = 13, t.amount += 400, t.fraud = true;
        all.push_back(t);
    }
    return all;
}
int fail(const char* sentence, std::size_t event) { return std::printf("event %zu %s\n", event, sentence), 1; }

int main() {
    const auto events = history(1);
    const auto training = onefold::backfill<CardRisk>(events);
    onefold::Live<CardRisk> live;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto row = live.push(events[i]); // what the service scores, before anything later has happened
        if (!(row == training.rows[i])) return fail("is not scored by what is trained on", i);
        if (!events[i].fraud) continue;
        if (i % 1'000 == 0 && !(row["amount_z_7d"_f] > 5.0)) return fail("has an ordinary amount", i);
        const bool shows = row["txn_count_1h"_f] >= 8 && row["limit_used"_f] > 3.0;
        if (i % 1'000 == 7 && !shows) return fail("shows no burst", i);
    }
    // Of shop 13 it is known by now; of the first burst, when it happened, it could not be.
    const auto now = live.read(events.back().at, std::int64_t{0}, std::int64_t{13});
    if (!(now["fraud_rate_7d"_f] > 0.1)) return fail("finds no fraud in shop 13", 40'000);
    if (training.rows[1'007]["fraud_rate_7d"_f]) return fail("knew its own label", 1'007);
}
