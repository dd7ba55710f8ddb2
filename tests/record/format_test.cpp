#include "support/catch.hpp"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <random>
#include <vector>

#include "onefold/core/error.hpp"
#include "onefold/core/list.hpp"
#include "onefold/core/per_key.hpp"
#include "onefold/core/time.hpp"
#include "onefold/record/format.hpp"
#include "onefold/record/parse.hpp"

using onefold::RowFormatter;
using onefold::TextFormat;

namespace {

template <class T>
std::string formatted(TextFormat format, const T& value) {
    const std::array<std::string_view, 1> names{"x"};
    RowFormatter formatter(format, names);
    std::string out;
    formatter.begin(out);
    formatter.value(out, value);
    formatter.end(out);
    out.pop_back();
    return format == TextFormat::csv ? out : out.substr(5, out.size() - 6); // {"x": ... }
}
template <class T>
std::string csv(const T& value) {
    return formatted(TextFormat::csv, value);
}
template <class T>
std::string json(const T& value) {
    return formatted(TextFormat::jsonl, value);
}

enum class Level : std::uint8_t { high = 200 };

} // namespace

TEST_CASE("doubles are spelled as Python's repr spells them", "[record][format]") {
    const std::pair<double, const char*> cases[] = {{0.0, "0.0"},
                                                    {-0.0, "-0.0"},
                                                    {1.0, "1.0"},
                                                    {-3.0, "-3.0"},
                                                    {0.1, "0.1"},
                                                    {1.0 / 3, "0.3333333333333333"},
                                                    {100.0, "100.0"},
                                                    {123456.789, "123456.789"},
                                                    {1e15, "1000000000000000.0"},
                                                    {1e16, "1e+16"},
                                                    {1.5e300, "1.5e+300"},
                                                    {9999999999999998.0, "9999999999999998.0"},
                                                    {9007199254740992.0, "9007199254740992.0"},
                                                    {0.0001, "0.0001"},
                                                    {0.00001, "1e-05"},
                                                    {0.00012345, "0.00012345"},
                                                    {-1.25e-7, "-1.25e-07"},
                                                    {5e-324, "5e-324"},
                                                    {1.7976931348623157e308, "1.7976931348623157e+308"},
                                                    {123456789012345680.0, "1.2345678901234568e+17"},
                                                    {2.5e15, "2500000000000000.0"},
                                                    {1234567890123456.0, "1234567890123456.0"},
                                                    {0.3 - 0.1, "0.19999999999999998"}};
    for (const auto& [value, text] : cases) {
        CHECK(csv(value) == text);
        CHECK(json(value) == text);
    }
    CHECK(csv(0.1f) == "0.1");
    CHECK(csv(16777216.0f) == "16777216.0");
    CHECK(csv(1e-45f) == "1e-45");
    CHECK(csv(3.4028235e38f) == "3.4028235e+38");
}

TEST_CASE("NaN and infinities are words, in JSON in quotes", "[record][format]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    CHECK(csv(nan) == "nan");
    CHECK(csv(-nan) == "nan");
    CHECK(csv(inf) == "inf");
    CHECK(csv(-inf) == "-inf");
    CHECK(json(nan) == "\"nan\"");
    CHECK(json(inf) == "\"inf\"");
    CHECK(json(-static_cast<float>(inf)) == "\"-inf\"");
}

TEST_CASE("what is written reads back as the same bits, with no shorter digits", "[record][format]") {
    std::mt19937_64 random(3);
    for (int i = 0; i < 50000; ++i) {
        const auto value = std::bit_cast<double>(i % 2 ? random() : random() % (1u << 20) << 44);
        if (std::isnan(value)) continue;
        const auto text = csv(value);
        double back = 0;
        CAPTURE(text);
        REQUIRE(onefold::parse_cell(onefold::Cell{text, onefold::CellKind::bare}, back) == onefold::ParseError::none);
        REQUIRE(std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(value));
        char fewer[40];
        std::string digits;
        for (const char c : text.substr(0, text.find('e')))
            if (c >= '0' && c <= '9' && !(digits.empty() && c == '0')) digits += c;
        digits.erase(digits.find_last_not_of('0') + 1);
        if (std::isfinite(value) && digits.size() > 15) {
            std::snprintf(fewer, sizeof fewer, "%.*e", 14, value);
            REQUIRE(std::strtod(fewer, nullptr) != value);
        }
        const auto single = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
        if (std::isnan(single)) continue;
        float single_back = 0;
        const auto single_text = csv(single);
        REQUIRE(onefold::parse_cell(onefold::Cell{single_text, onefold::CellKind::bare}, single_back) ==
                onefold::ParseError::none);
        REQUIRE(std::bit_cast<std::uint32_t>(single_back) == std::bit_cast<std::uint32_t>(single));
    }
}

TEST_CASE("integers, times, booleans and enumerations", "[record][format]") {
    CHECK(csv(std::int64_t{INT64_MIN}) == "-9223372036854775808");
    CHECK(csv(UINT64_MAX) == "18446744073709551615");
    CHECK(csv(std::int8_t{-5}) == "-5");
    CHECK(csv(std::uint8_t{65}) == "65");
    CHECK(csv(true) == "true");
    CHECK(csv(false) == "false");
    CHECK(csv(Level::high) == "200");
    CHECK(csv(onefold::Operation::remove) == "d");
    CHECK(json(onefold::Operation::truncate) == "\"t\"");
    CHECK(csv(onefold::Time{-1}) == "-1");
    CHECK(json(std::int64_t{9007199254740992}) == "9007199254740992");
    CHECK(json(std::int64_t{9007199254740993}) == "\"9007199254740993\"");
    CHECK(json(std::int64_t{-9007199254740992}) == "-9007199254740992");
    CHECK(json(std::int64_t{-9007199254740993}) == "\"-9007199254740993\"");
    CHECK(json(std::int64_t{INT64_MIN}) == "\"-9223372036854775808\"");
    CHECK(json(onefold::Time{INT64_MAX}) == "\"9223372036854775807\"");
}

TEST_CASE("CSV text is in quotes only where it must be", "[record][format]") {
    CHECK(csv("plain text") == "plain text");
    CHECK(csv(std::string_view("caf\xc3\xa9 ")) == "caf\xc3\xa9 ");
    CHECK(csv("") == "\"\"");
    CHECK(csv("\\N") == "\"\\N\"");
    CHECK(csv("\\n") == "\\n");
    CHECK(csv("a,b") == "\"a,b\"");
    CHECK(csv("say \"hi\"") == "\"say \"\"hi\"\"\"");
    CHECK(csv("\"") == "\"\"\"\"");
    CHECK(csv("two\nlines") == "\"two\nlines\"");
    CHECK(csv("re\rturn") == "\"re\rturn\"");
}

TEST_CASE("JSON text escapes what JSON must", "[record][format]") {
    CHECK(json("plain") == "\"plain\"");
    CHECK(json("") == "\"\"");
    CHECK(json("a\"b\\c/") == "\"a\\\"b\\\\c/\"");
    CHECK(json("\n\r\t\b\f") == "\"\\n\\r\\t\\b\\f\"");
    CHECK(json(std::string_view("\0\x1f\x7f", 3)) == "\"\\u0000\\u001f\x7f\"");
    CHECK(json("\xe2\x82\xac") == "\"\xe2\x82\xac\"");
}

TEST_CASE("null is an empty cell in CSV and null in JSON", "[record][format]") {
    CHECK(csv(std::optional<double>{}) == "");
    CHECK(json(std::optional<double>{}) == "null");
    CHECK(csv(std::optional<std::string>{""}) == "\"\"");
    CHECK(csv(std::optional<double>{1}) == "1.0");
}

TEST_CASE("a list is a JSON array, in CSV in quotes where it needs them", "[record][format]") {
    onefold::List<double, 3> list;
    CHECK(csv(list) == "[]");
    list.push_back(5);
    CHECK(csv(list) == "[5.0]");
    list.push_back(1.5);
    CHECK(csv(list) == "\"[5.0,1.5]\"");
    CHECK(json(list) == "[5.0,1.5]");
    CHECK(json(std::vector<std::optional<std::string>>{"a", std::nullopt}) == "[\"a\",null]");
    CHECK(csv(std::vector<std::string>{"a"}) == "\"[\"\"a\"\"]\"");
    CHECK(json(std::array<double, 1>{HUGE_VAL}) == "[\"inf\"]");
    CHECK(json(std::array<std::int64_t, 1>{INT64_MAX}) == "[\"9223372036854775807\"]");
    CHECK(json(std::array<bool, 2>{true, false}) == "[true,false]");
    CHECK(json(std::vector<std::vector<int>>{{1, 2}, {}}) == "[[1,2],[]]");
}

TEST_CASE("pairs are arrays of two", "[record][format]") {
    onefold::PerKey<std::optional<std::string>, std::optional<double>> list;
    CHECK(csv(list) == "[]");
    list.push_back(std::nullopt, 1.5);
    list.push_back("a,b", std::nullopt);
    CHECK(json(list) == "[[null,1.5],[\"a,b\",null]]");
    CHECK(csv(list) == "\"[[null,1.5],[\"\"a,b\"\",null]]\"");
    onefold::PerKey<std::int64_t, std::array<std::int64_t, 2>> counts;
    counts.push_back(INT64_MIN, {1, 2});
    CHECK(json(counts) == "[[\"-9223372036854775808\",[1,2]]]");
}

TEST_CASE("rows have the header's columns in order", "[record][format]") {
    const std::array<std::string_view, 3> names{"a", "b,c", "d"};
    const auto write = [&](TextFormat format) {
        RowFormatter formatter(format, names);
        std::string out;
        formatter.header(out);
        for (int i = 0; i < 2; ++i) {
            formatter.begin(out);
            formatter.value(out, i);
            formatter.null(out);
            formatter.value(out, "x");
            formatter.end(out);
        }
        return out;
    };
    CHECK(write(TextFormat::csv) == "a,\"b,c\",d\n0,,x\n1,,x\n");
    CHECK(write(TextFormat::jsonl) == "{\"a\":0,\"b,c\":null,\"d\":\"x\"}\n{\"a\":1,\"b,c\":null,\"d\":\"x\"}\n");
}

TEST_CASE("a row with another number of values is refused", "[record][format]") {
    const std::array<std::string_view, 2> names{"a", "b"};
    for (const auto format : {TextFormat::csv, TextFormat::jsonl}) {
        RowFormatter formatter(format, names);
        std::string out;
        formatter.begin(out);
        formatter.value(out, 1);
        CHECK_THROWS_AS(formatter.end(out), onefold::Error);
        formatter.begin(out);
        for (int i = 0; i < 3; ++i) formatter.value(out, i);
        CHECK_THROWS_AS(formatter.end(out), onefold::Error);
    }
}
