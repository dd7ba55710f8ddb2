#include "onefold/run/key_groups.hpp"

#include <map>
#include <random>

#include "onefold/onefold.hpp"
#include "support/catch.hpp"

using namespace onefold::literals;

namespace {

struct Visit {
    std::string page;
    std::int64_t number;
    onefold::Time at;
};
struct Visits {
    static constexpr auto definition = onefold::define(
        onefold::stream<Visit>("visits").time<&Visit::at>(),
        onefold::by<&Visit::page>("numbers"_f = onefold::last(onefold::field<&Visit::number>).over(1_h)));
};
using P = onefold::plan::EntityPlan<Visits, 0>;

} // namespace

TEST_CASE("key groups: every key's events stand together, in the order given, as often as they are asked for") {
    std::mt19937 random(1);
    for (const std::size_t size : {0u, 1u, 1'000u, 60'000u}) {
        std::vector<Visit> events;
        std::vector<std::uint32_t> order;
        std::map<std::string, std::vector<std::uint32_t>> expected;
        for (std::uint32_t i = 0; i < size; ++i) {
            events.push_back({"page " + std::to_string(random() % (size / 3 + 1)), static_cast<std::int64_t>(i), {i}});
            if (random() % 10 != 0) order.push_back(i);
        }
        for (std::uint32_t row = 0; row < order.size(); ++row) expected[events[order[row]].page].push_back(row);

        onefold::run::KeyGroups<P> groups(events, order);
        std::map<std::string, std::vector<std::uint32_t>> times, values;
        std::vector<std::string> sequence[2];
        for (std::size_t task = 0; task < groups.tasks(); ++task) {
            groups.for_each_key(
                task, [](const auto& entry) { return entry.time; },
                [&](const std::int64_t* at, const std::uint32_t* rows, std::uint32_t count) {
                    const auto& page = groups.event(rows[0]).page;
                    sequence[0].push_back(page);
                    for (std::uint32_t i = 0; i < count; ++i) {
                        REQUIRE(at[i] == events[order[rows[i]]].at.micros);
                        times[page].push_back(rows[i]);
                    }
                    // What is asked for in advance is some row.
                    for (std::uint32_t i = count; i < count + groups.rows_ahead; ++i) REQUIRE(rows[i] < order.size());
                });
            groups.for_each_key(task, [&](const auto* entries, const std::uint32_t* rows, std::uint32_t count) {
                const auto& page = groups.event(rows[0]).page;
                sequence[1].push_back(page);
                for (std::uint32_t i = 0; i < count; ++i) {
                    REQUIRE(onefold::get<0>(entries[i].columns) == events[order[rows[i]]].number);
                    values[page].push_back(rows[i]);
                }
            });
        }
        REQUIRE(times == expected);
        REQUIRE(values == expected);
        REQUIRE(sequence[0] == sequence[1]);
    }
}
