#pragma once

#include <algorithm>
#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

// The slow twin: rationals of any width, and a rounding routine that only knows how to compare.
namespace reference {

using Integer = boost::multiprecision::cpp_int;

inline std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

// A finite double, or 2^1024 for the bits of infinity, in steps of 2^-1074.
inline Integer units(double x) {
    const auto exponent = static_cast<unsigned>(bits(x) >> 52 & 0x7ff);
    const std::uint64_t fraction = bits(x) & 0xfffffffffffff;
    Integer size = exponent == 0 ? Integer(fraction) : Integer(fraction + 0x10000000000000) << (exponent - 1);
    return bits(x) >> 63 != 0 ? Integer(-size) : size;
}

// The double nearest to (numerator / denominator)^(1 / degree) * 2^-1074 by bisection over the doubles. Ties go to the
// even mantissa; zero is +0.0.
inline double nearest(Integer numerator, const Integer& denominator, unsigned degree) {
    if (numerator == 0) return 0.0;
    const bool negative = numerator < 0;
    if (negative) numerator = -numerator;
    // The sign of value - halves * 2^-1075.
    const Integer scaled = numerator << degree;
    const auto compare = [&](const Integer& halves) {
        return scaled.compare(degree == 1 ? Integer(halves * denominator) : Integer(halves * halves * denominator));
    };
    const std::uint64_t infinity = bits(std::numeric_limits<double>::infinity());
    std::uint64_t below = 0; // The greatest double that is not above the value lies in [below, above).
    std::uint64_t above = infinity;
    while (above - below > 1) {
        const std::uint64_t middle = below + (above - below) / 2;
        (compare(2 * units(std::bit_cast<double>(middle))) >= 0 ? below : above) = middle;
    }
    const int side = compare(units(std::bit_cast<double>(below)) + units(std::bit_cast<double>(above)));
    const std::uint64_t result = side > 0 || (side == 0 && (below & 1) != 0) ? above : below;
    if (result == 0) return 0.0;
    return std::bit_cast<double>(result | static_cast<std::uint64_t>(negative) << 63);
}

// A ratio of two integers.
inline double ratio(const Integer& numerator, const Integer& denominator) {
    return nearest(denominator < 0 ? Integer(-(numerator << 1074)) : Integer(numerator << 1074),
                   denominator < 0 ? Integer(-denominator) : denominator, 1);
}

// n, Σx and Σx² of a multiset; x in steps of 2^(step - 1074), which are the units of doubles or the ones of integers.
struct Moments {
    Integer n = 0;
    Integer sum = 0;
    Integer squares = 0;
    unsigned step = 0;

    static Moments of(const std::vector<double>& values) {
        Moments moments;
        for (const double x : values) moments.add(units(x));
        return moments;
    }
    static Moments of(const std::vector<std::int64_t>& values) {
        Moments moments;
        moments.step = 1074;
        for (const auto x : values) moments.add(Integer(x));
        return moments;
    }
    void add(const Integer& x) {
        n += 1;
        sum += x;
        squares += x * x;
    }
    Integer spread() const { return n * squares - sum * sum; }
    Integer divisor(bool sample) const { return sample ? Integer(n * (n - 1)) : Integer(n * n); }

    double rounded_sum() const { return nearest(sum << step, 1, 1); }
    double rounded_squares() const {
        return nearest(step == 0 ? squares : Integer(squares << 2148), Integer(1) << 1074, 1);
    }
    double mean() const { return nearest(sum << step, n, 1); }
    double variance(bool sample) const { return nearest(spread() << (2 * step), divisor(sample) << 1074, 1); }
    double stddev(bool sample) const { return nearest(spread() << (2 * step), divisor(sample), 2); }
    double zscore(const Integer& x, bool sample) const {
        const Integer deviation = n * x - sum;
        const Integer numerator = deviation * deviation * (sample ? Integer(n - 1) : Integer(1));
        const double size = nearest(numerator << 2148, sample ? Integer(n * spread()) : spread(), 2);
        return deviation < 0 && size != 0 ? -size : size;
    }
};

// Equal bits; any NaN equals any NaN.
inline bool same(double a, double b) { return bits(a) == bits(b) || (a != a && b != b); }

using Random = std::mt19937_64;

inline int uniform(Random& random, int low, int high) {
    return low + static_cast<int>(random() % static_cast<std::uint64_t>(high - low + 1));
}

// A finite double with a random mantissa and a biased exponent in [low, high].
inline double random_double(Random& random, int low, int high) {
    const auto exponent = static_cast<std::uint64_t>(uniform(random, low, high));
    return std::bit_cast<double>((random() & 0x800fffffffffffff) | exponent << 52);
}

inline constexpr int shapes = 14;

// Sets of the shapes that have hurt somebody: each stresses one representation, boundary or cancellation.
inline std::vector<double> random_set(Random& random, int shape) {
    const int n = uniform(random, 1, 4) == 1 ? uniform(random, 1, 3) : uniform(random, 2, 40);
    std::vector<double> values;
    for (int i = 0; i < n; ++i) {
        const double sign = random() % 2 == 0 ? 1.0 : -1.0;
        switch (shape) {
        case 0: values.push_back(static_cast<double>(random() % 100000000) / 100); break;    // money
        case 1: values.push_back(static_cast<double>(uniform(random, -20, 20))); break;      // counts
        case 2: values.push_back(random_double(random, 0, 2046)); break;                     // any finite bits
        case 3: values.push_back(random_double(random, 0, 3)); break;                        // subnormals
        case 4: values.push_back(static_cast<double>(random() % 1000) * 1e-6); break;        // micro-units
        case 5: values.push_back(sign * 1e300 * static_cast<double>(random() % 3)); break;   // huge, cancelling
        case 6: values.push_back(random_double(random, 1005, 1015)); break;                  // inline: low edge
        case 7: values.push_back(random_double(random, 1070, 1090)); break;                  // inline: high edge
        case 8: values.push_back(1e6 + static_cast<double>(uniform(random, -1, 1))); break;  // small spread
        case 9: values.push_back(random_double(random, 2040, 2046)); break;                  // overflow
        case 10: values.push_back(random() % 2 == 0 ? sign * 0.0 : 0x1p-1074 * sign); break; // zeros
        case 11: values.push_back(random() % 3 == 0 ? 1.0 : sign * 0x1p54); break;           // 2^54 + 1
        case 12: values.push_back(random_double(random, 1020, 1060)); break;                 // general, inline
        default: values.push_back(random_double(random, 900, 1150)); break;                  // both tiers
        }
    }
    return values;
}

inline constexpr int integer_shapes = 5;

inline std::vector<std::int64_t> random_integers(Random& random, int shape) {
    const int n = uniform(random, 1, 30);
    std::vector<std::int64_t> values;
    for (int i = 0; i < n; ++i) {
        const auto any = static_cast<std::int64_t>(random());
        switch (shape) {
        case 0: values.push_back(uniform(random, -9, 9)); break;
        case 1: values.push_back(any % 100000000); break;
        case 2: values.push_back(any); break;
        case 3: values.push_back(any % 3 == 0 ? INT64_MIN : INT64_MAX); break;
        default: values.push_back(INT64_MAX - uniform(random, 0, 3)); break;
        }
    }
    return values;
}

} // namespace reference
