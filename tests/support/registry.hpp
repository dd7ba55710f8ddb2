#pragma once

// The definitions that are compared with the slow twin, by name, for whoever has events: the tests and the fuzzer. They
// are compiled once, one file each, in parity/definitions/.

#include <string>
#include <string_view>
#include <vector>

#include "support/events.hpp"

namespace twin {

struct Definition {
    std::string_view name;
    // Empty, or the first thing in which the executors and the slow twin differ.
    std::string (*difference)(const std::vector<Event>& events, std::uint64_t seed);
};

inline std::vector<Definition>& definitions() {
    static std::vector<Definition> all;
    return all;
}

// The same of definitions of which every event is a change of a fact.
inline std::vector<Definition>& definitions_of_changes() {
    static std::vector<Definition> all;
    return all;
}

// The events of a seed.
inline std::vector<Event> events_of(std::uint64_t seed) {
    Generator generator(seed);
    const auto count = 1 + generator.below(90);
    return generator.events(static_cast<std::size_t>(count));
}

} // namespace twin
