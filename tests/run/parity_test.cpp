#include "onefold/run/parity.hpp"

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
