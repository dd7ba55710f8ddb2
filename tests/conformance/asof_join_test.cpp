#include "conformance/generator/asof_join.hpp"

#include "support/catch.hpp"
#include "support/contains.hpp"

namespace {

using nlohmann::json;

json join_case() {
    return json::parse(R"json({
        "id": "J", "op": "asof_join", "left": "spine", "right": "prices",
        "join": {"left_key": ["k"], "left_time": "t", "right_key": ["item"], "right_time": "since", "how": "left"},
        "carry_left": ["t"], "carry_right": ["price"], "compare": {"exact": "all"}, "expected": ["expected.csv"],
        "inputs": {"spine": {"file": "s.csv", "columns": [["k", "string"], ["t", "timestamp_ms"]]},
                   "prices": {"file": "p.csv", "columns": [["item", "string"], ["since", "timestamp_ms"],
                                                           ["price", "float64"], ["gone", "bool"]]}}
    })json");
}

std::string sentence(const json& document) {
    try {
        conformance::parse_asof_join(document);
    } catch (const conformance::CaseError& error) { return error.what(); }
    return "";
}

std::string source(const json& words) {
    auto document = join_case();
    if (!words.is_null()) document["join"].update(words);
    return conformance::write_asof_join(conformance::parse_asof_join(document), 1000);
}

// What is wrong where one field of `join` is another.
std::string refused(const char* field, const json& value) {
    auto document = join_case();
    document["join"][field] = value;
    return sentence(document);
}

} // namespace

TEST_CASE("each word of a join becomes the word of a table") {
    const std::string usual = ".key<&Version::c0>().on<&Event::c0>().since<&Version::c1>()";
    REQUIRE_THAT(source({}), Contains(usual));
    REQUIRE(source({}).find("strictly") == std::string::npos);
    REQUIRE(source({}).find("time_to_live") == std::string::npos);
    REQUIRE_THAT(source({{"strict", true}}), Contains(".strictly()"));
    REQUIRE_THAT(source({{"direction", "forward"}}),
                 Contains(".forward().time_to_live(onefold::Duration{onefold::latest - 1})"));
    REQUIRE_THAT(source({{"ttl_ms", 60}}), Contains(".time_to_live(onefold::Duration{60000})"));
    REQUIRE_THAT(source({{"tie_break", {"price", "gone"}}}), Contains(".tie_break<&Version::c2, &Version::c3>()"));
    REQUIRE_THAT(source({{"tombstone", "gone"}}), Contains(".tombstone<&Version::c3>()"));
    REQUIRE_THAT(source({{"how", "inner"}}), Contains("bool inner = true"));
    REQUIRE_THAT(source({}), Contains("{.name = \"right_price\"}"));
}

TEST_CASE("a mistake in a join is told by the path of the field") {
    REQUIRE(sentence(join_case()).empty());
    REQUIRE_THAT(refused("left_key", {"kk"}), Contains("join.left_key: the input has no column \"kk\"; it has \"k\""));
    REQUIRE_THAT(refused("right_key", {"price"}), Contains("\"price\" is not of the type of \"k\""));
    REQUIRE_THAT(refused("right_key", json::array()), Contains("are not lists of as many columns"));
    REQUIRE_THAT(refused("right_time", "price"), Contains("join.right_time: the column is no timestamp_ms"));
    REQUIRE_THAT(refused("how", "outer"), Contains("write \"left\", \"inner\""));
    REQUIRE_THAT(refused("ttl_ms", -1), Contains("join.ttl_ms: is less than 0"));
    REQUIRE_THAT(refused("tombstone", "price"), Contains("join.tombstone: the column is no bool"));
    REQUIRE_THAT(refused("within_ms", 5), Contains("join.within_ms: the runner does not know this field"));
    auto document = join_case();
    document["left"] = "lines";
    REQUIRE_THAT(sentence(document), Contains("inputs.lines: is missing"));
    document = join_case();
    document["inputs"]["more"] = document["inputs"]["spine"];
    REQUIRE_THAT(sentence(document), Contains("inputs.more: the runner does not know this field"));
}
