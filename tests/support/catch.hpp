#pragma once

// Catch2 version 2 or 3, whichever is installed: tests include only this header and write Approx unqualified.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
