#pragma once

// The definitions that the generator has drawn, for whoever has events: each with what it covers, and its source.

#include <string_view>
#include <vector>

#include "fuzz/language.hpp"
#include "support/registry.hpp"

namespace fuzz {

struct RandomDefinition {
    twin::Definition check;
    std::vector<Clause> clauses;
    std::string_view source;
};

inline std::vector<RandomDefinition>& random_definitions() {
    static std::vector<RandomDefinition> all;
    return all;
}

} // namespace fuzz
