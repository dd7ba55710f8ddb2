#pragma once

// What nearly every test includes, for CMake to compile once. A test names what it needs all the same.
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include "onefold/onefold.hpp"
#include "onefold/run/backfill.hpp"
#include "support/catch.hpp"
