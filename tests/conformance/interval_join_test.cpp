#include "conformance/generator/interval_join.hpp"

#include "support/catch.hpp"
#include "support/contains.hpp"

namespace {

using nlohmann::json;

json join_case() {
    return json::parse(R"json({
        "id": "J", "op": "interval_join", "left": "a", "right": "b",
        "join": {"left_key": ["k"], "left_time": "t", "right_key": ["item"], "right_time": "at", "lower_ms": -60,
                 "upper_ms": 5},
        "carry_left": ["t"], "carry_right": ["price"], "compare": {"exact": "all"}, "expected": ["expected.csv"],
        "inputs": {"a": {"file": "a.csv", "columns": [["k", "string"], ["t", "timestamp_ms"]]},
                   "b": {"file": "b.csv", "columns": [["item", "string"], ["at", "timestamp_ms"],
                                                      ["price", "float64"]]}}
    })json");
}

std::string source(const json& words) {
    auto document = join_case();
    if (!words.is_null()) document["join"].update(words);
    return conformance::write_interval_join(conformance::parse_interval_join(document), 1000);
}

// What is wrong where one field of `join` is another.
std::string refused(const char* field, const json& value) {
    auto document = join_case();
    document["join"][field] = value;
    try {
        conformance::parse_interval_join(document);
    } catch (const conformance::CaseError& error) { return error.what(); }
    return "";
}

} // namespace

TEST_CASE("an interval join becomes the definition that a user would write") {
    const auto usual = source({});
    REQUIRE_THAT(usual, Contains(".on<&Left::c0>().equal_to<&Right::c0>()"));
    REQUIRE_THAT(usual, Contains(".between(onefold::Duration{-60000}, onefold::Duration{5000})"));
    REQUIRE_THAT(usual, Contains("stream<Right>(\"right\").time<&Right::c1>()"));
    REQUIRE_THAT(usual, Contains("{.name = \"right_seq\"}"));
    REQUIRE_THAT(usual, Contains("{.name = \"right_price\"}"));
    REQUIRE(usual.find("excluding") == std::string::npos);
    REQUIRE_THAT(source({{"lower_inclusive", false}}), Contains(".excluding_lower()"));
    REQUIRE_THAT(source({{"upper_inclusive", false}}), Contains(".excluding_upper()"));
}

TEST_CASE("a mistake in an interval is told by the path of the field") {
    REQUIRE_THAT(refused("lower_ms", 6), Contains("join.lower_ms: is greater than upper_ms"));
    REQUIRE_THAT(refused("upper_ms", "5"), Contains("join.upper_ms: is no integer"));
    REQUIRE_THAT(refused("lower_ms", INT64_MIN), Contains("join.lower_ms: in microseconds does not fit"));
    REQUIRE_THAT(refused("how", "left"), Contains("write \"inner\""));
    REQUIRE_THAT(refused("strict", true), Contains("join.strict: the runner does not know this field"));
}
