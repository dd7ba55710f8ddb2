#include "onefold/run/backfill.hpp"
#include "onefold/run/live.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/slow_join.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// The same features twice: of events joined with tables, and of flat records that hold what the join should find.
template <auto Account, auto Amount, auto Tip, auto Limit, auto Tier, auto Risk, auto Known>
constexpr auto features(auto... inputs) {
    using onefold::field;
    return onefold::define(
        inputs...,
        onefold::by<Account>("n"_f = onefold::count().over(10_us, 3_rows),
                             "sum"_f = onefold::sum(field<Amount>).over(10_us, 40_us).where(field<Limit> > 50.0),
                             "limits"_f = onefold::sum(field<Limit>).over(10_us, onefold::lifetime),
                             "least"_f = onefold::min(field<Limit>).over(10_us, 40_us, onefold::lifetime),
                             "last_tier"_f = onefold::last(field<Tier>).over(40_us, 2_rows),
                             "risks"_f = onefold::distinct(field<Risk>).over(40_us),
                             "median"_f = onefold::median(field<Risk>).over(40_us).before_current()),
        onefold::by<Tier>("tier_n"_f = onefold::count().over(20_us),
                          "tier_max"_f = onefold::max(field<Tip>).over(20_us, onefold::lifetime),
                          "tier_first"_f = onefold::first(field<Amount>).over(20_us, 4_rows)),
        onefold::derive("used"_f = field<Amount> / field<Limit>, "owned"_f = Known, "risk"_f = field<Risk> + 0));
}

constexpr auto events =
    onefold::stream<Event>("events").time<&Event::at>().id<&Event::serial>().keep_duplicates().lateness(15_us);
constexpr auto owners = onefold::table<Owner>("owners").key<&Owner::account>().since<&Owner::since>();
constexpr auto countries =
    onefold::table<Country>("countries").key<&Country::code>().on<&Owner::country>().since<&Country::since>();

constexpr auto joined(auto owners_table, auto countries_table) {
    return features<&Event::account, &Event::amount, &Event::tip, &Owner::limit, &Owner::tier, &Country::risk,
                    onefold::matched<Owner>()>(events, owners_table, countries_table);
}

struct FlatFeatures {
    static constexpr auto definition = features<&Flat::account, &Flat::amount, &Flat::tip, &Flat::limit, &Flat::tier,
                                                &Flat::risk, onefold::field<&Flat::owned>>(
        onefold::stream<Flat>("flat").time<&Flat::at>().id<&Flat::serial>().keep_duplicates().lateness(15_us));
};

struct Backward {
    // How much later than the watermark rows settle.
    static constexpr std::int64_t delay = 0;
    static constexpr SlowTable owner{}, country{};
    static constexpr auto definition = joined(owners, countries);
};
struct StrictWithTombstones {
    static constexpr std::int64_t delay = 25 - lateness;
    static constexpr SlowTable owner{.strictly = true, .by_created = true, .tombstones = true, .oldest = 30},
        country{.last_arrived = true};
    static constexpr auto definition =
        joined(owners.tie_break<&Owner::created>().tombstone<&Owner::deleted>().strictly().time_to_live(30_us),
               countries.last_arrived_wins().lateness(25_us));
};
struct Forward {
    static constexpr std::int64_t delay = 40;
    static constexpr SlowTable owner{.forward = true, .by_created = true, .oldest = 12},
        country{.forward = true, .strictly = true, .oldest = 40};
    static constexpr auto definition = joined(owners.tie_break<&Owner::created>().forward().time_to_live(12_us),
                                              countries.forward().strictly().time_to_live(40_us));
};

struct Inputs {
    std::vector<Event> events;
    std::vector<Owner> owners;
    std::vector<Country> countries;
};

Inputs inputs_of(std::uint64_t seed) {
    Generator random(seed);
    Inputs all;
    all.events = random.events(static_cast<std::size_t>(1 + random.below(50)));
    const auto some_time = [&] {
        const auto& event = all.events[static_cast<std::size_t>(random.below(std::ssize(all.events)))];
        return onefold::Time{onefold::saturating_add(event.at.micros, random.below(9) - 5)};
    };
    const char* codes[] = {"", "a", "b"};
    for (auto i = random.below(25); i > 0; --i) {
        Owner owner;
        if (random.below(9) != 0) owner.account = random.below(4) - 1;
        if (random.below(9) != 0) owner.since = some_time();
        if (random.below(3) != 0) owner.created = random.below(3);
        owner.limit = static_cast<double>(random.below(20)) * 10;
        if (random.below(4) != 0) owner.tier = static_cast<std::int32_t>(random.below(2));
        owner.country = codes[random.below(3)];
        if (random.below(2) != 0) owner.deleted = random.below(3) == 0;
        all.owners.push_back(owner);
    }
    for (auto i = random.below(12); i > 0; --i)
        all.countries.push_back({codes[random.below(3)], some_time(), random.below(6)});
    return all;
}

template <class Def>
Flat flat_of(const Event& event, const std::vector<const Owner*>& owners_known,
             const std::vector<const Country*>& countries_known) {
    Flat flat{event.serial, event.at, event.account, event.amount, event.tip, {}, {}, {}, false};
    // What the definition reads of an owner, in the order in which it reads it; tombstones come before all that.
    const auto lesser = [](const Owner& a, const Owner& b) {
        if (Def::owner.by_created)
            if (const int order = compare(a.created, b.created)) return order < 0;
        if (Def::owner.tombstones) {
            const bool gone = a.deleted.value_or(false), other = b.deleted.value_or(false);
            if (gone != other) return other;
        }
        if (const int order = compare(a.limit, b.limit)) return order < 0;
        if (const int order = compare(a.tier, b.tier)) return order < 0;
        return a.country < b.country;
    };
    const Owner* owner = in_force(
        owners_known, Def::owner, event.at.micros, [&](const Owner& o) { return o.account == event.account; }, lesser);
    if (owner && Def::owner.tombstones && owner->deleted.value_or(false)) owner = nullptr;
    if (!owner) return flat;
    flat.owned = true;
    flat.limit = owner->limit;
    flat.tier = owner->tier;
    const Country* country = in_force(
        countries_known, Def::country, event.at.micros, [&](const Country& c) { return c.code == owner->country; },
        [](const Country& a, const Country& b) { return !Def::country.last_arrived && a.risk < b.risk; });
    if (country) flat.risk = country->risk;
    return flat;
}

template <class Def>
void check_row(const onefold::Row<FlatFeatures>& expected, const onefold::Row<Def>& actual) {
    onefold::for_each_index<onefold::Row<Def>::width>([&](auto i) {
        constexpr std::size_t column = decltype(i)::value;
        INFO(onefold::Row<Def>::names[column]);
        REQUIRE(onefold::plan::same_bits(expected.at<column>(), actual.template at<column>()));
    });
}

template <class T>
std::vector<const T*> pointers(const std::vector<T>& all) {
    std::vector<const T*> result;
    for (const auto& one : all) result.push_back(&one);
    return result;
}

// What arrives: an event, an owner or a country, by its place in its list.
struct Arrival {
    char kind;
    std::size_t place;
};

// Everything in an order in which events and versions of one table keep theirs; versions arrive anywhere, or, for
// `in_time`, before all events.
std::vector<Arrival> arrivals_of(const Inputs& all, bool early, std::uint64_t seed) {
    Generator random(seed + 77);
    std::vector<Arrival> arrivals;
    std::size_t e = 0, o = 0, c = 0;
    while (e < all.events.size() || o < all.owners.size() || c < all.countries.size()) {
        const auto choice = random.below(early ? 2 : 3);
        if (choice == 0 && o < all.owners.size()) arrivals.push_back({'o', o++});
        else if (choice == 1 && c < all.countries.size()) arrivals.push_back({'c', c++});
        else if (e < all.events.size() && (!early || (o == all.owners.size() && c == all.countries.size())))
            arrivals.push_back({'e', e++});
    }
    return arrivals;
}

// Live, event by event, against lists: an event's join is found anew with every arrival until its row has settled.
template <class Def>
void check_live(const Inputs& all, const std::vector<Arrival>& arrivals) {
    struct Known {
        const Event* event;
        Flat flat;
        bool settled = false;
    };
    std::vector<Known> known;
    std::vector<const Owner*> owners_known;
    std::vector<const Country*> countries_known;
    std::size_t settled = 0, dead = 0;

    const auto rows = [&] {
        std::vector<const Flat*> flats;
        for (const auto& one : known) flats.push_back(&one.flat);
        return flats;
    };
    onefold::LiveOptions<Def> options;
    options.seed = 5;
    options.settled = [&](const Event& event, const onefold::Settled<Def>& row) {
        ++settled;
        // Events of one time and serial are alike, so any of them that has not settled is this one.
        auto one = std::find_if(known.begin(), known.end(), [&](const Known& k) {
            return !k.settled && k.event->serial == event.serial && k.event->at == event.at;
        });
        REQUIRE(one != known.end());
        one->settled = true;
        INFO("settled " << describe(event));
        check_row<Def>(SlowTwin<FlatFeatures>::row(rows(), event.at.micros, one->flat, &one->flat), row);
    };
    options.dead_version = [&](const onefold::DeadVersion&) { ++dead; };
    onefold::Live<Def> live(std::move(options));
    const auto join_again = [&] {
        for (auto& one : known)
            if (!one.settled) one.flat = flat_of<Def>(*one.event, owners_known, countries_known);
    };
    SlowGate<FlatFeatures> gate;
    for (const auto arrival : arrivals) {
        if (arrival.kind == 'o') {
            const auto& owner = all.owners[arrival.place];
            owners_known.push_back(&owner);
            join_again();
            const auto verdict = live.push(owner);
            if (!owner.since) REQUIRE(verdict == onefold::Verdict::rejected);
            else if (!owner.account) REQUIRE(verdict == onefold::Verdict::filtered);
        } else if (arrival.kind == 'c') {
            countries_known.push_back(&all.countries[arrival.place]);
            join_again();
            live.push(all.countries[arrival.place]);
        } else {
            const auto& event = all.events[arrival.place];
            auto flat = flat_of<Def>(event, owners_known, countries_known);
            const auto verdict = gate.judge(flat);
            // Known before the push, which may settle it at once.
            if (verdict == onefold::Verdict::applied) known.push_back({&event, flat});
            const auto flats = rows();
            const auto expected = SlowTwin<FlatFeatures>::row(
                flats, event.at.micros, flat, verdict == onefold::Verdict::applied ? flats.back() : &flat);
            const auto row = live.push(event);
            REQUIRE(row.verdict == verdict);
            INFO("served " << describe(event));
            if (row.applied()) check_row<Def>(expected, row);
        }
        const Wide passed = Wide(live.watermark().micros) - Def::delay;
        const auto due =
            std::count_if(known.begin(), known.end(), [&](const Known& k) { return k.event->at.micros <= passed; });
        REQUIRE(settled == static_cast<std::size_t>(due));
        REQUIRE(live.account().balances());
        REQUIRE(live.template account<Owner>().balances());
        REQUIRE(live.template account<Country>().balances());
    }
    live.finish();
    REQUIRE(settled == known.size());
    const auto& of_owners = live.template account<Owner>();
    const auto& of_countries = live.template account<Country>();
    REQUIRE(of_owners.in == all.owners.size());
    REQUIRE(of_owners.in - of_owners.applied + of_countries.in - of_countries.applied == dead);
}

template <class Def>
void check_batch(const Inputs& all, unsigned threads) {
    onefold::BackfillOptions options;
    options.threads = threads;
    const auto batch = onefold::backfill<Def>(all.events, onefold::Versions<Def>(all.owners, all.countries), options);
    std::vector<Flat> flats;
    std::vector<const Flat*> accepted;
    flats.reserve(all.events.size());
    for (const auto& event : all.events) {
        flats.push_back(flat_of<Def>(event, pointers(all.owners), pointers(all.countries)));
        // No window can hold the two ends of time.
        if (event.at.micros != INT64_MIN && event.at.micros != INT64_MAX) accepted.push_back(&flats.back());
    }
    REQUIRE(batch.rows.size() == accepted.size());
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const auto& flat = flats[batch.order[i]];
        INFO("batch " << describe(all.events[batch.order[i]]));
        check_row<Def>(SlowTwin<FlatFeatures>::row(accepted, flat.at.micros, flat, &flat), batch.rows[i]);
    }
}

template <class Def>
void check_all() {
#ifdef ONEFOLD_TESTS_SANITIZED
    constexpr std::uint64_t seeds = 30;
#else
    constexpr std::uint64_t seeds = 150;
#endif
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO("seed " << seed);
        const auto all = inputs_of(seed);
        check_batch<Def>(all, static_cast<unsigned>(1 + seed % 3));
        check_live<Def>(all, arrivals_of(all, true, seed));
        check_live<Def>(all, arrivals_of(all, false, seed));
    }
}

} // namespace

TEST_CASE("a table and a table of it, joined as of the event, agree with the obvious join") { check_all<Backward>(); }
TEST_CASE("strict joins with ties, tombstones and a time to live agree with the obvious join") {
    check_all<StrictWithTombstones>();
}
TEST_CASE("joins that look forward agree with the obvious join") { check_all<Forward>(); }
