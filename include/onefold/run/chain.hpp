#pragma once

#include "onefold/plan/as.hpp"
#include "onefold/run/backfill.hpp"
#include "onefold/run/live.hpp"

namespace onefold {

// Closed windows are a stream again. A definition over them reads a record of the user's own whose schema names keys,
// window_start, window_end and features, with window_end as its event time and no lateness, as windows close in that
// order:
//     struct Hour { std::int64_t card = 0; std::int64_t orders = 0; onefold::Time window_end; };
//     stream<Hour>("hours").time<&Hour::window_end>()
// Batch: backfill<Weekly>(windows_as<Hour>(backfill<Hourly>(orders).rows)). O(windows).
template <class T, ClosingDefinition Def, class Allocator>
std::vector<T> windows_as(const std::vector<Closed<Def>, Allocator>& windows) {
    std::vector<T> records;
    records.reserve(windows.size());
    for (const auto& window : windows) records.push_back(as<T>(window));
    return records;
}

// Live: LiveOptions<Hourly> options; options.settled = into<Hour>(weekly); each window is pushed when it closes, and
// answered(record, row), where there is one, is called with what that is answered. The executor must outlive the
// callback; its end is announced by the caller, with finish(), after that of the first one.
template <class T, class Executor>
auto into(Executor& executor) {
    return [&executor](const auto& window) { static_cast<void>(executor.push(as<T>(window))); };
}
template <class T, class Executor, class Answered>
auto into(Executor& executor, Answered answered) {
    return [&executor, answered = std::move(answered)](const auto& window) mutable {
        const auto record = as<T>(window);
        answered(record, executor.push(record));
    };
}

} // namespace onefold
