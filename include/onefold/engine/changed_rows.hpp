#pragma once

#include "onefold/engine/change_list.hpp"
#include "onefold/engine/key_table.hpp"

namespace onefold::engine {

// The rows of a table of changes, by key and time. A truncation is kept once and not for each key: it hides what is
// before it in the log, of keys that arrive after it as well.
template <class Table>
class ChangedRows {
    using Changes = typename Table::change_members;
    struct ByKey {
        using input = typename Table::record;
        using key_members = typename Table::key_members;
    };
    using Rows = KeyTable<ByKey, ChangeList<Table>>;

public:
    using Record = typename Table::record;
    using Key = typename Rows::Key;
    using Keys = typename Rows::Keys;

    explicit ChangedRows(std::uint64_t seed = 0) : rows_(seed) {}

    // needed_from: the earliest time that somebody may still ask about.
    void add(const Record& change, std::int64_t needed_from = earliest) {
        truncations_.forget(needed_from);
        auto& list = list_of(change);
        list.forget(needed_from);
        list.add(change);
    }
    void add_all(const std::vector<Record>& changes) {
        for (const auto& change : changes)
            if (Table::is_well_formed(change) && Table::has_owner(change)) list_of(change).append(change);
        truncations_.sort();
        rows_.for_each([](auto& keyed) { keyed.state.sort(); });
    }
    // A change of this key and position is here.
    bool knows(const Record& change) {
        if (Table::is_truncation(change)) return truncations_.knows(change);
        const auto* keyed = rows_.find(change);
        return keyed && keyed->state.knows(change);
    }

    // The change that holds at a time for a key, or for the key of a record; null where there is none.
    template <class From>
    const Record* find(const From& from, std::int64_t time) {
        const auto* keyed = rows_.find(from);
        return keyed ? in_force(keyed->state, time) : nullptr;
    }
    const Record* in_force(const ChangeList<Table>& list, std::int64_t time) const {
        const auto* found = list.find(time);
        const auto* truncation = found ? truncations_.find(time) : nullptr;
        return truncation && Changes::order(*found, *truncation) < 0 ? nullptr : found;
    }

    // visit(key, list), in no order.
    template <class Visit>
    void for_each(Visit visit) {
        rows_.for_each([&](auto& keyed) { visit(keyed.key, keyed.state); });
    }
    const ChangeList<Table>& truncations() const noexcept { return truncations_; }
    std::size_t keys() const noexcept { return rows_.size(); }

private:
    ChangeList<Table>& list_of(const Record& change) {
        return Table::is_truncation(change) ? truncations_ : rows_.find_or_add(change).state;
    }

    Rows rows_;
    ChangeList<Table> truncations_;
};

} // namespace onefold::engine
