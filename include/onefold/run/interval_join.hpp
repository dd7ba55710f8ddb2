#pragma once

#include <algorithm>
#include <deque>
#include <vector>

#include "onefold/core/callback.hpp"
#include "onefold/engine/key_table.hpp"
#include "onefold/plan/check.hpp"
#include "onefold/plan/interval_plan.hpp"
#include "onefold/run/judge_all.hpp"
#include "onefold/run/sides.hpp"

namespace onefold {

// The pairs of two histories: left[i] and right[j] for each (i, j), in the order of the definition.
struct IntervalPairs {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    Account left, right;
    // The events that count nowhere, in order of arrival.
    std::vector<run::Excluded> left_excluded, right_excluded;
};

namespace run {

// Puts an event where it belongs: behind all that are not after it. Most are the newest.
template <class Plan, class Record>
void insert_in_order(std::deque<Record>& events, const Record& event) {
    auto at = events.end();
    while (at != events.begin() && Plan::before(event, *(at - 1))) --at;
    events.insert(at, event);
}

// The events of these times, both in.
template <class Plan, class Events>
auto range_of(const Events& events, std::int64_t from, std::int64_t to) {
    const auto low =
        std::partition_point(events.begin(), events.end(), [&](const auto& event) { return Plan::time(event) < from; });
    return std::pair(
        low, std::partition_point(low, events.end(), [&](const auto& event) { return Plan::time(event) <= to; }));
}

} // namespace run

namespace run {

template <CheckedIntervalDefinition Def>
IntervalPairs pairs_of(const std::vector<typename plan::IntervalPlan<Def>::left>& left,
                       const std::vector<typename plan::IntervalPlan<Def>::right>& right, Arrival arrival) {
    using P = plan::IntervalPlan<Def>;
    using Key = typename engine::KeyOf<P, typename P::key_members>::Key;
    IntervalPairs result;
    std::vector<std::uint32_t> lefts, rights;
    result.left = run::judge_all<Def, 0>(left, arrival, lefts, result.left_excluded);
    result.right = run::judge_all<Def, 1>(right, arrival, rights, result.right_excluded);
    const auto sort = [](std::vector<std::uint32_t>& order, const auto& events) {
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            if (P::before(events[a], events[b])) return true;
            return !P::before(events[b], events[a]) && a < b;
        });
    };
    sort(lefts, left);
    sort(rights, right);

    engine::KeyTable<P, std::vector<std::uint32_t>> by_key;
    for (const auto j : rights) {
        Key key{};
        plan::read_key(right[j], key, typename P::right_fields{});
        by_key.find_or_add(key).state.push_back(j);
    }
    for (const auto i : lefts) {
        const auto* keyed = by_key.find(left[i]);
        if (!keyed) continue;
        const auto t = P::time(left[i]);
        const auto& all = keyed->state;
        const auto from = saturating_add(t, P::first), to = saturating_add(t, P::last);
        auto at =
            std::partition_point(all.begin(), all.end(), [&](std::uint32_t j) { return P::time(right[j]) < from; });
        for (; at != all.end() && P::time(right[*at]) <= to; ++at) result.pairs.emplace_back(i, *at);
    }
    return result;
}

} // namespace run

// The batch executor of an interval join. O((n + m) log(n + m) + pairs). With Arrival::as_given each stream is judged
// by its order, as live would. A mistake in the definition is told here and not by the overload, or clang would tell of
// that one too.
template <IntervalDefinition Def>
IntervalPairs join_intervals(const std::vector<typename plan::IntervalPlan<Def>::left>& left,
                             const std::vector<typename plan::IntervalPlan<Def>::right>& right,
                             run::Arrival arrival = run::Arrival::any) {
    if constexpr (CheckedIntervalDefinition<Def>) return run::pairs_of<Def>(left, right, arrival);
    else return {};
}
template <MistakenIntervalDefinition Def, class... Arguments>
IntervalPairs join_intervals(Arguments&&...) {
    return {};
}

// How a live interval join runs; every part of it is optional.
template <class Def>
struct IntervalJoinOptions {
    using left = typename plan::IntervalPlan<Def>::left;
    using right = typename plan::IntervalPlan<Def>::right;
    // Called with each pair as soon as both have come.
    Callback<void(const left&, const right&)> paired;
    // Called with each pair in the order of the definition, when the watermark has passed all that could stand before
    // it: the pairs of the batch.
    Callback<void(const left&, const right&)> settled;
    // Called with each event that is not applied.
    Callback<void(const DeadLetter<left>&)> dead_left;
    Callback<void(const DeadLetter<right>&)> dead_right;
    // The current time, for future guards and idle time-outs.
    Callback<Time()> clock;
    // As LiveOptions'.
    std::uint64_t seed = 1;
};

// The incremental executor of an interval join. An event costs a hash look-up, O(log n) and its pairs; one that is late
// by d others of its key O(d) more. Events are kept until the watermark, the least of the two streams' own, says that
// nothing can pair with them any more.
template <class Def>
class LiveIntervalJoin : public plan::Quiet {
    static_assert(
        requires { Def::definition; }, "onefold: LiveIntervalJoin<Def> takes a struct with `static constexpr auto "
                                       "definition = onefold::interval_join(...)`");

public:
    using plan::Quiet::Quiet;
};

template <CheckedIntervalDefinition Def>
class LiveIntervalJoin<Def> {
    using P = plan::IntervalPlan<Def>;
    using Keys = engine::KeyOf<P, typename P::key_members>;
    using Key = typename Keys::Key;

public:
    using left = typename P::left;
    using right = typename P::right;

    explicit LiveIntervalJoin(IntervalJoinOptions<Def> options = {})
        : options_(std::move(options)), lefts_(run::Arrival::as_given, options_.seed), rights_(options_.seed),
          by_key_(options_.seed) {}

    Verdict push(const left& event) { return push(event, now()); }
    Verdict push(const right& event) { return push(event, now()); }
    // With the recorded time of arrival.
    Verdict push(const left& event, Time arrived) {
        rights_.heard(0, run::EventClock<Def, 0>::arrival_of(event, arrived.micros));
        const auto verdict = lefts_.judge(event, arrived.micros);
        if (verdict == Verdict::applied) {
            Key key{};
            plan::read_key(event, key, typename P::left_fields{});
            auto& state = by_key_.find_or_add(key).state;
            if (options_.paired) pair_left(state, event, options_.paired);
            run::insert_in_order<P>(state.lefts, Waiting{event, ++arrivals_});
            due_.push_back({P::time(event), std::move(key)});
            std::push_heap(due_.begin(), due_.end(), later);
        } else bury(options_.dead_left, lefts_, event, verdict);
        settle();
        return verdict;
    }
    Verdict push(const right& event, Time arrived) {
        rights_.heard(1, run::EventClock<Def, 1>::arrival_of(event, arrived.micros));
        auto& intake = rights_.template intake<1>();
        const auto verdict = intake.judge(event, arrived.micros);
        if (verdict == Verdict::applied) {
            Key key{};
            plan::read_key(event, key, typename P::right_fields{});
            auto& state = by_key_.find_or_add(key).state;
            const auto t = P::time(event);
            if (options_.paired) {
                const auto [low, high] =
                    run::range_of<P>(state.lefts, saturating_subtract(t, P::last), P::last_left(t));
                for (auto at = low; at != high; ++at) options_.paired(*at, event);
            }
            run::insert_in_order<P>(state.rights, event);
            expiring_.push_back({P::last_left(t), std::move(key)});
            std::push_heap(expiring_.begin(), expiring_.end(), later);
        } else bury(options_.dead_right, intake, event, verdict);
        settle();
        return verdict;
    }

    // As Live's, of both streams.
    void advance_watermark(Time to) {
        lefts_.watermark().advance_to(to.micros);
        rights_.advance_to(to.micros);
        settle();
    }
    void tick(Time now) {
        lefts_.watermark().tick(now.micros);
        rights_.tick(now.micros);
        settle();
    }
    void finish() { advance_watermark(Time{latest}); }

    Time watermark() const noexcept { return Time{rights_.watermark(lefts_)}; }
    template <class Record>
    const Account& account() const noexcept {
        static_assert(std::same_as<Record, left> || std::same_as<Record, right>,
                      "onefold: account<T>() of an interval join takes one of its two records");
        if constexpr (std::same_as<Record, left>) return lefts_.account();
        else return rights_.template intake<1>().account();
    }
    // How many events it keeps, of both streams, and of how many keys.
    std::size_t events() const noexcept { return due_.size() + expiring_.size(); }
    std::size_t keys() const noexcept { return by_key_.size(); }

private:
    struct Waiting : left {
        std::uint64_t arrival;
    };
    struct State {
        std::deque<Waiting> lefts;
        std::deque<right> rights;
    };
    // Of the key some event at this time is due.
    struct Due {
        std::int64_t time;
        Key key;
    };
    static bool later(const Due& a, const Due& b) { return a.time > b.time; }

    Time now() { return options_.clock ? options_.clock() : Time{earliest}; }

    template <class Found>
    static void pair_left(const State& state, const left& event, Found& found) {
        const auto t = P::time(event);
        const auto [low, high] =
            run::range_of<P>(state.rights, saturating_add(t, P::first), saturating_add(t, P::last));
        for (auto at = low; at != high; ++at) found(event, *at);
    }
    template <class Letter, class Intake, class Record>
    static void bury(Letter& letter, const Intake& intake, const Record& event, Verdict verdict) {
        if (letter && !intake.was_punctuation())
            letter({event, verdict, Time{intake.watermark_before()}, intake.records() - 1});
    }

    void settle() {
        rights_.follow(lefts_);
        const auto watermark = rights_.watermark(lefts_);
        // Every left event up to here has all its pairs.
        const auto done = watermark == latest ? latest : saturating_subtract(watermark, P::left_waits);
        while (!due_.empty() && due_.front().time <= done) settle_time(due_.front().time);
        // And no left event up to here comes any more.
        while (!expiring_.empty() && expiring_.front().time <= done) {
            auto* keyed = by_key_.find(pop(expiring_));
            keyed->state.rights.pop_front();
            forget_empty(*keyed);
        }
    }
    // All left events of one time at once, as their order goes across keys.
    void settle_time(std::int64_t time) {
        struct Ready {
            Waiting event;
            Key key;
        };
        std::vector<Ready> ready;
        while (!due_.empty() && due_.front().time == time) {
            auto key = pop(due_);
            auto& lefts = by_key_.find(key)->state.lefts;
            ready.push_back({std::move(lefts.front()), std::move(key)});
            lefts.pop_front();
        }
        std::sort(ready.begin(), ready.end(), [](const Ready& a, const Ready& b) {
            if (P::before(a.event, b.event)) return true;
            return !P::before(b.event, a.event) && a.event.arrival < b.event.arrival;
        });
        for (const auto& one : ready) {
            auto* keyed = by_key_.find(one.key);
            if (!keyed) continue; // it had nothing but left events
            if (options_.settled) pair_left(keyed->state, one.event, options_.settled);
            forget_empty(*keyed);
        }
    }
    static Key pop(std::vector<Due>& heap) {
        std::pop_heap(heap.begin(), heap.end(), later);
        auto key = std::move(heap.back().key);
        heap.pop_back();
        return key;
    }
    void forget_empty(typename engine::KeyTable<P, State>::Keyed& keyed) {
        if (keyed.state.lefts.empty() && keyed.state.rights.empty()) by_key_.erase(keyed);
    }

    IntervalJoinOptions<Def> options_;
    run::Intake<Def, 0> lefts_;
    run::Sides<Def> rights_;
    engine::KeyTable<P, State> by_key_;
    std::vector<Due> due_, expiring_; // heaps
    std::uint64_t arrivals_ = 0;
};

} // namespace onefold
