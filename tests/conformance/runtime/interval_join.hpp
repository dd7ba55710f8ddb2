#pragma once

#include <algorithm>

#include "conformance/runtime/program.hpp"
#include "onefold/run/interval_join.hpp"

namespace conformance {

// Cases of op `interval_join`: a row for each pair, by the numbers of its rows.
template <class Def>
std::vector<Row> run_interval_join(const JoinSpec& spec, const Table& left, const Table& right, Executor executor) {
    using Left = typename onefold::plan::IntervalPlan<Def>::left;
    using Right = typename onefold::plan::IntervalPlan<Def>::right;
    std::vector<Left> lefts;
    std::vector<Right> rights;
    for (std::size_t i = 0; i < left.size(); ++i) lefts.push_back(Left::of(TableRow(left, i)));
    for (std::size_t i = 0; i < right.size(); ++i) rights.push_back(Right::of(TableRow(right, i)));

    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    const auto keep = [&](const Left& a, const Right& b) {
        pairs.emplace_back(static_cast<std::size_t>(a.row), static_cast<std::size_t>(b.row));
    };
    if (executor == Executor::batch) {
        for (const auto& [i, j] : onefold::join_intervals<Def>(lefts, rights).pairs) keep(lefts[i], rights[j]);
    } else {
        onefold::IntervalJoinOptions<Def> options;
        options.settled = keep;
        onefold::LiveIntervalJoin<Def> live(std::move(options));
        // Both inputs in their order, a row of each by turns.
        for (std::size_t i = 0; i < std::max(lefts.size(), rights.size()); ++i) {
            if (i < lefts.size()) live.push(lefts[i]);
            if (i < rights.size()) live.push(rights[i]);
        }
        live.finish();
    }
    std::sort(pairs.begin(), pairs.end());

    std::vector<Row> rows;
    for (const auto& [i, j] : pairs) {
        Row& row = rows.emplace_back();
        row.emplace_back(static_cast<std::int64_t>(i));
        row.emplace_back(static_cast<std::int64_t>(j));
        for (const auto column : spec.carry_left) row.push_back(left.at(i, column));
        for (const auto column : spec.carry_right) row.push_back(right.at(j, column));
    }
    return rows;
}

} // namespace conformance
