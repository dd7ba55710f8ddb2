#pragma once

#include "conformance/generator/join.hpp"

namespace conformance {

// A case of op `asof_join`.
struct AsofJoin : Join {
    std::vector<std::size_t> tie_break;
    std::optional<std::size_t> tombstone;
    std::optional<std::int64_t> time_to_live; // milliseconds
    bool strict = false, forward = false, inner = false;
};

// Throws CaseError: "case.json: join.left_key: ...".
AsofJoin parse_asof_join(const json& document);

// The program of the case. `ticks`: see Clock.
std::string write_asof_join(const AsofJoin& join, std::int64_t ticks);

} // namespace conformance
