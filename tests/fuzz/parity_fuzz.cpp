// parity_fuzz [seconds] [seed]: random events through every registered definition, in both executors, against the slow
// twin. Prints each seed that differs, the fewest of its events that still do, and what differs; exits 1 if any did.
// The seeds go up from the given one, so that a printed one can be run again: parity_fuzz 0 SEED runs that one alone.

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "fuzz/fewest_events.hpp"

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
            const auto few = fuzz::fewest_events(definition, list, seed);
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
