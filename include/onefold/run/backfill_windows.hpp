#pragma once

#include "onefold/run/backfill.hpp"
#include "onefold/run/closed_order.hpp"
#include "onefold/run/window_sweeps.hpp"

namespace onefold {

// The windows of a history, closed, in order of (end, start, key); and, where they were asked for, their answers before
// that, in order of the events that led to them.
template <ClosingDefinition Def>
struct Backfill<Def> {
    ClosedWindows<Def> rows;
    std::vector<Fired<Def>> fired;
    Account account;
    // How many features are null because an exact sum of integers left int64.
    std::uint64_t overflows = 0;
    // The events that are in no window, in order of arrival.
    std::vector<run::Excluded> excluded;
};

namespace run {

template <class Def>
using EventsOf = std::vector<typename plan::Plan<Def>::record>;

// What no later event can change closes, whatever order the events came in.
template <class Def>
void close_history(const EventsOf<Def>& events, std::vector<std::uint32_t>& order, unsigned threads,
                   Intake<Def>& intake, Backfill<Def>& result) {
    sort_canonically<Def>(events, order);
    HistorySweep<Def> sweep(events, order);
    auto& parts = sweep.parts;
    parallel_for(parts.size(), threads, [&](std::size_t part) { sweep.list(part); });
    ClosedOrder<Def> closed;
    std::vector<std::size_t> starts;
    for (const auto& part : parts) {
        starts.push_back(closed.size());
        closed.add(part.windows, part.keys);
    }
    if (closed.size() > UINT32_MAX)
        throw Error(ErrorKind::data, "a backfill of " + std::to_string(closed.size()) +
                                         " windows is more than one call takes; split the history by key");
    const auto places = closed.places(threads);
    result.rows.resize(closed.size());
    parallel_for(parts.size(), threads,
                 [&](std::size_t part) { sweep.fill(part, places.data() + starts[part], result.rows); });
    for (const auto& part : parts) {
        result.overflows += part.overflows;
        for (const auto place : part.outside) {
            intake.revise(Verdict::filtered);
            result.excluded.push_back({order[place], Verdict::filtered, earliest});
        }
    }
}

// As live would have, in this order of arrival.
template <class Def>
void close_arrivals(const EventsOf<Def>& events, const std::vector<std::uint32_t>& order,
                    const WatermarkHistory& watermarks, const BackfillOptions& options, unsigned threads,
                    Intake<Def>& intake, Backfill<Def>& result) {
    ArrivalSweep<Def> sweep(events, order, watermarks, options.fires, options.finishes);
    parallel_for(sweep.parts.size(), threads, [&](std::size_t part) { sweep.sweep(part); });
    engine::WindowAnswers<Def> answers;
    for (auto& part : sweep.parts) {
        std::move(part.answers.closed.begin(), part.answers.closed.end(), std::back_inserter(answers.closed));
        std::move(part.answers.fired.begin(), part.answers.fired.end(), std::back_inserter(answers.fired));
        result.overflows += part.answers.overflows;
        for (const auto& [position, reason] : part.excluded) {
            intake.revise(reason);
            result.excluded.push_back({position, reason, watermarks.before(position)});
        }
        part = {};
    }
    answers.sort();
    result.rows.assign(std::make_move_iterator(answers.closed.begin()), std::make_move_iterator(answers.closed.end()));
    result.fired = std::move(answers.fired);
}

} // namespace run

// The batch executor of a definition whose windows close. With Arrival::any every event counts; with as_given the
// events are judged, and the windows answer, as live would have in this order of arrival. O(n log n); memory is the
// events, the open windows and the answers. No result depends on the number of threads. Throws Error(usage) for an
// unknown time zone.
template <ClosingDefinition Def>
Backfill<Def> backfill(const std::vector<typename plan::Plan<Def>::record>& events,
                       const BackfillOptions& options = {}) {
    run::check_size(events.size());
    Backfill<Def> result;
    run::Intake<Def> intake(options.arrival);
    run::WatermarkHistory watermarks;
    std::vector<std::uint32_t> order;
    order.reserve(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto verdict = intake.judge(events[i]);
        if (verdict == Verdict::applied) order.push_back(static_cast<std::uint32_t>(i));
        else if (!intake.was_punctuation())
            result.excluded.push_back({static_cast<std::uint32_t>(i), verdict, intake.watermark_before()});
        if (options.arrival != Arrival::any) watermarks.append(intake.watermark().value());
    }

    const auto threads = options.threads == 0 ? run::hardware_threads() : options.threads;
    if (options.arrival == Arrival::any && options.finishes && !options.fires)
        run::close_history<Def>(events, order, threads, intake, result);
    else run::close_arrivals<Def>(events, order, watermarks, options, threads, intake, result);
    result.account = intake.account();
    std::sort(result.excluded.begin(), result.excluded.end(),
              [](const auto& a, const auto& b) { return a.position < b.position; });
    return result;
}

// Such a definition has no tables.
template <ClosingDefinition Def>
Backfill<Def> backfill(const std::vector<typename plan::Plan<Def>::record>& events, const Histories<Def>&,
                       const BackfillOptions& options = {}) {
    return backfill<Def>(events, options);
}

} // namespace onefold
