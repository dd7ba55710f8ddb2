#include "onefold/aggregate/exact_statistics.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "aggregate/exact_reference.hpp"
#include "support/catch.hpp"

using namespace onefold;
using reference::Integer;
using reference::Moments;
using reference::same;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class Sum, class Squares>
struct Sums {
    std::int64_t n = 0;
    Sum sum;
    Squares squares;

    template <class T>
    explicit Sums(const std::vector<T>& values) : n(static_cast<std::int64_t>(values.size())) {
        for (const T x : values) {
            sum.add(x);
            squares.add(x);
        }
    }
    double mean() const { return exact_mean(sum, n); }
    double variance(Spread spread) const { return exact_variance(n, sum, squares, spread); }
    double stddev(Spread spread) const { return exact_stddev(n, sum, squares, spread); }
    bool is_constant() const { return exact_is_constant(n, sum, squares); }
    template <class T>
    double zscore(T x, Spread spread) const {
        return exact_zscore(x, n, sum, squares, spread);
    }
};
using Doubles = Sums<ExactSum, ExactSquares>;
using Integers = Sums<ExactIntegerSum, ExactIntegerSquares>;

Integer to_integer(double x) { return reference::units(x); }
Integer to_integer(std::int64_t x) { return x; }

template <class S, class T>
void require_statistics(const S& sums, const Moments& expected, const std::vector<T>& probes) {
    REQUIRE(same(sums.mean(), expected.mean()));
    REQUIRE(sums.is_constant() == (expected.spread() == 0));
    for (const Spread spread : {Spread::population, Spread::sample}) {
        const bool sample = spread == Spread::sample;
        if (sample && sums.n < 2) continue;
        REQUIRE(same(sums.variance(spread), expected.variance(sample)));
        REQUIRE(same(sums.stddev(spread), expected.stddev(sample)));
        for (const T x : probes)
            REQUIRE(same(sums.zscore(x, spread),
                         expected.spread() == 0 ? nan_value : expected.zscore(to_integer(x), sample)));
    }
}

} // namespace

TEST_CASE("statistics of doubles are the exact real values rounded once, for every shape of set") {
    reference::Random random(31);
    for (int round = 0; round < 2800; ++round) {
        const int shape = round % reference::shapes;
        const auto values = reference::random_set(random, shape);
        CAPTURE(round, shape, values.size());
        // An element, and something that need not be one.
        const double stranger = round % 4 == 0 ? reference::random_double(random, 0, 2046) : 2.5;
        require_statistics(Doubles(values), Moments::of(values), std::vector<double>{values.back(), stranger});
    }
}

TEST_CASE("statistics of integers are the exact real values rounded once") {
    reference::Random random(32);
    for (int round = 0; round < 2500; ++round) {
        const auto values = reference::random_integers(random, round % reference::integer_shapes);
        CAPTURE(round, values.size());
        const auto stranger = static_cast<std::int64_t>(round % 2 == 0 ? random() : 7);
        require_statistics(Integers(values), Moments::of(values), std::vector<std::int64_t>{values.back(), stranger});
    }
}

TEST_CASE("a standard deviation halfway between two doubles goes to the even one") {
    // The population deviation of {a, b} is |a - b| / 2: with a - b odd and of 54 bits, exactly a midpoint.
    reference::Random random(33);
    constexpr std::uint64_t top = std::uint64_t{1} << 52;
    for (int round = 0; round < 2500; ++round) {
        const double a = static_cast<double>(top | (random() & (top - 1)) | 1);
        const double b = -static_cast<double>(top | (random() & (top - 2)));
        const double scale = std::ldexp(1.0, reference::uniform(random, -64, 8) * (round % 5 == 0 ? 14 : 1));
        const std::vector<double> values{a * scale, b * scale};
        const Doubles sums(values);
        const auto twice = static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(-b);
        // Between (twice - 1) / 2 and (twice + 1) / 2, the even one.
        const double expected = static_cast<double>((twice & 3) == 1 ? (twice - 1) / 2 : (twice + 1) / 2) * scale;
        CAPTURE(round, a, b, scale);
        REQUIRE(same(sums.stddev(Spread::population), expected));
        REQUIRE(same(sums.stddev(Spread::population), Moments::of(values).stddev(false)));
        const Integers integers(std::vector<std::int64_t>{static_cast<std::int64_t>(a), static_cast<std::int64_t>(b)});
        REQUIRE(same(integers.stddev(Spread::population), expected / scale));
    }
}

TEST_CASE("a mean beside the midpoint of two doubles is rounded by what is far below") {
    for (const double tiny : {0x1p-1074, 0x1p-200, 0x1p-64, 0x1p-20}) {
        for (const double sign : {1.0, -1.0}) {
            const double half = 0x1p53 * sign;
            REQUIRE(same(Doubles(std::vector<double>{half, sign, 0, 0}).mean(), 0x1p51 * sign));
            REQUIRE(same(Doubles(std::vector<double>{half, sign, tiny * sign, 0}).mean(), (0x1p51 + 0.5) * sign));
            REQUIRE(same(Doubles(std::vector<double>{half, sign, -tiny * sign, 0}).mean(), 0x1p51 * sign));
            REQUIRE(same(Doubles(std::vector<double>{half, 3 * sign, -tiny * sign, 0}).mean(), (0x1p51 + 0.5) * sign));
            REQUIRE(same(Doubles(std::vector<double>{half, 3 * sign, 0, 0}).mean(), (0x1p51 + 1.0) * sign));
        }
    }
}

TEST_CASE("small deviations round once beside every power of two") {
    reference::Random random(34);
    for (int round = 0; round < 2500; ++round) {
        // {c - d, c + d} has population deviation d exactly; a third element near the mean moves it slightly.
        const double d = std::ldexp(1.0, reference::uniform(random, -30, 30));
        const double offset = std::ldexp(static_cast<double>(random() % 1024), -40);
        const std::vector<double> values{-d, d, -d + offset, d - offset, -d, d + offset * 0x1p-10};
        require_statistics(Doubles(values), Moments::of(values), std::vector<double>{d});
    }
}

TEST_CASE("variance and deviation of the hardest numerators") {
    // With Σx = 0, the variance is Σx² / n: a state with a chosen Σx² asks for the root of any integer.
    reference::Random random(38);
    const auto any_bits = [&](int bits) {
        Integer value = 1;
        for (int i = 1; i < bits; ++i) value = value * 2 + static_cast<unsigned>(random() & 1);
        return value;
    };
    for (int round = 0; round < 6000; ++round) {
        Integer squares;
        const Integer odd = 2 * any_bits(53) + 1;
        const int offset = reference::uniform(random, -2, 2);
        switch (round % 6) {
        case 0: squares = odd * odd + offset; break; // Root near a midpoint.
        case 1: squares = (odd * odd << 2 * reference::uniform(random, 0, 40)) + offset; break;
        case 2: squares = (Integer(1) << 2 * reference::uniform(random, 50, 94)); break; // Near a power of two.
        case 3: squares = (odd << reference::uniform(random, 3, 130)) + offset; break;   // Quotient near one.
        case 4: squares = any_bits(reference::uniform(random, 1, 188)); break;
        default: squares = odd << reference::uniform(random, 0, 130); break;
        }
        if (round % 6 == 2) squares -= squares * static_cast<unsigned>(random() % 4096) / (Integer(1) << 63);
        // A power of two leaves the hard case hard; other counts give an arbitrary denominator.
        const int counts[4] = {1, 4, 1 << 30, reference::uniform(random, 2, 1 << 30)};
        const std::int64_t n = counts[round / 6 % 4];
        if (n <= 4) squares *= n;
        ByteWriter writer;
        for (int i = 0; i < 3; ++i) writer.put(static_cast<std::uint64_t>(squares >> 64 * i & UINT64_MAX));
        ByteReader reader(writer.view());
        const auto state = ExactIntegerSquares::load(reader);
        Moments expected;
        expected.n = n;
        expected.squares = squares;
        expected.step = 1074;
        CAPTURE(round, squares, n);
        REQUIRE(same(exact_variance(n, ExactIntegerSum{}, state, Spread::population), expected.variance(false)));
        REQUIRE(same(exact_stddev(n, ExactIntegerSum{}, state, Spread::population), expected.stddev(false)));
        if (n < 2) continue;
        REQUIRE(same(exact_variance(n, ExactIntegerSum{}, state, Spread::sample), expected.variance(true)));
        REQUIRE(same(exact_stddev(n, ExactIntegerSum{}, state, Spread::sample), expected.stddev(true)));
    }
}

TEST_CASE("counts beyond 2^32 take the general path and stay exact") {
    reference::Random random(35);
    for (int round = 0; round < 400; ++round) {
        const auto values = reference::random_set(random, round % reference::shapes);
        const auto whole = reference::random_integers(random, round % reference::integer_shapes);
        Doubles doubles(values);
        Integers integers(whole);
        auto expected = Moments::of(values);
        auto expected_whole = Moments::of(whole);
        const int doublings = reference::uniform(random, 28, 56);
        for (int i = 0; i < doublings; ++i) {
            doubles.sum.merge(doubles.sum);
            doubles.squares.merge(doubles.squares);
            integers.sum.merge(integers.sum);
            integers.squares.merge(integers.squares);
        }
        for (auto* moments : {&expected, &expected_whole}) {
            moments->n <<= doublings;
            moments->sum <<= doublings;
            moments->squares <<= doublings;
        }
        doubles.n <<= doublings;
        integers.n <<= doublings;
        CAPTURE(round, doublings);
        require_statistics(doubles, expected, std::vector<double>{values[0], 1.0});
        require_statistics(integers, expected_whole, std::vector<std::int64_t>{whole[0], 1});
    }
}

TEST_CASE("known statistics") {
    const Doubles sums(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9});
    REQUIRE(same(sums.mean(), 5.0));
    REQUIRE(same(sums.variance(Spread::population), 4.0));
    REQUIRE(same(sums.stddev(Spread::population), 2.0));
    REQUIRE(same(sums.variance(Spread::sample), 32.0 / 7.0));
    REQUIRE(same(sums.zscore(9.0, Spread::population), 2.0));
    REQUIRE(same(sums.zscore(4.0, Spread::population), -0.5));
    REQUIRE(same(sums.zscore(5.0, Spread::population), 0.0));
    // Where the textbook formula in doubles loses everything.
    const Doubles offset(std::vector<double>{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
    REQUIRE(same(offset.variance(Spread::sample), 30.0));
    REQUIRE(same(Doubles(std::vector<double>{0x1p-1074, 0}).mean(), 0.0));
    REQUIRE(same(Doubles(std::vector<double>{0x1p-1073, 0x1p-1074}).mean(), 0x1p-1073));
    REQUIRE(same(Doubles(std::vector<double>{-0x1p-1074, 0, 0}).mean(), 0.0));
    REQUIRE(same(Doubles(std::vector<double>{0x1p-1074, -0x1p-1074}).stddev(Spread::population), 0x1p-1074));
    REQUIRE(same(Doubles(std::vector<double>{0x1p-1074, -0x1p-1074}).variance(Spread::population), 0.0));
    const double largest = std::numeric_limits<double>::max();
    REQUIRE(same(Doubles(std::vector<double>{largest, largest}).mean(), largest));
    REQUIRE(same(Doubles(std::vector<double>{largest, -largest}).stddev(Spread::population), largest));
    REQUIRE(same(Doubles(std::vector<double>{largest, -largest}).stddev(Spread::sample), infinity));
    REQUIRE(same(Doubles(std::vector<double>{largest, -largest}).variance(Spread::population), infinity));
    REQUIRE(same(Doubles(std::vector<double>{1, -1}).zscore(largest, Spread::population), largest));
    REQUIRE(same(Doubles(std::vector<double>{0.5, -0.5}).zscore(-largest, Spread::population), -infinity));
}

TEST_CASE("constant sets, NaN, infinities and sets without an answer") {
    for (const double x : {0.0, 0.1, 1e300, 5e-324}) {
        const Doubles sums(std::vector<double>{x, x, x});
        REQUIRE(sums.is_constant());
        REQUIRE(same(sums.variance(Spread::sample), 0.0));
        REQUIRE(same(sums.stddev(Spread::sample), 0.0));
        REQUIRE(same(sums.mean(), x));
        REQUIRE(std::isnan(sums.zscore(1.0, Spread::sample)));
        REQUIRE(std::isnan(sums.zscore(infinity, Spread::sample)));
    }
    REQUIRE_FALSE(Doubles(std::vector<double>{0.1, std::nextafter(0.1, 1.0)}).is_constant());
    for (const double x : {nan_value, infinity, -infinity}) {
        Doubles sums(std::vector<double>{1.0, 3.0, x});
        REQUIRE_FALSE(sums.is_constant());
        REQUIRE(same(sums.mean(), x));
        REQUIRE(std::isnan(sums.variance(Spread::population)));
        REQUIRE(std::isnan(sums.stddev(Spread::sample)));
        REQUIRE(std::isnan(sums.zscore(1.0, Spread::sample)));
        sums.sum.subtract(x);
        sums.squares.subtract(x);
        sums.n -= 1;
        REQUIRE(same(sums.stddev(Spread::population), 1.0));
        REQUIRE(same(sums.zscore(x, Spread::population), x));
    }
    REQUIRE(std::isnan(Doubles(std::vector<double>{1, infinity, -infinity}).mean()));
    const Doubles one(std::vector<double>{5.0});
    REQUIRE(same(one.stddev(Spread::population), 0.0));
    REQUIRE(std::isnan(one.variance(Spread::sample)));
    REQUIRE(std::isnan(one.stddev(Spread::sample)));
    REQUIRE(std::isnan(exact_mean(ExactSum{}, 0)));
    REQUIRE(std::isnan(exact_variance(0, ExactSum{}, ExactSquares{}, Spread::population)));
}

TEST_CASE("a ratio is the exact quotient rounded once") {
    reference::Random random(36);
    for (int round = 0; round < 3000; ++round) {
        const auto numerator = static_cast<std::int64_t>(random()) >> reference::uniform(random, 0, 63);
        const auto denominator = static_cast<std::int64_t>(random()) >> reference::uniform(random, 0, 62);
        if (denominator == 0) continue;
        CAPTURE(numerator, denominator);
        REQUIRE(same(exact_ratio(numerator, denominator), reference::ratio(numerator, denominator)));
    }
    REQUIRE(same(exact_ratio(1, 3), 1.0 / 3.0));
    REQUIRE(same(exact_ratio(0, -5), 0.0));
    REQUIRE(same(exact_ratio(INT64_MIN, -1), 0x1p63));
    REQUIRE(same(exact_ratio((std::int64_t{1} << 54) + 1, 1), 0x1p54));
    REQUIRE(same(exact_ratio(INT64_MIN, INT64_MIN), 1.0));
    REQUIRE(std::isnan(exact_ratio(1, 0)));
}

TEST_CASE("sums that no set has, as from damaged state, give some double and no fault") {
    reference::Random random(37);
    for (int round = 0; round < 5000; ++round) {
        std::string bytes(56, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random() % 3 == 0 ? 0xff : random() & 0xff);
        ByteReader reader(bytes);
        const auto sum = ExactIntegerSum::load(reader);
        const auto squares = ExactIntegerSquares::load(reader);
        const auto n = static_cast<std::int64_t>(random() >> reference::uniform(random, 1, 62)) - 1;
        const auto x = static_cast<std::int64_t>(random());
        for (const Spread spread : {Spread::population, Spread::sample}) {
            const double variance = exact_variance(n, sum, squares, spread);
            REQUIRE((std::isnan(variance) || variance >= 0));
            const double stddev = exact_stddev(n, sum, squares, spread);
            REQUIRE((std::isnan(stddev) || stddev >= 0));
            static_cast<void>(exact_zscore(x, n, sum, squares, spread));
        }
        static_cast<void>(exact_mean(sum, n));
        static_cast<void>(exact_is_constant(n, sum, squares));
    }
}

TEST_CASE("the ratio of two exact sums is rounded once", "[exact]") {
    reference::Random random(21);
    const auto sum_of = [](const auto& values) {
        std::conditional_t<std::is_same_v<decltype(values), const std::vector<double>&>, onefold::ExactSum,
                           onefold::ExactIntegerSum>
            sum;
        for (const auto value : values) sum.add(value);
        return sum;
    };
    const auto check = [&](const auto& above, const auto& below) {
        const auto a = reference::Moments::of(above), b = reference::Moments::of(below);
        if (b.sum == 0) return;
        const double expected = reference::ratio(a.sum << a.step, b.sum << b.step);
        REQUIRE(reference::same(onefold::exact_ratio(sum_of(above), sum_of(below)), expected));
    };
    for (int round = 0; round < 60; ++round)
        for (int shape = 0; shape < reference::shapes; ++shape) {
            const auto other = reference::uniform(random, 0, reference::shapes - 1);
            const auto whole = reference::uniform(random, 0, reference::integer_shapes - 1);
            const auto a = reference::random_set(random, shape), b = reference::random_set(random, other);
            const auto c = reference::random_integers(random, whole), d = reference::random_integers(random, 0);
            check(a, b);
            check(a, c);
            check(c, a);
            check(c, d);
            check(d, c);
        }
}

TEST_CASE("the ratio of sums that are not finite, or zero", "[exact]") {
    using Real = std::numeric_limits<double>;
    const auto sum_of = [](std::initializer_list<double> values) {
        onefold::ExactSum sum;
        for (const double value : values) sum.add(value);
        return sum;
    };
    const auto one = sum_of({1}), minus_one = sum_of({-1}), zero = sum_of({}), nan = sum_of({Real::quiet_NaN()});
    const auto infinite = sum_of({Real::infinity()}), minus = sum_of({-Real::infinity()});
    const double inf = Real::infinity();
    CHECK(onefold::exact_ratio(zero, one) == 0.0);
    CHECK(onefold::exact_ratio(infinite, minus_one) == -inf);
    CHECK(onefold::exact_ratio(minus, minus_one) == inf);
    CHECK(onefold::exact_ratio(one, minus) == 0.0);
    CHECK_FALSE(std::signbit(onefold::exact_ratio(one, minus)));
    for (const auto& pair : {std::pair(one, zero), std::pair(infinite, zero), std::pair(nan, one), std::pair(one, nan),
                             std::pair(infinite, minus), std::pair(nan, infinite)}) {
        const auto ratio = onefold::exact_ratio(pair.first, pair.second);
        CHECK(reference::bits(ratio) == 0x7ff8000000000000);
    }
    onefold::ExactIntegerSum two;
    two.add(2);
    CHECK(onefold::exact_ratio(infinite, two) == inf);
    CHECK(onefold::exact_ratio(two, minus) == 0.0);
}
