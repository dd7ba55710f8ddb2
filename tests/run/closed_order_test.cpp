#include "onefold/run/closed_order.hpp"

#include <random>

#include "onefold/onefold.hpp"
#include "support/catch.hpp"

using namespace onefold::literals;

namespace {

struct Visit {
    std::string page;
    onefold::Time at;
};
constexpr auto visits = onefold::stream<Visit>("visits").time<&Visit::at>();

template <auto Window>
struct Counted {
    static constexpr auto definition =
        onefold::define(visits, onefold::by<&Visit::page>(Window(), "n"_f = onefold::count()));
};
using Hopping = Counted<[] { return onefold::hopping(10_us, 4_us); }>;
using Sessions = Counted<[] { return onefold::session(10_us); }>;

// A few keys in any order, each with windows in order of time that are made by next(before).
template <class Def, class Next>
void check(std::mt19937& random, int keys, int windows, Next next) {
    std::vector<onefold::Interval> lists[2];
    std::vector<onefold::run::KeyWindowRun<Def>> runs[2];
    std::vector<onefold::Closed<Def>> expected;
    for (int k = 0; k < keys; ++k) {
        auto& list = lists[k % 2];
        // Of one and the same beginning, so that more than a number is compared.
        const std::string page = "page " + std::to_string(random() % 1'000) + " " + std::to_string(k);
        runs[k % 2].push_back({onefold::make_tuple(page), list.size(), 0});
        for (onefold::Interval window = next(std::nullopt);
             list.size() - runs[k % 2].back().first < static_cast<std::size_t>(windows); window = next(window)) {
            list.push_back(window);
            onefold::Closed<Def> row;
            row.key = onefold::make_tuple(page);
            row.start = {window.start};
            row.end = {window.end};
            expected.push_back(row);
        }
        runs[k % 2].back().count = list.size() - runs[k % 2].back().first;
    }
    std::vector<onefold::Closed<Def>> unordered;
    for (std::size_t l : {0u, 1u})
        for (const auto& run : runs[l])
            for (std::size_t i = run.first; i < run.first + run.count; ++i) {
                auto& row = unordered.emplace_back();
                row.key = run.key;
                row.start = {lists[l][i].start};
                row.end = {lists[l][i].end};
            }
    std::sort(expected.begin(), expected.end(),
              [](const auto& a, const auto& b) { return onefold::engine::window_order<Def>(a, b) < 0; });
    for (const unsigned threads : {1u, 3u}) {
        onefold::run::ClosedOrder<Def> order;
        for (std::size_t l : {0u, 1u}) order.add(lists[l], runs[l]);
        REQUIRE(order.size() == unordered.size());
        const auto places = order.places(threads);
        std::vector<onefold::Closed<Def>> ordered(unordered.size());
        for (std::size_t i = 0; i < unordered.size(); ++i) ordered[places[i]] = unordered[i];
        REQUIRE(ordered == expected);
    }
}

} // namespace

TEST_CASE("closed order: hopping windows of many keys, near the ends of time as well") {
    std::mt19937 random(1);
    for (const int keys : {0, 1, 2, 7, 100}) {
        const onefold::Hops hops(onefold::get<0>(Hopping::definition.entities).windows);
        for (const std::int64_t from : {std::int64_t{-20}, onefold::latest / 4 - 30}) {
            std::int64_t n = 0;
            check<Hopping>(random, keys, 25, [&](std::optional<onefold::Interval> before) {
                n = before ? n + 1 + static_cast<std::int64_t>(random() % 2)
                           : from + static_cast<std::int64_t>(random() % 4);
                return hops.window(n);
            });
        }
    }
}

TEST_CASE("closed order: sessions of many keys, some of which end together") {
    std::mt19937 random(2);
    for (const int keys : {1, 5, 300})
        for (const unsigned spread : {1u, 20u, 1'000'000u})
            check<Sessions>(random, keys, 20, [&](std::optional<onefold::Interval> before) {
                const auto start = (before ? before->end : -50) + 1 + static_cast<std::int64_t>(random() % spread);
                return onefold::Interval{start, start + 10 + static_cast<std::int64_t>(random() % 3)};
            });
}
