#pragma once

#include "onefold/core/sort_stably.hpp"
#include "onefold/plan/table_plan.hpp"

namespace onefold::engine {

// The versions of one key of a table, in order of their times.
template <class P>
class TimedVersions {
public:
    using Version = typename P::input;

    // O(1) for the newest, O(d) for one that d others are newer than.
    void add(const Version& version) {
        sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), version, before), version);
    }
    // Many, after which sort() is called.
    void append(const Version& version) { sorted_.push_back(version); }
    // Equal ones stay in order of arrival.
    void sort() {
        sort_stably(sorted_, [](const Version& a, const Version& b) { return P::order(a, b); });
    }
    // The version that an event of this time finds, however old; null where there is none.
    const Version* find(std::int64_t time) const {
        const auto& table = P::table;
        const auto after = [&](bool strictly) { return strictly ? saturating_add(time, 1) : time; };
        if (table.looks_forward) {
            const auto at = from(after(table.leaves_current_out));
            return at != sorted_.end() ? &*at : nullptr;
        }
        const auto at = from(after(!table.leaves_current_out));
        return at != sorted_.begin() ? &*(at - 1) : nullptr;
    }
    // A question at needed_from or later finds the last version before it, or one after that.
    void forget(std::int64_t needed_from) {
        if (needed_from == earliest) return;
        auto first = from(needed_from);
        if (!P::table.looks_forward && first != sorted_.begin()) --first;
        sorted_.erase(sorted_.begin(), first);
    }
    std::size_t size() const noexcept { return sorted_.size(); }

private:
    static bool before(const Version& a, const Version& b) { return P::order(a, b) < 0; }
    // The first version of which since is not below the time.
    auto from(std::int64_t time) const {
        return std::partition_point(sorted_.begin(), sorted_.end(),
                                    [&](const auto& version) { return P::since(version) < time; });
    }

    std::vector<Version> sorted_;
};

} // namespace onefold::engine
