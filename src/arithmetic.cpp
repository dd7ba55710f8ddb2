#include "onefold/core/arithmetic.hpp"

// noinline holds under link-time optimisation too, where inlining would undo what the header promises.
#if defined(__GNUC__)
#define ONEFOLD_NEVER_INLINE [[gnu::noinline]]
#else
#define ONEFOLD_NEVER_INLINE
#endif

namespace onefold::arithmetic {

ONEFOLD_NEVER_INLINE double add(double a, double b) noexcept { return a + b; }
ONEFOLD_NEVER_INLINE double subtract(double a, double b) noexcept { return a - b; }
ONEFOLD_NEVER_INLINE double multiply(double a, double b) noexcept { return a * b; }
ONEFOLD_NEVER_INLINE double divide(double a, double b) noexcept { return a / b; }

} // namespace onefold::arithmetic
