#include "onefold/run/parity.hpp"

#include <atomic>
#include <random>

#include "support/catch.hpp"

namespace {

using namespace onefold::literals;

struct Reading {
    std::int64_t id;
    std::string sensor;
    std::int64_t value;
    onefold::Time at;
};
constexpr auto value = onefold::field<&Reading::value>;

// Exact, and wrong on purpose below: what makes the check worth having is that it sees these.
template <bool Subtracts>
struct Total {
    struct State {
        std::int64_t total = 0;
    };
    static void add(State& state, std::int64_t v) { state.total += v; }
    static void subtract(State& state, std::int64_t v) {
        if (Subtracts || v != 13) state.total -= v;
    }
    static void merge(State& state, const State& other) { state.total += other.total; }
    static std::int64_t result(const State& state) { return state.total; }
};

template <bool Correct>
struct Sensors {
    static constexpr auto definition =
        onefold::define(onefold::stream<Reading>("readings").time<&Reading::at>().id<&Reading::id>().lateness(5_s),
                        onefold::by<&Reading::sensor>("n"_f = onefold::count().over(10_s),
                                                      "total"_f = onefold::aggregate<Total<Correct>>(value).over(3_s)));
};

std::vector<Reading> readings(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random(seed);
    std::vector<Reading> all;
    for (std::size_t i = 0; i < count; ++i) {
        const auto behind = static_cast<std::int64_t>(random() % 6'000'000);
        all.push_back({static_cast<std::int64_t>(i),
                       std::string(1, static_cast<char>('a' + random() % 3)),
                       static_cast<std::int64_t>(random() % 20),
                       {static_cast<std::int64_t>(i) * 300'000 - behind}});
    }
    return all;
}

} // namespace

TEST_CASE("a definition that keeps the law passes the check, whatever the seed") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto events = readings(seed, 300);
        onefold::ParityOptions options;
        options.seed = seed;
        options.shards = static_cast<unsigned>(1 + seed % 4);
        const auto report = onefold::check_parity<Sensors<true>>(events, options);
        INFO(report.difference);
        REQUIRE(report.ok());
        REQUIRE(report.mismatches == 0);
        REQUIRE(report.events == 300);
        REQUIRE(report.features == 2);
        REQUIRE(report.rows == report.account.applied);
        REQUIRE(report.account.late > 0);
        REQUIRE(report.account.balances());
        REQUIRE(report.smallest.empty());
    }
}

TEST_CASE("the check finds an aggregate that depends on the way it was computed, and the few events that show it") {
    const auto events = readings(3, 300);
    const auto report = onefold::check_parity<Sensors<false>>(events);
    REQUIRE_FALSE(report.ok());
    REQUIRE(report.mismatches > 0);
    INFO(report.difference);
    REQUIRE(report.difference.find("total_3s") != std::string::npos);
    REQUIRE(report.difference.find("sensor = \"") != std::string::npos);
    REQUIRE(report.difference.find("0x") != std::string::npos);
    // The frontier must step back over a 13: that one, one that is late, and few more.
    REQUIRE(report.smallest.size() <= 4);
    bool has_13 = false;
    for (const auto& event : report.smallest) has_13 = has_13 || event.value == 13;
    REQUIRE(has_13);
    REQUIRE_FALSE(onefold::check_parity<Sensors<false>>(report.smallest).ok());
}

TEST_CASE("the check of no events finds nothing wrong") {
    const auto report = onefold::check_parity<Sensors<true>>({});
    REQUIRE(report.ok());
    REQUIRE(report.rows == 0);
}

namespace several {

struct Payment {
    std::int64_t id = 0, card = 0;
    double amount = 0;
    onefold::Time at;
};
struct Login {
    std::int64_t id = 0, card = 0;
    onefold::Time at;
};
struct Owner {
    std::int64_t card = 0, user = 0;
    double limit = 0;
    onefold::Time since;
};
struct Ticket {
    std::int64_t user = 0;
    double size = 0;
    onefold::Time at;
};

constexpr auto amount = onefold::field<&Payment::amount>;
constexpr auto limit = onefold::field<&Owner::limit>;
constexpr auto size = onefold::field<&Ticket::size>;

struct Streams {
    static constexpr auto definition = onefold::define(
        onefold::stream<Payment>("payments").time<&Payment::at>().id<&Payment::id>().lateness(5_us),
        onefold::stream<Login>("logins").time<&Login::at>().id<&Login::id>().lateness(25_us),
        onefold::stream<Ticket>("tickets").time<&Ticket::at>().lateness(15_us),
        onefold::table<Owner>("owners").key<&Owner::card>().since<&Owner::since>().lateness(20_us),
        onefold::by<&Payment::card>("spend"_f = onefold::sum(amount).over(10_us),
                                    "next"_f = onefold::sum(amount).where(limit > 3.0).over(30_us).advanced(20_us)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_us, 3_rows),
                                  "since"_f = onefold::time_since_last().over(10_us),
                                  "ahead"_f = onefold::count().over(10_us).advanced(10_us)),
        onefold::by<&Ticket::user>("sizes"_f = onefold::distinct(size).over(40_us),
                                   "first"_f = onefold::first(size).over(onefold::lifetime))
            .on<&Owner::user>(),
        onefold::derive("ratio"_f = "spend_10us"_f / "logins_10us"_f));
};

// Its condition forgets, so that no two runs agree about the logins.
std::atomic<int> asked = 0; // by several threads
struct Whimsical {
    static constexpr auto definition = onefold::define(
        onefold::stream<Payment>("payments").time<&Payment::at>().id<&Payment::id>().lateness(5_us),
        onefold::stream<Login>("logins").time<&Login::at>().lateness(25_us),
        onefold::by<&Payment::card>("n"_f = onefold::count().over(10_us)),
        onefold::by<&Login::card>(
            "logins"_f = onefold::count().where([](const Login&) { return ++asked % 3 != 0; }).over(10_us)));
};

} // namespace several

TEST_CASE("parity: several streams and a table, in any interleaving") {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&](unsigned bound) { return static_cast<std::int64_t>(random() % bound); };
        std::vector<several::Payment> payments;
        std::vector<several::Login> logins;
        std::vector<several::Owner> owners;
        std::vector<several::Ticket> tickets;
        for (std::int64_t i = 0; i < 200; ++i) {
            payments.push_back({i, below(4), static_cast<double>(below(10)), {i * 2 + below(12)}});
            logins.push_back({i, below(5), {i * 2 + below(40)}});
            if (below(9) == 0) logins.push_back(logins.back());
            if (i % 3 == 0) tickets.push_back({below(5), static_cast<double>(below(10)), {i * 2 + below(20)}});
            if (i % 9 == 0) owners.push_back({below(4), below(4), static_cast<double>(below(9)), {i * 2}});
        }
        onefold::ParityOptions options;
        options.seed = seed;
        const auto report = onefold::check_parity<several::Streams>(
            payments, onefold::Histories<several::Streams>(owners, logins, tickets), options);
        INFO(report.difference);
        REQUIRE(report.ok());
        REQUIRE(report.rows > 100);
        options.shrink_budget = 5;
        const auto whims = onefold::check_parity<several::Whimsical>(
            payments, onefold::Histories<several::Whimsical>(logins), options);
        REQUIRE(!whims.ok());
        REQUIRE(whims.difference.find("logins_10us") != std::string::npos);
    }
}
