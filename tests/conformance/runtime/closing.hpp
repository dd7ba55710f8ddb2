#pragma once

#include "conformance/runtime/events.hpp"
#include "onefold/run/backfill_windows.hpp"
#include "onefold/run/live_windows.hpp"

namespace conformance {

// Cases whose windows close: `window` expects each window once, with its final values; `stream_window` expects every
// firing, in order of emission.

// key, start, end, features
template <class Closed>
void append_window(Row& cells, Clock clock, const Closed& window) {
    onefold::for_each_index<std::remove_cvref_t<decltype(window.key)>::size>(
        [&](auto i) { cells.push_back(cell_of<Cell>(clock, onefold::get<decltype(i)::value>(window.key))); });
    cells.emplace_back(clock.milliseconds(window.start));
    cells.emplace_back(clock.milliseconds(window.end));
    append_features(cells, clock, window);
}

template <class Closed>
Row final_row(Clock clock, const Closed& window) {
    Row cells;
    append_window(cells, clock, window);
    return cells;
}

// emission, cause, watermark, pane, and the window
template <class Fired>
Row fired_row(Clock clock, std::size_t emission, const Fired& fired) {
    Row cells;
    cells.emplace_back(static_cast<std::int64_t>(emission));
    cells.emplace_back(fired.cause == onefold::no_cause ? std::int64_t{-1} : static_cast<std::int64_t>(fired.cause));
    cells.emplace_back(clock.milliseconds(fired.watermark));
    cells.emplace_back(std::string(fired.pane == onefold::Pane::late ? "late" : "on_time"));
    append_window(cells, clock, fired);
    return cells;
}

template <class Def>
Results close_batch(const Spec& spec, const Events<Def>& events) {
    onefold::BackfillOptions options;
    options.arrival = spec.streams ? onefold::Arrival::as_given : onefold::Arrival::any;
    options.fires = spec.streams;
    options.finishes = spec.ends;
    const auto answer = onefold::backfill<Def>(events, options);
    Results results;
    results.overflows = answer.overflows;
    results.account = answer.account;
    if (spec.streams)
        for (const auto& fired : answer.fired)
            results.rows.push_back(fired_row(spec.clock, results.rows.size(), fired));
    else
        for (const auto& window : answer.rows) results.rows.push_back(final_row(spec.clock, window));
    for (const auto& excluded : answer.excluded)
        if (is_dropped(events[excluded.position], excluded.reason)) results.dropped.push_back(excluded.position);
    return results;
}

template <class Def>
Results close_live(const Spec& spec, const Events<Def>& events) {
    Results results;
    onefold::LiveOptions<Def> options;
    if (spec.streams)
        options.fired = [&](const auto& fired) {
            results.rows.push_back(fired_row(spec.clock, results.rows.size(), fired));
        };
    else options.settled = [&](const auto& window) { results.rows.push_back(final_row(spec.clock, window)); };
    options.dead_letter = [&](const auto& letter) {
        if (is_dropped(letter.event, letter.reason)) results.dropped.push_back(letter.event.row);
    };
    onefold::Live<Def> live(std::move(options));
    for (const auto& event : events) live.push(event);
    if (spec.ends) live.finish();
    results.overflows = live.overflows();
    results.account = live.account();
    return results;
}

template <class Def>
Results run_closing(const Spec& spec, const Table& table, Executor executor) {
    const auto events = events_of<Def>(table);
    auto results = executor == Executor::batch ? close_batch<Def>(spec, events) : close_live<Def>(spec, events);
    if (!spec.streams) results.rows = in_order_of_keys(std::move(results.rows), spec.key_size);
    return results;
}

} // namespace conformance
