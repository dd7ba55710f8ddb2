#pragma once

#include "conformance/generator/times.hpp"

namespace conformance {

// The case as a program of the library's user: a record, a definition, and a main that hands both to the runtime.
std::string write_source(const CaseFile& file, const Times& times);
// The program of a case that was refused: its tests fail with the sentence.
std::string write_refused(const std::string& sentence);

// How a column's type is written: in a record, in what reads it of a row, and as the runtime's word for it.
struct Spelling {
    const char* type;
    const char* read;
    const char* word;
};
Spelling spelling(Type type);
// "1, 2, 3".
std::string numbers(const std::vector<std::size_t>& list);
// The columns as the runtime reads them, one in a line.
std::string columns_text(const std::vector<Column>& columns);

// A C++ string literal of these bytes, and whether a zero byte makes it one that needs its length.
std::string string_literal(std::string_view text);

} // namespace conformance
