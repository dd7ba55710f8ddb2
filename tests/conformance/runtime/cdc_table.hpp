#pragma once

#include <algorithm>
#include <map>

#include "conformance/runtime/events.hpp"
#include "conformance/runtime/program.hpp"
#include "onefold/run/changed_table.hpp"

namespace conformance {

// Cases of op `cdc_table`: all changes at once, or one after the other.
template <class Def>
CdcResults run_cdc_table(const CdcSpec& spec, const Table& table, Executor executor) {
    using Changed = onefold::ChangedTable<Def>;
    using Version = typename Changed::Version;
    std::vector<typename Changed::record> changes;
    for (std::size_t i = 0; i < table.size(); ++i) changes.push_back(Changed::record::of(TableRow(table, i)));
    Changed changed(executor == Executor::batch ? changes : std::vector<typename Changed::record>());
    if (executor == Executor::live)
        for (const auto& change : changes) changed.push(change);
    if (changed.account().in != changes.size() || !changed.account().balances())
        throw CaseError("the account of " + std::to_string(changes.size()) + " changes does not balance");

    const auto cells_of_key = [&](const auto& key) {
        Row cells;
        onefold::for_each_index<std::remove_cvref_t<decltype(key)>::size>(
            [&](auto i) { cells.push_back(cell_of<Cell>(spec.clock, onefold::get<decltype(i)::value>(key))); });
        return cells;
    };
    const auto append_columns = [&](Row& row, const auto& change) {
        for (auto& cell : Def::columns(spec.clock, change)) row.push_back(std::move(cell));
    };

    // The format orders the changes of one position by arrival, and the rows that one truncation removes by when they
    // were created.
    auto versions = changed.versions();
    const auto same_position = [](const Version& a, const Version& b) { return a.change->lsn == b.change->lsn; };
    for (auto first = versions.begin(); first != versions.end();) {
        const auto last =
            std::find_if(first, versions.end(), [&](const Version& v) { return !same_position(*first, v); });
        std::sort(first, last, [](const Version& a, const Version& b) { return a.change->row < b.change->row; });
        first = last;
    }
    std::map<std::string, std::size_t> created;
    const auto created_at = [&](const Version& version) -> std::size_t& {
        std::string key;
        for (const auto& cell : cells_of_key(version.key)) key += to_text(cell) + ",";
        return created[key];
    };
    for (std::size_t i = 0; i < versions.size(); ++i) {
        if (versions[i].operation == onefold::Operation::create) created_at(versions[i]) = i;
        auto end = i + 1;
        while (end < versions.size() && versions[end].change == versions[i].change) ++end;
        std::sort(versions.begin() + static_cast<std::ptrdiff_t>(i),
                  versions.begin() + static_cast<std::ptrdiff_t>(end),
                  [&](const Version& a, const Version& b) { return created_at(a) < created_at(b); });
        i = end - 1;
    }

    CdcResults results;
    for (const auto& version : versions) {
        Row row{cell_of<Cell>(spec.clock, version.change->lsn), cell_of<Cell>(spec.clock, version.change->at),
                std::string(onefold::to_text(version.operation))};
        for (auto& cell : cells_of_key(version.key)) row.push_back(std::move(cell));
        if (version.operation == onefold::Operation::remove) row.resize(3 + spec.row.size());
        else append_columns(row, *version.change);
        results.history.push_back(std::move(row));
    }
    for (const auto* change : changed.rows()) {
        auto row = cells_of_key(Changed::key_of(*change));
        append_columns(row, *change);
        results.rows.push_back(std::move(row));
    }
    return results;
}

} // namespace conformance
