#pragma once

#include <algorithm>

#include "conformance/runtime/events.hpp"

namespace conformance {

// Cases whose windows stand as of an event: one output row for each event, `sliding` and `stream_sliding`.

// The answers of an executor, by event.
class EventRows {
public:
    EventRows(const Spec& spec, const Table& table) : spec_(spec), table_(table) {}

    // cause and watermark: which event released the row, and where that left the watermark.
    Row& add(std::int64_t event, Cell cause, Cell watermark) {
        Row& cells = rows_.emplace_back();
        cells.emplace_back(event);
        if (spec_.streams) {
            cells.push_back(std::move(cause));
            cells.push_back(std::move(watermark));
        }
        for (const auto column : spec_.carry) cells.push_back(table_.at(static_cast<std::size_t>(event), column));
        return cells;
    }
    // A case that streams expects its rows in the order of release; another one by event, and then, if repeats were
    // ignored, numbers those that are left.
    std::vector<Row> take() {
        if (spec_.streams) return std::move(rows_);
        std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return key_less(a[0], b[0]); });
        if (spec_.deduplicates)
            for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i][0] = static_cast<std::int64_t>(i);
        return std::move(rows_);
    }

private:
    const Spec& spec_;
    const Table& table_;
    std::vector<Row> rows_;
};

// A batch has a row for every accepted event. Which of them the watermark has not passed at the end of an input that
// goes on is asked of the executor that has a watermark.
template <class Def>
onefold::Time watermark_after(const Events<Def>& events) {
    onefold::LiveOptions<Def> options;
    options.serves = false;
    onefold::Live<Def> live(std::move(options));
    for (const auto& event : events) live.push(event);
    return live.watermark();
}

template <class Def>
Results run_batch(const Spec& spec, const Table& table, const Events<Def>& events) {
    onefold::BackfillOptions options;
    options.arrival = spec.streams ? onefold::Arrival::as_given : onefold::Arrival::any;
    const auto answer = onefold::backfill<Def>(events, options);
    EventRows rows(spec, table);
    const auto released = spec.ends ? onefold::Time{onefold::latest} : watermark_after<Def>(events);
    for (std::size_t i = 0; i < answer.rows.size(); ++i)
        if (const auto& event = events[answer.order[i]]; event.at <= released)
            append_features(rows.add(event.row, Unanswered(), Unanswered()), spec.clock, answer.rows[i]);
    Results results{rows.take(), {}, answer.overflows, answer.account};
    for (const auto& excluded : answer.excluded)
        if (is_dropped(events[excluded.position], excluded.reason)) results.dropped.push_back(excluded.position);
    return results;
}

template <class Def>
Results run_live(const Spec& spec, const Table& table, const Events<Def>& events) {
    Results results;
    EventRows rows(spec, table);
    std::int64_t cause = -1;
    onefold::Live<Def>* running = nullptr;
    onefold::LiveOptions<Def> options;
    options.serves = false;
    options.settled = [&](const auto& event, const auto& row) {
        append_features(rows.add(event.row, cause, spec.clock.milliseconds(running->watermark())), spec.clock, row);
    };
    options.dead_letter = [&](const auto& letter) {
        if (is_dropped(letter.event, letter.reason)) results.dropped.push_back(letter.event.row);
    };
    onefold::Live<Def> live(std::move(options));
    running = &live;
    for (const auto& event : events) {
        ++cause;
        live.push(event);
    }
    cause = -1;
    if (spec.ends) live.finish();
    results.rows = rows.take();
    results.overflows = live.overflows();
    results.account = live.account();
    return results;
}

template <class Def>
Results run_as_of_event(const Spec& spec, const Table& table, Executor executor) {
    const auto events = events_of<Def>(table);
    return executor == Executor::batch ? run_batch<Def>(spec, table, events) : run_live<Def>(spec, table, events);
}

} // namespace conformance
