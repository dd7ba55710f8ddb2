#include "conformance/generator/json_object.hpp"

namespace conformance {

Type type_of(const std::string& word, const std::string& where) {
    if (word == "int64") return Type::integer;
    if (word == "float64") return Type::real;
    if (word == "string") return Type::text;
    if (word == "bool") return Type::boolean;
    if (word == "timestamp_ms") return Type::time;
    refuse(where, "the type \"" + word +
                      "\" is not one that the format has; write \"int64\", \"float64\", \"string\", \"bool\" or "
                      "\"timestamp_ms\"");
}

Input Input::parse(const json& value, const std::string& where) {
    Object object(value, where);
    Input input;
    input.file = object.text("file");
    for (const auto& column : object.at("columns")) {
        if (!column.is_array() || column.size() != 2 || !column[0].is_string() || !column[1].is_string())
            refuse(where + ".columns", "a column is a pair of name and type; write [[\"v\", \"int64\"], ...]");
        for (const auto& known : input.columns)
            if (known.name == column[0])
                refuse(where + ".columns", "the column \"" + known.name + "\" is listed twice");
        input.columns.push_back(
            {column[0].get<std::string>(), type_of(column[1].get<std::string>(), where + ".columns")});
    }
    object.end();
    return input;
}

std::size_t Input::column(const std::string& name, const std::string& where) const {
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == name) return i;
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.name);
    refuse(where, "the input has no column \"" + name + "\"; it has " + offered(names));
}

} // namespace conformance
