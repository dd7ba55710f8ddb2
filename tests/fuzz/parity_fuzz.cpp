// parity_fuzz [seconds] [seed]: random events through every registered definition, in both executors, against the slow
// twin. Prints each seed that differs, the fewest of its events that still do, and what differs; exits 1 if any did.
// The seeds go up from the given one, so that a printed one can be run again: parity_fuzz 0 SEED runs that one alone.

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "support/registry.hpp"

namespace {

// Leaves events out, in halves and then one by one, for as long as the rest still differs.
std::vector<twin::Event> smallest(const twin::Definition& definition, std::vector<twin::Event> events,
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

} // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
    std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t runs = 0, events = 0, mismatches = 0;
    do {
        const auto list = twin::events_of(seed);
        for (const auto& definition : twin::definitions()) {
            ++runs;
            events += list.size();
            const auto difference = definition.difference(list, seed);
            if (difference.empty()) continue;
            ++mismatches;
            const auto few = smallest(definition, list, seed);
            std::cout << definition.name << ", seed " << seed << ": " << difference << "\n  " << few.size()
                      << " events are enough: " << definition.difference(few, seed) << "\n";
            for (const auto& event : few) std::cout << "    " << twin::describe(event) << "\n";
        }
        ++seed;
    } while (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds);
    std::cout << "definitions " << twin::definitions().size() << ", runs " << runs << ", events " << events
              << ", mismatches " << mismatches << ", next seed " << seed << "\n";
    return mismatches == 0 ? 0 : 1;
}
