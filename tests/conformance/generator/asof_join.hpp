#pragma once

#include "conformance/generator/json_object.hpp"

namespace conformance {

// A case of op `asof_join`.
struct AsofJoin {
    std::string id, title;
    Input left, right;
    std::vector<std::size_t> left_key, right_key, carry_left, carry_right, tie_break;
    std::size_t left_time = 0, right_time = 0;
    std::optional<std::size_t> tombstone;
    std::optional<std::int64_t> time_to_live; // milliseconds
    bool strict = false, forward = false, inner = false;
    std::string expected = "expected.csv";
};

// Throws CaseError: "case.json: join.left_key: ...".
AsofJoin parse_asof_join(const json& document);

// The program of the case. `ticks`: see Clock.
std::string write_asof_join(const AsofJoin& join, std::int64_t ticks);

} // namespace conformance
