#pragma once

#include <cstdint>

#include "onefold/aggregate/exact_integer.hpp"
#include "onefold/aggregate/exact_squares.hpp"
#include "onefold/aggregate/exact_sum.hpp"

namespace onefold {

// Divisor of the variance: n (population) or n - 1 (sample).
enum class Spread : std::uint8_t { population, sample };

// Every function here gives one exact real number, rounded once to nearest even: also where it is subnormal, and
// infinite where it is beyond the largest double. Zero is +0.0. `n` is the number of elements, and `sum` and `squares`
// are those of the same n elements. The caller has handled the sets for which SQL gives null: n >= 1, n >= 2 for
// Spread::sample; otherwise the result is NaN. O(1), about 10 to 60 ns; longer for values outside ExactSum's inline
// range. They need round-to-nearest, the default floating-point environment.

// sum / n. As ExactSum::rounded for NaN and infinities.
double exact_mean(const ExactSum& sum, std::int64_t n) noexcept;
double exact_mean(const ExactIntegerSum& sum, std::int64_t n) noexcept;

// (n Σx² - (Σx)²) / (n (n - 1)) or / n². NaN when the set holds a NaN or an infinity.
double exact_variance(std::int64_t n, const ExactSum& sum, const ExactSquares& squares, Spread spread) noexcept;
double exact_variance(std::int64_t n, const ExactIntegerSum& sum, const ExactIntegerSquares& squares,
                      Spread spread) noexcept;

// The root of the exact variance, not of the rounded one.
double exact_stddev(std::int64_t n, const ExactSum& sum, const ExactSquares& squares, Spread spread) noexcept;
double exact_stddev(std::int64_t n, const ExactIntegerSum& sum, const ExactIntegerSquares& squares,
                    Spread spread) noexcept;

// The variance is exactly zero. False when the set holds a NaN or an infinity.
bool exact_is_constant(std::int64_t n, const ExactSum& sum, const ExactSquares& squares) noexcept;
bool exact_is_constant(std::int64_t n, const ExactIntegerSum& sum, const ExactIntegerSquares& squares) noexcept;

// (x - mean) / stddev with nothing rounded in between. x need not be an element. The set is not constant (the caller
// asks exact_is_constant; otherwise NaN). NaN when x is NaN or the set holds a NaN or an infinity; infinite when only x
// is.
double exact_zscore(double x, std::int64_t n, const ExactSum& sum, const ExactSquares& squares, Spread spread) noexcept;
double exact_zscore(std::int64_t x, std::int64_t n, const ExactIntegerSum& sum, const ExactIntegerSquares& squares,
                    Spread spread) noexcept;

// numerator / denominator, which is not zero (otherwise NaN).
double exact_ratio(std::int64_t numerator, std::int64_t denominator) noexcept;
// The same of two exact sums. NaN where either is or both are infinite; else infinite where the numerator is, and +0.0
// where the denominator is.
double exact_ratio(const ExactSum& numerator, const ExactSum& denominator) noexcept;
double exact_ratio(const ExactSum& numerator, const ExactIntegerSum& denominator) noexcept;
double exact_ratio(const ExactIntegerSum& numerator, const ExactSum& denominator) noexcept;
double exact_ratio(const ExactIntegerSum& numerator, const ExactIntegerSum& denominator) noexcept;

} // namespace onefold
