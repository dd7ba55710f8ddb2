#include "onefold/run/live_windows.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/contains.hpp"

using namespace onefold::literals;

namespace live_windows_test {

struct Order {
    std::int64_t id = 0;
    std::int64_t card = 0;
    double amount = 0;
    onefold::Time at;
};
constexpr auto amount = onefold::field<&Order::amount>;

constexpr auto orders = onefold::stream<Order>("orders").time<&Order::at>().id<&Order::id>().lateness(2_us);

struct Tens {
    static constexpr auto definition =
        onefold::define(orders, onefold::by<&Order::card>(onefold::tumbling(10_us).allowed_lateness(5_us),
                                                          "n"_f = onefold::count(), "spend"_f = onefold::sum(amount)));
};
struct TensDiscarding {
    static constexpr auto definition =
        onefold::define(orders, onefold::by<&Order::card>(onefold::tumbling(10_us).allowed_lateness(5_us).discarding(),
                                                          "n"_f = onefold::count(), "spend"_f = onefold::sum(amount)));
};
struct Visits {
    static constexpr auto definition = onefold::define(
        orders, onefold::by<&Order::card>(onefold::session(4_us).allowed_lateness(6_us), "n"_f = onefold::count()));
};
struct Nowhere {
    static constexpr auto definition = onefold::define(
        orders, onefold::by<&Order::card>(onefold::calendar_day("Atlantis/Capital"), "n"_f = onefold::count()));
};

// What an executor answers, as text: pane, window, key, count, cause.
template <class Def>
struct Answers {
    std::vector<std::string> lines;
    onefold::Live<Def> live{[this] {
        onefold::LiveOptions<Def> options;
        options.fired = [this](const onefold::Fired<Def>& row) {
            lines.push_back(std::string(to_text(row.pane)) + text(row) + " by " +
                            (row.cause == onefold::no_cause ? "nobody" : std::to_string(row.cause)));
        };
        options.settled = [this](const onefold::Closed<Def>& row) { lines.push_back("closed" + text(row)); };
        options.dead_letter = [this](const onefold::DeadLetter<Order>& letter) {
            lines.push_back(std::string(to_text(letter.reason)) + " " + std::to_string(letter.event.id) + " at " +
                            std::to_string(letter.watermark.micros));
        };
        return options;
    }()};

    static std::string text(const onefold::Closed<Def>& row) {
        return " [" + std::to_string(row.start.micros) + "," + std::to_string(row.end.micros) + ") of " +
               std::to_string(onefold::get<0>(row.key)) + ": " + std::to_string(row["n"_f]);
    }
    std::vector<std::string> push(std::int64_t id, std::int64_t card, std::int64_t at) {
        lines.clear();
        live.push({id, card, 0.5, {at}});
        return lines;
    }
};
using Lines = std::vector<std::string>;

} // namespace live_windows_test
using namespace live_windows_test;

TEST_CASE("live windows: on time with the watermark, late with each event after, closed when lateness is over") {
    Answers<Tens> answers;
    REQUIRE(answers.push(0, 1, 3) == Lines{});
    REQUIRE(answers.push(1, 2, 4) == Lines{});
    // The watermark is 12 - 2 - 1 = 9, the last instant of [0, 10): both keys answer, in order.
    REQUIRE(answers.push(2, 1, 12) == Lines{"on_time [0,10) of 1: 1 by 2", "on_time [0,10) of 2: 1 by 2"});
    REQUIRE(answers.push(3, 2, 9) == Lines{"late [0,10) of 2: 2 by 3"});
    // 14 = 9 + 5: the windows [0, 10) are closed, and what comes for them is late.
    REQUIRE(answers.push(4, 1, 17) == Lines{"closed [0,10) of 1: 1", "closed [0,10) of 2: 2"});
    REQUIRE(answers.push(5, 2, 9) == Lines{"late 5 at 14"});
    answers.lines.clear();
    answers.live.finish();
    REQUIRE(answers.lines == Lines{"on_time [10,20) of 1: 2 by nobody", "closed [10,20) of 1: 2"});
    REQUIRE(answers.live.keys() == 0);
    REQUIRE(answers.live.account() == onefold::Account{6, 5, 1, 0, 0, 0, 0});
    REQUIRE(answers.live.account().balances());
}

TEST_CASE("live windows: discarding answers hold what came since the last one, the closed window everything") {
    Answers<TensDiscarding> answers;
    answers.push(0, 1, 3);
    answers.push(1, 1, 4);
    REQUIRE(answers.push(2, 2, 12) == Lines{"on_time [0,10) of 1: 2 by 2"});
    REQUIRE(answers.push(3, 1, 9) == Lines{"late [0,10) of 1: 1 by 3"});
    REQUIRE(answers.push(4, 2, 17) == Lines{"closed [0,10) of 1: 3"});
}

TEST_CASE("live windows: a late event merges sessions that have answered, and a repeat is a duplicate") {
    Answers<Visits> answers;
    answers.push(0, 1, 0);
    REQUIRE(answers.push(1, 1, 7) == Lines{"on_time [0,4) of 1: 1 by 1"});
    // Watermark 10: the session [7, 11) answers, and [0, 4) is closed, as 10 is not below 3 + 6.
    REQUIRE(answers.push(2, 2, 13) == Lines{"on_time [7,11) of 1: 1 by 2", "closed [0,4) of 1: 1"});
    REQUIRE(answers.push(3, 1, 4) == Lines{"late [4,11) of 1: 2 by 3"});
    REQUIRE(answers.push(3, 1, 4) == Lines{"duplicate 3 at 10"});
    // One event later, within the allowed lateness: the session grows past the watermark and answers on time once more.
    REQUIRE(answers.push(4, 1, 10) == Lines{});
    REQUIRE(answers.push(5, 2, 16) == Lines{"on_time [4,14) of 1: 3 by 6"});
}

TEST_CASE("live windows: answers in the order end, start, key for one cause") {
    Answers<Tens> answers;
    answers.push(0, 2, 11);
    answers.push(1, 9, 10);
    answers.push(2, 2, 21);
    REQUIRE(answers.push(3, 1, 50) == Lines{"on_time [10,20) of 2: 1 by 3", "on_time [10,20) of 9: 1 by 3",
                                            "on_time [20,30) of 2: 1 by 3", "closed [10,20) of 2: 1",
                                            "closed [10,20) of 9: 1", "closed [20,30) of 2: 1"});
}

TEST_CASE("live windows: an unknown time zone is refused by name when an executor is made") {
    try {
        onefold::Live<Nowhere> live;
        FAIL("no error");
    } catch (const onefold::Error& error) {
        REQUIRE(error.kind() == onefold::ErrorKind::usage);
        REQUIRE_THAT(error.what(), Contains("Atlantis/Capital"));
    }
}

TEST_CASE("live windows: damaged state is an error and not a crash") {
    onefold::Live<Tens> live;
    live.push({1, 7, 1.0, {5}});
    std::string bytes;
    for (std::uint32_t group = 0; group < onefold::engine::key_groups; ++group)
        if (auto saved = live.save(group); saved.size() > bytes.size()) bytes = saved;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        onefold::Live<Tens> other;
        REQUIRE_THROWS_AS(other.load(std::string_view(bytes).substr(0, size)), onefold::Error);
    }
    onefold::Live<Tens> other;
    other.load(bytes);
    REQUIRE(other.keys() == 1);
}
