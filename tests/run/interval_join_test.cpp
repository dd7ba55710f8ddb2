#include "onefold/run/interval_join.hpp"

#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;

struct Return {
    std::int64_t id = 0;
    std::optional<std::int64_t> customer;
    std::string item;
    std::optional<onefold::Time> at;
};
struct Purchase {
    std::int64_t customer = 0;
    std::string item;
    onefold::Time at;
    std::int64_t number = 0;
};

constexpr auto returns = onefold::stream<Return>("returns").time<&Return::at>().id<&Return::id>().lateness(20_us);
constexpr auto purchases =
    onefold::stream<Purchase>("purchases").time<&Purchase::at>().id<&Purchase::number>().lateness(5_us);
constexpr auto joined = onefold::interval_join(returns, purchases)
                            .on<&Return::customer, &Return::item>()
                            .equal_to<&Purchase::customer, &Purchase::item>();

struct Before {
    static constexpr std::int64_t first = -30, last = 0;
    static constexpr auto definition = joined.between(-30_us, 0_us);
};
struct Around {
    static constexpr std::int64_t first = -9, last = 6;
    static constexpr auto definition = joined.between(-10_us, 7_us).excluding_lower().excluding_upper();
};
struct After {
    static constexpr std::int64_t first = 3, last = 40;
    static constexpr auto definition = joined.between(onefold::Duration{3}, 40_us);
};
struct LongBefore {
    static constexpr std::int64_t first = -40, last = -10;
    static constexpr auto definition = joined.between(-40_us, -10_us);
};

struct Inputs {
    std::vector<Return> returns;
    std::vector<Purchase> purchases;
};

// In order of arrival, within the lateness and a little beyond it; near both ends of time in some.
Inputs inputs_of(std::uint64_t seed) {
    twin::Generator random(seed);
    const std::int64_t starts[] = {0, -60, INT64_MIN + 1, INT64_MAX - 200};
    const auto start = starts[seed % 4];
    const auto at = [&](std::int64_t i, std::int64_t late) {
        return onefold::Time{onefold::saturating_add(start, 2 * i + random.below(late))};
    };
    const char* items[] = {"", "a"};
    Inputs all;
    for (std::int64_t i = 0; i < 60; ++i) {
        Return back{i, random.below(3), items[random.below(2)], at(i, 22)};
        if (random.below(10) == 0) back.customer.reset();
        if (random.below(15) == 0) back.at.reset();
        all.returns.push_back(back);
        if (random.below(9) == 0) all.returns.push_back(back);
        all.purchases.push_back({random.below(3), items[random.below(2)], at(i, 9), i});
    }
    return all;
}

// Everything with everything.
template <class Def>
std::vector<std::pair<std::int64_t, std::int64_t>> obvious(const std::vector<const Return*>& returns_given,
                                                           const std::vector<const Purchase*>& purchases_given) {
    auto lefts = returns_given;
    auto rights = purchases_given;
    std::sort(lefts.begin(), lefts.end(), [](const Return* a, const Return* b) {
        return a->at->micros != b->at->micros ? a->at->micros < b->at->micros : a->id < b->id;
    });
    std::sort(rights.begin(), rights.end(), [](const Purchase* a, const Purchase* b) {
        return a->at.micros != b->at.micros ? a->at.micros < b->at.micros : a->number < b->number;
    });
    __extension__ typedef __int128 Wide;
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
    for (const auto* l : lefts)
        for (const auto* r : rights) {
            const Wide distance = Wide(r->at.micros) - l->at->micros;
            if (l->customer == r->customer && l->item == r->item && distance >= Def::first && distance <= Def::last)
                pairs.emplace_back(l->id, r->number);
        }
    return pairs;
}

// What a stream takes, by its own order of arrival.
template <class Record, class Time>
std::vector<onefold::Verdict> verdicts_of(const std::vector<Record>& records, std::int64_t lateness, Time time_of) {
    std::vector<onefold::Verdict> verdicts;
    std::optional<std::int64_t> newest;
    std::vector<std::int64_t> ids;
    for (const auto& record : records) {
        const auto [time, id, keyed] = time_of(record);
        auto verdict = onefold::Verdict::applied;
        if (!time || *time == INT64_MIN || *time == INT64_MAX) verdict = onefold::Verdict::rejected;
        else {
            __extension__ typedef __int128 Wide;
            if (!keyed) verdict = onefold::Verdict::filtered;
            else if (newest && Wide(*time) <= Wide(*newest) - lateness - 1) verdict = onefold::Verdict::late;
            else if (std::find(ids.begin(), ids.end(), id) != ids.end()) verdict = onefold::Verdict::duplicate;
            else ids.push_back(id);
            if (!newest || *time > *newest) newest = *time;
        }
        verdicts.push_back(verdict);
    }
    return verdicts;
}
struct Fields {
    std::optional<std::int64_t> time;
    std::int64_t id;
    bool keyed;
};
Fields of_return(const Return& r) {
    return {r.at ? std::optional(r.at->micros) : std::nullopt, r.id, r.customer.has_value()};
}
Fields of_purchase(const Purchase& p) { return {p.at.micros, p.number, true}; }

template <class Record>
std::vector<const Record*> taken(const std::vector<Record>& records, const std::vector<onefold::Verdict>& verdicts) {
    std::vector<const Record*> all;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (verdicts[i] == onefold::Verdict::applied) all.push_back(&records[i]);
    return all;
}

template <class Def>
void check(const Inputs& all, std::uint64_t seed) {
    const auto left_verdicts = verdicts_of(all.returns, 20, of_return);
    const auto right_verdicts = verdicts_of(all.purchases, 5, of_purchase);
    const auto expected = obvious<Def>(taken(all.returns, left_verdicts), taken(all.purchases, right_verdicts));

    const auto batch = onefold::join_intervals<Def>(all.returns, all.purchases, onefold::run::Arrival::as_given);
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
    for (const auto& [i, j] : batch.pairs) pairs.emplace_back(all.returns[i].id, all.purchases[j].number);
    REQUIRE(pairs == expected);
    REQUIRE(batch.left.balances());
    REQUIRE(batch.left_excluded.size() == batch.left.in - batch.left.applied);
    for (const auto& excluded : batch.left_excluded) REQUIRE(excluded.reason == left_verdicts[excluded.position]);

    std::vector<std::pair<std::int64_t, std::int64_t>> settled, paired;
    std::size_t dead = 0;
    onefold::IntervalJoinOptions<Def> options;
    options.settled = [&](const Return& l, const Purchase& r) { settled.emplace_back(l.id, r.number); };
    options.paired = [&](const Return& l, const Purchase& r) { paired.emplace_back(l.id, r.number); };
    options.dead_left = [&](const onefold::DeadLetter<Return>& letter) {
        ++dead;
        REQUIRE(letter.reason == left_verdicts[letter.position]);
    };
    options.dead_right = [&](const onefold::DeadLetter<Purchase>& letter) {
        ++dead;
        REQUIRE(letter.reason == right_verdicts[letter.position]);
    };
    options.seed = seed;
    onefold::LiveIntervalJoin<Def> live(std::move(options));
    twin::Generator random(seed + 3);
    std::vector<const Return*> lefts;
    std::vector<const Purchase*> rights;
    for (std::size_t i = 0, j = 0; i < all.returns.size() || j < all.purchases.size();) {
        if (random.below(2) == 0 ? i < all.returns.size() : j == all.purchases.size()) {
            const auto verdict = live.push(all.returns[i]);
            REQUIRE(verdict == left_verdicts[i]);
            if (verdict == onefold::Verdict::applied) lefts.push_back(&all.returns[i]);
            ++i;
        } else {
            const auto verdict = live.push(all.purchases[j]);
            REQUIRE(verdict == right_verdicts[j]);
            if (verdict == onefold::Verdict::applied) rights.push_back(&all.purchases[j]);
            ++j;
        }
        // What has come pairs at once, and what is settled is a beginning of what the batch has.
        auto now = obvious<Def>(lefts, rights);
        auto so_far = paired;
        std::sort(now.begin(), now.end());
        std::sort(so_far.begin(), so_far.end());
        REQUIRE(so_far == now);
        REQUIRE(settled.size() <= expected.size());
        REQUIRE(std::equal(settled.begin(), settled.end(), expected.begin()));
    }
    live.finish();
    REQUIRE(settled == expected);
    REQUIRE(live.events() == 0);
    REQUIRE(live.keys() == 0);
    REQUIRE(live.template account<Return>() == batch.left);
    REQUIRE(live.template account<Purchase>() == batch.right);
    REQUIRE(dead == batch.left_excluded.size() + batch.right_excluded.size());
}

} // namespace

TEST_CASE("interval joins: both executors have the pairs that everything with everything has") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        const auto all = inputs_of(seed);
        check<Before>(all, seed);
        check<Around>(all, seed);
        check<After>(all, seed);
        check<LongBefore>(all, seed);
    }
}

TEST_CASE("interval joins: state follows the watermark") {
    onefold::LiveIntervalJoin<Around> live;
    std::size_t most = 0;
    for (std::int64_t i = 0; i < 20'000; ++i) {
        live.push(Return{i, i % 50, "a", onefold::Time{i}});
        live.push(Purchase{i % 50, "a", onefold::Time{i}, i});
        if (i > 1'000) most = std::max(most, live.events());
    }
    // The slower stream is 21 behind, and each event waits for 7 or 10 more.
    REQUIRE(most <= 2 * (21 + 7 + 10 + 2));
    REQUIRE(live.watermark().micros == 20'000 - 1 - 20 - 1);
    // A stream that says nothing holds the other back.
    for (std::int64_t i = 20'000; i < 21'000; ++i) live.push(Return{i, 1, "a", onefold::Time{i}});
    REQUIRE(live.watermark().micros == 20'000 - 1 - 5 - 1);
    REQUIRE(live.events() > 1'000);
    live.advance_watermark(onefold::Time{20'900});
    REQUIRE(live.events() < 120);
}

TEST_CASE("interval joins: a batch without an order of arrival takes everything once") {
    const std::vector<Return> left{{1, 7, "a", onefold::Time{100}}, {1, 7, "a", onefold::Time{100}}};
    const std::vector<Purchase> right{{7, "a", onefold::Time{100}, 2},
                                      {7, "a", onefold::Time{70}, 1},
                                      {7, "a", onefold::Time{69}, 3},
                                      {7, "b", onefold::Time{90}, 4}};
    const auto joined_all = onefold::join_intervals<Before>(left, right);
    REQUIRE(joined_all.pairs == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, 1}, {0, 0}});
    REQUIRE(joined_all.left.duplicate == 1);
}
