#pragma once

// What a source of random definitions includes.

#include "fuzz/random_registry.hpp"
#include "support/parity_check.hpp"

namespace fuzz {

template <class Def>
struct Registered {
    Registered(std::string_view name, std::vector<Clause> clauses, std::string_view source) {
        random_definitions().push_back({twin::checked<Def>(name), std::move(clauses), source});
    }
};

} // namespace fuzz
