#include "onefold/aggregate/exact_statistics.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "exact/access.hpp"
#include "exact/natural.hpp"
#include "exact/ratio.hpp"
#include "exact/rounding.hpp"

// Everything here is decided by integers. Floating point only gives a first estimate of a square root, within a proven
// bound, so that contraction, another rounding of the estimate or another libm cannot change a result.

namespace onefold {

namespace {

using detail::ExactAccess;
using detail::high_limb;
using detail::Int128;
using detail::join_limbs;
using detail::low_limb;
using detail::multiply_wide;
using detail::Natural;
using detail::UInt128;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool is_defined(std::int64_t n, Spread spread) noexcept { return n >= (spread == Spread::sample ? 2 : 1); }

// ---------------------------------------------------------------------------------------------------------------------
// The general path: any width, by an estimate to about 60 bits that decides nearly always, and one exact comparison
// with the midpoint of two neighbouring doubles where it does not (Ziv: Fast evaluation of elementary mathematical
// functions with correctly rounded last bit, 1991).

// About top * 2^exponent, with the highest bit of top set.
struct Estimate {
    std::uint64_t top;
    int exponent;
};

// How far, in units of top, an estimate can be from the exact value. Truncating a factor to 64 bits costs a relative
// 2^-63, and so does each product and the quotient. The longest chain, the z-score's, has seven such errors, which the
// root halves: 3.5 * 2^-63 of a top below 2^64 is 7 units, and the root itself adds 2.
constexpr std::uint64_t estimate_error = 16;

Estimate leading_bits(UInt128 value) noexcept {
    const auto high = high_limb(value);
    if (high == 0) {
        const int zeros = std::countl_zero(low_limb(value));
        return {low_limb(value) << zeros, -zeros};
    }
    const int zeros = std::countl_zero(high);
    return {high_limb(value << zeros), 64 - zeros};
}

Estimate leading_bits(const Natural& value) noexcept { return {value.leading(0), value.exponent() - 64}; }

Estimate operator*(Estimate a, Estimate b) noexcept {
    const UInt128 product = multiply_wide(a.top, b.top);
    const int zeros = high_limb(product) >> 63 == 0 ? 1 : 0;
    return {high_limb(product << zeros), a.exponent + b.exponent + 64 - zeros};
}

Estimate operator/(Estimate a, Estimate b) noexcept {
    const int halved = a.top >= b.top ? 1 : 0;
    const auto result =
        halved != 0 ? detail::divide_wide(a.top >> 1, a.top << 63, b.top) : detail::divide_wide(a.top, 0, b.top);
    return {result.quotient, a.exponent - b.exponent - 64 + halved};
}

Estimate root(Estimate square) noexcept {
    const int odd = square.exponent & 1;
    const UInt128 radicand = join_limbs(square.top, 0) >> odd;
    // Good to 52 bits; one step of Newton's method with the exact residue makes it good to 63.
    const double first = std::sqrt(static_cast<double>(square.top) * (odd != 0 ? 0.5 : 1.0)) * 0x1p32;
    std::uint64_t top = first >= 0x1p64 ? ~std::uint64_t{0} << 11 : static_cast<std::uint64_t>(first);
    const auto residue = static_cast<Int128>(radicand - multiply_wide(top, top));
    const auto scaled = static_cast<double>(static_cast<std::int64_t>(residue >> 16)) * 0x1p15;
    top += static_cast<std::uint64_t>(static_cast<std::int64_t>(scaled / static_cast<double>(top)));
    return {top, (square.exponent - 64 + odd) / 2};
}

// The rounded result, if the estimate is far enough from a midpoint; else the midpoint, odd * 2^exponent.
struct Rounding {
    bool decided;
    double value;
    std::uint64_t odd;
    int exponent;
};

Rounding round_estimate(bool negative, Estimate estimate) noexcept {
    if (estimate.exponent > 960) return {true, detail::signed_infinity(negative), 0, 0};
    const int exponent = std::max(estimate.exponent + 11, -1074);
    const int dropped = exponent - estimate.exponent;
    if (dropped > 64) {
        // Below half of the smallest subnormal, or just below it.
        const bool decided = dropped > 65 || estimate.top < std::uint64_t{0} - estimate_error;
        return {decided, 0.0, 1, exponent - 1};
    }
    const std::uint64_t mantissa = dropped == 64 ? 0 : estimate.top >> dropped;
    const std::uint64_t rest = dropped == 64 ? estimate.top : estimate.top & ((std::uint64_t{1} << dropped) - 1);
    const std::uint64_t half = std::uint64_t{1} << (dropped - 1);
    const std::uint64_t distance = rest > half ? rest - half : half - rest;
    const std::uint64_t rounded = mantissa + (rest > half ? 1 : 0);
    return {distance > estimate_error, detail::compose(negative, rounded, exponent), 2 * mantissa + 1, exponent - 1};
}

} // namespace

double detail::round_ratio(bool negative, const Natural& a, const Natural& b, int exponent, int degree) noexcept {
    Estimate estimate = leading_bits(a) / leading_bits(b);
    estimate.exponent += exponent;
    if (degree == 2) estimate = root(estimate);
    const Rounding rounding = round_estimate(negative, estimate);
    if (rounding.decided) return rounding.value;
    const Natural odd(rounding.odd);
    const Natural midpoint = degree == 2 ? odd * odd * b : odd * b;
    const int side = detail::compare_shifted(a, exponent - degree * rounding.exponent, midpoint);
    // odd = 2 mantissa + 1; a tie goes to the even one of mantissa and mantissa + 1.
    std::uint64_t mantissa = rounding.odd >> 1;
    if (side > 0 || (side == 0 && (mantissa & 1) != 0)) ++mantissa;
    return detail::compose(negative, mantissa, rounding.exponent + 1);
}

namespace {

using detail::round_ratio;

// n Σx² - (Σx)², the numerator of every variance; not negative for the sums of any real set.
template <class Sum, class Squares>
Natural spread_numerator(const Natural& n, const Sum& sum, const Squares& squares) noexcept {
    const Natural total(ExactAccess::view(sum));
    return n * Natural(ExactAccess::view(squares)) - total * total;
}

Natural spread_denominator(std::int64_t n, Spread spread) noexcept {
    return Natural(n) * Natural(spread == Spread::sample ? n - 1 : n);
}

template <class Sum, class Squares>
[[gnu::noinline]] double variance_root_general(std::int64_t n, const Sum& sum, const Squares& squares, Spread spread,
                                               int degree) noexcept {
    if (ExactAccess::non_finite(sum).any() || ExactAccess::non_finite(squares).any()) return not_a_number;
    const Natural numerator = spread_numerator(Natural(n), sum, squares);
    if (numerator.is_zero()) return 0.0;
    if (numerator.is_negative()) return not_a_number;
    return round_ratio(false, numerator, spread_denominator(n, spread), 2 * detail::whole_grid<Sum>, degree);
}

// ---------------------------------------------------------------------------------------------------------------------
// The fast path: values of the inline accumulators, n < 2^32.

// The same numerator, in five limbs between two of padding, which let a window of three slide over them.
struct Numerator {
    std::uint64_t padded[9] = {};
    std::uint64_t* limb = padded + 2;

    Numerator() noexcept = default;
    Numerator(const Numerator&) = delete;
    Numerator& operator=(const Numerator&) = delete;

    bool any_below(int end) const noexcept {
        for (int i = 0; i < end; ++i)
            if (limb[i] != 0) return true;
        return false;
    }
};

// False where the general path must decide.
template <class Sum, class Squares>
bool numerator_of(std::int64_t n, const Sum& sum, const Squares& squares, Numerator& result) noexcept {
    if (ExactAccess::is_wide(sum) || ExactAccess::is_wide(squares) || static_cast<std::uint64_t>(n) >> 32 != 0)
        return false;
    const UInt128 total = detail::magnitude(ExactAccess::inline_sum(sum));
    const auto* square = ExactAccess::inline_squares(squares);
    constexpr int length = detail::square_limbs<Squares>;
    // Always so for the sums of a real set; sums loaded from damaged bytes may be anything.
    if (high_limb(total) >> 62 != 0 || square[length - 1] >> 63 != 0) return false;

    const auto factor = static_cast<std::uint64_t>(n);
    const UInt128 product0 = multiply_wide(square[0], factor);
    const UInt128 product1 = multiply_wide(square[1], factor) + high_limb(product0);
    const UInt128 product2 = multiply_wide(square[2], factor) + high_limb(product1);
    const UInt128 product3 = (length == 4 ? multiply_wide(square[length - 1], factor) : 0) + high_limb(product2);

    const UInt128 bottom = multiply_wide(low_limb(total), low_limb(total));
    const UInt128 middle = (multiply_wide(low_limb(total), high_limb(total)) << 1) + high_limb(bottom);
    const UInt128 total_high = multiply_wide(high_limb(total), high_limb(total)) + high_limb(middle);
    const UInt128 total_low = join_limbs(low_limb(middle), low_limb(bottom));

    const UInt128 low = join_limbs(low_limb(product1), low_limb(product0));
    const UInt128 high = join_limbs(low_limb(product3), low_limb(product2));
    const std::uint64_t borrow = low < total_low ? 1 : 0;
    const UInt128 difference = high - total_high;
    const std::uint64_t top_borrow = (high < total_high ? 1u : 0u) | (difference < borrow ? 1u : 0u);
    const UInt128 result_low = low - total_low;
    const UInt128 result_high = difference - borrow;
    result.limb[0] = low_limb(result_low);
    result.limb[1] = high_limb(result_low);
    result.limb[2] = low_limb(result_high);
    result.limb[3] = high_limb(result_high);
    result.limb[4] = high_limb(product3) - top_borrow;
    return result.limb[4] >> 63 == 0;
}

// (numerator / denominator) as quotient * 2^exponent, rounded down, with 2^62 <= quotient.
struct Division {
    std::uint64_t quotient;
    int exponent;
    bool inexact;
};

// The numerator is the number whose top limb (not zero) is limb[top].
Division divide(const Numerator& numerator, int top, std::uint64_t denominator) noexcept {
    const auto* limb = numerator.limb + top;
    const int zeros = std::countl_zero(limb[0]);
    const std::uint64_t high = high_limb(join_limbs(limb[0], limb[-1]) << zeros);
    const std::uint64_t below = high_limb(join_limbs(limb[-1], limb[-2]) << zeros);
    const int shift = std::countl_zero(denominator);
    // Halved, the numerator's top limb is below the denominator's, as the instruction demands.
    const auto [quotient, remainder] = detail::divide_wide(high >> 1, high << 63 | below >> 1, denominator << shift);
    const bool inexact = remainder != 0 || (below & 1) != 0 || limb[-2] << zeros != 0 || numerator.any_below(top - 2);
    return {quotient, 64 * (top - 1) + 1 + shift - zeros, inexact};
}

int top_limb(const Numerator& numerator) noexcept {
    int top = 4;
    while (top >= 0 && numerator.limb[top] == 0) --top;
    return top;
}

double round_division(bool negative, const Division& division, int exponent) noexcept {
    const int zeros = std::countl_zero(division.quotient);
    return detail::round_to_normal(negative, division.quotient << zeros, division.inexact,
                                   division.exponent - zeros + exponent);
}

std::uint64_t short_denominator(std::int64_t n, Spread spread) noexcept {
    return static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(spread == Spread::sample ? n - 1 : n);
}

template <class Sum, class Squares>
double variance(std::int64_t n, const Sum& sum, const Squares& squares, Spread spread) noexcept {
    if (!is_defined(n, spread)) return not_a_number;
    Numerator numerator;
    if (!numerator_of(n, sum, squares, numerator)) return variance_root_general(n, sum, squares, spread, 1);
    const int top = top_limb(numerator);
    if (top < 0) return 0.0;
    return round_division(false, divide(numerator, top, short_denominator(n, spread)), 2 * detail::inline_grid<Sum>);
}

// The root is estimated in hardware to about one unit in the last place, as m * 2^exponent, and then corrected by
// proof. With N / D the variance in steps of the grid, X = 4 N / 2^(2 exponent) and a = 2 m, the root is above the
// midpoint m + 1/2 exactly if X > (a + 1)² D. The residue X - a² D is small, so its lowest 128 bits are enough.
template <class Sum, class Squares>
double stddev(std::int64_t n, const Sum& sum, const Squares& squares, Spread spread) noexcept {
    if (!is_defined(n, spread)) return not_a_number;
    Numerator numerator;
    if (!numerator_of(n, sum, squares, numerator)) return variance_root_general(n, sum, squares, spread, 2);
    const int top = top_limb(numerator);
    if (top < 0) return 0.0;
    const std::uint64_t denominator = short_denominator(n, spread);
    const Division division = divide(numerator, top, denominator);

    // An even exponent, and a quotient that fits a signed integer, which is what the hardware converts.
    const int shift = 2 - (division.exponent & 1);
    const double estimate = std::sqrt(static_cast<double>(static_cast<std::int64_t>(division.quotient >> shift)));
    const auto bits = std::bit_cast<std::uint64_t>(estimate);
    const std::uint64_t m = (bits & 0xfffffffffffff) | 0x10000000000000;
    const int exponent = static_cast<int>(bits >> 52) - 1075 + (division.exponent + shift) / 2;

    const int scale = 2 - 2 * exponent;
    UInt128 x;
    if (scale < 0) {
        const auto* limb = numerator.limb + (-scale >> 6);
        const int offset = -scale & 63;
        x = join_limbs(limb[1], limb[0]) >> offset;
        if (offset != 0) x |= static_cast<UInt128>(limb[2] << (64 - offset)) << 64;
    } else {
        x = scale < 128 ? join_limbs(numerator.limb[1], numerator.limb[0]) << scale : 0;
    }
    const std::uint64_t a = 2 * m;
    const auto residue = static_cast<Int128>(x - multiply_wide(a, a) * denominator);
    const auto step = static_cast<Int128>(multiply_wide(2 * a, denominator));
    const auto upper = residue - static_cast<Int128>(denominator) - step;
    const auto lower = residue - static_cast<Int128>(denominator) + step;
    // On a midpoint, or at a power of two (where the doubles below are closer), or were the estimate ever worse than
    // it can be: the general path, which needs no such care.
    if (upper == 0 || lower == 0 || (m == 0x10000000000000 && residue < 0) || upper >= step || lower <= -step)
        [[unlikely]]
        return variance_root_general(n, sum, squares, spread, 2);
    const std::uint64_t rounded = m + (upper > 0 ? 1 : 0) - (lower < 0 ? 1 : 0);
    return detail::compose(false, rounded, exponent + detail::inline_grid<Sum>);
}

template <class Sum, class Squares>
bool is_constant(std::int64_t n, const Sum& sum, const Squares& squares) noexcept {
    Numerator numerator;
    if (numerator_of(n, sum, squares, numerator)) return top_limb(numerator) < 0;
    if (ExactAccess::non_finite(sum).any() || ExactAccess::non_finite(squares).any()) return false;
    return spread_numerator(Natural(n), sum, squares).is_zero();
}

template <class Sum>
double mean(const Sum& sum, std::int64_t n) noexcept {
    if (n < 1) return not_a_number;
    if (ExactAccess::is_wide(sum)) [[unlikely]] {
        if (ExactAccess::non_finite(sum).any()) return sum.rounded();
        const Natural total(ExactAccess::view(sum));
        return total.is_zero() ? 0.0 : round_ratio(total.is_negative(), total, Natural(n), detail::whole_grid<Sum>, 1);
    }
    const Int128 value = ExactAccess::inline_sum(sum);
    if (value == 0) return 0.0;
    // As in `divide`, for two limbs.
    const UInt128 size = detail::magnitude(value);
    const int zeros = high_limb(size) != 0 ? std::countl_zero(high_limb(size)) : 64 + std::countl_zero(low_limb(size));
    const UInt128 top = size << zeros;
    const int shift = std::countl_zero(static_cast<std::uint64_t>(n));
    const auto [quotient, remainder] =
        detail::divide_wide(high_limb(top >> 1), low_limb(top >> 1), static_cast<std::uint64_t>(n) << shift);
    const Division division{quotient, 1 + shift - zeros, remainder != 0 || (low_limb(top) & 1) != 0};
    return round_division(value < 0, division, detail::inline_grid<Sum>);
}

// With P = n x - Σx and N the numerator of the variance, the z-score is P / sqrt(N) for the population, and
// P sqrt(n - 1) / sqrt(n N) for a sample: the root of one ratio.
template <class Sum, class Squares>
[[gnu::noinline]] double zscore_general(const Natural& x, std::int64_t n, const Sum& sum, const Squares& squares,
                                        Spread spread) noexcept {
    const Natural count(n);
    const Natural numerator = spread_numerator(count, sum, squares);
    if (numerator.is_zero() || numerator.is_negative()) return not_a_number;
    const Natural deviation = count * x - Natural(ExactAccess::view(sum));
    if (deviation.is_zero()) return 0.0;
    const Natural square = deviation * deviation;
    if (spread == Spread::population) return round_ratio(deviation.is_negative(), square, numerator, 0, 2);
    return round_ratio(deviation.is_negative(), square * Natural(n - 1), count * numerator, 0, 2);
}

// `x` in steps of the inline grid.
template <class Sum, class Squares>
Rounding zscore_estimate(Int128 x, std::int64_t n, const Sum& sum, const Squares& squares, Spread spread) noexcept {
    constexpr Rounding undecided{false, 0.0, 0, 0};
    Numerator numerator;
    if (!numerator_of(n, sum, squares, numerator)) return undecided;
    const UInt128 size = detail::magnitude(x);
    // n |x| stays below 2^95 * 2^32 here, and |Σx| below 2^126.
    if (high_limb(size) >> 30 != 0) return undecided;
    const Int128 deviation = static_cast<Int128>(n) * x - ExactAccess::inline_sum(sum);
    const int top = top_limb(numerator);
    if (top < 0) return {true, not_a_number, 0, 0};
    if (deviation == 0) return {true, 0.0, 0, 0};

    Estimate square = leading_bits(detail::magnitude(deviation));
    square = square * square;
    Estimate divisor = leading_bits(join_limbs(numerator.limb[top], numerator.limb[top - 1]));
    divisor.exponent += 64 * (top - 1);
    if (spread == Spread::sample) {
        square = square * leading_bits(static_cast<UInt128>(n - 1));
        divisor = divisor * leading_bits(static_cast<UInt128>(n));
    }
    return round_estimate(deviation < 0, root(square / divisor));
}

template <class Sum, class Squares>
bool zscore_is_undefined(std::int64_t n, const Sum& sum, const Squares& squares, Spread spread) noexcept {
    return !is_defined(n, spread) || ExactAccess::non_finite(sum).any() || ExactAccess::non_finite(squares).any();
}

template <class Above, class Below>
double ratio_of_sums(const Above& numerator, const Below& denominator) noexcept {
    if (ExactAccess::non_finite(numerator).any() || ExactAccess::non_finite(denominator).any()) {
        const double above = numerator.rounded(), below = denominator.rounded();
        const bool infinite_above = ExactAccess::non_finite(numerator).any();
        const bool infinite_below = ExactAccess::non_finite(denominator).any();
        if (above != above || below != below || (infinite_above && infinite_below) || below == 0) return not_a_number;
        return infinite_above ? detail::signed_infinity(std::signbit(above) != std::signbit(below)) : 0.0;
    }
    const Natural above(ExactAccess::view(numerator));
    const Natural below(ExactAccess::view(denominator));
    if (below.is_zero()) return not_a_number;
    if (above.is_zero()) return 0.0;
    return round_ratio(above.is_negative() != below.is_negative(), above, below,
                       detail::whole_grid<Above> - detail::whole_grid<Below>, 1);
}

} // namespace

double exact_mean(const ExactSum& sum, std::int64_t n) noexcept { return mean(sum, n); }
double exact_mean(const ExactIntegerSum& sum, std::int64_t n) noexcept { return mean(sum, n); }

double exact_variance(std::int64_t n, const ExactSum& sum, const ExactSquares& squares, Spread spread) noexcept {
    return variance(n, sum, squares, spread);
}
double exact_variance(std::int64_t n, const ExactIntegerSum& sum, const ExactIntegerSquares& squares,
                      Spread spread) noexcept {
    return variance(n, sum, squares, spread);
}

double exact_stddev(std::int64_t n, const ExactSum& sum, const ExactSquares& squares, Spread spread) noexcept {
    return stddev(n, sum, squares, spread);
}
double exact_stddev(std::int64_t n, const ExactIntegerSum& sum, const ExactIntegerSquares& squares,
                    Spread spread) noexcept {
    return stddev(n, sum, squares, spread);
}

bool exact_is_constant(std::int64_t n, const ExactSum& sum, const ExactSquares& squares) noexcept {
    return is_constant(n, sum, squares);
}
bool exact_is_constant(std::int64_t n, const ExactIntegerSum& sum, const ExactIntegerSquares& squares) noexcept {
    return is_constant(n, sum, squares);
}

double exact_zscore(double x, std::int64_t n, const ExactSum& sum, const ExactSquares& squares,
                    Spread spread) noexcept {
    if (x != x || zscore_is_undefined(n, sum, squares, spread)) return not_a_number;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const int biased = static_cast<int>(bits >> 52 & 0x7ff);
    const std::uint64_t mantissa = (bits & 0xfffffffffffff) | (biased != 0 ? 0x10000000000000 : 0);
    const bool negative = bits >> 63 != 0;
    if (biased == 0x7ff) return exact_is_constant(n, sum, squares) ? not_a_number : x;
    if (mantissa == 0 || (biased >= 1011 && biased <= 1011 + 40)) {
        const auto size = mantissa == 0 ? 0 : static_cast<Int128>(static_cast<UInt128>(mantissa) << (biased - 1011));
        const auto result = zscore_estimate(negative ? -size : size, n, sum, squares, spread);
        if (result.decided) return result.value;
    }
    // In ExactSum's grid, as limbs: position counts bits from its bottom.
    const int position = std::max(biased, 1) + 13;
    const auto placed = static_cast<UInt128>(mantissa) << (position & 63);
    const std::uint64_t limbs[3] = {low_limb(placed), high_limb(placed), 0};
    const Natural size(detail::LimbView{limbs, position >> 6, 3});
    return zscore_general(negative ? Natural() - size : size, n, sum, squares, spread);
}

double exact_zscore(std::int64_t x, std::int64_t n, const ExactIntegerSum& sum, const ExactIntegerSquares& squares,
                    Spread spread) noexcept {
    if (zscore_is_undefined(n, sum, squares, spread)) return not_a_number;
    const auto result = zscore_estimate(static_cast<Int128>(x), n, sum, squares, spread);
    return result.decided ? result.value : zscore_general(Natural(x), n, sum, squares, spread);
}

double exact_ratio(std::int64_t numerator, std::int64_t denominator) noexcept {
    if (denominator == 0) return not_a_number;
    if (numerator == 0) return 0.0;
    const auto size = [](std::int64_t value) { return low_limb(detail::magnitude(static_cast<Int128>(value))); };
    const std::uint64_t top = size(numerator);
    const std::uint64_t bottom = size(denominator);
    // As in `mean`: both normalised, the numerator halved.
    const int zeros = std::countl_zero(top);
    const int shift = std::countl_zero(bottom);
    const auto [quotient, remainder] = detail::divide_wide(top << zeros >> 1, top << zeros << 63, bottom << shift);
    return round_division((numerator < 0) != (denominator < 0), {quotient, 1 - 64 + shift - zeros, remainder != 0}, 0);
}
double exact_ratio(const ExactSum& numerator, const ExactSum& denominator) noexcept {
    return ratio_of_sums(numerator, denominator);
}
double exact_ratio(const ExactSum& numerator, const ExactIntegerSum& denominator) noexcept {
    return ratio_of_sums(numerator, denominator);
}
double exact_ratio(const ExactIntegerSum& numerator, const ExactSum& denominator) noexcept {
    return ratio_of_sums(numerator, denominator);
}
double exact_ratio(const ExactIntegerSum& numerator, const ExactIntegerSum& denominator) noexcept {
    return ratio_of_sums(numerator, denominator);
}

} // namespace onefold
