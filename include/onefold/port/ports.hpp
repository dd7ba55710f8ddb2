#pragma once

#include <concepts>

#include "onefold/plan/closed.hpp"

namespace onefold {

// Where events come from: `bool next(Record&)` fills the next one, in order of arrival, and is false at the end. A
// model of it needs no base class and no registration.
template <class S, class Record>
concept Source = requires(S& source, Record& record) {
    { source.next(record) } -> std::same_as<bool>;
};

// Where rows go: `write(event, row)` for each row in order, then `commit()`, which makes them visible as a whole. What
// was written without a commit must stay invisible; a destructor never commits.
template <class S, class Def>
concept RowSink = requires(S& sink, const typename plan::Plan<Def>::record& event, const Row<Def>& row) {
    sink.write(event, row);
    sink.commit();
};
// The same for a definition whose windows close: `write(window)`.
template <class S, class Def>
concept WindowSink = requires(S& sink, const Closed<Def>& window) {
    sink.write(window);
    sink.commit();
};
template <class S, class Def>
concept Sink = (AsOfDefinition<Def> && RowSink<S, Def>) || (ClosingDefinition<Def> && WindowSink<S, Def>);

} // namespace onefold
