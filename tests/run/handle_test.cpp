// What an application sees: this file knows no definition, only that somebody makes a scorer.
#include "onefold/run/handle.hpp"

#include <cmath>
#include <fstream>
#include <limits>
#include <set>

#include "onefold/core/error.hpp"
#include "support/catch.hpp"
#include "support/contains.hpp"

// Compiled in handle_of_test.cpp: payments of cards, see there.
onefold::Scorer make_payment_scorer(onefold::ScorerOptions options);

namespace {

using onefold::AnyValue, onefold::NamedValue, onefold::Time, onefold::ValueKind, onefold::Verdict;

std::vector<NamedValue> payment(std::int64_t id, const char* card, AnyValue amount, std::int64_t at) {
    return {{"id", id},
            {"card", card},
            {"amount", std::move(amount)},
            {"at", at},
            {"scores", std::vector<AnyValue>{1.0, 2.0}}};
}

} // namespace

TEST_CASE("handle: an AnyValue is one of seven kinds and answers for no other") {
    REQUIRE(AnyValue().is_null());
    REQUIRE(AnyValue(nullptr) == AnyValue());
    REQUIRE(AnyValue(true).as_bool());
    REQUIRE(AnyValue(-3).as_integer() == -3);
    REQUIRE(AnyValue(Time{7}).as_integer() == 7);
    REQUIRE(AnyValue(2.5).as_real() == 2.5);
    REQUIRE(AnyValue(3).as_real() == 3.0);
    REQUIRE(AnyValue("x").as_text() == "x");
    REQUIRE(AnyValue(std::vector<AnyValue>{1, "y"}).as_list()[1] == AnyValue("y"));

    // Unsigned integers are integers as long as they are not too large.
    REQUIRE(AnyValue(std::uint64_t{5}).kind() == ValueKind::integer);
    REQUIRE(AnyValue(std::uint64_t{INT64_MAX}).kind() == ValueKind::integer);
    const AnyValue large(std::uint64_t{1} << 63);
    REQUIRE(large.kind() == ValueKind::natural);
    REQUIRE(large.as_natural() == std::uint64_t{1} << 63);
    REQUIRE(AnyValue(5).as_natural() == 5);

    REQUIRE_THROWS_AS(large.as_integer(), onefold::Error);
    REQUIRE_THROWS_AS(AnyValue(-1).as_natural(), onefold::Error);
    REQUIRE_THROWS_AS(AnyValue().as_bool(), onefold::Error);
    REQUIRE_THROWS_AS(AnyValue(1).as_bool(), onefold::Error);
    REQUIRE_THROWS_AS(AnyValue(1.0).as_integer(), onefold::Error);
    REQUIRE_THROWS_AS(AnyValue("1").as_real(), onefold::Error);
    REQUIRE_THROWS_AS(AnyValue((std::int64_t{1} << 53) + 1).as_real(), onefold::Error);
    REQUIRE_THROWS_AS(AnyValue(1).as_text(), onefold::Error);
    REQUIRE_THROWS_AS(AnyValue("1").as_list(), onefold::Error);

    const auto nan = std::numeric_limits<double>::quiet_NaN();
    REQUIRE(AnyValue(nan) == AnyValue(nan));
    REQUIRE(!(AnyValue(0.0) == AnyValue(-0.0)));
    REQUIRE(!(AnyValue(1.0) == AnyValue(1)));
    REQUIRE(!(AnyValue(true) == AnyValue(false)));
}

TEST_CASE("handle: a scorer names and types its columns") {
    const auto scorer = make_payment_scorer({});
    std::vector<std::string> columns;
    for (const auto& column : scorer.inputs())
        columns.push_back(column.name + " " + column.type + (column.nullable ? "?" : ""));
    REQUIRE(columns == std::vector<std::string>{"id int64", "card string", "amount float64?", "at time",
                                                "scores array<float32, 2>", "kind enum<uint8>?"});
    columns.clear();
    for (const auto& column : scorer.outputs())
        columns.push_back(column.name + " " + column.type + (column.nullable ? "?" : ""));
    REQUIRE(columns == std::vector<std::string>{"count_1h int64", "spend_1h float64?", "spend_24h float64?",
                                                "largest_24h list<float64>", "kind_24h enum<uint8>?",
                                                "everyone_1h int64", "share float64?"});
    REQUIRE(scorer.output("spend_24h") == 2);
    REQUIRE_THROWS_WITH(scorer.output("spent"), Contains("\"spent\"") && Contains("count_1h, spend_1h"));
}

TEST_CASE("handle: an event is answered with the features that its definition gives it") {
    auto scorer = make_payment_scorer({});
    auto row = scorer.push(payment(1, "a", 2.5, 1'000'000));
    REQUIRE(row.verdict == Verdict::applied);
    REQUIRE(row.reason.empty());
    REQUIRE(row.values == std::vector<AnyValue>{1, 2.5, 2.5, std::vector<AnyValue>{2.5}, nullptr, 1, 1.0});

    // The same from JSON, where the schema's unit of time, milliseconds, counts; on several lines.
    row = scorer.push(
        "{\n  \"at\": 2000, \"card\": \"b\", \"id\": 2, \"scores\": [1, 2.5],\n  \"kind\": 3, \"amount\": 8\n}\n");
    REQUIRE(row.reason == "");
    REQUIRE(row.values == std::vector<AnyValue>{1, 8.0, 8.0, std::vector<AnyValue>{8.0}, 3, 2, 1.0});

    // A column left out is null; a preview leaves no trace.
    const auto preview = scorer.preview(payment(3, "a", 1.5, 3'600'999'999));
    REQUIRE(preview.values[0] == AnyValue(1));
    row = scorer.push(payment(3, "a", 1.5, 3'600'999'999));
    REQUIRE(row.values == std::vector<AnyValue>{2, 4.0, 4.0, std::vector<AnyValue>{2.5, 1.5}, nullptr, 3, 0.375});
    row = scorer.push(payment(4, "a", nullptr, 3'601'000'000));
    REQUIRE(row.values == std::vector<AnyValue>{2, 1.5, 4.0, std::vector<AnyValue>{2.5, 1.5}, nullptr, 3, nullptr});

    REQUIRE(scorer.account().in == 4);
    REQUIRE(scorer.account().applied == 4);
    REQUIRE(scorer.account().balances());
}

TEST_CASE("handle: what cannot be read is rejected with the reason, and counted") {
    std::vector<std::string> letters;
    onefold::ScorerOptions options;
    options.dead_letter = [&](const onefold::RejectedEvent& event) {
        letters.push_back(std::to_string(event.position) + " " + std::string(to_text(event.reason)) + " " +
                          std::string(event.detail));
    };
    auto scorer = make_payment_scorer(std::move(options));
    const auto rejected = [&](const onefold::ScoredRow& row, const std::string& part) {
        REQUIRE(row.verdict == Verdict::rejected);
        REQUIRE_THAT(row.reason, Contains(part));
        REQUIRE(row.values == std::vector<AnyValue>(7));
        REQUIRE(letters.back() == std::to_string(letters.size() - 1) + " rejected " + row.reason);
    };
    rejected(scorer.push("not JSON"), "JSON");
    rejected(scorer.push("{\"id\":1}"), "\"card\"");
    rejected(scorer.push("{\"id\":1,\"card\":\"a\",\"amount\":1,\"at\":1,\"scores\":[1],\"kind\":1}"), "\"scores\"");
    rejected(scorer.push("{\"id\":1,\"colour\":2}"), "colour");
    rejected(scorer.push({{"id", 1}, {"colour", 2}}), "colour");
    rejected(scorer.push({{"id", 1}, {"id", 1}}), "\"id\" is given twice");
    rejected(scorer.push({{"id", 1}}), "\"card\" is missing");
    rejected(scorer.push({{"id", nullptr}}), "\"id\" is null");
    rejected(scorer.push({{"id", 1.0}}), "\"id\"");
    rejected(scorer.push({{"id", std::uint64_t{1} << 63}}), "\"id\"");
    rejected(scorer.push({{"id", 1}, {"card", 5}}), "\"card\"");
    rejected(scorer.push({{"id", 1}, {"card", "\xff"}}), "\"card\"");
    rejected(scorer.push({{"id", 1}, {"card", "a"}, {"amount", "1"}}), "\"amount\"");
    rejected(scorer.push({{"id", 1}, {"card", "a"}, {"amount", (std::int64_t{1} << 53) + 1}}), "\"amount\"");
    rejected(scorer.push({{"id", 1}, {"card", "a"}, {"at", 2.5}}), "\"at\"");
    rejected(scorer.push({{"id", 1}, {"card", "a"}, {"at", "yesterday"}}), "\"at\"");
    rejected(scorer.push({{"id", 1}, {"card", "a"}, {"at", 1}, {"scores", std::vector<AnyValue>{1.0}}}), "\"scores\"");
    rejected(scorer.push({{"id", 1}, {"card", "a"}, {"at", 1}, {"scores", std::vector<AnyValue>{1e300, 1.0}}}),
             "\"scores\"");
    rejected(scorer.push({{"id", 1}, {"card", "a"}, {"at", 1}, {"scores", std::vector<AnyValue>{true, 1.0}}}),
             "\"scores\"");
    rejected(
        scorer.push({{"id", 1}, {"card", "a"}, {"at", 1}, {"scores", std::vector<AnyValue>{1.0, 1.0}}, {"kind", 256}}),
        "\"kind\"");
    const auto count = letters.size();
    REQUIRE(scorer.account().rejected == count);

    // A preview that cannot be read is no event.
    REQUIRE(scorer.preview("{}").verdict == Verdict::rejected);
    REQUIRE(letters.size() == count);
    REQUIRE(scorer.account().in == count);

    // What can be read after all that is.
    REQUIRE(
        scorer
            .push({{"id", 1}, {"card", "a"}, {"at", "1970-01-01T00:00:02Z"}, {"scores", std::vector<AnyValue>{1, 1.0}}})
            .verdict == Verdict::applied);
    REQUIRE(scorer.push(payment(1, "a", 1.0, 2'000'000)).verdict == Verdict::duplicate);
    REQUIRE(letters.back() == std::to_string(count + 1) + " duplicate ");
    REQUIRE(scorer.account().balances());
}

TEST_CASE("handle: settled rows come behind the watermark, and keys are read without an event") {
    std::vector<onefold::SettledRow> settled;
    onefold::ScorerOptions options;
    options.settled = [&](const onefold::SettledRow& row) { settled.push_back(row); };
    auto scorer = make_payment_scorer(std::move(options));
    scorer.push(payment(1, "a", 2.5, 10'000'000));
    scorer.push(payment(2, "a", 1.0, 8'000'000));
    REQUIRE(settled.empty());
    REQUIRE(scorer.watermark() == Time{10'000'000 - 5'000'000 - 1});

    // The first entity's key, then nothing for by<>().
    const auto now = scorer.read(Time{10'000'000}, {"a"});
    REQUIRE(now.values == std::vector<AnyValue>{2, 3.5, 3.5, std::vector<AnyValue>{2.5, 1.0}, nullptr, 2, nullptr});
    REQUIRE(scorer.read(Time{10'000'000}, {"nobody"}).values[0] == AnyValue(0));
    REQUIRE(scorer.read(Time{1}, {"a"}).verdict == Verdict::late);
    REQUIRE_THROWS_WITH(scorer.read(Time{10'000'000}, {}), Contains("0 key values"));
    REQUIRE_THROWS_WITH(scorer.read(Time{10'000'000}, {1}), Contains("\"card\""));

    scorer.advance_watermark(Time{8'000'000});
    REQUIRE(settled.size() == 1);
    REQUIRE(settled[0].id == AnyValue(2));
    REQUIRE(settled[0].time == Time{8'000'000});
    REQUIRE(settled[0].keys == std::vector<AnyValue>{"a"});
    REQUIRE(settled[0].values[1] == AnyValue(1.0));
    scorer.finish();
    REQUIRE(settled.size() == 2);
    REQUIRE(settled[1].values[1] == AnyValue(3.5));
}

TEST_CASE("handle: its header includes nothing of definitions, plans or the engine") {
    // Read from the top of the tree, where tests run.
    std::vector<std::string> waiting{"onefold/run/handle.hpp"};
    std::set<std::string> seen;
    while (!waiting.empty()) {
        const auto name = waiting.back();
        waiting.pop_back();
        if (!seen.insert(name).second) continue;
        std::ifstream file("include/" + name);
        INFO(name);
        REQUIRE(file.is_open());
        for (std::string line; std::getline(file, line);)
            if (const auto start = line.find("#include \""); start == 0)
                waiting.push_back(line.substr(10, line.find('"', 10) - 10));
    }
    REQUIRE(seen.size() > 2);
    for (const auto& name : seen) {
        INFO(name);
        REQUIRE((name.starts_with("onefold/core/") || name.starts_with("onefold/order/account.hpp") ||
                 name == "onefold/run/handle.hpp"));
    }
}
