// How does the cost of an event grow with the events that its window holds, and with how late it is? One key, one
// aggregate of each algebra: the sum is a group, the greatest value a selection, the median a multiset. The law to see:
// flat in the window (the median: its logarithm), and for an event late by d others at most a tiny multiple of d.
//
// `late:d`: one event of eight arrives d events after its place.

#include <benchmark/benchmark.h>

#include <random>

#include "onefold/onefold.hpp"

namespace {

using namespace onefold::literals;

struct Reading {
    double value;
    onefold::Time at;
};
constexpr auto value = onefold::field<&Reading::value>;
constexpr std::int64_t length = 2'097'152;

constexpr auto readings = onefold::stream<Reading>("readings").time<&Reading::at>().lateness(onefold::Duration{length});

struct Sum {
    static constexpr auto definition =
        onefold::define(readings, onefold::by<>("x"_f = onefold::sum(value).over(2'097'152_us)));
};
struct Max {
    static constexpr auto definition =
        onefold::define(readings, onefold::by<>("x"_f = onefold::max(value).over(2'097'152_us)));
};
struct Median {
    static constexpr auto definition =
        onefold::define(readings, onefold::by<>("x"_f = onefold::median(value).over(2'097'152_us)));
};

template <class Definition>
void push(benchmark::State& state) {
    const auto window = state.range(0), distance = state.range(1);
    // The window's length stays, the events lie closer; two microseconds apart at least, so that a late one fits
    // between.
    const auto step = length / window;
    std::mt19937_64 random(1);
    onefold::Live<Definition> live;
    std::int64_t i = 0;
    const auto next = [&] {
        const auto place = i++;
        const bool late = distance > 0 && place % 8 == 0 && place > distance;
        const auto at = late ? (place - distance) * step + 1 : place * step;
        return Reading{static_cast<double>(random() % 1'000'000) / 100, {at}};
    };
    // Two windows, because what is late by a whole one keeps another in reach.
    while (i < 2 * window) benchmark::DoNotOptimize(live.push(next()));
    for (auto _ : state) benchmark::DoNotOptimize(live.push(next()));
    state.SetItemsProcessed(state.iterations());
}

void sizes_and_distances(benchmark::internal::Benchmark* benchmark) {
    benchmark->ArgNames({"window", "late"});
    for (const std::int64_t window : {1 << 4, 1 << 8, 1 << 12, 1 << 16, 1 << 20}) benchmark->Args({window, 0});
    for (const std::int64_t distance : {4, 64, 1024, 16384}) benchmark->Args({1 << 16, distance});
}

BENCHMARK(push<Sum>)->Apply(sizes_and_distances);
BENCHMARK(push<Max>)->Apply(sizes_and_distances);
BENCHMARK(push<Median>)->Apply(sizes_and_distances);

} // namespace

BENCHMARK_MAIN();
