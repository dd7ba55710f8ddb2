#include "onefold/core/arithmetic.hpp"

#include <bit>
#include <cstdint>
#include <limits>

#include "support/catch.hpp"

namespace arithmetic = onefold::arithmetic;

TEST_CASE("each operation is rounded once") {
    REQUIRE(arithmetic::add(0.1, 0.2) == 0x1.3333333333334p-2);
    REQUIRE(arithmetic::subtract(0.3, 0.1) == 0x1.9999999999999p-3);
    REQUIRE(arithmetic::multiply(0.1, 3.0) == 0x1.3333333333334p-2);
    REQUIRE(arithmetic::divide(1.0, 3.0) == 0x1.5555555555555p-2);
    REQUIRE(arithmetic::divide(-1.0, 0.0) == -std::numeric_limits<double>::infinity());
    REQUIRE(std::bit_cast<std::uint64_t>(arithmetic::multiply(-1.0, 0.0)) == std::uint64_t{1} << 63);
    // Subnormals are not flushed to zero.
    REQUIRE(arithmetic::divide(0x1p-1022, 2.0) == 0x1p-1023);
}

TEST_CASE("a product and a sum are not contracted into a fused multiply-add") {
    // (1 + 2^-30)² = 1 + 2^-29 + 2^-60, whose last term a double cannot hold: fused, it would remain.
    const double x = 1.0 + 0x1p-30;
    REQUIRE(arithmetic::subtract(arithmetic::multiply(x, x), 1.0 + 0x1p-29) == 0.0);
    REQUIRE(arithmetic::add(arithmetic::multiply(-x, x), 1.0 + 0x1p-29) == 0.0);
}
