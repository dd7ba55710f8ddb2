#include "conformance/generator/join.hpp"

#include "conformance/generator/source.hpp"
#include "onefold/core/time.hpp"

namespace conformance {
namespace {

std::size_t time_of(Object& object, const std::string& name, const Input& input) {
    const auto column = input.column(object.text(name), object.path(name));
    if (input.columns[column].type != Type::time) refuse(object.path(name), "the column is no timestamp_ms");
    return column;
}

std::string output_text(const Join& join) {
    std::string output;
    const auto column = [&](const std::string& name) {
        output += "            {.name = " + string_literal(name) + "},\n";
    };
    for (const auto i : join.carry_left) column(join.left.columns[i].name);
    for (const auto i : join.carry_right) column("right_" + join.right.columns[i].name);
    return output;
}

} // namespace

std::vector<std::size_t> columns_of(Object& object, const std::string& name, const Input& input) {
    std::vector<std::size_t> columns;
    for (const auto& column : object.texts(name)) columns.push_back(input.column(column, object.path(name)));
    return columns;
}

void parse_join(Join& join, const json& document, const char* op, const std::function<void(Object&)>& read) {
    Object all(document, "");
    join.id = all.find("id") ? all.text("id") : "";
    join.title = all.find("title") ? all.text("title") : "";
    all.find("notes");
    all.find("source");
    all.find("compare"); // what is carried is never computed, so that nothing can differ by a little
    all.word("op", "", {op});
    const auto left = all.text("left"), right = all.text("right");
    Object inputs(all.at("inputs"), "inputs");
    join.left = Input::parse(inputs.at(left), "inputs." + left);
    join.right = Input::parse(inputs.at(right), "inputs." + right);
    inputs.end();
    Object object(all.at("join"), "join");
    join.left_key = columns_of(object, "left_key", join.left);
    join.right_key = columns_of(object, "right_key", join.right);
    if (join.left_key.empty() || join.left_key.size() != join.right_key.size())
        refuse("join", "left_key and right_key are not lists of as many columns");
    for (std::size_t i = 0; i < join.left_key.size(); ++i) {
        const auto &mine = join.left.columns[join.left_key[i]], &its = join.right.columns[join.right_key[i]];
        if (mine.type != its.type)
            refuse("join.right_key", "\"" + its.name + "\" is not of the type of \"" + mine.name + "\"");
        if (mine.type == Type::real)
            refuse("join.left_key", "\"" + mine.name + "\" is float64, and floating point is no key");
    }
    join.left_time = time_of(object, "left_time", join.left);
    join.right_time = time_of(object, "right_time", join.right);
    read(object);
    object.end();
    join.carry_left = columns_of(all, "carry_left", join.left);
    join.carry_right = columns_of(all, "carry_right", join.right);
    for (const auto& name : all.texts("expected")) {
        if (name != "expected.csv" && name != "expected.csv.gz")
            refuse("expected", "the op has no file \"" + name + "\"; it has expected.csv");
        join.expected = name;
    }
    all.end();
}

std::string members(const char* record, const std::vector<std::size_t>& columns) {
    std::string text;
    for (const auto column : columns)
        text += (text.empty() ? "" : ", ") + std::string("&") + record + "::c" + std::to_string(column);
    return text;
}

std::string record(const char* name, const Input& input, bool numbered) {
    std::string declared = numbered ? "    std::int64_t row; // the order of arrival\n" : "", values;
    if (numbered) values = "row.number()";
    for (std::size_t i = 0; i < input.columns.size(); ++i) {
        const auto& column = input.columns[i];
        const auto spelled = spelling(column.type);
        const auto number = std::to_string(i);
        declared += std::string("    std::optional<") + spelled.type + "> c" + number + ";\n";
        values += (values.empty() ? "" : ", ") + std::string(spelled.read) + "(" + number + ")";
    }
    return std::string("struct ") + name + " {\n" + declared + "\n    static " + name +
           " of(const conformance::TableRow& row) {\n        return {" + values + "};\n    }\n};\n";
}

std::string join_main(const Join& join, std::int64_t ticks, const std::string& more, const std::string& run) {
    return "int main(int argc, char** argv) {\n    const conformance::JoinSpec spec{\n        .id = " +
           string_literal(join.id) + ",\n        .left = " + string_literal(join.left.file) +
           ",\n        .right = " + string_literal(join.right.file) + ",\n        .left_columns = {\n" +
           columns_text(join.left.columns) + "        },\n        .right_columns = {\n" +
           columns_text(join.right.columns) + "        },\n        .clock = {" + std::to_string(ticks) +
           "},\n        .output = {\n            {.name = \"left_seq\"},\n" + more + output_text(join) +
           "        },\n        .carry_left = {" + numbers(join.carry_left) + "},\n        .carry_right = {" +
           numbers(join.carry_right) + "},\n        .expected = " + string_literal(join.expected) +
           ",\n    };\n    return conformance::run_join_program(argc, argv, spec, conformance::" + run + ");\n}\n";
}

} // namespace conformance
