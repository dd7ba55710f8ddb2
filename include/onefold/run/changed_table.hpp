#pragma once

#include <algorithm>
#include <vector>

#include "onefold/engine/changed_rows.hpp"
#include "onefold/order/account.hpp"

namespace onefold {

// A table of changes by itself:
//     struct Customers {
//         static constexpr auto definition = onefold::table<Customer>("customers")
//             .key<&Customer::id>().since<&Customer::since>().changes<&Customer::op, &Customer::lsn>();
//     };
template <class Def>
concept ChangedTableDefinition = [] {
    if constexpr (requires { Def::definition; }) {
        using Table = std::remove_cvref_t<decltype(Def::definition)>;
        if constexpr (detail::is_table<Table>) return Table::has_key && Table::has_since && Table::has_changes;
        else return std::same_as<Table, Silent>; // what is wrong with it has been said
    } else return false;
}();

// What the changes made of a table: its rows as of any time, and every version that a row has had. It is what an event
// that is joined with the table sees, and the same for one set of changes in whatever order they arrive.
template <class Def>
class ChangedTable {
    static_assert(ChangedTableDefinition<Def>,
                  "onefold: ChangedTable<Def> takes a struct with `static constexpr auto definition = "
                  "onefold::table<T>(\"name\").key<&T::id>().since<&T::since>().changes<&T::op, &T::lsn>()`");

public:
    template <class... A> explicit ChangedTable(A&&...) {}
    template <class... A> Silent push(A&&...) { return {}; }
};

template <ChangedTableDefinition Def>
    requires(!std::same_as<std::remove_cvref_t<decltype(Def::definition)>, Silent>)
class ChangedTable<Def> {
    using Table = std::remove_cvref_t<decltype(Def::definition)>;
    using Changes = typename Table::change_members;
    using Rows = engine::ChangedRows<Table>;
    using Keys = typename Rows::Keys;

public:
    using record = typename Table::record;
    // The members of the key, in order.
    using Key = typename Rows::Key;

    // What a change made of one row. `operation` is create, update or remove: the first change of a row that is not
    // there creates it, whatever the log calls it. The change of a truncated row is the truncation.
    struct Version {
        Operation operation;
        Key key;
        const record* change;
    };

    ChangedTable() = default;
    // A whole log at once, in order of arrival: O(n log n).
    explicit ChangedTable(const std::vector<record>& changes) {
        rows_.add_all(changes);
        // The same questions, now that all are there: of one key and position the first was taken.
        std::uint64_t kept = rows_.truncations().size();
        rows_.for_each([&](const Key&, const auto& list) { kept += list.size(); });
        for (const auto& change : changes) count(judge_alone(change));
        account_.applied -= account_.in - account_.rejected - account_.filtered - kept;
        account_.duplicate = account_.in - account_.rejected - account_.filtered - kept;
    }

    // Takes a change: O(1) for the newest of its key, O(d) for one that d of its key are after. `duplicate` is one of a
    // key and position that are known, `filtered` one whose key is null, `rejected` one without time, operation or
    // position.
    Verdict push(const record& change) {
        auto verdict = judge_alone(change);
        if (verdict == Verdict::applied && rows_.knows(change)) verdict = Verdict::duplicate;
        if (verdict == Verdict::applied) rows_.add(change);
        count(verdict);
        return verdict;
    }

    // The row of a key as of a time, or after all changes; null where there is none. Valid until the next push.
    const record* row(const Key& key, Time at = Time{latest}) { return row_of(rows_.find(key, at.micros)); }
    // All rows, in order of their keys.
    std::vector<const record*> rows(Time at = Time{latest}) {
        std::vector<std::pair<const Key*, const record*>> found;
        rows_.for_each([&](const Key& key, const auto& list) {
            if (const auto* change = row_of(rows_.in_force(list, at.micros))) found.emplace_back(&key, change);
        });
        std::sort(found.begin(), found.end(),
                  [](const auto& a, const auto& b) { return Keys::order(*a.first, *b.first) < 0; });
        std::vector<const record*> rows;
        for (const auto& [key, change] : found) rows.push_back(change);
        return rows;
    }
    // Every version of every row, in order of position, and of one position in order of keys. Deleting what is not
    // there makes none. Valid until the next push.
    std::vector<Version> versions() {
        std::vector<Version> all;
        rows_.for_each([&](const Key& key, const auto& list) { append_versions(key, list, all); });
        std::sort(all.begin(), all.end(), [](const Version& a, const Version& b) {
            const auto order = Changes::order(*a.change, *b.change);
            return order != 0 ? order < 0 : Keys::order(a.key, b.key) < 0;
        });
        return all;
    }

    static Key key_of(const record& change) { return Keys::make(change); }
    const Account& account() const noexcept { return account_; }

private:
    static const record* row_of(const record* change) {
        return change && !Table::is_tombstone(*change) ? change : nullptr;
    }
    static Verdict judge_alone(const record& change) {
        if (!Table::is_well_formed(change)) return Verdict::rejected;
        return Table::has_owner(change) ? Verdict::applied : Verdict::filtered;
    }
    void count(Verdict verdict) noexcept {
        ++account_.in;
        account_.count(verdict);
    }
    // The changes of a key and the truncations, in the order of the log.
    void append_versions(const Key& key, const engine::ChangeList<Table>& list, std::vector<Version>& all) const {
        const auto& truncations = rows_.truncations();
        bool there = false;
        const auto take = [&](const record& change) {
            const bool stays = !Table::is_tombstone(change);
            if (stays || there)
                all.push_back({!stays  ? Operation::remove
                               : there ? Operation::update
                                       : Operation::create,
                               key, &change});
            there = stays;
        };
        std::size_t next = 0;
        for (std::size_t i = 0; i < list.size(); ++i) {
            for (; next < truncations.size() && Changes::order(truncations[next], list[i]) <= 0; ++next)
                take(truncations[next]);
            take(list[i]);
        }
        for (; next < truncations.size(); ++next) take(truncations[next]);
    }

    Rows rows_;
    Account account_;
};

} // namespace onefold
