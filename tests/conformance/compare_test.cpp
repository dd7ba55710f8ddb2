#include <cmath>
#include <limits>

#include "conformance/runtime/compare.hpp"
#include "support/catch.hpp"

namespace {

using namespace conformance;

FileCell bare(std::string text) { return {std::move(text), false, false}; }
FileCell text(std::string content) { return {std::move(content), false, true}; }
FileCell null() { return {"\\N", true, false}; }

Comparison compared(const FileCell& want, const Cell& got, OutputColumn column = {}, double sum = 0.0) {
    column.name = "c";
    column.sum_of_magnitudes = 1;
    return compare({{"c"}, {{want}}}, {column}, {{got, sum}});
}
bool equal(const FileCell& want, const Cell& got, const OutputColumn& column = {}) {
    return compared(want, got, column).difference.empty();
}

} // namespace

TEST_CASE("null, the text of null, zero, empty and NaN are different things") {
    const std::vector<std::pair<FileCell, Cell>> things{{null(), std::monostate()},
                                                        {text("\\N"), std::string("\\N")},
                                                        {text(""), std::string()},
                                                        {bare("0"), std::int64_t{0}},
                                                        {bare("0.0"), 0.0},
                                                        {bare("-0.0"), -0.0},
                                                        {bare("nan"), std::nan("")},
                                                        {bare("false"), false},
                                                        {bare("[]"), std::vector<Scalar>()}};
    for (std::size_t want = 0; want < things.size(); ++want)
        for (std::size_t got = 0; got < things.size(); ++got) {
            INFO(to_text(things[want].second) << " and " << to_text(things[got].second));
            // "0" is a number of both kinds; which one a column holds, the definition's type has decided.
            const bool same_number = want == 3 && got == 4;
            CHECK(equal(things[want].first, things[got].second) == (want == got || same_number));
        }
}

TEST_CASE("doubles are compared bit for bit, unless the case allows more") {
    const double x = 0.1, next = std::nextafter(x, 1.0);
    CHECK(equal(bare("0.1"), x));
    CHECK_FALSE(equal(bare("0.1"), next));
    CHECK(equal(bare("0.1"), next, {.relative = 1e-15}));
    CHECK_FALSE(equal(bare("0.1"), 0.1001, {.relative = 1e-15}));
    CHECK(equal(bare("inf"), std::numeric_limits<double>::infinity()));
    CHECK_FALSE(equal(bare("inf"), std::numeric_limits<double>::max(), {.relative = 1.0}));
    CHECK(equal(bare("-0.0"), 0.0, {.one_zero = true}));
    CHECK_FALSE(equal(bare("-0.0"), 1e-300, {.one_zero = true}));
    const OutputColumn tolerant{.of_sum_of_magnitudes = 1e-12};
    CHECK(compared(bare("1.0"), 1.0 + 1e-9, tolerant, 1e4).difference.empty());
    CHECK_FALSE(compared(bare("1.0"), 1.0 + 1e-9, tolerant, 1.0).difference.empty());
    CHECK(compared(bare("1.0"), 1.0 + 1e-9, tolerant, 1e4).near == 1);
}

TEST_CASE("an overflow is our null, in a sum of integers only") {
    const OutputColumn sum{.sum_of_integers = true};
    CHECK(equal(text("OVERFLOW"), std::monostate(), sum));
    CHECK(compared(text("OVERFLOW"), std::monostate(), sum).overflows == 1);
    CHECK_FALSE(equal(text("OVERFLOW"), std::int64_t{-1}, sum));
    CHECK_FALSE(equal(text("OVERFLOW"), std::monostate()));
    CHECK(equal(text("OVERFLOW"), std::string("OVERFLOW")));
}

TEST_CASE("lists are compared element by element") {
    const auto list = [](auto... items) { return std::vector<Scalar>{items...}; };
    CHECK(equal(bare("[9.0,5.0]"), list(9.0, 5.0)));
    CHECK(equal(text("[9.0, 5.0]"), list(9.0, 5.0)) == false); // the format has no blanks
    CHECK_FALSE(equal(bare("[9.0]"), list(9.0, 5.0)));
    CHECK(equal(bare("[NaN,-Infinity]"), list(std::nan(""), -std::numeric_limits<double>::infinity())));
    CHECK(equal(text(R"(["a,b","\"","é\n"])"), list(std::string("a,b"), std::string("\""), std::string("é\n"))));
    CHECK(equal(bare("[true,false]"), list(true, false)));
    CHECK_FALSE(equal(bare("[1]"), list(std::string("1"))));
}

TEST_CASE("the first difference names its row and column, and rows may not be missing or left over") {
    const FileTable expected{{"a", "b"}, {{bare("1"), bare("2")}, {bare("3"), bare("4")}}};
    const std::vector<OutputColumn> columns{{.name = "a"}, {.name = "b"}};
    const auto row = [](std::int64_t a, std::int64_t b) { return Row{a, b}; };
    CHECK(compare(expected, columns, {row(1, 2), row(3, 4)}).difference.empty());
    CHECK(compare(expected, columns, {row(1, 2), row(3, 5)}).difference ==
          "row 1, column b: expected 4, got 5\n  expected row 3,4\n  our row      3,5");
    CHECK(compare(expected, columns, {row(1, 2)}).difference == "row 1: expected 3,4, got no row");
    CHECK(compare(expected, columns, {row(1, 2), row(3, 4), row(5, 6)}).difference ==
          "row 2: expected no row, got 5,6");
    CHECK(compare(expected, {{.name = "a"}}, {}).difference ==
          "the expected file has the columns a,b, and the case asks for a");
}
