#pragma once

#include <map>
#include <stdexcept>

#include "conformance/runtime/cell.hpp"
#include "onefold/record/operation.hpp"

namespace conformance {

// What is wrong with a case or with its files, as one sentence.
struct CaseError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A cell as its file says it: `\N` without quotes is null, and only that.
struct FileCell {
    std::string text;
    bool null = false;
    bool quoted = false;
};

struct FileTable {
    std::vector<std::string> header;
    std::vector<std::vector<FileCell>> rows;
};

// Reads `folder/name`, or the same file compressed, `name.gz`, or uncompressed. Throws CaseError.
FileTable read_file(const std::string& folder, const std::string& name);

// An input of a case, each cell read as its column's type.
class Table {
public:
    // Throws CaseError where the file is not what `columns` says.
    Table(const std::string& folder, const std::string& name, const std::vector<Column>& columns, Clock clock = {});

    std::size_t size() const noexcept { return rows_.size(); }
    const Cell& at(std::size_t row, std::size_t column) const { return rows_[row][column]; }
    Clock clock() const noexcept { return clock_; }
    // The first row with the same value in the column; a null is the first of its own. It numbers identities in order
    // of arrival, where one number must both tell repeats apart and order the ties.
    std::int64_t first_with_same(std::size_t row, std::size_t column) const;

private:
    std::vector<Row> rows_;
    Clock clock_;
    mutable std::map<std::size_t, std::map<std::string, std::int64_t>> first_;
    mutable std::map<std::size_t, std::size_t> numbered_;
};

// A row of an input, as generated sources make an event of it.
class TableRow {
public:
    TableRow(const Table& table, std::size_t row) : table_(table), row_(row) {}

    std::int64_t number() const noexcept { return static_cast<std::int64_t>(row_); }
    std::optional<std::int64_t> integer(std::size_t column) const { return value<std::int64_t>(column); }
    std::optional<double> real(std::size_t column) const { return value<double>(column); }
    std::optional<bool> boolean(std::size_t column) const { return value<bool>(column); }
    std::optional<std::string> text(std::size_t column) const { return value<std::string>(column); }
    std::optional<onefold::Time> time(std::size_t column) const;
    // The event time, which is never null.
    onefold::Time moment(std::size_t column) const;
    // What a watermark of that many milliseconds says: the whole millisecond is over.
    onefold::Time end_of_moment(std::size_t column) const;
    // What is never null, as the partition of a row.
    template <class T>
    T required(const std::optional<T>& found, std::size_t column) const {
        if (found) return *found;
        throw CaseError("row " + std::to_string(row_) + " has a null in column " + std::to_string(column) +
                        ", which says its partition");
    }
    bool is(std::size_t column, std::string_view wanted) const;
    // The letter of an operation. Throws CaseError.
    onefold::Operation operation(std::size_t column) const;
    std::int64_t first_with_same(std::size_t column) const { return table_.first_with_same(row_, column); }

private:
    template <class T>
    std::optional<T> value(std::size_t column) const {
        const auto* found = std::get_if<T>(&table_.at(row_, column));
        return found ? std::optional<T>(*found) : std::nullopt;
    }
    const Table& table_;
    std::size_t row_;
};

} // namespace conformance
