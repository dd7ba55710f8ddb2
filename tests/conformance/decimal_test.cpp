#include "conformance/generator/decimal.hpp"
#include "support/catch.hpp"

using conformance::quantile_literal;

TEST_CASE("the decimal text of a quantile is written as the same decimal") {
    CHECK(quantile_literal("0.95") == "0.95");
    CHECK(quantile_literal("0.999") == "0.999");
    CHECK(quantile_literal("0") == "0.0");
    CHECK(quantile_literal("0.000") == "0.0");
    CHECK(quantile_literal("1") == "1.0");
    CHECK(quantile_literal("1.00") == "1.0");
    CHECK(quantile_literal(".5") == "0.5");
    CHECK(quantile_literal("00.250") == "0.25");
    CHECK(quantile_literal("25e-2") == "0.25");
    CHECK(quantile_literal("1E-3") == "0.001");
    CHECK(quantile_literal("0.05") == "0.05");
    CHECK(quantile_literal("0.123456789012") == "0.123456789012");
}

TEST_CASE("what is no decimal from 0 to 1 of at most 12 places has no literal") {
    for (const auto* text : {"", ".", "1.01", "-0.1", "2", "0,5", "1/2", "0.5x", "e-1", "5e", "0.1234567890123"})
        CHECK(quantile_literal(text) == std::nullopt);
}
