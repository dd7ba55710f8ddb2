#pragma once

#include "conformance/generator/case_file.hpp"

namespace conformance {

// What the definition needs to know of the input's event times, in milliseconds.
struct Times {
    // How far behind the newest row so far a row arrives, at most: with that lateness nothing is late.
    std::int64_t disorder = 0;
    // From the least to the greatest.
    std::int64_t span = 0;
    // Milliseconds stand for the library's microseconds, because microseconds would leave int64.
    std::int64_t ticks = 1000;
    // How many rows there are: no list of theirs is longer.
    std::int64_t rows = INT64_MAX;
};

Times times_of(const CaseFile& file, const Table& events);

// 1 where some time of the table, in microseconds, would leave int64: milliseconds stand for them then. Else 1000.
std::int64_t ticks_of(const std::vector<Column>& columns, const Table& table);

} // namespace conformance
