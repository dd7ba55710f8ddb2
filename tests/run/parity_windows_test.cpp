#include "onefold/run/parity_windows.hpp"

#include <vector>

#include "support/catch.hpp"
#include "support/contains.hpp"

using namespace onefold::literals;

namespace parity_windows_test {

struct Order {
    std::int64_t id = 0;
    std::int64_t card = 0;
    std::int64_t cents = 0;
    onefold::Time at;
};
constexpr auto cents = onefold::field<&Order::cents>;

// Undoes its add only as long as nobody looks: what a window leaves stays in it.
struct Leaks {
    struct State {
        std::int64_t sum = 0;
    };
    static void add(State& state, std::int64_t value) { state.sum += value; }
    static void subtract(State& state, std::int64_t value) { state.sum -= value - 1; }
    static void merge(State& state, const State& other) { state.sum += other.sum; }
    static void unmerge(State& state, const State& other) { state.sum -= other.sum - 1; }
    static std::int64_t result(const State& state) { return state.sum; }
};
// Depends on the order in which it is told, although it says that it does not.
struct Newest {
    struct State {
        std::int64_t value = 0;
    };
    static void add(State& state, std::int64_t value) { state.value = value; }
    static void subtract(State&, std::int64_t) {}
    static void merge(State& state, const State& other) { state.value = other.value; }
    static void unmerge(State&, const State&) {}
    static std::int64_t result(const State& state) { return state.value; }
};

template <class Aggregate>
struct Hops {
    static constexpr auto definition = onefold::define(
        onefold::stream<Order>("orders").time<&Order::at>().id<&Order::id>().lateness(20_us),
        onefold::by<&Order::card>(onefold::hopping(50_us, 10_us).allowed_lateness(15_us), "n"_f = onefold::count(),
                                  "x"_f = onefold::aggregate<Aggregate>(cents)));
};
struct Sums {
    static constexpr auto definition =
        onefold::define(onefold::stream<Order>("orders").time<&Order::at>().id<&Order::id>().lateness(20_us),
                        onefold::by<&Order::card>(onefold::hopping(50_us, 10_us).allowed_lateness(15_us),
                                                  "n"_f = onefold::count(), "x"_f = onefold::sum(cents)));
};

std::vector<Order> orders() {
    std::vector<Order> events;
    std::uint64_t state = 3;
    for (std::int64_t i = 0; i < 400; ++i) {
        state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
        const auto late = static_cast<std::int64_t>(state >> 57);
        events.push_back({i, static_cast<std::int64_t>(state >> 40) % 3, i * i % 101, {3 * i - late}});
    }
    return events;
}

} // namespace parity_windows_test
using namespace parity_windows_test;

TEST_CASE("parity windows: every executor and order of arrival gives the same answers") {
    const auto report = onefold::check_parity<Sums>(orders());
    INFO(report.difference);
    REQUIRE(report.ok());
    REQUIRE(report.events == 400);
    REQUIRE(report.rows > 100);
    REQUIRE(report.account.late > 0);
}

TEST_CASE("parity windows: an aggregate that does not undo what it adds is found and told with few events") {
    const auto report = onefold::check_parity<Hops<Leaks>>(orders());
    REQUIRE(!report.ok());
    REQUIRE_THAT(report.difference, Contains("in the window ["));
    REQUIRE_THAT(report.difference, Contains("expected x"));
    REQUIRE(report.smallest.size() <= 4);
}

TEST_CASE("parity windows: an aggregate that depends on the order of arrival is found") {
    REQUIRE(!onefold::check_parity<Hops<Newest>>(orders()).ok());
}
