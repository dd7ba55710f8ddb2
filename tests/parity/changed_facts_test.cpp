#include "support/catch.hpp"
#include "support/changes_check.hpp"

namespace {

#ifdef ONEFOLD_TESTS_SANITIZED
constexpr std::uint64_t seeds_each = 5;
#else
constexpr std::uint64_t seeds_each = 25;
#endif

void check_changes(std::string_view name) {
    for (const auto& definition : twin::definitions_of_changes()) {
        if (definition.name != name) continue;
        for (std::uint64_t seed = 1; seed <= seeds_each; ++seed)
            for (const bool strays : {false, true}) {
                INFO("definition " << name << ", seed " << seed << (strays ? ", with strays" : ""));
                REQUIRE(definition.difference(twin::ChangeGenerator(seed).changes(strays), seed) == "");
            }
        return;
    }
    FAIL("no definition of changes is registered as " << name);
}

} // namespace
TEST_CASE("corrected facts: statistics agree with the slow twin bit for bit") {
    check_changes("Trailing");
    check_changes("Nullable");
    check_changes("Ratios");
}
TEST_CASE("corrected facts: selections, multisets and spreads agree with the slow twin bit for bit") {
    check_changes("Selection");
    check_changes("Multisets");
    check_changes("Spreads");
    check_changes("Arguments");
    check_changes("ArgumentsWithoutId");
}
TEST_CASE("corrected facts: windows of rows, every word about bounds, and hops agree with the slow twin bit for bit") {
    check_changes("Rows");
    check_changes("Bounds");
    check_changes("OwnWindows");
    check_changes("OwnSums");
    check_changes("Tiled");
}
TEST_CASE("corrected facts: sequences, sub keys and elements agree with the slow twin bit for bit") {
    check_changes("Sequences");
    check_changes("PerKeyGroups");
    check_changes("PerKeyMonoids");
    check_changes("Elements");
}
TEST_CASE("corrected facts: approximate aggregates agree with the slow twin") {
    check_changes("Sketches");
    check_changes("Decays");
}
