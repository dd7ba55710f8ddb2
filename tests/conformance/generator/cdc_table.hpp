#pragma once

#include "conformance/generator/json_object.hpp"

namespace conformance {

// A case of op `cdc_table`.
struct CdcTable {
    std::string id, title;
    Input changes;
    std::size_t operation = 0, position = 0, time = 0;
    // Of each column of the key where a row that goes has it, and where any other has it.
    std::vector<std::size_t> key_before, key_after;
    std::vector<std::string> key, columns;
    std::vector<std::size_t> columns_after;
    std::string expected, expected_history;
};

// Throws CaseError: "case.json: primary_key: ...".
CdcTable parse_cdc_table(const json& document);

// The program of the case. `ticks`: see Clock.
std::string write_cdc_table(const CdcTable& table, std::int64_t ticks);

} // namespace conformance
