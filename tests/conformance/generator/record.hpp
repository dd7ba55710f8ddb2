#pragma once

#include "conformance/generator/case_file.hpp"

namespace conformance {

// The record of the generated program: a member for each column that the definition reads, made when it is asked for.
class RecordWriter {
public:
    explicit RecordWriter(const CaseFile& file) : file_(file) {}

    // The member that holds the column: an optional of its type; the event time is `at`, an onefold::Time.
    std::string member(std::size_t column);
    // The member that holds the column as a number: for a column of times, its milliseconds.
    std::string number(std::size_t column);
    // The same as expressions of the definition.
    std::string field(std::size_t column) { return "onefold::field<&Event::" + member(column) + ">"; }
    std::string number_field(std::size_t column) { return "onefold::field<&Event::" + number(column) + ">"; }
    // A column without nulls, as the partition of a source.
    std::string plain(std::size_t column);
    // What tells repeats of an identity apart; see Table::first_with_same.
    std::string identity(std::size_t column);

    // Whether the identity came before; see Table::first_with_same.
    std::string repeat(std::size_t column);

    // The struct with its function that makes one of a row.
    std::string write() const;

private:
    std::string add(const std::string& name, const std::string& type, const std::string& value, std::size_t column);
    struct Member {
        std::string name, type, value, comment;
    };
    const CaseFile& file_;
    std::vector<Member> members_;
};

} // namespace conformance
