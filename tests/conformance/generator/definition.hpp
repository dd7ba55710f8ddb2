#pragma once

#include "conformance/generator/record.hpp"
#include "conformance/generator/times.hpp"

namespace conformance {

// `onefold::define(...)` of the case, as its user would write it. Asks the record for the members that it names.
std::string write_definition(const CaseFile& file, const Times& times, RecordWriter& record);

// The position of the sum of |x| beside each feature whose tolerance is a part of it, counted in features; 0: none.
std::vector<std::size_t> sums_of_magnitudes(const CaseFile& file);

} // namespace conformance
