#include "conformance/generator/cdc_table.hpp"

#include "support/catch.hpp"
#include "support/contains.hpp"

namespace {

using nlohmann::json;

json changes_case() {
    return json::parse(R"json({
        "id": "C", "op": "cdc_table", "primary_key": ["shop", "item"], "columns_out": ["price"],
        "expected": ["expected.csv", "expected_history.csv"],
        "inputs": {"changes": {"file": "c.csv", "columns": [
            ["op", "string"], ["lsn", "int64"], ["ts_ms", "timestamp_ms"], ["before_shop", "string"],
            ["before_item", "int64"], ["after_shop", "string"], ["after_item", "int64"], ["after_price", "float64"]]}}
    })json");
}

std::string sentence(const json& document) {
    try {
        conformance::parse_cdc_table(document);
    } catch (const conformance::CaseError& error) { return error.what(); }
    return "";
}

// What is wrong where one field is another, or one column has another type.
std::string refused(const char* field, const json& value) {
    auto document = changes_case();
    document[field] = value;
    return sentence(document);
}
std::string retyped(std::size_t column, const char* type) {
    auto document = changes_case();
    document["inputs"]["changes"]["columns"][column][1] = type;
    return sentence(document);
}

} // namespace

TEST_CASE("a case about changes becomes a table of changes") {
    const auto source = conformance::write_cdc_table(conformance::parse_cdc_table(changes_case()), 1000);
    REQUIRE_THAT(source, Contains("onefold::table<Change>(\"changes\")"));
    REQUIRE_THAT(source, Contains(".key<&Change::k0, &Change::k1>().since<&Change::at>()"
                                  ".changes<&Change::op, &Change::lsn>()"));
    REQUIRE_THAT(source, Contains("op == onefold::Operation::remove ? row.integer(4) : row.integer(6)"));
    REQUIRE_THAT(source, Contains(".expected_history = \"expected_history.csv\""));
}

TEST_CASE("a mistake in a case about changes is told by the path of the field") {
    REQUIRE(sentence(changes_case()).empty());
    REQUIRE_THAT(refused("primary_key", json::array()), Contains("primary_key: is no list of columns"));
    REQUIRE_THAT(refused("primary_key", {"name"}), Contains("primary_key: the input has no column \"before_name\""));
    REQUIRE_THAT(refused("columns_out", {"cost"}), Contains("columns_out: the input has no column \"after_cost\""));
    REQUIRE_THAT(refused("expected", {"rows.csv"}), Contains("it has expected.csv and expected_history.csv"));
    REQUIRE_THAT(refused("expected", {"expected_history.csv"}), Contains("does not name expected.csv"));
    REQUIRE_THAT(refused("time", "ts_ms"), Contains("time: the runner does not know this field"));
    REQUIRE_THAT(retyped(0, "int64"), Contains("the column \"op\" is no string"));
    REQUIRE_THAT(retyped(1, "float64"), Contains("the column \"lsn\" is no int64 and no string"));
    REQUIRE_THAT(retyped(2, "int64"), Contains("the column \"ts_ms\" is no timestamp_ms"));
    REQUIRE_THAT(retyped(6, "float64"), Contains("floating point is no key"));
    REQUIRE_THAT(retyped(3, "int64"), Contains("\"before_shop\" is not of the type of \"after_shop\""));
}
