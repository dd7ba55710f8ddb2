#include <bit>
#include <limits>

#include "exact/natural.hpp"
#include "exact/rounding.hpp"
#include "onefold/aggregate/exact_integer.hpp"
#include "onefold/aggregate/exact_squares.hpp"
#include "onefold/aggregate/exact_sum.hpp"

namespace onefold {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// A finite double is mantissa * 2^(position - 1088) in magnitude: the position of its last bit from the bottom of
// ExactSum's grid.
struct Finite {
    std::uint64_t mantissa;
    int position;
};

bool is_finite(std::uint64_t bits) noexcept { return (bits >> 52 & 0x7ff) != 0x7ff; }
bool is_nan(std::uint64_t bits) noexcept { return bits << 1 > std::uint64_t{0x7ff} << 53; }

Finite decompose(std::uint64_t bits) noexcept {
    const int biased = static_cast<int>(bits >> 52 & 0x7ff);
    const std::uint64_t fraction = bits & 0xfffffffffffff;
    if (biased == 0) return {fraction, 14};
    return {fraction | 0x10000000000000, biased + 13};
}

double round_integer(const detail::Natural& value, int exponent) noexcept {
    if (value.is_zero()) return 0.0;
    return detail::round_to_double(value.is_negative(), value.leading(0), value.any_after(1),
                                   value.exponent() - 64 + exponent);
}

} // namespace

void ExactSum::accumulate_wide(std::uint64_t bits, bool negate) {
    if (!is_finite(bits)) {
        const std::int64_t one = negate ? -1 : 1;
        const bool nan = is_nan(bits);
        const bool negative = bits >> 63 != 0;
        storage_.add_non_finite(nan ? one : 0, !nan && !negative ? one : 0, !nan && negative ? one : 0);
        return;
    }
    const auto [mantissa, position] = decompose(bits);
    const auto placed = static_cast<detail::UInt128>(mantissa) << (position & 63);
    storage_.add_natural({detail::low_limb(placed), detail::high_limb(placed), 0}, position >> 6,
                         (bits >> 63 != 0) != negate);
}

double ExactSum::rounded_wide() const noexcept {
    const auto counts = storage_.non_finite();
    if (counts.nan != 0 || (counts.positive_infinity != 0 && counts.negative_infinity != 0)) return not_a_number;
    if (counts.positive_infinity != 0) return infinity;
    if (counts.negative_infinity != 0) return -infinity;
    return round_integer(detail::Natural(storage_.view()), -1088);
}

void ExactSquares::accumulate_wide(std::uint64_t bits, bool negate) {
    if (!is_finite(bits)) {
        const std::int64_t one = negate ? -1 : 1;
        storage_.add_non_finite(is_nan(bits) ? one : 0, is_nan(bits) ? 0 : one, 0);
        return;
    }
    const auto [mantissa, half_position] = decompose(bits);
    const int position = 2 * half_position;
    const auto square = detail::multiply_wide(mantissa, mantissa);
    const int shift = position & 63;
    const auto bottom = square << shift;
    const auto top = shift == 0 ? 0 : detail::high_limb(square) >> (64 - shift);
    storage_.add_natural({detail::low_limb(bottom), detail::high_limb(bottom), top}, position >> 6, negate);
}

double ExactSquares::rounded() const noexcept {
    const auto counts = storage_.non_finite();
    if (counts.nan != 0) return not_a_number;
    if (counts.positive_infinity != 0) return infinity;
    return round_integer(detail::Natural(storage_.view()), -2176);
}

double ExactIntegerSquares::rounded() const noexcept {
    return round_integer(detail::Natural(detail::LimbView{limb_, 0, 3}), 0);
}

} // namespace onefold
