#pragma once

#include <string>

#include "support/catch.hpp"

// The matcher of a part of a text, which version 3 of Catch2 renamed.
inline auto Contains(const std::string& part) {
#if __has_include(<catch2/catch_all.hpp>)
    return Catch::Matchers::ContainsSubstring(part);
#else
    return Catch::Matchers::Contains(part);
#endif
}
