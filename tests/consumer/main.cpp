#include <onefold/core/arithmetic.hpp>
#include <onefold/core/time.hpp>

// One call into a header and one into the library that was linked.
int main() {
    const bool inlined = onefold::saturating_add(onefold::latest, 1) == onefold::latest;
    const bool linked = onefold::arithmetic::divide(1.0, 4.0) == 0.25;
    return inlined && linked ? 0 : 1;
}
