#pragma once

// The as-of join written the obvious way: events and versions in lists, each question by looking at all of them. What
// is found is written into the fields of a flat record, so that the slow twin of definitions without tables does the
// rest.

#include "support/slow_twin.hpp"

namespace twin {

struct Owner {
    std::optional<std::int64_t> account;
    std::optional<onefold::Time> since;
    std::optional<std::int64_t> created;
    double limit = 0;
    std::optional<std::int32_t> tier;
    std::string country;
    std::optional<bool> deleted;
};
struct Country {
    std::string code;
    onefold::Time since;
    std::int64_t risk = 0;
};

// An event with what the tables have for it.
struct Flat {
    std::int64_t serial = 0;
    onefold::Time at;
    std::int64_t account = 0;
    double amount = 0;
    std::optional<double> tip;
    std::optional<double> limit;
    std::optional<std::int32_t> tier;
    std::optional<std::int64_t> risk;
    bool owned = false;
};

// The words of a table, as the test reads them.
struct SlowTable {
    bool forward = false, strictly = false, by_created = false, last_arrived = false, tombstones = false;
    std::int64_t oldest = INT64_MAX;
};

// Among versions in order of arrival, the one in force at t: `key` tells whose they are, `before(a, b)` which of two of
// one time is the lesser.
template <class Version, class IsOfKey, class Before>
const Version* in_force(const std::vector<const Version*>& arrived, const SlowTable& words, std::int64_t t,
                        IsOfKey is_of_key, Before before) {
    const Version* best = nullptr;
    std::int64_t best_time = 0;
    for (const Version* version : arrived) {
        if (!is_of_key(*version)) continue;
        std::int64_t since = 0;
        if constexpr (is_optional<decltype(version->since)>) {
            if (!version->since) continue;
            since = version->since->micros;
        } else since = version->since.micros;
        const bool reaches =
            words.forward ? (words.strictly ? since > t : since >= t) : (words.strictly ? since < t : since <= t);
        if (!reaches) continue;
        bool better = !best;
        if (best && since != best_time) better = words.forward ? since < best_time : since > best_time;
        else if (best) better = words.forward ? before(*version, *best) : !before(*version, *best);
        if (better) {
            best = version;
            best_time = since;
        }
    }
    const Wide distance = words.forward ? Wide(best_time) - t : Wide(t) - best_time;
    return best && (words.oldest == INT64_MAX || distance <= words.oldest) ? best : nullptr;
}

} // namespace twin
