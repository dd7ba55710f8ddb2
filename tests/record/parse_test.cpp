#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "onefold/record/parse.hpp"

using onefold::Cell;
using onefold::CellKind;
using onefold::is_utf8;
using onefold::parse_cell;
using onefold::ParseError;
using onefold::Time;

namespace {

template <class T>
struct Parsed {
    ParseError error;
    T value;
};
template <class T>
Parsed<T> parsed(std::string_view text, CellKind kind = CellKind::bare,
                 onefold::TimeUnit unit = onefold::microseconds) {
    Parsed<T> result{};
    result.error = parse_cell(Cell{text, kind}, result.value, unit);
    return result;
}
template <class T>
T value(std::string_view text, CellKind kind = CellKind::bare, onefold::TimeUnit unit = onefold::microseconds) {
    const auto result = parsed<T>(text, kind, unit);
    CAPTURE(text);
    CHECK(result.error == ParseError::none);
    return result.value;
}
template <class T>
ParseError error(std::string_view text, CellKind kind = CellKind::bare,
                 onefold::TimeUnit unit = onefold::microseconds) {
    return parsed<T>(text, kind, unit).error;
}

enum class Level : std::int8_t { low = -1, high = 100 };

// UTF-8 the obvious way: decode each character, encode it again, compare.
std::string encoded(std::uint32_t code) {
    const auto byte = [](std::uint32_t b) { return std::string(1, static_cast<char>(static_cast<unsigned char>(b))); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) return byte(0xc0 + code / 64) + byte(0x80 + code % 64);
    if (code < 0x10000) return byte(0xe0 + code / 4096) + byte(0x80 + code / 64 % 64) + byte(0x80 + code % 64);
    return byte(0xf0 + code / 262144) + byte(0x80 + code / 4096 % 64) + byte(0x80 + code / 64 % 64) +
           byte(0x80 + code % 64);
}
bool twin_is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (i + size > text.size()) return false;
        std::uint32_t code = size == 1 ? lead : size == 2 ? lead & 0x1fu : size == 3 ? lead & 0xfu : lead & 7u;
        for (std::size_t k = 1; k < size; ++k) code = code * 64 + (static_cast<unsigned char>(text[i + k]) & 0x3fu);
        if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
        if (encoded(code) != text.substr(i, size)) return false;
        i += size;
    }
    return true;
}

} // namespace

TEST_CASE("operations: the letter, and nothing else", "[record][parse]") {
    using onefold::Operation;
    for (const auto operation :
         {Operation::create, Operation::read, Operation::update, Operation::remove, Operation::truncate})
        CHECK(value<Operation>(onefold::to_text(operation)) == operation);
    for (const auto* text : {"", "m", "C", "create", "0", "cr"})
        CHECK(error<Operation>(text) == ParseError::not_an_operation);
}

TEST_CASE("integers: the whole text, in range, no plus sign, no spaces", "[record][parse]") {
    CHECK(value<std::int64_t>("-9223372036854775808") == INT64_MIN);
    CHECK(value<std::int64_t>("9223372036854775807") == INT64_MAX);
    CHECK(value<std::uint64_t>("18446744073709551615") == UINT64_MAX);
    CHECK(value<std::int8_t>("-128") == -128);
    CHECK(value<std::uint16_t>("65535") == 65535);
    CHECK(value<std::int32_t>("007") == 7);
    CHECK(value<std::uint32_t>("-0") == 0);
    CHECK(value<Level>("100") == Level::high);
    CHECK(value<std::int64_t>("12", CellKind::text) == 12);
    CHECK(error<std::int64_t>("9223372036854775808") == ParseError::out_of_range);
    CHECK(error<std::int8_t>("128") == ParseError::out_of_range);
    CHECK(error<std::int8_t>("-129") == ParseError::out_of_range);
    CHECK(error<std::uint8_t>("256") == ParseError::out_of_range);
    CHECK(error<std::uint64_t>("-1") == ParseError::out_of_range);
    CHECK(error<std::uint64_t>("-99999999999999999999") == ParseError::out_of_range);
    CHECK(error<Level>("128") == ParseError::out_of_range);
    for (const char* text : {"", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "-", "--1", "one", "1,000", "\xd9\xa1"}) {
        CAPTURE(text);
        CHECK(error<std::int64_t>(text) == ParseError::not_an_integer);
        CHECK(error<std::uint8_t>(text) == ParseError::not_an_integer);
    }
}

TEST_CASE("a bare JSON integer beyond 2^53 is refused, as a string it is exact", "[record][parse]") {
    CHECK(value<std::int64_t>("9007199254740992", CellKind::number) == 9007199254740992);
    CHECK(value<std::int64_t>("-9007199254740992", CellKind::number) == -9007199254740992);
    CHECK(error<std::int64_t>("9007199254740993", CellKind::number) == ParseError::json_integer_too_large);
    CHECK(error<std::int64_t>("-9007199254740993", CellKind::number) == ParseError::json_integer_too_large);
    CHECK(error<std::uint64_t>("18446744073709551615", CellKind::number) == ParseError::json_integer_too_large);
    CHECK(error<Time>("9007199254740993", CellKind::number) == ParseError::json_integer_too_large);
    CHECK(value<std::int64_t>("9007199254740993", CellKind::text) == 9007199254740993);
    CHECK(value<std::int64_t>("9007199254740993", CellKind::bare) == 9007199254740993);
    CHECK(onefold::sentence(ParseError::json_integer_too_large).find("write it as a string") != std::string_view::npos);
}

TEST_CASE("floating point: nearest value, one spelling of each special, nothing that rounds to zero or infinity",
          "[record][parse]") {
    CHECK(value<double>("0.1") == 0.1);
    CHECK(value<double>("-1e-5") == -1e-5);
    CHECK(value<double>("5e-324") == 5e-324);
    CHECK(value<double>("1.7976931348623157e308") == 1.7976931348623157e308);
    CHECK(value<double>("9007199254740993", CellKind::number) == 9007199254740992.0);
    CHECK(value<float>("0.1") == 0.1f);
    CHECK(std::signbit(value<double>("-0.0")));
    CHECK(std::isnan(value<double>("nan")));
    CHECK(std::isnan(value<float>("nan", CellKind::text)));
    CHECK(value<double>("inf") == HUGE_VAL);
    CHECK(value<double>("-inf", CellKind::text) == -HUGE_VAL);
    CHECK(error<double>("1e309") == ParseError::out_of_range);
    CHECK(error<double>("-1e-400") == ParseError::out_of_range);
    CHECK(error<float>("1e39") == ParseError::out_of_range);
    CHECK(error<float>("1e-50") == ParseError::out_of_range);
    for (const char* text : {"",     "+1",     " 1",    "1 ", "1,5", "NaN", "-nan", "Infinity", "infinity", "INF",
                             "+inf", "nan(1)", "0x1p3", "1e", "1e+", "-",   ".",    "--1",      "-.",       "1_0"}) {
        CAPTURE(text);
        CHECK(error<double>(text) == ParseError::not_a_number);
    }
}

TEST_CASE("floating point agrees with strtod on random decimals", "[record][parse]") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 20000; ++i) {
        const auto text = std::to_string(static_cast<std::int64_t>(random())) + "." + std::to_string(random()) + "e" +
                          std::to_string(static_cast<int>(random() % 500) - 250);
        CAPTURE(text);
        REQUIRE(value<double>(text) == std::strtod(text.c_str(), nullptr));
    }
}

TEST_CASE("booleans are true and false", "[record][parse]") {
    CHECK(value<bool>("true"));
    CHECK_FALSE(value<bool>("false", CellKind::boolean));
    for (const char* text : {"", "1", "0", "True", "FALSE", "yes", "t", " true"})
        CHECK(error<bool>(text) == ParseError::not_a_boolean);
    CHECK(error<bool>("1", CellKind::number) == ParseError::not_a_boolean);
}

TEST_CASE("text is kept as it is, in valid UTF-8, and JSON numbers are no text", "[record][parse]") {
    CHECK(value<std::string>("", CellKind::text).empty());
    CHECK(value<std::string>(" a b ") == " a b ");
    CHECK(value<std::string>("12") == "12");
    CHECK(value<std::string>(std::string_view("a\0b", 3), CellKind::text) == std::string("a\0b", 3));
    CHECK(error<std::string>("caf\xe9") == ParseError::invalid_utf8);
    CHECK(error<std::string>("12", CellKind::number) == ParseError::not_text);
    CHECK(error<std::string>("true", CellKind::boolean) == ParseError::not_text);
}

TEST_CASE("UTF-8 is checked as the twin checks it: all short strings, characters in every place", "[record][parse]") {
    std::string text;
    std::size_t differ = 0; // counted, because an assertion for each of six million takes seconds
    const auto compare = [&](std::initializer_list<unsigned> bytes) {
        text.clear();
        for (const auto byte : bytes) text.push_back(static_cast<char>(byte));
        differ += is_utf8(text) != twin_is_utf8(text);
    };
    for (unsigned a = 0; a < 256; ++a)
        for (unsigned b = 0; b < 256; ++b) {
            compare({a, b});
            for (const unsigned c : {0x00u, 0x7fu, 0x80u, 0x9fu, 0xa0u, 0xbfu, 0xc0u, 0xffu}) {
                compare({a, b, c});
                for (const unsigned d : {0x00u, 0x7fu, 0x80u, 0xbfu, 0xc0u, 0xffu}) compare({a, b, c, d});
            }
        }
    CHECK(differ == 0);
    for (const char* character :
         {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80"})
        for (std::size_t before = 0; before < 20; ++before) {
            text = std::string(before, 'x') + character + "tail";
            CHECK(is_utf8(text) == twin_is_utf8(text));
            text.resize(text.size() - 5);
            CHECK_FALSE(is_utf8(text));
        }
}

TEST_CASE("a time is an integer in the column's unit", "[record][parse]") {
    const auto micros = [](std::string_view text, onefold::TimeUnit unit) {
        return value<Time>(text, CellKind::bare, unit).micros;
    };
    CHECK(micros("-5", onefold::seconds) == -5'000'000);
    CHECK(micros("1700000000123", onefold::milliseconds) == 1700000000123000);
    CHECK(micros("-1", onefold::microseconds) == -1);
    CHECK(micros("1999", onefold::nanoseconds) == 1);
    CHECK(micros("-1", onefold::nanoseconds) == -1);
    CHECK(micros("-1000", onefold::nanoseconds) == -1);
    CHECK(micros("-1001", onefold::nanoseconds) == -2);
    CHECK(micros("-9223372036854775808", onefold::nanoseconds) == -9223372036854776);
    CHECK(micros("9223372036854", onefold::seconds) == 9223372036854000000);
    CHECK(error<Time>("9223372036855", CellKind::bare, onefold::seconds) == ParseError::time_out_of_range);
    CHECK(error<Time>("-9223372036854776", CellKind::bare, onefold::milliseconds) == ParseError::time_out_of_range);
    CHECK(error<Time>("9223372036854775808") == ParseError::time_out_of_range);
    CHECK(error<Time>("1.5", CellKind::number) == ParseError::not_a_time);
}

TEST_CASE("a time is RFC 3339 text with its zone, whatever the column's unit", "[record][parse]") {
    const auto micros = [](std::string_view text) {
        return value<Time>(text, CellKind::text, onefold::seconds).micros;
    };
    CHECK(micros("1970-01-01T00:00:00Z") == 0);
    CHECK(micros("1969-12-31T23:59:59.999999Z") == -1);
    CHECK(micros("2024-02-29T12:34:56.5Z") == 1709210096500000);
    CHECK(micros("2024-02-29T12:34:56.5+05:30") == 1709210096500000 - 19800000000);
    CHECK(micros("2024-02-29t12:34:56.5-00:30") == 1709210096500000 + 1800000000);
    CHECK(micros("2024-02-29 12:34:56z") == 1709210096000000);
    CHECK(micros("1970-01-01T00:00:00.0000019Z") == 1);
    CHECK(micros("1969-12-31T23:59:59.9999999Z") == -1);
    CHECK(micros("0000-01-01T00:00:00Z") == -62167219200000000);
    CHECK(micros("9999-12-31T23:59:59-23:59") == 253402300799000000 + 86340000000);
    CHECK(error<Time>("2024-02-29T12:34:56") == ParseError::time_without_zone);
    CHECK(error<Time>("2024-02-29T12:34:56.25") == ParseError::time_without_zone);
    for (const char* text :
         {"2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z",
          "2024-04-31T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
          "2016-12-31T23:59:60Z", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+00:60"}) {
        CAPTURE(text);
        CHECK(error<Time>(text) == ParseError::no_such_date);
    }
    for (const char* text : {"", "2024-01-01", "2024-01-01T00:00Z", "24-01-01T00:00:00Z", "2024-1-1T00:00:00Z",
                             "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00+0200",
                             "2024-01-01T00:00:00 Z", " 2024-01-01T00:00:00Z", "2024/01/01T00:00:00Z", "now", "1e3"}) {
        CAPTURE(text);
        CHECK(error<Time>(text) == ParseError::not_a_time);
    }
}

TEST_CASE("RFC 3339 agrees with chrono's calendar on random times", "[record][parse]") {
    using namespace std::chrono;
    std::mt19937_64 random(2);
    for (int i = 0; i < 20000; ++i) {
        const auto wanted = static_cast<std::int64_t>(random() % 315'000'000'000'000'000) - 62'000'000'000'000'000;
        const auto time = sys_time<microseconds>(microseconds(wanted));
        const auto day = floor<days>(time);
        const year_month_day date(day);
        const hh_mm_ss clock(time - day);
        char text[64];
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
        CAPTURE(text);
        REQUIRE(value<Time>(text).micros == wanted);
    }
}

TEST_CASE("an array is a JSON array of exactly its length", "[record][parse]") {
    using Two = std::array<double, 2>;
    CHECK(value<Two>("[1,2.5]") == Two{1, 2.5});
    CHECK(value<Two>("[ 1 ,\t-2e3 ]", CellKind::text) == Two{1, -2000});
    CHECK(std::isnan(value<Two>("[\"nan\",\"-inf\"]", CellKind::array)[0]));
    CHECK(value<std::array<std::int64_t, 1>>("[\"9007199254740993\"]", CellKind::array)[0] == 9007199254740993);
    CHECK(value<std::array<std::int64_t, 1>>("[9007199254740993]")[0] == 9007199254740993);
    CHECK(error<std::array<std::int64_t, 1>>("[9007199254740993]", CellKind::array) ==
          ParseError::json_integer_too_large);
    CHECK(value<std::array<bool, 2>>("[true,false]") == std::array<bool, 2>{true, false});
    CHECK(value<std::array<float, 0>>("[ ]").empty());
    CHECK(error<Two>("[1]") == ParseError::array_length);
    CHECK(error<Two>("[]") == ParseError::array_length);
    CHECK(error<Two>("[1,2,3]") == ParseError::array_length);
    CHECK(error<Two>("[1,null]") == ParseError::null);
    CHECK(error<Two>("[1,\"x\"]") == ParseError::not_a_number);
    CHECK(error<std::array<std::int8_t, 1>>("[128]") == ParseError::out_of_range);
    for (const char* text : {"", "1,2", "[1,2", "[1,2]x", "[1,,2]", "[,1]", "[1 2]", "[1,2,]", " [1,2]", "[01,2]",
                             "[1.,2]", "[.5,2]", "[+1,2]", "[nan,1]", "[1,\"2]", "[[1],2]", "[1,-]"}) {
        CAPTURE(text);
        CHECK(error<Two>(text) == ParseError::not_an_array);
    }
    CHECK(error<Two>("1", CellKind::number) == ParseError::not_an_array);
}

TEST_CASE("null and missing are null in an optional and two errors elsewhere", "[record][parse]") {
    std::optional<std::string> text = "before";
    for (const auto kind : {CellKind::null, CellKind::missing}) {
        text = "before";
        CHECK(parse_cell(Cell{{}, kind}, text) == ParseError::none);
        CHECK_FALSE(text.has_value());
        const auto wanted = kind == CellKind::null ? ParseError::null : ParseError::missing;
        CHECK(error<std::string>("", kind) == wanted);
        CHECK(error<std::int32_t>("", kind) == wanted);
        CHECK(error<double>("", kind) == wanted);
        CHECK(error<bool>("", kind) == wanted);
        CHECK(error<Time>("", kind) == wanted);
        CHECK(error<std::array<float, 1>>("", kind) == wanted);
    }
    CHECK(onefold::sentence(ParseError::null) != onefold::sentence(ParseError::missing));
    CHECK(parse_cell(Cell{"", CellKind::text}, text) == ParseError::none);
    CHECK(text == "");
    CHECK(value<std::optional<std::array<float, 1>>>("[2]") == std::array<float, 1>{2});
}

TEST_CASE("an array where one value is expected is an error of its own", "[record][parse]") {
    CHECK(error<std::int32_t>("[1]", CellKind::array) == ParseError::unexpected_array);
    CHECK(error<double>("[1]", CellKind::array) == ParseError::unexpected_array);
    CHECK(error<std::string>("[1]", CellKind::array) == ParseError::unexpected_array);
    CHECK(error<Time>("[1]", CellKind::array) == ParseError::unexpected_array);
    CHECK(error<bool>("[true]", CellKind::array) == ParseError::unexpected_array);
}

TEST_CASE("every error has a sentence of its own", "[record][parse]") {
    std::vector<std::string_view> sentences;
    for (int i = 0; i <= static_cast<int>(ParseError::unexpected_array); ++i)
        sentences.push_back(onefold::sentence(static_cast<ParseError>(i)));
    std::sort(sentences.begin(), sentences.end());
    CHECK(std::adjacent_find(sentences.begin(), sentences.end()) == sentences.end());
    CHECK(onefold::sentence(ParseError::out_of_range).find("number out of range") != std::string_view::npos);
}
