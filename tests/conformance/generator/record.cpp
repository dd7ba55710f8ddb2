#include "conformance/generator/record.hpp"

#include <algorithm>
#include <cctype>

#include "conformance/generator/source.hpp"

namespace conformance {
namespace {

bool is_word(const std::string& text) {
    if (text.empty() || text.size() > 60 || !std::isalpha(static_cast<unsigned char>(text[0]))) return false;
    if (text.back() == '_' || text.find("__") != std::string::npos) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '_' || (c > 0 && std::isalnum(static_cast<unsigned char>(c))); });
}

// A column's name may be a keyword, hold spaces or be empty; it is only a label, so that the member may have another.
// Only members that hold a column as it is end with '_', so that no two of them have one name.
std::string stem(const CaseFile& file, std::size_t column) {
    const auto& name = file.columns[column].name;
    return is_word(name) && !name.starts_with("column") ? name : "column" + std::to_string(column);
}

std::string at(std::size_t column) { return "(" + std::to_string(column) + ")"; }

} // namespace

std::string RecordWriter::add(const std::string& name, const std::string& type, const std::string& value,
                              std::size_t column) {
    const auto known = std::find_if(members_.begin(), members_.end(), [&](const auto& m) { return m.name == name; });
    if (known == members_.end()) {
        std::string comment;
        for (const char c : file_.columns[column].name) comment += c >= ' ' && c != '\\' ? c : '?';
        members_.push_back({name, type, value, comment});
    }
    return name;
}

std::string RecordWriter::member(std::size_t column) {
    if (column == file_.time) return "at";
    const auto [type, read, word] = spelling(file_.columns[column].type);
    return add(stem(file_, column) + "_", std::string("std::optional<") + type + ">", read + at(column), column);
}

std::string RecordWriter::number(std::size_t column) {
    if (file_.columns[column].type != Type::time) return member(column);
    return add(stem(file_, column) + "_ms", "std::optional<std::int64_t>", "row.integer" + at(column), column);
}

std::string RecordWriter::plain(std::size_t column) {
    const auto type = file_.columns[column].type;
    const auto [spelled, read, word] = spelling(type == Type::time ? Type::integer : type);
    return add(stem(file_, column) + "_plain", spelled,
               "row.required(" + std::string(read) + at(column) + ", " + std::to_string(column) + ")", column);
}

std::string RecordWriter::identity(std::size_t column) {
    return add(stem(file_, column) + "_first", "std::int64_t", "row.first_with_same" + at(column), column);
}

std::string RecordWriter::repeat(std::size_t column) {
    return add("repeat", "bool", "row.first_with_same" + at(column) + " != row.number()", column);
}

std::string RecordWriter::write() const {
    const auto time = at(file_.time);
    std::string moment = "row.moment" + time;
    if (file_.row_kind)
        moment = "row.is(" + std::to_string(*file_.row_kind) + ", \"W\") ? row.end_of_moment" + time + " : " + moment;
    std::string declared = "    std::int64_t row; // the order of arrival\n    onefold::Time at; // the event time\n";
    std::string values = "row.number(), " + moment;
    for (const auto& member : members_) {
        declared += "    " + member.type + " " + member.name + "; // " + member.comment + "\n";
        values += ", " + member.value;
    }
    return "struct Event {\n" + declared +
           "\n    static Event of(const conformance::TableRow& row) {\n        return {" + values + "};\n    }\n};\n";
}

} // namespace conformance
