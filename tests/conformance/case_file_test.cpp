#include "conformance/generator/case_file.hpp"
#include "conformance/generator/source.hpp"
#include "support/catch.hpp"

namespace {

using conformance::CaseError;
using conformance::parse_case;
using nlohmann::json;

json sliding_case() {
    return json::parse(R"json({
        "id": "X", "op": "sliding", "time": "ts", "key": ["k"],
        "windows": {"w": {"type": "sliding", "size_ms": 1000, "bounds": "[t-W,t)"}},
        "features": [{"name": "n", "agg": "count", "column": "v", "window": "w"}],
        "compare": {"exact": "all"}, "expected": ["expected.csv"],
        "inputs": {"events": {"file": "events.csv",
                              "columns": [["k", "string"], ["ts", "timestamp_ms"], ["v", "int64"], ["x", "float64"]]}}
    })json");
}

json stream_case() {
    auto document = sliding_case();
    document["op"] = "stream_window";
    document["window"] = json::parse(R"({"type": "hopping", "size_ms": 5000, "hop_ms": 1000})");
    document.erase("windows");
    document["features"][0].erase("window");
    document["watermark"] = json::parse(R"({"strategy": "bounded", "delay_ms": 10})");
    return document;
}

std::string sentence(const json& document) {
    try {
        parse_case(document);
    } catch (const CaseError& error) { return error.what(); }
    return "";
}

std::string definition(const json& document, conformance::Times times = {}) {
    return conformance::write_source(parse_case(document), times);
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The clause of a window with these fields beside its type and size.
std::string clause(const json& words) {
    auto document = sliding_case();
    auto& window = document["windows"]["w"];
    window.erase("bounds");
    if (!words.is_null()) window.update(words);
    const auto text = definition(document);
    const auto start = text.find("\"n\"_f = ");
    return text.substr(start, text.find("));\n", start) - start);
}

} // namespace

TEST_CASE("a field that the generator does not know is refused by name, at every depth") {
    auto document = sliding_case();
    REQUIRE(sentence(document) == "");
    const auto refused = [&](const json::json_pointer& where) {
        auto copy = document;
        copy[where] = 1;
        return sentence(copy);
    };
    const auto unknown = [](const std::string& field) {
        return "case.json: " + field + ": the runner does not know this field; beside it stand \"";
    };
    CHECK(refused("/trigger"_json_pointer).starts_with(unknown("trigger")));
    CHECK(refused("/features/0/decay"_json_pointer).starts_with(unknown("features[0].decay")));
    CHECK(refused("/windows/w/slide_ms"_json_pointer).starts_with(unknown("windows.w.slide_ms")));
    CHECK(refused("/compare/ulp"_json_pointer).starts_with(unknown("compare.ulp")));
    CHECK(refused("/inputs/events/format"_json_pointer) == unknown("inputs.events.format") + "columns\", \"file\"");
    document["features"][0]["where"] = json::parse(R"({"column": "v", "op": ">", "value": 0, "not": true})");
    CHECK(sentence(document).starts_with(unknown("features[0].where.not")));
    auto stream = stream_case();
    REQUIRE(sentence(stream) == "");
    stream["watermark"]["idle_ms"] = 5;
    CHECK(sentence(stream).starts_with(unknown("watermark.idle_ms")));
    // A field of another op is as unknown as one of none.
    document = sliding_case();
    document["allowed_lateness_ms"] = 5;
    CHECK(sentence(document).starts_with(unknown("allowed_lateness_ms")));
}

TEST_CASE("a word, a column or a value that does not fit is refused with its place") {
    const auto refused = [](const char* where, const json& value) {
        auto document = sliding_case();
        document[json::json_pointer(where)] = value;
        return sentence(document);
    };
    CHECK(refused("/op", "pattern") == "case.json: op: \"pattern\" is not one that the format has");
    CHECK(refused("/windows/w/bounds", "(t-W;t)") ==
          "case.json: windows.w.bounds: the word \"(t-W;t)\" is not one that the format has; write \"(t-W,t]\", "
          "\"[t-W,t]\", \"[t-W,t)\", \"(t-W,t)\"");
    CHECK(refused("/windows/w/type", "tumbling") ==
          "case.json: windows.w.type: the window \"tumbling\" does not belong to this op");
    CHECK(refused("/features/0/agg", "mode")
              .starts_with("case.json: features[0].agg: the aggregate \"mode\" is not one that the format has; write "
                           "\"count_all\", \"sum\", "));
    CHECK(refused("/features/0/window", "z") ==
          "case.json: features[0].window: there is no window \"z\"; \"windows\" has \"w\"");
    CHECK(refused("/features/0/column", "z") ==
          "case.json: features[0].column: the input has no column \"z\"; it has \"k\", \"ts\", \"v\", \"x\"");
    CHECK(
        refused("/inputs/events/columns/2/1", "integer")
            .starts_with("case.json: inputs.events.columns: the type \"integer\" is not one that the format has; write "
                         "\"int64\", "));
    CHECK(refused("/key", json::array({"x"})) == "case.json: key: \"x\" is float64, and floating point is no key");
    CHECK(refused("/key", "k") == "case.json: key: is no list; write [\"k\"]");
    CHECK(refused("/windows/w/size_ms", 1.5) ==
          "case.json: windows.w.size_ms: is no integer of 64 bits; write it without a point and without quotes");
    CHECK(refused("/windows/w/delay_ms", -1) == "case.json: windows.w.delay_ms: is less than 0");
    CHECK(refused("/time", "v") == "case.json: time: the column is no timestamp_ms");
    CHECK(refused("/features/0/where", json::parse(R"({"column": "v", "op": "==", "value": "a"})")) ==
          "case.json: features[0].where.value: cannot be compared with the column \"v\"; write a number");
    CHECK(refused("/expected", json::array({"expected.csv", "expected_history.csv"})) ==
          "case.json: expected: the op has no file \"expected_history.csv\"; it has expected.csv");
}

TEST_CASE("what is of another shape than the format's is refused, and never half read") {
    const auto refused = [](json document, const char* where, const json& value) {
        document[json::json_pointer(where)] = value;
        return sentence(document);
    };
    const auto sliding = sliding_case(), stream = stream_case();
    CHECK(refused(sliding, "/windows", "w").starts_with("case.json: windows: is no object of windows by name"));
    CHECK(refused(sliding, "/key", json::array({"k", "k"})) == "case.json: key: \"k\" is listed twice");
    CHECK(refused(sliding, "/inputs/events/columns/3/0", "v") ==
          "case.json: inputs.events.columns: the column \"v\" is listed twice");
    for (const auto& conditions : {json::object(), json(3), json("v > 3")})
        CHECK(refused(sliding, "/features/0/where", {{"and", conditions}}) ==
              "case.json: features[0].where.and: is no list of conditions");
    // The number of partitions is not a list of them, and would be taken for one.
    for (const auto& partitions : {json(2), json("ab"), json::array()})
        CHECK(refused(stream, "/watermark",
                      {{"strategy", "bounded"}, {"delay_ms", 0}, {"partition_column", "v"}, {"partitions", partitions}})
                  .starts_with("case.json: watermark.partitions: is no list of the partitions"));
    // One list serves several cases; a name that is not among the columns of this one is for none of them.
    for (const char* field : {"exact", "except_", "negzero_equals_zero"})
        CHECK(refused(sliding, "/compare", {{field, {"n", "m"}}}) == "");
    for (const char* zone : {"Europe/Roma", "", "../../etc/passwd"})
        CHECK(refused(stream, "/window", {{"type", "calendar"}, {"unit", "day"}, {"zone", zone}}) ==
              std::string("case.json: window.zone: there is no time zone \"") + zone +
                  "\"; write the name of the IANA database, as in \"Europe/Rome\" or \"UTC\"");
}

TEST_CASE("what a case need not say has its usual value") {
    auto document = sliding_case();
    for (const char* field : {"id", "key", "compare", "expected"}) document.erase(field);
    document["windows"]["w"] = {{"type", "sliding"}, {"size_ms", 1000}, {"bounds", nullptr}, {"ties", nullptr}};
    const auto file = parse_case(document);
    CHECK(file.key.empty());
    CHECK(file.expected == "expected.csv");
    CHECK(file.compare.all_exact);
    CHECK(file.features[0].window.bounds == "(t-W,t]");
}

TEST_CASE("a list is never longer than the input, and an offset is less than a hop") {
    auto document = sliding_case();
    document["features"][0].update({{"agg", "top_k_largest"}, {"k", 1'000'000'000'000}});
    conformance::Times times;
    times.rows = 12;
    CHECK(contains(definition(document, times), "onefold::top<12>("));
    auto stream = stream_case();
    stream["window"]["offset_ms"] = INT64_MIN;
    CHECK(contains(definition(stream), ".offset(onefold::Duration{-808000})")); // -2^63 = -808 modulo 1000
}

TEST_CASE("each word of a window becomes the word of a clause") {
    const std::string count = "\"n\"_f = onefold::count(onefold::field<&Event::v_>)";
    CHECK(clause({}) == count + ".over(1000_ms)");
    CHECK(clause({{"size_ms", nullptr}}) == count + ".over(onefold::lifetime)");
    CHECK(clause({{"bounds", "[t-W,t]"}}) == count + ".over(1000_ms).including_start()");
    CHECK(clause({{"bounds", "[t-W,t)"}}) == count + ".over(1000_ms).before_current()");
    CHECK(clause({{"bounds", "(t-W,t)"}}) == count + ".over(1000_ms).before_current().excluding_start()");
    CHECK(clause({{"delay_ms", 5}}) == count + ".over(1000_ms).delayed(5_ms)");
    CHECK(clause({{"ties", "seq"}, {"max_rows", 2}}) == count + ".over(1000_ms).up_to_current_row().at_most(2_rows)");
    CHECK(clause({{"exclude", "current_time"}}) == count + ".over(1000_ms).excluding_ties()");
    // The whole microseconds of an empty stretch: one, without its end, or with it.
    CHECK(clause({{"size_ms", 0}}) == count + ".over(1_us).before_current().excluding_start()");
    CHECK(clause({{"size_ms", 0}, {"bounds", "[t-W,t]"}}) == count + ".over(1_us)");
}

TEST_CASE("windows that close and streams say their words") {
    auto document = stream_case();
    document["window"]["offset_ms"] = -250;
    document["allowed_lateness_ms"] = 4000;
    document["accumulation"] = "discarding";
    auto text = definition(document);
    CHECK(contains(text, ".lateness(10_ms)"));
    CHECK(contains(text, "onefold::hopping(5000_ms, 1000_ms).offset(onefold::Duration{-250000})"
                         ".allowed_lateness(4000_ms).discarding()"));
    document["window"] = json::parse(R"({"type": "session", "gap_ms": 7, "touching_merge": false})");
    CHECK(contains(definition(document), "onefold::session(7_ms).excluding_touch()"));
    document["window"] = json::parse(R"({"type": "calendar", "unit": "week", "zone": "Europe/Rome"})");
    CHECK(contains(definition(document), "onefold::calendar_week(\"Europe/Rome\")"));
    document["watermark"] = json::parse(R"({"strategy": "explicit"})");
    document["row_kind"] = "k";
    CHECK(contains(definition(document), ".punctuated_by(onefold::field<&Event::k_> == \"W\")"));
    document["watermark"] = json::parse(R"({"strategy": "bounded", "delay_ms": 0})");
    CHECK(sentence(document) ==
          "case.json: row_kind: a stream has explicit watermarks or a bounded delay, and this case says both");
    document.erase("row_kind");
    document["watermark"] =
        json::parse(R"({"strategy": "bounded", "delay_ms": 0, "partition_column": "v", "partitions": [3, 4, 5]})");
    CHECK(contains(definition(document), ".partitioned_by<&Event::v_plain>(3)"));
}

TEST_CASE("repeats are told apart by their id, in order of arrival where an aggregate sees the order") {
    auto document = sliding_case();
    document["dedup"] = json::parse(R"({"column": "k", "keep": "first"})");
    CHECK(contains(definition(document), ".id<&Event::k_>()"));
    document["features"][0]["agg"] = "last";
    CHECK(contains(definition(document), ".id<&Event::k_first>()"));
    auto stream = stream_case();
    stream["dedup"] = document["dedup"];
    CHECK(contains(definition(stream), ".where(onefold::field<&Event::repeat> == false)"));
}

TEST_CASE("names that are no identifiers of C++ are labels only") {
    auto document = sliding_case();
    auto& columns = document["inputs"]["events"]["columns"];
    columns[0][0] = "class";
    columns[2][0] = "a \"b\"?";
    columns[3][0] = "column2";
    document["key"] = {"class"};
    document["features"][0]["column"] = "a \"b\"?";
    document["features"].push_back(document["features"][0]);
    document["features"][1]["column"] = "column2";
    document["features"][0]["name"] = "naïve \\ count";
    const auto text = definition(document);
    CHECK(contains(text, "std::optional<std::string> class_;"));
    CHECK(contains(text, "std::optional<std::int64_t> column2_;"));
    CHECK(contains(text, "std::optional<double> column3_;"));
    CHECK(contains(text, "\"feature 1\"_f = onefold::count(onefold::field<&Event::column2_>)"));
    CHECK(contains(text, R"({.name = "naïve \\ count"})"));
    CHECK(contains(text, R"({"a \"b\"\077", conformance::Type::integer})"));
    CHECK(conformance::string_literal(std::string_view("a\0b\n", 4)) == R"(std::string_view("a\000b\012", 4))");
}

TEST_CASE("times whose microseconds leave int64 are counted in milliseconds") {
    conformance::Times times;
    times.ticks = 1;
    CHECK(contains(definition(sliding_case(), times), ".over(1000_us)"));
}
