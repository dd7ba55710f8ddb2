#pragma once

#include "conformance/runtime/program.hpp"
#include "onefold/onefold.hpp"
#include "onefold/run/backfill.hpp"

namespace conformance {

template <class Def> using Events = std::vector<typename onefold::plan::Plan<Def>::record>;

// The rows of the input as the records of the definition, in order of arrival.
template <class Def>
Events<Def> events_of(const Table& table) {
    Events<Def> events;
    events.reserve(table.size());
    using Event = typename Events<Def>::value_type;
    for (std::size_t i = 0; i < table.size(); ++i) events.push_back(Event::of(TableRow(table, i)));
    return events;
}

template <class Features>
void append_features(Row& cells, Clock clock, const Features& row) {
    row.for_each([&](auto, const auto& value) { cells.push_back(cell_of<Cell>(clock, value)); });
}

// A row in no window of a stream, because all of them are gone or none is there, is dropped; a repeat is not, it was
// never one of the rows.
template <class Event>
bool is_dropped(const Event& event, onefold::Verdict reason) {
    if constexpr (requires { event.repeat; })
        if (event.repeat) return false;
    return reason == onefold::Verdict::late || reason == onefold::Verdict::filtered;
}

} // namespace conformance
