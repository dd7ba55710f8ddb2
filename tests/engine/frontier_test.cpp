#include "onefold/engine/frontier.hpp"

#include <random>

#include "onefold/plan/plan.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"
#include "support/slow_twin.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

// Every algebra in windows of time, of rows and without a start, with two different ends.
struct Everything {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>(),
        onefold::by<>("sum"_f =
                          onefold::sum(cents).where(fraud == false).over(10_us, 300_us, 7_rows, onefold::lifetime),
                      "min"_f = onefold::min(cents).over(10_us, 300_us, 7_rows, onefold::lifetime),
                      "last"_f = onefold::last_non_null(points).over(10_us, 300_us, 7_rows, onefold::lifetime),
                      "order"_f = onefold::aggregate<Sequence>(cents).over(10_us, 300_us, 7_rows, onefold::lifetime),
                      "past"_f = onefold::max(cents).over(20_us).delayed(40_us)));
};
using P = onefold::plan::EntityPlan<Everything, 0>;
using Entry = onefold::engine::Entry<P>;
using onefold::engine::no_position;

template <class Accumulator, std::size_t Clause> constexpr std::size_t family = P::family_of<Clause, Accumulator>;
constexpr auto sum_family = family<onefold::accumulate::Sum<std::int64_t>, 0>;
constexpr auto min_family = family<onefold::accumulate::Least<std::int64_t>, 1>;
constexpr auto last_family = family<onefold::accumulate::Newest<std::int64_t>, 2>;
constexpr auto order_family = family<onefold::accumulate::User<Sequence, std::int64_t>, 3>;

// The events of window `w` at time t, from the window's own two bounds, row by row.
std::vector<const Event*> members(const std::vector<Event>& events, std::size_t w, std::int64_t t,
                                  std::size_t row_end) {
    const auto& window = P::tables.windows[w];
    std::vector<const Event*> inside;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Wide s = events[i].at.micros;
        const bool ended = window.stop == onefold::Window::Stop::row ? i >= row_end : s >= Wide(t) - window.to;
        if (!ended && (window.from == INT64_MAX || s >= Wide(t) - window.from)) inside.push_back(&events[i]);
    }
    if (window.rows != 0 && inside.size() > window.rows) inside.erase(inside.begin(), inside.end() - window.rows);
    return inside;
}

template <class Log>
void check(const onefold::engine::Frontier<P>& frontier, const Log& log, const std::vector<Event>& events,
           std::int64_t t, std::size_t row_end) {
    for (std::size_t w = 0; w < P::window_count; ++w) {
        INFO("window " << w << " at " << t << " of " << events.size() << " events");
        const auto inside = members(events, w, t, row_end);
        REQUIRE(frontier.rows(log, w) == static_cast<std::int64_t>(inside.size()));
        if (P::tables.slot_of_window[sum_family][w] == onefold::plan::none) continue; // the delayed one, of max alone
        std::int64_t sum = 0;
        std::optional<std::int64_t> least, last;
        Sequence::State sequence;
        for (const Event* event : inside) {
            if (!event->fraud) sum += event->cents;
            if (!least || event->cents < *least) least = event->cents;
            if (event->points) last = event->points;
            Sequence::add(sequence, event->cents);
        }
        REQUIRE(frontier.group<sum_family>(w).exact() == sum);
        const auto smallest = frontier.selected<min_family>(log, w);
        REQUIRE((smallest == no_position) == inside.empty());
        if (least) REQUIRE(log[smallest].template value<min_family>() == *least);
        const auto newest = frontier.selected<last_family>(log, w);
        REQUIRE((newest == no_position) == !last);
        if (last) REQUIRE(log[newest].template value<last_family>() == *last);
        const auto low = P::tables.windows[w].unbounded() ? 0 : frontier.head(w);
        REQUIRE(log.template range<order_family>(low, frontier.tail_of_window(w)).hash == sequence.hash);
    }
}

std::vector<Event> history(std::mt19937_64& random, std::size_t count) {
    std::vector<Event> events;
    std::int64_t time = -50;
    for (std::size_t i = 0; i < count; ++i) {
        Event event;
        event.at.micros = time += static_cast<std::int64_t>(random() % 3 == 0 ? random() % 5 : 0);
        event.id = static_cast<std::int64_t>(i); // ids go up: the list is in canonical order
        event.cents = static_cast<std::int64_t>(random() % 20) - 10;
        event.fraud = random() % 4 == 0;
        if (random() % 3 != 0) event.points = static_cast<std::int64_t>(random() % 100);
        events.push_back(event);
    }
    return events;
}
std::size_t rows_until(const std::vector<Event>& events, std::int64_t t) {
    std::size_t n = 0;
    while (n < events.size() && events[n].at.micros <= t) ++n;
    return n;
}

} // namespace

TEST_CASE("a frontier that moves forwards and backwards holds what each window holds") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        INFO("seed " << seed);
        std::mt19937_64 random(seed);
        const auto events = history(random, 1 + random() % 400);
        std::vector<Entry> entries;
        for (const auto& event : events) entries.push_back(Entry::of(event));
        onefold::engine::SortedSlice<P> log;
        log.assign(entries.data(), static_cast<std::uint32_t>(entries.size()));
        onefold::engine::Frontier<P> frontier;
        for (int move = 0; move < 60; ++move) {
            // Mostly a step from event to event; sometimes a leap to anywhere.
            const auto t = random() % 4 == 0 ? static_cast<std::int64_t>(random() % 700) - 100
                                             : events[random() % events.size()].at.micros;
            auto row_end = rows_until(events, t);
            if (random() % 2 == 0)
                while (row_end > 1 && events[row_end - 2].at.micros == t) --row_end; // an event with ties behind it
            frontier.move_to(log, t, static_cast<std::uint32_t>(row_end), false);
            check(frontier, log, events, t, row_end);
        }
    }
}

TEST_CASE("a frontier follows a log that grows in the middle and forgets its oldest entries") {
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        INFO("seed " << seed);
        std::mt19937_64 random(seed);
        const auto all = history(random, 1 + random() % 250);
        onefold::engine::LiveLog<P> log;
        onefold::engine::Frontier<P> frontier;
        std::vector<Event> known;
        std::vector<std::size_t> arrival;
        for (std::size_t i = 0; i < all.size(); ++i) arrival.push_back(i);
        for (std::size_t i = 0; i < all.size(); ++i) // late by up to 20 places
            std::swap(arrival[i], arrival[std::min(all.size() - 1, i + random() % (seed % 2 == 0 ? 3 : 20))]);
        for (const auto index : arrival) {
            const Event& event = all[index];
            auto entry = Entry::of(event);
            const auto place = log.upper_bound(entry);
            std::size_t expected = 0;
            while (expected < known.size() && known[expected].id < event.id) ++expected;
            REQUIRE(place == expected);
            known.insert(known.begin() + static_cast<std::ptrdiff_t>(expected), event);
            log.insert(place, std::move(entry));
            frontier.inserted(log, place);
            if (random() % 3 == 0) continue; // nobody asks
            const auto t =
                random() % 5 == 0 ? event.at.micros + static_cast<std::int64_t>(random() % 60) : event.at.micros;
            const auto row_end = t == event.at.micros ? expected + 1 : rows_until(known, t);
            frontier.move_to(log, t, static_cast<std::uint32_t>(row_end), false);
            check(frontier, log, known, t, row_end);
        }
    }
}

TEST_CASE("what a log has dropped stays in windows without a start") {
    std::mt19937_64 random(3);
    const auto events = history(random, 700);
    onefold::engine::LiveLog<P> log;
    onefold::engine::Frontier<P> frontier;
    for (const auto& event : events) {
        log.insert(log.size(), Entry::of(event));
        frontier.inserted(log, log.size() - 1);
    }
    const auto end = events.back().at.micros;
    const auto lifetime = P::tables.window_of[3];
    frontier.move_to(log, end, log.size(), false);
    const auto rows = frontier.rows(log, lifetime);
    const auto sum = frontier.group<sum_family>(lifetime).exact();
    std::uint32_t forgotten = log.size();
    for (std::size_t w = 0; w < P::window_count; ++w)
        if (!P::tables.windows[w].unbounded()) forgotten = std::min(forgotten, frontier.head(w));
    Sequence::State sequence;
    std::int64_t least = INT64_MAX;
    for (std::uint32_t i = 0; i < forgotten; ++i) {
        Sequence::add(sequence, events[i].cents);
        least = std::min(least, events[i].cents);
    }
    REQUIRE(forgotten > 10);
    log.drop_front(forgotten);
    frontier.dropped(log, forgotten);
    CHECK(log.size() == events.size() - forgotten);
    CHECK(log.dropped() == forgotten);
    CHECK(frontier.rows(log, lifetime) == rows);
    CHECK(frontier.group<sum_family>(lifetime).exact() == sum);
    CHECK(log.remainder<min_family>().any);
    CHECK(log.remainder<min_family>().value == least);
    CHECK(log.remainder<order_family>().hash == sequence.hash);
}
