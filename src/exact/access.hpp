#pragma once

#include "onefold/aggregate/exact_integer.hpp"
#include "onefold/aggregate/exact_squares.hpp"
#include "onefold/aggregate/exact_sum.hpp"

namespace onefold::detail {

// The integers behind the four accumulators, in one form. `inline_limbs` is for those that are not wide.
struct ExactAccess {
    static bool is_wide(const ExactSum& sum) noexcept { return sum.storage_.is_wide(); }
    static bool is_wide(const ExactSquares& squares) noexcept { return squares.storage_.is_wide(); }
    static constexpr bool is_wide(const ExactIntegerSum&) noexcept { return false; }
    static constexpr bool is_wide(const ExactIntegerSquares&) noexcept { return false; }

    static NonFinite non_finite(const ExactSum& sum) noexcept { return sum.storage_.non_finite(); }
    static NonFinite non_finite(const ExactSquares& squares) noexcept { return squares.storage_.non_finite(); }
    static NonFinite non_finite(const ExactIntegerSum&) noexcept { return {}; }
    static NonFinite non_finite(const ExactIntegerSquares&) noexcept { return {}; }

    static ExactStorage<2>& storage(ExactSum& sum) noexcept { return sum.storage_; }

    static LimbView view(const ExactSum& sum) noexcept { return sum.storage_.view(); }
    static LimbView view(const ExactSquares& squares) noexcept { return squares.storage_.view(); }
    static LimbView view(const ExactIntegerSum& sum) noexcept { return {sum.limb_, 0, 2}; }
    static LimbView view(const ExactIntegerSquares& squares) noexcept { return {squares.limb_, 0, 3}; }

    static Int128 inline_sum(const ExactSum& sum) noexcept {
        return static_cast<Int128>(join_limbs(sum.storage_.limb[1], sum.storage_.limb[0]));
    }
    static Int128 inline_sum(const ExactIntegerSum& sum) noexcept {
        return static_cast<Int128>(join_limbs(sum.limb_[1], sum.limb_[0]));
    }
    static const std::uint64_t* inline_squares(const ExactSquares& squares) noexcept { return squares.storage_.limb; }
    static const std::uint64_t* inline_squares(const ExactIntegerSquares& squares) noexcept { return squares.limb_; }
};

// The weight of the lowest limb is 2^whole_grid in the view of a sum and 2^inline_grid in inline_sum; squares, and
// products of two sums, have twice that exponent.
template <class Sum> inline constexpr int whole_grid = 0;
template <> inline constexpr int whole_grid<ExactSum> = -1088;
template <class Sum> inline constexpr int inline_grid = 0;
template <> inline constexpr int inline_grid<ExactSum> = -64;
template <class Squares> inline constexpr int square_limbs = 3;
template <> inline constexpr int square_limbs<ExactSquares> = 4;

} // namespace onefold::detail
