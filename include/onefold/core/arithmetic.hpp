#pragma once

// Results are the same under every compiler flag except this family, which lets the compiler reorder and drop
// operations on doubles in the user's own translation unit. Refused here, because every public header leads here.
#ifdef __FAST_MATH__
#error "onefold: -ffast-math (or -Ofast) would change results; compile without it"
#endif

namespace onefold::arithmetic {

// One IEEE 754 binary64 operation each, rounded to nearest even. They are calls on purpose: inlined into a user's
// translation unit, a product followed by a sum could be contracted into a fused multiply-add (-march=native does so),
// and the same feature would then differ between two builds.
double add(double a, double b) noexcept;
double subtract(double a, double b) noexcept;
double multiply(double a, double b) noexcept;
double divide(double a, double b) noexcept;

} // namespace onefold::arithmetic
