// random_fuzz EVENTS [SEED [RESULTS]]: random events through random definitions, at least so many in all, each
// definition against the slow twin and its executors against each other. Prints each definition and seed that differ,
// what differs, the fewest events that still do, and how to have it again; then what the definitions cover. Appends to
// RESULTS what `onefold_random_definitions sum` adds up. Exits 1 if anything differed.
//   random_fuzz only NAME SEED: that definition and list of events alone.

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "fuzz/coverage.hpp"
#include "fuzz/fewest_events.hpp"
#include "fuzz/random_registry.hpp"

namespace {

using fuzz::RandomDefinition;

// Where calendars turn: the first of April 2024, a Monday, in UTC, Rome and Lord Howe.
constexpr std::int64_t turns[] = {1'711'929'600, 1'711'922'400, 1'711'890'000};
constexpr std::int64_t calm = 1'700'000'000'000'000; // where some lists of events start

// Lists are short, as they are compared with brute force; one in a hundred is long enough for blocks and tiles.
std::vector<twin::Event> events_for(const RandomDefinition& definition, std::uint64_t seed) {
    auto events = seed % 100 == 99 ? twin::Generator(seed).events(400) : twin::events_of(seed);
    std::uint64_t windows = 0;
    for (const auto& clause : definition.clauses) windows |= clause.windows;
    const auto calendars =
        fuzz::bit(fuzz::Window::day) | fuzz::bit(fuzz::Window::week) | fuzz::bit(fuzz::Window::month);
    if ((windows & calendars) == 0 || std::abs(events.front().at.micros - calm) > 1'000'000) return events;
    const auto by = turns[seed % 3] * 1'000'000 - 40 - calm;
    for (auto& event : events) {
        event.at.micros += by;
        if (event.maybe_at) event.maybe_at->micros += by;
        if (event.arrived) event.arrived->micros += by;
    }
    return events;
}

// False where something differs.
bool agrees(const RandomDefinition& definition, std::uint64_t seed, const std::vector<twin::Event>& events) {
    const auto difference = definition.check.difference(events, seed);
    if (difference.empty()) return true;
    const auto few = fuzz::fewest_events(definition.check, events, seed);
    std::cout << "MISMATCH " << definition.check.name << " " << seed << ": " << difference << "\n"
              << definition.source << "\n"
              << few.size() << " of " << events.size()
              << " events are enough: " << definition.check.difference(few, seed) << "\n";
    for (const auto& event : few) std::cout << "    " << twin::describe(event) << "\n";
    std::cout << "fewer features: tests/fuzz/shrink.sh " << definition.check.name << " " << seed << std::endl;
    return false;
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::string_view(argv[1]) == "only") {
        for (const auto& definition : fuzz::random_definitions()) {
            if (definition.check.name != argv[2]) continue;
            const auto seed = std::strtoull(argv[3], nullptr, 10);
            return agrees(definition, seed, events_for(definition, seed)) ? 0 : 1;
        }
        std::cerr << argv[2] << " is not in this program\n";
        return 2;
    }
    const auto wanted = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
    auto seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const auto& all = fuzz::random_definitions();
    std::uint64_t events = 0, mismatches = 0;
    // A definition that differs is left out from then on: the same mistake many times tells nothing.
    std::vector<bool> wrong(all.size());
    while (!all.empty() && events < wanted && mismatches < all.size()) {
        for (std::size_t d = 0; d < all.size() && (events < wanted); ++d) {
            if (wrong[d]) continue;
            const auto list = events_for(all[d], seed);
            events += list.size();
            wrong[d] = !agrees(all[d], seed, list);
            mismatches += wrong[d] ? 1 : 0;
            ++seed;
        }
    }
    fuzz::Coverage coverage;
    for (const auto& definition : all) coverage.add(definition.clauses);
    if (argc > 3) {
        std::ofstream results(argv[3], std::ios::app);
        for (const auto& definition : all) {
            results << "clauses";
            for (const auto& clause : definition.clauses)
                results << " " << clause.windows << " " << clause.options << " " << clause.aggregate;
            results << "\n";
        }
        results << "run " << all.size() << " " << events << " " << mismatches << "\n";
        if (!results.flush()) return 3;
    } else {
        const auto missing = coverage.print();
        std::cout << "\npairs at zero " << missing << "\n";
    }
    std::cout << "definitions " << all.size() << ", events " << events << ", mismatches " << mismatches
              << ", next seed " << seed << "\n";
    return mismatches == 0 ? 0 : 1;
}
