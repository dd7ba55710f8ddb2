#include "onefold/run/backfill.hpp"
#include "onefold/run/live.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/slow_join.hpp"

// Definitions of one to three streams and none to two tables, in both executors, against lists: each entity is asked of
// the slow twin of a definition that has its stream alone.
namespace {

using namespace onefold::literals;
using namespace twin;

struct Login {
    std::int64_t id = 0;
    std::optional<onefold::Time> at;
    std::optional<std::int64_t> account;
    double amount = 0;
    std::optional<std::int32_t> device;
    bool failed = false;
};
struct Ticket {
    std::int64_t account = 0;
    std::optional<std::int32_t> tier;
    onefold::Time at;
    std::int64_t size = 0;
};

template <auto Account, auto Amount, auto Limit>
constexpr auto by_account() {
    using onefold::field;
    return onefold::by<Account>("n"_f = onefold::count().over(10_us, 3_rows),
                                "sum"_f = onefold::sum(field<Amount>).over(10_us, 40_us),
                                "limited"_f = onefold::count().where(field<Limit> > 50.0).over(40_us),
                                "least"_f = onefold::min(field<Amount>).over(10_us, onefold::lifetime));
}
// The same with windows that look ahead of the event.
template <auto Account, auto Amount, auto Limit>
constexpr auto by_account_ahead() {
    using onefold::field;
    return onefold::by<Account>("n"_f = onefold::count().over(10_us),
                                "next"_f =
                                    onefold::sum(field<Amount>).where(field<Limit> > 50.0).over(12_us).advanced(12_us),
                                "later"_f = onefold::last(field<Amount>).over(4_us).advanced(12_us).before_current());
}
constexpr auto of_logins = onefold::by<&Login::account>(
    "logins"_f = onefold::count().over(10_us, 40_us, 3_rows),
    "login_sum"_f = onefold::sum(onefold::field<&Login::amount>).over(10_us, onefold::lifetime).before_current(),
    "login_max"_f = onefold::max(onefold::field<&Login::amount>)
                        .where(onefold::field<&Login::failed>)
                        .over(40_us, onefold::lifetime),
    "login_last"_f = onefold::last(onefold::field<&Login::device>).over(40_us, 2_rows),
    "login_first"_f = onefold::first(onefold::field<&Login::amount>).over(10_us).including_start(),
    "devices"_f = onefold::distinct(onefold::field<&Login::device>).over(40_us).delayed(6_us),
    "hops"_f = onefold::sum(onefold::field<&Login::amount>).over(20_us).in_hops_of(10_us),
    "since"_f = onefold::time_since_last().over(40_us).before_current());
constexpr auto of_logins_around = onefold::by<&Login::account>(
    "around"_f = onefold::count().over(20_us).advanced(10_us).including_start(),
    "median"_f = onefold::median(onefold::field<&Login::amount>).over(20_us).advanced(20_us).before_current(),
    "last"_f = onefold::max(onefold::field<&Login::amount>).over(7_us).advanced(30_us));
constexpr auto of_tickets = onefold::by<&Ticket::account>(
    "tickets"_f = onefold::count().over(30_us),
    "own"_f = onefold::aggregate<Sequence>(onefold::field<&Ticket::size>).over(30_us, 4_rows));
constexpr auto of_tiers =
    onefold::by<&Ticket::tier>("sizes"_f = onefold::sum(onefold::field<&Ticket::size>).over(30_us, onefold::lifetime));

constexpr auto event_stream =
    onefold::stream<Event>("events").time<&Event::at>().id<&Event::serial>().keep_duplicates().lateness(15_us);
constexpr auto flat_stream =
    onefold::stream<Flat>("flat").time<&Flat::at>().id<&Flat::serial>().keep_duplicates().lateness(15_us);
constexpr auto login_stream =
    onefold::stream<Login>("logins").time<&Login::at>().id<&Login::id>().lateness(40_us).where(
        onefold::field<&Login::amount> != 7.0);
constexpr auto ticket_stream = onefold::stream<Ticket>("tickets").time<&Ticket::at>().lateness(5_us);
constexpr auto owners = onefold::table<Owner>("owners").key<&Owner::account>().since<&Owner::since>().lateness(30_us);
constexpr auto countries =
    onefold::table<Country>("countries").key<&Country::code>().on<&Owner::country>().since<&Country::since>();

// What each by<>() answers where its stream is alone. An event without a key is no event to it.
constexpr auto keyed_logins =
    onefold::stream<Login>("logins").time<&Login::at>().id<&Login::id>().lateness(40_us).where(
        onefold::field<&Login::amount> != 7.0 && !onefold::is_null(onefold::field<&Login::account>));
struct FlatAccount {
    static constexpr auto definition =
        onefold::define(flat_stream, by_account<&Flat::account, &Flat::amount, &Flat::limit>());
};
struct FlatAhead {
    static constexpr auto definition =
        onefold::define(flat_stream, by_account_ahead<&Flat::account, &Flat::amount, &Flat::limit>());
};
struct LoginsAlone {
    static constexpr auto definition = onefold::define(keyed_logins, of_logins);
};
struct LoginsAround {
    static constexpr auto definition = onefold::define(keyed_logins, of_logins_around);
};
struct TicketsAlone {
    static constexpr auto definition = onefold::define(ticket_stream, of_tickets);
};
struct TiersAlone {
    static constexpr auto definition =
        onefold::define(ticket_stream.where(!onefold::is_null(onefold::field<&Ticket::tier>)), of_tiers);
};

// An event's key among the logins and tickets, as a record of theirs; none: it finds nothing.
std::optional<Login> login_of(std::optional<std::int64_t> account) {
    Login shown;
    shown.account = account;
    return account ? std::optional(shown) : std::nullopt;
}
Ticket ticket_of(std::int64_t account, std::optional<std::int32_t> tier) {
    Ticket shown;
    shown.account = account;
    shown.tier = tier;
    return shown;
}

struct TwoStreams {
    using Spine = FlatAccount;
    using Logins = LoginsAlone;
    using Tickets = void;
    static constexpr std::size_t tables = 0;
    static constexpr std::int64_t delay = 0; // how much later than the watermark rows settle
    static constexpr auto definition = onefold::define(
        event_stream, login_stream, by_account<&Event::account, &Event::amount, &Event::tip>(), of_logins);
    static auto login(const Event& event, const Flat&) { return login_of(event.account); }
};
struct ThreeStreams {
    using Spine = FlatAhead;
    using Logins = LoginsAround;
    using Tickets = TicketsAlone;
    static constexpr std::size_t tables = 0;
    static constexpr std::int64_t delay = 30;
    static constexpr auto definition =
        onefold::define(of_tickets, of_logins_around.on<&Event::points>(), event_stream, ticket_stream, login_stream,
                        by_account_ahead<&Event::account, &Event::amount, &Event::tip>());
    static auto login(const Event& event, const Flat&) { return login_of(event.points); }
    static auto ticket(const Event& event, const Flat&) { return std::optional(ticket_of(event.account, {})); }
};
struct ThreeStreamsOneTable {
    using Spine = FlatAccount;
    using Logins = LoginsAlone;
    using Tickets = TiersAlone;
    static constexpr std::size_t tables = 1;
    static constexpr std::int64_t delay = 15;
    static constexpr auto definition = onefold::define(event_stream, login_stream, ticket_stream, owners,
                                                       by_account<&Event::account, &Event::amount, &Owner::limit>(),
                                                       of_logins, of_tiers.on<&Owner::tier>());
    static auto login(const Event& event, const Flat&) { return login_of(event.account); }
    static auto ticket(const Event&, const Flat& flat) {
        return flat.tier ? std::optional(ticket_of(0, flat.tier)) : std::nullopt;
    }
};
struct TwoStreamsTwoTables {
    using Spine = FlatAhead;
    using Logins = LoginsAround;
    using Tickets = void;
    static constexpr std::size_t tables = 2;
    static constexpr std::int64_t delay = 30;
    static constexpr auto definition = onefold::define(
        owners, event_stream, login_stream, countries,
        by_account_ahead<&Event::account, &Event::amount, &Owner::limit>(), of_logins_around.on<&Country::risk>());
    static auto login(const Event&, const Flat& flat) { return login_of(flat.risk); }
};
struct OneStream {
    using Spine = FlatAhead;
    using Logins = void;
    using Tickets = void;
    static constexpr std::size_t tables = 1;
    static constexpr std::int64_t delay = 27;
    static constexpr auto definition =
        onefold::define(event_stream, owners, by_account_ahead<&Event::account, &Event::amount, &Owner::limit>());
};

struct Inputs {
    std::vector<Event> events;
    std::vector<Login> logins;
    std::vector<Ticket> tickets;
    std::vector<Owner> owners;
    std::vector<Country> countries;
};

// In order of arrival: mostly within the lateness of their stream, some beyond it, some arriving twice.
template <class Record, class Make>
std::vector<Record> arriving(Generator& random, const std::vector<Event>& events, std::int64_t bound, Make make) {
    std::vector<std::pair<std::int64_t, std::size_t>> order;
    std::vector<Record> made;
    for (auto i = random.below(40); i > 0; --i) {
        const auto& near = events[static_cast<std::size_t>(random.below(std::ssize(events)))];
        made.push_back(make(onefold::Time{onefold::saturating_add(near.at.micros, random.below(11) - 5)}));
        const auto delay = random.below(8) == 0 ? random.below(3 * bound) : random.below(bound + 1);
        const auto at = onefold::saturating_add(near.at.micros, delay);
        order.emplace_back(at, made.size() - 1);
        if (random.below(6) == 0) order.emplace_back(onefold::saturating_add(at, random.below(5)), made.size() - 1);
    }
    std::sort(order.begin(), order.end());
    std::vector<Record> records;
    for (const auto& [at, i] : order) records.push_back(made[i]);
    return records;
}

Inputs inputs_of(std::uint64_t seed) {
    Generator random(seed);
    Inputs all;
    all.events = random.events(static_cast<std::size_t>(1 + random.below(50)));
    std::int64_t next = 0;
    all.logins = arriving<Login>(random, all.events, 40, [&](onefold::Time at) {
        Login login{next++, at, random.below(4) - 1, static_cast<double>(random.below(10)), {}, random.below(2) == 0};
        if (random.below(12) == 0) login.at.reset();
        if (random.below(8) == 0) login.account.reset();
        if (random.below(3) != 0) login.device = static_cast<std::int32_t>(random.below(3));
        return login;
    });
    all.tickets = arriving<Ticket>(random, all.events, 5, [&](onefold::Time at) {
        Ticket ticket{random.below(4) - 1, {}, at, random.below(9)};
        if (random.below(5) != 0) ticket.tier = static_cast<std::int32_t>(random.below(2));
        return ticket;
    });
    const auto some_time = [&] {
        const auto& event = all.events[static_cast<std::size_t>(random.below(std::ssize(all.events)))];
        return onefold::Time{onefold::saturating_add(event.at.micros, random.below(9) - 5)};
    };
    const char* codes[] = {"", "a", "b"};
    for (auto i = random.below(20); i > 0; --i) {
        Owner owner;
        if (random.below(9) != 0) owner.account = random.below(4) - 1;
        if (random.below(9) != 0) owner.since = some_time();
        owner.limit = static_cast<double>(random.below(20)) * 10;
        if (random.below(4) != 0) owner.tier = static_cast<std::int32_t>(random.below(2));
        owner.country = codes[random.below(3)];
        all.owners.push_back(owner);
    }
    for (auto i = random.below(12); i > 0; --i)
        all.countries.push_back({codes[random.below(3)], some_time(), random.below(4)});
    return all;
}

// What has come of each input, or all of it.
template <class Def>
struct Known {
    std::vector<const Event*> events; // that count
    std::vector<const Login*> logins;
    std::vector<const Ticket*> tickets;
    std::vector<const Owner*> owners;
    std::vector<const Country*> countries;

    // The event with what the tables have for it.
    Flat flat_of(const Event& event) const {
        Flat flat{event.serial, event.at, event.account, event.amount, event.tip, {}, {}, {}, false};
        if constexpr (Def::tables == 0) flat.limit = event.tip;
        else {
            // Of versions of one time the greatest holds, by what the definition reads of them, in that order.
            const Owner* owner = in_force(
                owners, SlowTable{}, event.at.micros, [&](const Owner& o) { return o.account == event.account; },
                [](const Owner& a, const Owner& b) {
                    if (const int order = compare(a.limit, b.limit)) return order < 0;
                    if constexpr (Def::tables == 2) return a.country < b.country;
                    else if constexpr (!std::is_void_v<typename Def::Tickets>) return compare(a.tier, b.tier) < 0;
                    else return false;
                });
            if (!owner) return flat;
            flat.limit = owner->limit;
            flat.tier = owner->tier;
            const Country* country = in_force(
                countries, SlowTable{}, event.at.micros, [&](const Country& c) { return c.code == owner->country; },
                [](const Country& a, const Country& b) { return a.risk < b.risk; });
            if (country && Def::tables == 2) flat.risk = country->risk;
        }
        return flat;
    }
    std::vector<Flat> flats() const {
        std::vector<Flat> all;
        for (const Event* event : events) all.push_back(flat_of(*event));
        return all;
    }
};

template <class Twin, std::size_t First, class Def>
void check_columns(const onefold::Row<Twin>& expected, const onefold::Row<Def>& actual) {
    onefold::for_each_index<onefold::Row<Twin>::width>([&](auto i) {
        constexpr std::size_t column = First + decltype(i)::value;
        INFO(onefold::Row<Def>::names[column]);
        REQUIRE(onefold::Row<Def>::names[column] == onefold::Row<Twin>::names[i]);
        REQUIRE(onefold::plan::same_bits(expected.template at<decltype(i)::value>(), actual.template at<column>()));
    });
}
// Columns of a by<>() in the order in which the definition has them.
template <class Def, class Twin>
constexpr std::size_t first_column() {
    return onefold::plan::Plan<Def>::column_of(onefold::Row<Twin>::names[0]);
}

// The row of the event that is flats[place], whose own key stands in all that is known.
template <class Def>
void check_row(const Known<Def>& known, const std::vector<Flat>& flats, std::size_t place, const Event& event,
               const onefold::Row<Def>& actual) {
    std::vector<const Flat*> all;
    for (const auto& flat : flats) all.push_back(&flat);
    const auto t = event.at.micros;
    using Spine = typename Def::Spine;
    check_columns<Spine, first_column<Def, Spine>()>(SlowTwin<Spine>::row(all, t, flats[place], &flats[place]), actual);
    if constexpr (!std::is_void_v<typename Def::Logins>) {
        using Twin = typename Def::Logins;
        const auto shown = Def::login(event, flats[place]);
        const auto seen = shown ? known.logins : std::vector<const Login*>();
        check_columns<Twin, first_column<Def, Twin>()>(SlowTwin<Twin>::row(seen, t, shown.value_or(Login{}), nullptr),
                                                       actual);
    }
    if constexpr (!std::is_void_v<typename Def::Tickets>) {
        using Twin = typename Def::Tickets;
        const auto shown = Def::ticket(event, flats[place]);
        const auto seen = shown ? known.tickets : std::vector<const Ticket*>();
        check_columns<Twin, first_column<Def, Twin>()>(SlowTwin<Twin>::row(seen, t, shown.value_or(Ticket{}), nullptr),
                                                       actual);
    }
}

template <class Def> auto histories_of(const Inputs& all) {
    using H = onefold::Histories<Def>;
    constexpr bool logins_too = !std::is_void_v<typename Def::Logins>,
                   tickets_too = !std::is_void_v<typename Def::Tickets>;
    if constexpr (!logins_too) return H(all.owners);
    else if constexpr (Def::tables == 2) return H(all.owners, all.countries, all.logins);
    else if constexpr (Def::tables == 1) return H(all.owners, all.logins, all.tickets);
    // The order of the definition, which has the tickets first.
    else if constexpr (tickets_too) return H(all.tickets, all.logins);
    else return H(all.logins);
}

// Which events count: each stream's by its own order of arrival, or all that have a time.
template <class Def>
struct Verdicts {
    std::vector<onefold::Verdict> events, logins, tickets;

    Verdicts(const Inputs& all, bool judged) {
        judge<FlatAccount>(all.events, judged, events, [&](const Event& event) { return Known<Def>{}.flat_of(event); });
        if constexpr (!std::is_void_v<typename Def::Logins>)
            judge<typename Def::Logins>(all.logins, judged, logins, [](const Login& login) { return login; });
        if constexpr (!std::is_void_v<typename Def::Tickets>)
            judge<typename Def::Tickets>(all.tickets, judged, tickets, [](const Ticket& ticket) { return ticket; });
    }

private:
    template <class Twin, class Record, class As>
    static void judge(const std::vector<Record>& records, bool judged, std::vector<onefold::Verdict>& verdicts, As as) {
        SlowGate<Twin> gate;
        gate.judges_lateness = judged;
        gate.memory = judged ? Wide(0) : Wide(INT64_MAX) * 4;
        for (const auto& record : records) verdicts.push_back(gate.judge(as(record)));
    }
};

template <class Record>
std::vector<const Record*> counting(const std::vector<Record>& records, const std::vector<onefold::Verdict>& verdicts) {
    std::vector<const Record*> all;
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        if (verdicts[i] == onefold::Verdict::applied) all.push_back(&records[i]);
    return all;
}
template <class T>
std::vector<const T*> pointers(const std::vector<T>& all) {
    std::vector<const T*> result;
    for (const auto& one : all) result.push_back(&one);
    return result;
}
onefold::Account account_of(const std::vector<onefold::Verdict>& verdicts) {
    onefold::Account account;
    for (const auto verdict : verdicts) {
        ++account.in;
        account.count(verdict);
    }
    return account;
}

template <class Def>
void check_batch(const Inputs& all, bool judged, unsigned threads) {
    const Verdicts<Def> verdicts(all, judged);
    Known<Def> known{counting(all.events, verdicts.events), counting(all.logins, verdicts.logins),
                     counting(all.tickets, verdicts.tickets), pointers(all.owners), pointers(all.countries)};
    const auto flats = known.flats();
    onefold::BackfillOptions options;
    options.threads = threads;
    options.arrival = judged ? onefold::Arrival::as_given : onefold::Arrival::any;
    const auto batch = onefold::backfill<Def>(all.events, histories_of<Def>(all), options);
    REQUIRE(batch.rows.size() == known.events.size());
    REQUIRE(batch.account == account_of(verdicts.events));
    if constexpr (!std::is_void_v<typename Def::Logins>) {
        const auto& of_stream = batch.template of<Login>();
        REQUIRE(of_stream.account == account_of(verdicts.logins));
        REQUIRE(of_stream.excluded.size() == of_stream.account.in - of_stream.account.applied);
        for (const auto& excluded : of_stream.excluded) REQUIRE(excluded.reason == verdicts.logins[excluded.position]);
    }
    if constexpr (!std::is_void_v<typename Def::Tickets>)
        REQUIRE(batch.template of<Ticket>().account == account_of(verdicts.tickets));
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const auto& event = all.events[batch.order[i]];
        INFO("batch " << describe(event));
        const auto place = std::find(known.events.begin(), known.events.end(), &event) - known.events.begin();
        check_row<Def>(known, flats, static_cast<std::size_t>(place), event, batch.rows[i]);
    }
}

// What arrives: the kind of input, and its place in its list. Each input keeps its order; the versions of tables come
// before everything, so that no join changes.
template <class Def>
std::vector<std::pair<char, std::size_t>> arrivals_of(const Inputs& all, std::uint64_t seed) {
    Generator random(seed + 177);
    std::vector<std::pair<char, std::size_t>> arrivals;
    if constexpr (Def::tables > 0)
        for (std::size_t i = 0; i < all.owners.size(); ++i) arrivals.emplace_back('o', i);
    if constexpr (Def::tables > 1)
        for (std::size_t i = 0; i < all.countries.size(); ++i) arrivals.emplace_back('c', i);
    const std::size_t sizes[] = {all.events.size(), std::is_void_v<typename Def::Logins> ? 0 : all.logins.size(),
                                 std::is_void_v<typename Def::Tickets> ? 0 : all.tickets.size()};
    std::size_t next[3]{};
    // Mostly side by side; in some seeds one stream is far behind the others.
    const auto slow = random.below(6);
    while (next[0] < sizes[0] || next[1] < sizes[1] || next[2] < sizes[2]) {
        const auto kind = static_cast<std::size_t>(random.below(3));
        if (next[kind] == sizes[kind]) continue;
        const bool others =
            next[(kind + 1) % 3] < sizes[(kind + 1) % 3] || next[(kind + 2) % 3] < sizes[(kind + 2) % 3];
        if (static_cast<std::int64_t>(kind) == slow && others && random.below(10) != 0) continue;
        arrivals.emplace_back("elt"[kind], next[kind]++);
    }
    return arrivals;
}

template <class Def>
void check_live(const Inputs& all, std::uint64_t seed) {
    const Verdicts<Def> verdicts(all, true);
    // What will have come in the end, by which rows settle.
    Known<Def> whole{counting(all.events, verdicts.events),
                     counting(all.logins, verdicts.logins),
                     counting(all.tickets, verdicts.tickets),
                     {},
                     {}};
    if constexpr (Def::tables > 0) whole.owners = pointers(all.owners);
    if constexpr (Def::tables > 1) whole.countries = pointers(all.countries);
    const auto final_flats = whole.flats();
    std::vector<bool> settled_before(whole.events.size());
    std::size_t settled = 0, dead_logins = 0, dead_tickets = 0;
    onefold::LiveOptions<Def> options;
    options.seed = 5;
    options.settled = [&](const Event& event, const onefold::Settled<Def>& row) {
        ++settled;
        // Events of one time and serial are alike, so any of them that has not settled is this one.
        std::size_t place = 0;
        while (place < whole.events.size() && (settled_before[place] || whole.events[place]->serial != event.serial ||
                                               whole.events[place]->at != event.at))
            ++place;
        REQUIRE(place < whole.events.size());
        settled_before[place] = true;
        INFO("settled " << describe(event));
        check_row<Def>(whole, final_flats, place, *whole.events[place], row);
    };
    if constexpr (!std::is_void_v<typename Def::Logins>)
        options.template dead_letter_of<Login>() = [&](const onefold::DeadLetter<Login>& letter) {
            ++dead_logins;
            REQUIRE(letter.reason == verdicts.logins[letter.position]);
            REQUIRE(letter.event.id == all.logins[letter.position].id);
        };
    if constexpr (!std::is_void_v<typename Def::Tickets>)
        options.template dead_letter_of<Ticket>() = [&](const onefold::DeadLetter<Ticket>& letter) {
            ++dead_tickets;
            REQUIRE(letter.reason == verdicts.tickets[letter.position]);
        };
    onefold::Live<Def> live(std::move(options));

    SlowGate<FlatAccount> of_events;
    SlowGate<LoginsAlone> of_all_logins;
    SlowGate<TicketsAlone> of_all_tickets;
    Known<Def> known;
    std::size_t counted = 0;
    for (const auto& [kind, i] : arrivals_of<Def>(all, seed)) {
        if (kind == 'e') {
            const auto& event = all.events[i];
            of_events.judge(known.flat_of(event));
            if (verdicts.events[i] == onefold::Verdict::applied) known.events.push_back(&event);
            const auto before = live.preview(event);
            const auto row = live.push(event);
            REQUIRE(row.verdict == verdicts.events[i]);
            if (row.applied()) {
                ++counted;
                const auto flats = known.flats();
                INFO("served " << describe(event));
                check_row<Def>(known, flats, flats.size() - 1, event, row);
                if constexpr (!std::is_void_v<typename Def::Logins>) {
                    // A preview has the same of the other streams, as the event feeds none of them.
                    constexpr auto first = first_column<Def, typename Def::Logins>();
                    REQUIRE(onefold::plan::same_bits(before.template at<first>(), row.template at<first>()));
                }
            }
        }
        if constexpr (!std::is_void_v<typename Def::Logins>)
            if (kind == 'l') {
                of_all_logins.judge(all.logins[i]);
                if (verdicts.logins[i] == onefold::Verdict::applied) known.logins.push_back(&all.logins[i]);
                REQUIRE(live.push(all.logins[i]) == verdicts.logins[i]);
            }
        if constexpr (!std::is_void_v<typename Def::Tickets>)
            if (kind == 't') {
                of_all_tickets.judge(all.tickets[i]);
                if (verdicts.tickets[i] == onefold::Verdict::applied) known.tickets.push_back(&all.tickets[i]);
                REQUIRE(live.push(all.tickets[i]) == verdicts.tickets[i]);
            }
        if constexpr (Def::tables > 0)
            if (kind == 'o') {
                known.owners.push_back(&all.owners[i]);
                live.push(all.owners[i]);
            }
        if constexpr (Def::tables > 1)
            if (kind == 'c') {
                known.countries.push_back(&all.countries[i]);
                live.push(all.countries[i]);
            }
        // The slowest of the streams; none has said anything before its first event.
        Wide least = of_events.watermark.value_or(INT64_MIN);
        if (!std::is_void_v<typename Def::Logins>) least = std::min(least, of_all_logins.watermark.value_or(INT64_MIN));
        if (!std::is_void_v<typename Def::Tickets>)
            least = std::min(least, of_all_tickets.watermark.value_or(INT64_MIN));
        REQUIRE(live.watermark().micros == std::max(least, Wide(INT64_MIN)));
        const auto due = std::count_if(known.events.begin(), known.events.end(),
                                       [&](const Event* e) { return Wide(e->at.micros) <= least - Def::delay; });
        REQUIRE(settled == static_cast<std::size_t>(due));
    }
    live.finish();
    REQUIRE(settled == counted);
    REQUIRE(live.account() == account_of(verdicts.events));
    if constexpr (!std::is_void_v<typename Def::Logins>) {
        REQUIRE(live.template account<Login>() == account_of(verdicts.logins));
        REQUIRE(dead_logins == all.logins.size() - whole.logins.size());
    }
    if constexpr (!std::is_void_v<typename Def::Tickets>) {
        REQUIRE(live.template account<Ticket>() == account_of(verdicts.tickets));
        REQUIRE(dead_tickets == all.tickets.size() - whole.tickets.size());
    }
}

// The same events in other orders of arrival leave the same bytes, and an executor that loads them goes on as one that
// saw everything.
template <class Def>
void check_state(const Inputs& all, std::uint64_t seed) {
    const Verdicts<Def> verdicts(all, true);
    const auto events_counting = counting(all.events, verdicts.events);
    const auto logins_counting = counting(all.logins, verdicts.logins);
    const auto tickets_counting = counting(all.tickets, verdicts.tickets);
    const auto push_until = [&](onefold::Live<Def>& live, std::size_t from, std::size_t parts, std::uint64_t order) {
        Generator random(order);
        const auto part = [&](const auto& list) {
            return std::pair(list.size() * from / 3, list.size() * (from + parts) / 3);
        };
        auto [e, e_end] = part(events_counting);
        auto [l, l_end] = part(logins_counting);
        auto [t, t_end] = part(tickets_counting);
        while (e < e_end || l < l_end || t < t_end) {
            const auto kind = random.below(3);
            if (kind == 0 && e < e_end) live.push(*events_counting[e++]);
            else if (kind == 1 && l < l_end) live.push(*logins_counting[l++]);
            else if (kind == 2 && t < t_end) {
                if constexpr (!std::is_void_v<typename Def::Tickets>) live.push(*tickets_counting[t]);
                ++t;
            }
        }
    };
    const auto bytes_of = [](onefold::Live<Def>& live) {
        std::vector<std::string> bytes;
        for (std::uint32_t g = 0; g < onefold::engine::key_groups; ++g) bytes.push_back(live.save(g));
        return bytes;
    };
    onefold::Live<Def> one, other, second;
    push_until(one, 0, 2, seed);
    push_until(other, 0, 2, seed + 1);
    const auto bytes = bytes_of(one);
    REQUIRE(bytes == bytes_of(other));
    // What still comes is above the watermark of the executor that was saved.
    const auto settled = one.watermark();
    for (const auto& group : bytes) second.load(group);
    if (settled.micros != INT64_MIN) second.advance_watermark(settled);
    push_until(one, 2, 1, seed + 2);
    push_until(second, 2, 1, seed + 2);
    one.advance_watermark(onefold::Time{std::max(one.watermark().micros, second.watermark().micros)});
    second.advance_watermark(one.watermark());
    REQUIRE(bytes_of(one) == bytes_of(second));
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
        check_batch<Def>(all, true, static_cast<unsigned>(1 + seed % 3));
        check_batch<Def>(all, false, static_cast<unsigned>(1 + seed % 2));
        check_live<Def>(all, seed);
        check_live<Def>(all, seed + 1);
        if constexpr (Def::tables == 0) check_state<Def>(all, seed);
    }
}

} // namespace

TEST_CASE("two streams in one row agree with lists") { check_all<TwoStreams>(); }
TEST_CASE("three streams, with windows ahead of the event, agree with lists") { check_all<ThreeStreams>(); }
TEST_CASE("three streams, one asked by a table's field, agree with lists") { check_all<ThreeStreamsOneTable>(); }
TEST_CASE("two streams, asked by a table of a table, agree with lists") { check_all<TwoStreamsTwoTables>(); }
TEST_CASE("windows of joined fields ahead of the event agree with lists") { check_all<OneStream>(); }
