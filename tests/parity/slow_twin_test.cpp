#include "support/catch.hpp"
#include "support/registry.hpp"

namespace {

// An unoptimised build with a sanitizer takes thirty times as long for the same list.
#ifdef ONEFOLD_TESTS_SANITIZED
constexpr std::uint64_t seeds_each = 8;
#else
constexpr std::uint64_t seeds_each = 40;
#endif

// One list of events per seed, of 1 to 90 events. A seed that once failed is added to `kept` together with the mend.
void check_agreement(std::string_view name) {
    const std::uint64_t kept[] = {204, 207, 601, 708};
    std::vector<std::uint64_t> seeds(std::begin(kept), std::end(kept));
    for (std::uint64_t seed = 1; seed <= seeds_each; ++seed) seeds.push_back(seed);
    for (const auto& definition : twin::definitions()) {
        if (definition.name != name) continue;
        for (const auto seed : seeds) {
            INFO("definition " << name << ", seed " << seed);
            REQUIRE(definition.difference(twin::events_of(seed), seed) == "");
        }
        return;
    }
    FAIL("no definition is registered as " << name);
}

} // namespace

TEST_CASE("trailing statistics agree with the slow twin bit for bit") { check_agreement("Trailing"); }
TEST_CASE("nullable fields and conditions agree with the slow twin bit for bit") { check_agreement("Nullable"); }
TEST_CASE("selections agree with the slow twin bit for bit") { check_agreement("Selection"); }
TEST_CASE("multisets agree with the slow twin bit for bit") { check_agreement("Multisets"); }
TEST_CASE("windows of rows agree with the slow twin bit for bit") { check_agreement("Rows"); }
TEST_CASE("every word about bounds agrees with the slow twin bit for bit") { check_agreement("Bounds"); }
TEST_CASE("a stream without ids agrees with the slow twin bit for bit") { check_agreement("WithoutId"); }
TEST_CASE("ids that are null or kept agree with the slow twin bit for bit") {
    check_agreement("NullIds");
    check_agreement("KeptDuplicates");
    check_agreement("GroupsAlone");
}
TEST_CASE("streams of partitions and with punctuations agree with the slow twin bit for bit") {
    check_agreement("Partitions");
    check_agreement("Punctuated");
    check_agreement("PunctuatedPartitions");
    check_agreement("Idle");
}
TEST_CASE("aggregates of two fields and of order agree with the slow twin bit for bit") {
    check_agreement("Arguments");
    check_agreement("ArgumentsWithoutId");
    check_agreement("Sequences");
}
TEST_CASE("ratios, shares and spreads agree with the slow twin bit for bit") {
    check_agreement("Ratios");
    check_agreement("Spreads");
}
TEST_CASE("aggregates per sub key and per element agree with the slow twin bit for bit") {
    check_agreement("PerKeyGroups");
    check_agreement("PerKeyMonoids");
    check_agreement("Elements");
}
TEST_CASE("approximate aggregates agree with the slow twin") {
    check_agreement("Sketches");
    check_agreement("Decays");
}
TEST_CASE("windows about the event itself, and in hops, agree with the slow twin bit for bit") {
    check_agreement("OwnWindows");
    check_agreement("OwnSums");
    check_agreement("Tiled");
}
TEST_CASE("windows that hop and tumble agree with the slow twin bit for bit") {
    check_agreement("Hopping");
    check_agreement("UnevenHops");
    check_agreement("Holes");
    check_agreement("TumblingDiscarding");
}
TEST_CASE("sessions and calendar windows agree with the slow twin bit for bit") {
    check_agreement("Sessions");
    check_agreement("SessionsApart");
    check_agreement("Days");
}
