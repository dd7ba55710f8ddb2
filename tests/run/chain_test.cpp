#include "onefold/run/chain.hpp"

#include <algorithm>
#include <vector>

#include "support/catch.hpp"

using namespace onefold::literals;

namespace chain_test {

struct Click {
    std::int64_t user = 0;
    double seconds = 0;
    onefold::Time at;
};
constexpr auto seconds = onefold::field<&Click::seconds>;

struct Sessions {
    static constexpr auto definition =
        onefold::define(onefold::stream<Click>("clicks").time<&Click::at>().lateness(9_us),
                        onefold::by<&Click::user>(onefold::session(5_us).allowed_lateness(20_us),
                                                  "clicks"_f = onefold::count(), "spent"_f = onefold::sum(seconds)));
};
struct Session {
    std::int64_t user = 0;
    std::int64_t clicks = 0;
    std::optional<double> spent;
    onefold::Time window_start, window_end;
};
constexpr auto clicks = onefold::field<&Session::clicks>;

// Features of features: over closed sessions, as of a session's end, and once more over windows that close.
struct Habits {
    static constexpr auto definition =
        onefold::define(onefold::stream<Session>("sessions").time<&Session::window_end>(),
                        onefold::by<&Session::user>("mean_clicks"_f = onefold::mean(clicks).over(60_us),
                                                    "unusual"_f = onefold::zscore(clicks).over(100_us).before_current(),
                                                    "longest"_f = onefold::max(onefold::field<&Session::window_end> -
                                                                               onefold::field<&Session::window_start>)
                                                                      .over(60_us)));
};
struct PerHundred {
    static constexpr auto definition = onefold::define(
        onefold::stream<Session>("sessions").time<&Session::window_end>(),
        onefold::by<>(onefold::tumbling(100_us), "sessions"_f = onefold::count(), "busiest"_f = onefold::max(clicks)));
};

std::vector<Click> random_clicks() {
    std::vector<Click> events;
    std::uint64_t state = 11;
    for (std::int64_t i = 0; i < 1'000; ++i) {
        state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
        events.push_back(
            {static_cast<std::int64_t>(state >> 40) % 4, 0.5, {2 * i - static_cast<std::int64_t>(state >> 59)}});
    }
    return events;
}

} // namespace chain_test
using namespace chain_test;

template <> struct onefold::schema<Session>
    : onefold::fields<&Session::user, &Session::clicks, &Session::spent, &Session::window_start, &Session::window_end> {
};

TEST_CASE("chain: a closed window becomes the user's own struct by name") {
    const auto batch = onefold::backfill<Sessions>({{7, 1.5, {10}}, {7, 2.0, {13}}});
    REQUIRE(batch.rows.size() == 1);
    const auto session = onefold::as<Session>(batch.rows[0]);
    REQUIRE(session.user == 7);
    REQUIRE(session.clicks == 2);
    REQUIRE(session.spent == 3.5);
    REQUIRE(session.window_start.micros == 10);
    REQUIRE(session.window_end.micros == 18);
}

TEST_CASE("chain: features of closed windows are the same in batch and live, bit for bit") {
    const auto events = random_clicks();
    onefold::BackfillOptions as_given;
    as_given.arrival = onefold::Arrival::as_given;
    const auto sessions = onefold::windows_as<Session>(onefold::backfill<Sessions>(events, as_given).rows);
    REQUIRE(sessions.size() > 50);
    const auto habits = onefold::backfill<Habits>(sessions);
    const auto hundreds = onefold::backfill<PerHundred>(sessions);

    // Habits of live sessions, as they close; and windows of those sessions.
    std::vector<onefold::Settled<Habits>> settled;
    std::size_t served = 0;
    onefold::LiveOptions<Habits> habit_options;
    habit_options.settled = [&](const Session&, const onefold::Settled<Habits>& row) { settled.push_back(row); };
    onefold::Live<Habits> live_habits(std::move(habit_options));
    std::vector<onefold::Closed<PerHundred>> closed;
    onefold::LiveOptions<PerHundred> hundred_options;
    hundred_options.settled = [&](const onefold::Closed<PerHundred>& window) { closed.push_back(window); };
    onefold::Live<PerHundred> live_hundreds(std::move(hundred_options));

    auto to_habits = onefold::into<Session>(
        live_habits, [&](const Session&, const onefold::Served<Habits>& row) { served += row.applied(); });
    auto to_hundreds = onefold::into<Session>(live_hundreds);
    onefold::LiveOptions<Sessions> options;
    options.settled = [&](const onefold::Closed<Sessions>& window) {
        to_habits(window);
        to_hundreds(window);
    };
    onefold::Live<Sessions> live(std::move(options));
    for (const auto& event : events) live.push(event);
    live.finish();
    live_habits.finish();
    live_hundreds.finish();

    REQUIRE(served == sessions.size());
    REQUIRE(settled.size() == habits.rows.size());
    for (std::size_t i = 0; i < settled.size(); ++i)
        REQUIRE(settled[i].first_difference(habits.rows[i]) == onefold::Row<Habits>::width);
    REQUIRE(closed == hundreds.rows);
}
