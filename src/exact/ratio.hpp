#pragma once

#include "exact/natural.hpp"

namespace onefold::detail {

// (|a| / |b| * 2^exponent)^(1 / degree), rounded once to nearest even; degree is 1 or 2, and neither a nor b is zero.
double round_ratio(bool negative, const Natural& a, const Natural& b, int exponent, int degree) noexcept;

} // namespace onefold::detail
