#pragma once

#include "onefold/core/sort_stably.hpp"
#include "onefold/define/table.hpp"

namespace onefold::engine {

// Changes of one row of a table, or the truncations of a whole one, in order of their position in the source's log.
//
// As of a time the change of the greatest position holds, of those since that time or before. A clock that was put back
// makes a later change the older one: from its time on it holds all the same, and those before it never do again.
template <class Table>
class ChangeList {
    using Changes = typename Table::change_members;

public:
    using Record = typename Table::record;

    // Not if a change of this position is known. O(1) for the newest, O(d) for one that d others are after.
    void add(const Record& record) {
        const auto at = place_of(record);
        if (is_at(at, record)) return;
        const auto since = Table::since_of(record);
        const auto until = at == sorted_.end() ? latest : std::min(Table::since_of(at->record), at->until);
        auto before = static_cast<std::size_t>(at - sorted_.begin());
        sorted_.insert(at, {record, until});
        // The times until which those before it hold do not fall, so that no further one can be above this one.
        for (; before > 0 && sorted_[before - 1].until > since; --before) sorted_[before - 1].until = since;
    }
    // Many, after which sort() is called: O(n log n), whatever the order of arrival.
    void append(const Record& record) { sorted_.push_back({record, latest}); }
    void sort() {
        sort_stably(sorted_, [](const Change& a, const Change& b) { return Changes::order(a.record, b.record); });
        // Of equal ones the first that arrived is kept.
        sorted_.erase(
            std::unique(sorted_.begin(), sorted_.end(),
                        [](const Change& a, const Change& b) { return Changes::order(a.record, b.record) == 0; }),
            sorted_.end());
        auto until = latest;
        for (auto at = sorted_.rbegin(); at != sorted_.rend(); ++at) {
            at->until = until;
            until = std::min(until, Table::since_of(at->record));
        }
    }
    bool knows(const Record& record) const { return is_at(place_of(record), record); }

    const Record* find(std::int64_t time) const {
        if (sorted_.empty()) return nullptr;
        const auto at = std::partition_point(sorted_.begin(), sorted_.end() - 1,
                                             [&](const Change& change) { return change.until <= time; });
        return Table::since_of(at->record) <= time ? &at->record : nullptr;
    }
    // What no question at needed_from or later, or just before it, can find.
    void forget(std::int64_t needed_from) {
        if (sorted_.empty() || needed_from == earliest) return;
        const auto first = std::partition_point(sorted_.begin(), sorted_.end() - 1,
                                                [&](const Change& change) { return change.until < needed_from; });
        sorted_.erase(sorted_.begin(), first);
    }

    std::size_t size() const noexcept { return sorted_.size(); }
    const Record& operator[](std::size_t i) const noexcept { return sorted_[i].record; }

private:
    struct Change {
        Record record;
        // From when on a later one holds; `latest` of the last.
        std::int64_t until;
    };

    auto place_of(const Record& record) const {
        return std::partition_point(sorted_.begin(), sorted_.end(),
                                    [&](const Change& change) { return Changes::order(change.record, record) < 0; });
    }
    bool is_at(typename std::vector<Change>::const_iterator at, const Record& record) const {
        return at != sorted_.end() && Changes::order(at->record, record) == 0;
    }

    std::vector<Change> sorted_;
};

} // namespace onefold::engine
