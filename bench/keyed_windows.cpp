// How fast are the two executors on the work they are built for, and how far from a hand-written loop? 18 features
// (count, sum, mean, min, max, stddev over 1 h, 24 h, 7 d) per card, 1 M events, 100,000 cards; see transactions.hpp.
//
// Every figure is a median of interleaved repetitions in one process: processor time for one thread, elapsed time for
// all threads and for the latency of a push. "plain" is plain_windows.hpp: doubles that drift,
// cards that index an array, no nulls, one thread.
//
//     keyed_windows [repetitions] [events] [cards]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>
#include <vector>

#include "onefold/onefold.hpp"
#include "onefold/run/backfill.hpp"
#include "plain_windows.hpp"

namespace {

// Bytes that the program holds, counted where they are asked for.
std::size_t held = 0;
constexpr std::size_t header = alignof(std::max_align_t);

} // namespace

void* operator new(std::size_t size) {
    auto* memory = static_cast<char*>(std::malloc(size + header));
    if (!memory) throw std::bad_alloc();
    *reinterpret_cast<std::size_t*>(memory) = size;
    __atomic_fetch_add(&held, size, __ATOMIC_RELAXED);
    return memory + header;
}
void operator delete(void* memory) noexcept {
    if (!memory) return;
    auto* start = static_cast<char*>(memory) - header;
    __atomic_fetch_sub(&held, *reinterpret_cast<std::size_t*>(start), __ATOMIC_RELAXED);
    std::free(start);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace {

using namespace onefold::literals;
using bench::Transaction;
constexpr auto amount = onefold::field<&Transaction::amount>;

struct CardWindows {
    static constexpr auto definition =
        onefold::define(onefold::stream<Transaction>("transactions")
                            .time<&Transaction::at>()
                            .id<&Transaction::id>()
                            .keep_duplicates()
                            .lateness(10_min),
                        onefold::by<&Transaction::card>("count"_f = onefold::count().over(1_h, 24_h, 7_d),
                                                        "sum"_f = onefold::sum(amount).over(1_h, 24_h, 7_d),
                                                        "mean"_f = onefold::mean(amount).over(1_h, 24_h, 7_d),
                                                        "min"_f = onefold::min(amount).over(1_h, 24_h, 7_d),
                                                        "max"_f = onefold::max(amount).over(1_h, 24_h, 7_d),
                                                        "stddev"_f = onefold::stddev(amount).over(1_h, 24_h, 7_d)));
};
using Live = onefold::Live<CardWindows>;

// The processor time of this thread, so that a busy machine disturbs less.
double thread_seconds() {
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}
double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

// What keeps the compiler from leaving work out.
double sink = 0;

// Nanoseconds per event of each way, one entry per repetition.
struct Times {
    std::vector<double> plain_live, live, plain_batch, batch, batch_threads;
    std::vector<double> p50, p99, p999;
    double bytes_per_key = 0, bytes_per_event = 0;
};

template <class Work>
double per_event(std::size_t events, Work work, double (*seconds)() = thread_seconds) {
    const auto start = seconds();
    work();
    return (seconds() - start) * 1e9 / static_cast<double>(events);
}

void measure(const std::vector<Transaction>& events, std::size_t cards, Times& times) {
    const auto n = events.size();
    times.plain_live.push_back(per_event(n, [&] {
        bench::PlainLive live(cards);
        for (const auto& event : events) sink += live.push(event)[2][1];
    }));
    {
        const auto before = held;
        Live live;
        times.live.push_back(per_event(n, [&] {
            for (const auto& event : events) sink += static_cast<double>(live.push(event).at<0>());
        }));
        times.bytes_per_key = static_cast<double>(held - before) / static_cast<double>(cards);
        times.bytes_per_event = static_cast<double>(held - before) / static_cast<double>(n);
    }
    times.plain_batch.push_back(per_event(n, [&] { sink += bench::plain_batch(events, cards)[n / 2][0][0]; }));
    for (const unsigned threads : {1u, 0u}) {
        onefold::BackfillOptions options;
        options.threads = threads;
        (threads == 1 ? times.batch : times.batch_threads)
            .push_back(per_event(
                n,
                [&] {
                    sink += static_cast<double>(onefold::backfill<CardWindows>(events, options).rows[n / 2].at<0>());
                },
                threads == 1 ? thread_seconds : wall_seconds));
    }
    // Latency on its own, because looking at the clock twice per event takes time too.
    std::vector<double> latency;
    latency.reserve(n);
    Live live;
    for (const auto& event : events) {
        const auto start = std::chrono::steady_clock::now();
        sink += static_cast<double>(live.push(event).at<0>());
        latency.push_back(static_cast<double>((std::chrono::steady_clock::now() - start).count()));
    }
    std::sort(latency.begin(), latency.end());
    const auto percentile = [&](double p) { return latency[static_cast<std::size_t>(p * static_cast<double>(n - 1))]; };
    times.p50.push_back(percentile(0.5));
    times.p99.push_back(percentile(0.99));
    times.p999.push_back(percentile(0.999));
}

void print(const char* what, double nanoseconds, double plain) {
    std::printf("  %-22s %7.2f M events/s  %6.0f ns", what, 1e3 / nanoseconds, nanoseconds);
    if (plain > 0) std::printf("   %5.2f x plain", nanoseconds / plain);
    std::printf("\n");
}

} // namespace

int main(int argc, char** argv) {
    const auto argument = [&](int i, long fallback) { return argc > i ? std::strtol(argv[i], nullptr, 10) : fallback; };
    const auto repetitions = argument(1, 5);
    const auto events = static_cast<std::size_t>(argument(2, 1'000'000));
    const auto cards = static_cast<std::size_t>(argument(3, 100'000));
    const std::vector<Transaction> inputs[2] = {bench::transactions(events, cards, bench::Keys::zipf),
                                                bench::transactions(events, cards, bench::Keys::uniform)};
    Times times[2];
    for (long i = 0; i < repetitions; ++i)
        for (std::size_t k = 0; k < 2; ++k) measure(inputs[k], cards, times[k]);
    for (std::size_t k = 0; k < 2; ++k) {
        const auto& t = times[k];
        std::printf("%s keys: %zu events, %zu cards, 18 features; medians of %ld\n", k == 0 ? "Zipf(1.1)" : "uniform",
                    events, cards, repetitions);
        print("live, plain", median(t.plain_live), 0);
        print("live", median(t.live), median(t.plain_live));
        std::printf("  %-22s p50 %.2f us, p99 %.2f us, p99.9 %.2f us\n", "live, one push", median(t.p50) / 1e3,
                    median(t.p99) / 1e3, median(t.p999) / 1e3);
        std::printf("  %-22s %.0f bytes per card, %.0f per event\n", "live, state", t.bytes_per_key, t.bytes_per_event);
        print("batch, plain", median(t.plain_batch), 0);
        print("batch, 1 thread", median(t.batch), median(t.plain_batch));
        print("batch, all threads", median(t.batch_threads), median(t.plain_batch));
    }
    return sink == 0;
}
