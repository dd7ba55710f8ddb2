// How does the cost of an event grow with the events that its window holds, and with how late events are? One key, one
// feature: every aggregate, so that every algebra and every structure behind one is asked. The laws to see: in order
// flat in the window, and for late events at most a logarithm of how many events they are late by.
//
// `late:d/percent:p`: p of a hundred events arrive d events after their place, in a window of 2^16; with `jumping:1`
// up to d events, each by another number. A table of the medians follows the runs: run it with
// --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true, and with --benchmark_filter='^sum/' for one
// aggregate.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "onefold/onefold.hpp"

namespace {

using namespace onefold::literals;

struct Reading {
    double value;         // cents up to 10 000.00: a million different ones
    std::int64_t item;    // of a thousand, the small ones more often
    std::int64_t section; // of eight
    std::array<double, 4> vector;
    onefold::Time at;
};
constexpr auto value = onefold::field<&Reading::value>;
constexpr auto item = onefold::field<&Reading::item>;
constexpr auto section = onefold::field<&Reading::section>;
constexpr auto vector = onefold::field<&Reading::vector>;
constexpr std::int64_t length = 2'097'152;
constexpr auto whole = 2'097'152_us;

// The range of the values so far: a user's aggregate, which can merge and not subtract.
struct Range {
    struct State {
        double low = 0, high = 0;
        bool any = false;
    };
    static void add(State& state, const double& x) { merge(state, {x, x, true}); }
    static void merge(State& state, const State& more) {
        if (!more.any) return;
        state = state.any ? State{std::min(state.low, more.low), std::max(state.high, more.high), true} : more;
    }
    static double result(const State& state) { return state.high - state.low; }
};

// One feature; Clause is the type of a function that says which.
template <class Clause>
struct Feature {
    static constexpr auto definition =
        onefold::define(onefold::stream<Reading>("readings").time<&Reading::at>().lateness(onefold::Duration{length}),
                        onefold::by<>("x"_f = Clause{}()));
};

template <class Clause>
void push(benchmark::State& state) {
    const auto window = state.range(0), distance = state.range(1), percent = state.range(2);
    const bool jumping = state.range(3) != 0;
    // The window's length stays, the events lie closer; two microseconds apart at least, so that a late one fits
    // between.
    const auto step = length / window;
    std::mt19937_64 random(1);
    onefold::Live<Feature<Clause>> live;
    std::int64_t i = 0;
    const auto next = [&] {
        const auto place = i++;
        const bool late = percent > 0 && place * percent % 100 < percent && place > distance;
        const auto bits = random();
        const auto back = jumping ? 1 + static_cast<std::int64_t>(bits >> 40) % distance : distance;
        const auto at = late ? (place - back) * step + 1 : place * step;
        const auto x = static_cast<double>(bits % 1'000'000) / 100;
        const auto rank = static_cast<std::int64_t>((bits >> 20) % 1000 * ((bits >> 30) % 1000) / 1000);
        return Reading{x, rank, static_cast<std::int64_t>(bits >> 61), {x, x + 1, x * 2, -x}, {at}};
    };
    // Two windows, because what is late by a whole one keeps another in reach.
    while (i < 2 * window) benchmark::DoNotOptimize(live.push(next()));
    for (auto _ : state) benchmark::DoNotOptimize(live.push(next()));
    state.SetItemsProcessed(state.iterations());
}

constexpr std::array<std::int64_t, 5> windows{1 << 4, 1 << 8, 1 << 12, 1 << 16, 1 << 20};
constexpr std::array<std::int64_t, 4> distances{1 << 2, 1 << 6, 1 << 10, 1 << 14};
constexpr std::array<std::int64_t, 3> percents{1, 10, 50};

// A fixed number of events: a repetition then fills its window once. In order it is a window at least, the time in
// which a log is trimmed once, whose cost belongs to every event of it.
template <class Clause>
void aggregate(const char* name, Clause) {
    const auto add = [&](std::int64_t window, std::int64_t distance, std::int64_t percent, bool jumping,
                         std::int64_t events) {
        benchmark::RegisterBenchmark(name, push<Clause>)
            ->ArgNames({"window", "late", "percent", "jumping"})
            ->Args({window, distance, percent, jumping})
            ->Iterations(events);
    };
    for (const auto window : windows) add(window, 0, 0, false, std::max<std::int64_t>(window, 1 << 18));
    for (const auto percent : percents)
        for (const auto distance : distances) add(1 << 16, distance, percent, false, 1 << 15);
    for (const auto distance : distances) add(1 << 16, distance, 10, true, 1 << 15);
}

void register_all() {
    // Groups.
    aggregate("count", [] { return onefold::count(value).over(whole); });
    aggregate("sum", [] { return onefold::sum(value).over(whole); });
    aggregate("sum_of_integers", [] { return onefold::sum(item).over(whole); });
    aggregate("mean", [] { return onefold::mean(value).over(whole); });
    aggregate("stddev", [] { return onefold::stddev(value).over(whole); });
    aggregate("zscore", [] { return onefold::zscore(value).over(whole); });
    aggregate("ratio", [] { return onefold::ratio(value, item).over(whole); });
    aggregate("any", [] { return onefold::any(value > 9999.0).over(whole); });
    aggregate("rate", [] { return onefold::rate().over(whole); });
    aggregate("histogram", [] { return onefold::histogram<10, 100, 1000>(value).over(whole); });
    aggregate("each", [] { return onefold::mean(onefold::each(vector)).over(whole); });
    aggregate("per_key", [] { return onefold::sum(value).per(section).over(whole); });
    // Selections.
    aggregate("min", [] { return onefold::min(value).over(whole); });
    aggregate("first", [] { return onefold::first(value).over(whole); });
    aggregate("last", [] { return onefold::last(value).over(whole); });
    aggregate("arg_max", [] { return onefold::arg_max(item, value).over(whole); });
    aggregate("time_since_last", [] { return onefold::time_since_last().over(whole).before_current(); });
    // Multisets.
    aggregate("distinct", [] { return onefold::distinct(item).over(whole); });
    aggregate("most_frequent", [] { return onefold::most_frequent<3>(item).over(whole); });
    aggregate("mode", [] { return onefold::mode(item).over(whole); });
    aggregate("entropy", [] { return onefold::entropy(item).over(whole); });
    aggregate("median_of_items", [] { return onefold::median(item).over(whole); });
    aggregate("median", [] { return onefold::median(value).over(whole); });
    aggregate("top", [] { return onefold::top<3>(value).over(whole); });
    // Monoids, answered from partial results over blocks of the log.
    aggregate("first_n", [] { return onefold::first_n<3>(value).over(whole); });
    aggregate("last_n", [] { return onefold::last_n<3>(value).over(whole); });
    aggregate("lag", [] { return onefold::lag<3>(value).over(whole); });
    aggregate("drawdown", [] { return onefold::drawdown(value).over(whole); });
    aggregate("own", [] { return onefold::aggregate<Range>(value).over(whole); });
    // Approximate.
    aggregate("approx_quantile", [] { return onefold::approx_quantile<0.9>(value).over(whole); });
    aggregate("approx_distinct", [] { return onefold::approx_distinct(item).over(whole); });
    aggregate("approx_frequency", [] { return onefold::approx_frequency(item).over(whole); });
    aggregate("decayed_sum", [] { return onefold::decayed_sum<100_ms>(value).over(whole); });
}

// Prints what was measured as usual, and at the end each aggregate's growth.
class GrowthReporter : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        ConsoleReporter::ReportRuns(runs);
        for (const auto& run : runs) {
            if (run.run_type != Run::RT_Iteration) continue;
            long long window = 0, distance = 0, percent = 0, jumping = 0;
            std::sscanf(run.run_name.args.c_str(), "window:%lld/late:%lld/percent:%lld/jumping:%lld", &window,
                        &distance, &percent, &jumping);
            times_[run.run_name.function_name][{percent, distance, window, jumping}].push_back(
                run.GetAdjustedCPUTime());
        }
    }
    void Finalize() override {
        // ratio: the dearest window over the cheapest. slope: nanoseconds for each doubling of the distance, by least
        // squares. power: of the distance by which the cost grows at the far end, from 2^10 to 2^14 events; a
        // logarithm has one of about 0.1, what is linear 1.
        std::printf("\nns per event, median of the repetitions\n%-18s", "in order, window");
        for (const auto window : windows) std::printf("%9lld", static_cast<long long>(window));
        std::printf("%9s\n", "ratio");
        for (auto& [name, of] : times_) in_order(name);
        for (const auto percent : percents) all_late(percent, false);
        all_late(10, true);
        ConsoleReporter::Finalize();
    }

private:
    // Not measured: less than nothing.
    double median(const std::string& name, std::int64_t percent, std::int64_t distance, std::int64_t window,
                  bool jumping) {
        auto& times = times_[name][{percent, distance, window, jumping}];
        if (times.empty()) return -1;
        std::sort(times.begin(), times.end());
        return times[times.size() / 2];
    }
    void in_order(const std::string& name) {
        std::array<double, windows.size()> costs;
        std::transform(windows.begin(), windows.end(), costs.begin(),
                       [&](std::int64_t window) { return median(name, 0, 0, window, false); });
        const auto [least, most] = std::minmax_element(costs.begin(), costs.end());
        if (*least < 0) return;
        std::printf("%-18s", name.c_str());
        for (const auto cost : costs) std::printf("%9.1f", cost);
        std::printf("%9.2f\n", *most / *least);
    }
    void all_late(std::int64_t percent, bool jumping) {
        std::printf("\n%2lld %% late by %-5s", static_cast<long long>(percent), jumping ? "up to" : "");
        for (const auto distance : distances) std::printf("%9lld", static_cast<long long>(distance));
        std::printf("%9s%9s\n", "slope", "power");
        for (auto& [name, of] : times_) late(name, percent, jumping);
    }
    void late(const std::string& name, std::int64_t percent, bool jumping) {
        std::array<double, distances.size()> costs;
        std::transform(distances.begin(), distances.end(), costs.begin(),
                       [&](std::int64_t distance) { return median(name, percent, distance, 1 << 16, jumping); });
        if (*std::min_element(costs.begin(), costs.end()) < 0) return;
        double x = 0, y = 0, xx = 0, xy = 0;
        for (std::size_t i = 0; i < costs.size(); ++i) {
            const auto doublings = std::log2(static_cast<double>(distances[i]));
            x += doublings, y += costs[i], xx += doublings * doublings, xy += doublings * costs[i];
        }
        const auto n = static_cast<double>(costs.size());
        std::printf("%-18s", name.c_str());
        for (const auto cost : costs) std::printf("%9.1f", cost);
        std::printf("%9.1f%9.2f\n", (n * xy - x * y) / (n * xx - x * x), std::log2(costs[3] / costs[2]) / 4);
    }

    std::map<std::string, std::map<std::array<long long, 4>, std::vector<double>>> times_;
};

} // namespace

int main(int argc, char** argv) {
    register_all();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    GrowthReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    benchmark::Shutdown();
}
