#include "conformance/runtime/table.hpp"

#include <filesystem>

#include "onefold/core/error.hpp"
#include "onefold/port/text_source.hpp"
#include "onefold/record/parse.hpp"

namespace conformance {
namespace {

std::string stored(const std::string& folder, const std::string& name) {
    const auto path = folder + "/" + name;
    if (std::filesystem::exists(path)) return path;
    if (std::filesystem::exists(path + ".gz")) return path + ".gz";
    if (name.ends_with(".gz") && std::filesystem::exists(path.substr(0, path.size() - 3)))
        return path.substr(0, path.size() - 3);
    throw CaseError("there is no file " + path);
}

template <class T>
Cell parsed(const FileCell& cell, bool& ok) {
    T value{};
    ok = onefold::parse_cell(onefold::Cell{cell.text, cell.quoted ? onefold::CellKind::text : onefold::CellKind::bare},
                             value) == onefold::ParseError::none;
    return value;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
    return text;
}

std::string shown(const FileCell& cell) { return cell.quoted ? '"' + cell.text + '"' : cell.text; }

// What the format has for a type.
const char* written(Type type) {
    switch (type) {
    case Type::integer: return "an int64, such as -12, or \\N";
    case Type::real: return "a float64, such as 0.5, 3, nan or -inf, or \\N";
    case Type::text: return "a string in quotes, such as \"a\", or \\N";
    case Type::boolean: return "true, false or \\N";
    case Type::time: return "a timestamp_ms, an int64 of milliseconds since 1970, or \\N";
    }
    return "";
}

Cell parsed(const FileCell& cell, Type type, bool& ok) {
    if (cell.null) return std::monostate();
    if (cell.quoted != (type == Type::text)) ok = false;
    else if (type == Type::text) return cell.text;
    else if (type == Type::real) return parsed<double>(cell, ok);
    else if (type == Type::boolean) return parsed<bool>(cell, ok);
    else return parsed<std::int64_t>(cell, ok);
    return std::monostate();
}

} // namespace

FileTable read_file(const std::string& folder, const std::string& name) {
    const auto path = stored(folder, name);
    try {
        onefold::TextSource source(path);
        FileTable table;
        table.header = source.columns();
        for (onefold::TextRecord record; source.next(record);) {
            if (record.malformed())
                throw CaseError(path + ":" + std::to_string(record.line) + ": " + std::string(record.reason));
            auto& row = table.rows.emplace_back();
            for (const auto& cell : record.cells) {
                // The library's reader takes an empty cell for null as well; this format has none.
                if (cell.kind == onefold::CellKind::null && cell.text.empty())
                    throw CaseError(path + ":" + std::to_string(record.line) + ": an empty cell without quotes");
                row.push_back({std::string(cell.text), cell.kind == onefold::CellKind::null,
                               cell.kind == onefold::CellKind::text});
            }
        }
        return table;
    } catch (const onefold::Error& error) { throw CaseError(error.what()); }
}

Table::Table(const std::string& folder, const std::string& name, const std::vector<Column>& columns, Clock clock)
    : clock_(clock) {
    const auto file = read_file(folder, name);
    std::vector<std::string> wanted;
    for (const auto& column : columns) wanted.push_back(column.name);
    if (file.header != wanted)
        throw CaseError(name + ": its header is " + joined(file.header) + ", and case.json lists the columns " +
                        joined(wanted));
    rows_.reserve(file.rows.size());
    for (std::size_t r = 0; r < file.rows.size(); ++r) {
        auto& row = rows_.emplace_back();
        row.reserve(columns.size());
        for (std::size_t c = 0; c < columns.size(); ++c) {
            bool ok = true;
            row.push_back(parsed(file.rows[r][c], columns[c].type, ok));
            if (!ok)
                throw CaseError(name + ": row " + std::to_string(r) + ", column " + columns[c].name + ": " +
                                shown(file.rows[r][c]) + " is not " + written(columns[c].type));
        }
    }
}

std::int64_t Table::first_with_same(std::size_t row, std::size_t column) const {
    auto& first = first_[column];
    auto& numbered = numbered_[column];
    for (; numbered <= row; ++numbered)
        if (const auto& cell = at(numbered, column); !std::holds_alternative<std::monostate>(cell))
            first.emplace(to_text(cell), static_cast<std::int64_t>(numbered));
    const auto& cell = at(row, column);
    return std::holds_alternative<std::monostate>(cell) ? static_cast<std::int64_t>(row) : first.at(to_text(cell));
}

std::optional<onefold::Time> TableRow::time(std::size_t column) const {
    const auto milliseconds = value<std::int64_t>(column);
    return milliseconds ? std::optional(table_.clock().time(*milliseconds)) : std::nullopt;
}

onefold::Time TableRow::moment(std::size_t column) const {
    if (const auto found = time(column)) return *found;
    throw CaseError("row " + std::to_string(row_) + " has no event time");
}

onefold::Time TableRow::end_of_moment(std::size_t column) const {
    return {onefold::saturating_add(moment(column).micros, table_.clock().ticks - 1)};
}

bool TableRow::is(std::size_t column, std::string_view wanted) const {
    const auto* text = std::get_if<std::string>(&table_.at(row_, column));
    return text && *text == wanted;
}

onefold::Operation TableRow::operation(std::size_t column) const {
    const auto letter = text(column);
    for (const auto operation : {onefold::Operation::create, onefold::Operation::read, onefold::Operation::update,
                                 onefold::Operation::remove, onefold::Operation::truncate})
        if (letter && *letter == onefold::to_text(operation)) return operation;
    throw CaseError("row " + std::to_string(row_) + " has no operation c, r, u, d or t");
}

} // namespace conformance
