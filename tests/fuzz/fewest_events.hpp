#pragma once

#include <vector>

#include "support/registry.hpp"

namespace fuzz {

// Leaves events out, in halves and then one by one, for as long as the rest still differs.
inline std::vector<twin::Event> fewest_events(const twin::Definition& definition, std::vector<twin::Event> events,
                                              std::uint64_t seed) {
    for (auto chunk = (events.size() + 1) / 2; chunk > 0; chunk = chunk == 1 ? 0 : (chunk + 1) / 2)
        for (std::size_t start = 0; start < events.size();) {
            auto fewer = events;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(start),
                        fewer.begin() + static_cast<std::ptrdiff_t>(std::min(events.size(), start + chunk)));
            if (definition.difference(fewer, seed).empty()) start += chunk;
            else events = std::move(fewer);
        }
    return events;
}

} // namespace fuzz
