// expect: onefold: -ffast-math
// flags: -ffast-math
#include "fixture.hpp"
