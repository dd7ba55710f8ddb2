#pragma once

#include "onefold/order/account.hpp"
#include "onefold/plan/row.hpp"

namespace onefold {

// What a service is answered now: the features over what had arrived. Rows of events that were not applied are null,
// and so is that of a change that deletes. Served and settled rows are different types, so that nobody trains on one
// and serves the other unknowingly.
template <class Def>
struct Served : Row<Def> {
    Verdict verdict = Verdict::applied;
    bool applied() const noexcept { return verdict == Verdict::applied; }
};

// The features over everything that happened by the event's time; known once the watermark has passed it.
template <class Def>
struct Settled : Row<Def> {};

// An event that has no row, and why. `position` counts the source's records from 0 in order of arrival, punctuations
// included, so that it names one place in the source.
template <class Record>
struct DeadLetter {
    const Record& event;
    Verdict reason;
    Time watermark;
    std::uint64_t position;
};

namespace run {

// An event of a batch without a row: its place in order of arrival, the reason, and the watermark that it found.
struct Excluded {
    std::uint32_t position;
    Verdict reason;
    std::int64_t watermark;
};

template <class Def>
void make_null(Row<Def>& row) {
    for (std::size_t column = 0; column < Row<Def>::width; ++column) row.set_null(column);
}

} // namespace run
} // namespace onefold
