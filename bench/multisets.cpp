// What a sliding window pays for exact distinct, quantile, and top K by frequency: one value enters, one leaves, and
// for the ordered ones the answer is read. The argument is the window's size; the values are drawn evenly from as many
// (so about 63 % of a window is distinct), or skewed for the frequency index. Beside them the obvious way: the standard
// containers. `bytes_per_value` is heap per distinct value.

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "onefold/aggregate/counted_set.hpp"
#include "onefold/aggregate/frequency_index.hpp"
#include "onefold/aggregate/ranked_multiset.hpp"

namespace {

template <class T>
T value_of(std::uint64_t n) {
    if constexpr (std::is_same_v<T, std::string>) return "merchant " + std::to_string(n * 0x9e3779b97f4a7c15);
    else return static_cast<T>(static_cast<std::int64_t>(n * 0x9e3779b97f4a7c15));
}

template <class T>
std::vector<T> values_for(std::size_t window, bool skewed) {
    std::mt19937_64 random(1);
    std::vector<T> values(4 * window + (1 << 16)); // longer than a branch predictor's memory
    for (auto& value : values) value = value_of<T>(random() % (skewed ? 1 + random() % window : window));
    return values;
}

// The standard containers with the same verbs.
template <class Map>
struct Standard {
    Map counts;
    void add(const typename Map::key_type& value) { ++counts[value]; }
    void subtract(const typename Map::key_type& value) {
        const auto at = counts.find(value);
        if (--at->second == 0) counts.erase(at);
    }
    std::size_t distinct() const { return counts.size(); }
};

template <class Container, class T, class Read>
void slide(benchmark::State& state, bool skewed, Read read) {
    const auto window = static_cast<std::size_t>(state.range(0));
    const auto values = values_for<T>(window, skewed);
    std::vector<Container> containers(1 + (1 << 14) / window); // many small ones, so that their heap can be measured
    const auto in_use = [] { return mallinfo2().uordblks + mallinfo2().hblkhd; };
    const auto before = in_use();
    std::size_t distinct = 0;
    std::size_t first = 0, last = 0;
    const auto step = [&](std::size_t& at) -> const T& {
        const auto& value = values[at];
        at = at + 1 == values.size() ? 0 : at + 1;
        return value;
    };
    for (auto& container : containers) {
        first = last;
        for (std::size_t i = 0; i < window; ++i) container.add(step(last));
        for (std::size_t i = 0; i < 3 * window; ++i) {
            container.add(step(last));
            container.subtract(step(first));
        }
        distinct += container.distinct();
    }
    const auto after = in_use();
    auto& container = containers.back();
    for (auto _ : state) {
        container.add(step(last));
        container.subtract(step(first));
        read(container);
    }
    state.counters["bytes_per_value"] = static_cast<double>(after - before) / static_cast<double>(distinct);
}

constexpr auto nothing = [](const auto&) {};

template <class T>
void distinct(benchmark::State& state) {
    slide<onefold::CountedSet<T>, T>(state, false, nothing);
}
template <class T>
void distinct_standard(benchmark::State& state) {
    slide<Standard<std::unordered_map<T, std::uint64_t>>, T>(state, false, nothing);
}
template <class T>
void ranked(benchmark::State& state) {
    slide<onefold::RankedMultiset<T>, T>(state, false, nothing);
}
template <class T>
void ranked_with_median(benchmark::State& state) {
    slide<onefold::RankedMultiset<T>, T>(
        state, false, [](const auto& set) { benchmark::DoNotOptimize(&set.at_rank(set.size() / 2)); });
}
template <class T>
void ranked_standard(benchmark::State& state) { // cannot answer a rank at all
    slide<Standard<std::map<T, std::uint64_t>>, T>(state, false, nothing);
}
template <class T, int K>
void frequent(benchmark::State& state) {
    slide<onefold::FrequencyIndex<T>, T>(state, true, [](const auto& index) {
        int left = K;
        if (K > 0)
            index.for_each_most_frequent([&left](const T& value, std::uint64_t) {
                benchmark::DoNotOptimize(&value);
                return --left > 0;
            });
    });
}

} // namespace

#define WINDOWS RangeMultiplier(4)->Range(1 << 4, 1 << 20)->MinTime(0.1)
BENCHMARK(distinct<std::int64_t>)->WINDOWS;
BENCHMARK(distinct_standard<std::int64_t>)->WINDOWS;
BENCHMARK(distinct<std::string>)->WINDOWS;
BENCHMARK(ranked<double>)->WINDOWS;
BENCHMARK(ranked_with_median<double>)->WINDOWS;
BENCHMARK(ranked_standard<double>)->WINDOWS;
BENCHMARK(frequent<std::int64_t, 0>)->WINDOWS;
BENCHMARK(frequent<std::int64_t, 1>)->WINDOWS;
BENCHMARK(frequent<std::int64_t, 10>)->WINDOWS;
BENCHMARK_MAIN();
