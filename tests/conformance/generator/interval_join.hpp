#pragma once

#include "conformance/generator/join.hpp"

namespace conformance {

// A case of op `interval_join`.
struct IntervalJoin : Join {
    std::int64_t lower = 0, upper = 0; // milliseconds
    bool lower_inclusive = true, upper_inclusive = true;
};

// Throws CaseError: "case.json: join.lower_ms: ...".
IntervalJoin parse_interval_join(const json& document);

// The program of the case. `ticks`: see Clock.
std::string write_interval_join(const IntervalJoin& join, std::int64_t ticks);

} // namespace conformance
