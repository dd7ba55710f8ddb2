#include "onefold/run/waiting.hpp"

#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

struct Plain {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().lateness(15_us),
                        onefold::by<>("n"_f = onefold::count().over(1_h)));
};
struct Owner {
    std::int64_t account;
    double limit;
    onefold::Time since;
};
struct Joined {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>(),
        onefold::table<Owner>("owners").key<&Owner::account>().on<&Event::account>().since<&Owner::since>(),
        onefold::derive("limit"_f = onefold::field<&Owner::limit> + 0.0));
};

// Pushes 60 events and takes out what a watermark in their midst has passed.
template <class Def>
void check_release(std::uint64_t seed) {
    Generator generator(seed);
    onefold::run::Waiting<Def> waiting;
    onefold::engine::Joins<Def> joins;
    const auto events = generator.events(60);
    for (const auto& event : events) waiting.push(event);
    const auto watermark = events[static_cast<std::size_t>(generator.below(60))].at.micros;
    std::int64_t due = 0;
    for (const auto& event : events) due += event.at.micros <= watermark;
    std::pair<std::int64_t, std::int64_t> before{INT64_MIN, INT64_MIN};
    waiting.release(watermark, joins, [&](const Event& event, const auto&) {
        REQUIRE(before <= std::pair(event.at.micros, event.id));
        before = {event.at.micros, event.id};
        --due;
    });
    CHECK(due == 0);
    CHECK(waiting.size() == static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [&](const Event& e) {
              return e.at.micros > watermark;
          })));
}

} // namespace

TEST_CASE("waiting events come out in canonical order, when the watermark has passed them") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        check_release<Plain>(seed);
        check_release<Joined>(seed);
    }
}

TEST_CASE("events between two times are found whatever the order in which they came") {
    onefold::run::Waiting<Joined> waiting;
    const auto times = {5, 1, 3, 3, 9, 2};
    for (const auto time : times) {
        Event event;
        event.at.micros = time;
        waiting.push(event);
    }
    std::vector<std::int64_t> found;
    waiting.for_each_between(2, 5, [&](const Event& event) { found.push_back(event.at.micros); });
    CHECK(found == std::vector<std::int64_t>{2, 3, 3, 5});
    found.clear();
    waiting.for_each_between(INT64_MAX, INT64_MAX, [&](const Event& event) { found.push_back(event.at.micros); });
    waiting.for_each_between(6, 8, [&](const Event& event) { found.push_back(event.at.micros); });
    CHECK(found.empty());
}
