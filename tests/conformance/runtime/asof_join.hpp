#pragma once

#include <map>

#include "conformance/runtime/events.hpp"
#include "conformance/runtime/program.hpp"

namespace conformance {

// Cases of op `asof_join`: a row for each event of the left input, with what the right one had in force for it.
template <class Def>
std::vector<Row> run_asof_join(const JoinSpec& spec, const Table& left, const Table& right, Executor executor) {
    using Event = typename onefold::plan::Plan<Def>::record;
    using Version = typename onefold::plan::TablePlan<Def, 0>::input;
    std::vector<Event> events;
    std::vector<Version> versions;
    for (std::size_t i = 0; i < left.size(); ++i) events.push_back(Event::of(TableRow(left, i)));
    for (std::size_t i = 0; i < right.size(); ++i) versions.push_back(Version::of(TableRow(right, i)));

    // Whether a version was found, and its columns; an event without a time has found none.
    std::map<std::int64_t, Row> found;
    const auto keep = [&](const Event& event, const auto& row) { append_features(found[event.row], spec.clock, row); };
    if (executor == Executor::batch) {
        const auto answer = onefold::backfill<Def>(events, onefold::Versions<Def>(versions));
        for (std::size_t i = 0; i < answer.rows.size(); ++i) keep(events[answer.order[i]], answer.rows[i]);
    } else {
        onefold::LiveOptions<Def> options;
        options.serves = false;
        options.settled = keep;
        onefold::Live<Def> live(std::move(options));
        // Both inputs in their order, a row of each by turns, so that many versions come after their events.
        for (std::size_t i = 0; i < std::max(events.size(), versions.size()); ++i) {
            if (i < events.size()) live.push(events[i]);
            if (i < versions.size()) live.push(versions[i]);
        }
        live.finish();
    }

    std::vector<Row> rows;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const auto of = found.find(static_cast<std::int64_t>(i));
        const bool matched = of != found.end() && std::get<bool>(of->second.front());
        if (Def::inner && !matched) continue;
        Row& row = rows.emplace_back();
        row.emplace_back(static_cast<std::int64_t>(i));
        for (const auto column : spec.carry_left) row.push_back(left.at(i, column));
        for (auto column = row.size(); column < spec.output.size(); ++column)
            row.push_back(matched ? of->second[column - spec.carry_left.size()] : Cell());
    }
    return rows;
}

} // namespace conformance
