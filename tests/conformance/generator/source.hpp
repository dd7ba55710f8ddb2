#pragma once

#include "conformance/generator/times.hpp"

namespace conformance {

// The case as a program of the library's user: a record, a definition, and a main that hands both to the runtime.
std::string write_source(const CaseFile& file, const Times& times);
// The program of a case that is skipped.
std::string write_skipped(const CaseFile& file);
// The program of a case that was refused: its tests fail with the sentence.
std::string write_refused(const std::string& sentence);

// A C++ string literal of these bytes, and whether a zero byte makes it one that needs its length.
std::string string_literal(std::string_view text);

} // namespace conformance
