// What does exactness cost? Each operation of the exact accumulators beside the same on plain doubles, over one column
// of amounts that stays in cache. A window's work per event is one add, one subtract and one result.

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "onefold/aggregate/exact_statistics.hpp"

namespace {

using namespace onefold;

constexpr std::size_t length = 4096;
constexpr std::size_t window = 160;

enum Column : int { money, general, tiny };

std::vector<double> column(int kind) {
    std::mt19937_64 random(7);
    std::vector<double> values(length);
    for (double& x : values) {
        const double unit = static_cast<double>(random() >> 11) * 0x1p-53;
        if (kind == money) x = std::floor(unit * 1e5) / 100;
        else if (kind == general) x = (unit - 0.5) * 2000;
        else x = unit * 1e-6;
    }
    return values;
}

struct PlainSum {
    double value = 0;
    void add(double x) { value += x; }
    void subtract(double x) { value -= x; }
    double rounded() const { return value; }
};

template <class Sum>
void add(benchmark::State& state) {
    const auto values = column(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        Sum sum;
        for (const double x : values) {
            sum.add(x);
            benchmark::DoNotOptimize(sum);
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(length));
}

// 256 accumulators in turn: the throughput, where `add` shows the latency of one.
template <class Sum>
void add_to_many(benchmark::State& state) {
    const auto values = column(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        std::vector<Sum> sums(256);
        for (std::size_t i = 0; i < length; ++i) sums[i & 255].add(values[i]);
        benchmark::DoNotOptimize(sums.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(length));
}

template <class Sum, bool read>
void slide(benchmark::State& state) {
    const auto values = column(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        Sum sum;
        for (std::size_t i = 0; i < window; ++i) sum.add(values[i]);
        for (std::size_t i = window; i < length; ++i) {
            sum.add(values[i]);
            sum.subtract(values[i - window]);
            benchmark::DoNotOptimize(sum);
            if constexpr (read) benchmark::DoNotOptimize(sum.rounded());
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(length - window));
}

// Results over 64 prepared windows, as events of 64 keys would ask for them.
template <class Result>
void query(benchmark::State& state, Result result) {
    const auto values = column(static_cast<int>(state.range(0)));
    std::vector<ExactSum> sums(64);
    std::vector<ExactSquares> squares(64);
    for (std::size_t i = 0; i < length; ++i) {
        sums[i & 63].add(values[i]);
        squares[i & 63].add(values[i]);
    }
    constexpr std::int64_t n = length / 64;
    for (auto _ : state)
        for (std::size_t i = 0; i < 64; ++i) benchmark::DoNotOptimize(result(values[i], n, sums[i], squares[i]));
    state.SetItemsProcessed(state.iterations() * 64);
}

void rounded(benchmark::State& state) {
    query(state, [](double, std::int64_t, const ExactSum& sum, const ExactSquares&) { return sum.rounded(); });
}
void mean(benchmark::State& state) {
    query(state, [](double, std::int64_t n, const ExactSum& sum, const ExactSquares&) { return exact_mean(sum, n); });
}
void variance(benchmark::State& state) {
    query(state, [](double, std::int64_t n, const ExactSum& sum, const ExactSquares& squares) {
        return exact_variance(n, sum, squares, Spread::sample);
    });
}
void stddev(benchmark::State& state) {
    query(state, [](double, std::int64_t n, const ExactSum& sum, const ExactSquares& squares) {
        return exact_stddev(n, sum, squares, Spread::sample);
    });
}
void zscore(benchmark::State& state) {
    query(state, [](double x, std::int64_t n, const ExactSum& sum, const ExactSquares& squares) {
        return exact_zscore(x, n, sum, squares, Spread::sample);
    });
}

// The textbook formula on doubles: what most services run, and wrong by as much as 96 % on values like 1e6 ± 1.
void plain_stddev(benchmark::State& state) {
    query(state, [](double x, std::int64_t n, const ExactSum&, const ExactSquares&) {
        const auto count = static_cast<double>(n);
        const double sum = count * x, squares = count * x * x + 1.0;
        return std::sqrt((squares - sum * sum / count) / (count - 1));
    });
}

void merge(benchmark::State& state) {
    const auto values = column(static_cast<int>(state.range(0)));
    std::vector<ExactSum> parts(256);
    for (std::size_t i = 0; i < length; ++i) parts[i & 255].add(values[i]);
    for (auto _ : state) {
        ExactSum total;
        for (const auto& part : parts) total.merge(part);
        benchmark::DoNotOptimize(total);
    }
    state.SetItemsProcessed(state.iterations() * 256);
}

} // namespace

BENCHMARK_TEMPLATE(add, PlainSum)->Arg(money);
BENCHMARK_TEMPLATE(add, ExactSum)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);
BENCHMARK_TEMPLATE(add, ExactSquares)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);
BENCHMARK_TEMPLATE(add_to_many, PlainSum)->Arg(money);
BENCHMARK_TEMPLATE(add_to_many, ExactSum)->Arg(money);
BENCHMARK_TEMPLATE(add_to_many, ExactSquares)->Arg(money);
BENCHMARK_TEMPLATE(slide, PlainSum, false)->Arg(money);
BENCHMARK_TEMPLATE(slide, ExactSum, false)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);
BENCHMARK_TEMPLATE(slide, ExactSum, true)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);
BENCHMARK_TEMPLATE(slide, ExactSquares, false)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);
BENCHMARK(merge)->Arg(money);
BENCHMARK(rounded)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);
BENCHMARK(mean)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);
BENCHMARK(variance)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);
BENCHMARK(plain_stddev)->Arg(money);
BENCHMARK(stddev)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);
BENCHMARK(zscore)->ArgName("column")->Arg(money)->Arg(general)->Arg(tiny);

BENCHMARK_MAIN();
