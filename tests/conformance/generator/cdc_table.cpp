#include "conformance/generator/cdc_table.hpp"

#include "conformance/generator/source.hpp"

namespace conformance {
namespace {

std::size_t typed_column(const Input& input, const std::string& name, Type type, const char* word) {
    const auto column = input.column(name, "inputs.changes");
    if (input.columns[column].type != type) refuse("inputs.changes", "the column \"" + name + "\" is no " + word);
    return column;
}

std::string read(const Input& input, std::size_t column) {
    return std::string(spelling(input.columns[column].type).read) + "(" + std::to_string(column) + ")";
}

std::string optional_of(const Input& input, std::size_t column) {
    return std::string("    std::optional<") + spelling(input.columns[column].type).type + "> ";
}

// The change with the key of whatever row it is about.
std::string record(const CdcTable& table) {
    const auto& input = table.changes;
    std::string declared = "    std::int64_t row; // the order of arrival\n    onefold::Operation op;\n" +
                           optional_of(input, table.position) + "lsn;\n" + optional_of(input, table.time) + "at;\n",
                values = "row.number(), op, " + read(input, table.position) + ", " + read(input, table.time);
    for (std::size_t i = 0; i < table.key.size(); ++i) {
        declared += optional_of(input, table.key_after[i]) + "k" + std::to_string(i) + ";\n";
        values += ", op == onefold::Operation::remove ? " + read(input, table.key_before[i]) + " : " +
                  read(input, table.key_after[i]);
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        declared += optional_of(input, table.columns_after[i]) + "c" + std::to_string(i) + ";\n";
        values += ", " + read(input, table.columns_after[i]);
    }
    return "struct Change {\n" + declared + "\n    static Change of(const conformance::TableRow& row) {\n" +
           "        const auto op = row.operation(" + std::to_string(table.operation) + ");\n        return {" +
           values + "};\n    }\n};\n";
}

std::string members(const char* letter, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += (i == 0 ? "" : ", ") + std::string("&Change::") + letter + std::to_string(i);
    return text;
}

} // namespace

CdcTable parse_cdc_table(const json& document) {
    Object all(document, "");
    CdcTable table;
    table.id = all.find("id") ? all.text("id") : "";
    table.title = all.find("title") ? all.text("title") : "";
    all.find("notes");
    all.find("source");
    all.find("compare"); // nothing is computed, so that nothing can differ by a little
    all.word("op", "", {"cdc_table"});
    Object inputs(all.at("inputs"), "inputs");
    table.changes = Input::parse(inputs.at("changes"), "inputs.changes");
    inputs.end();
    table.operation = typed_column(table.changes, "op", Type::text, "string");
    table.time = typed_column(table.changes, "ts_ms", Type::time, "timestamp_ms");
    table.position = table.changes.column("lsn", "inputs.changes");
    if (const auto type = table.changes.columns[table.position].type; type == Type::real || type == Type::boolean)
        refuse("inputs.changes", "the column \"lsn\" is no int64 and no string");
    table.key = all.texts("primary_key");
    if (table.key.empty()) refuse("primary_key", "is no list of columns");
    for (const auto& name : table.key) {
        table.key_before.push_back(table.changes.column("before_" + name, "primary_key"));
        table.key_after.push_back(table.changes.column("after_" + name, "primary_key"));
        const auto type = table.changes.columns[table.key_after.back()].type;
        if (type == Type::real) refuse("primary_key", "\"" + name + "\" is float64, and floating point is no key");
        if (table.changes.columns[table.key_before.back()].type != type)
            refuse("primary_key", "\"before_" + name + "\" is not of the type of \"after_" + name + "\"");
    }
    table.columns = all.texts("columns_out");
    for (const auto& name : table.columns)
        table.columns_after.push_back(table.changes.column("after_" + name, "columns_out"));
    for (const auto& name : all.texts("expected")) {
        if (name == "expected.csv" || name == "expected.csv.gz") table.expected = name;
        else if (name == "expected_history.csv" || name == "expected_history.csv.gz") table.expected_history = name;
        else refuse("expected", "the op has no file \"" + name + "\"; it has expected.csv and expected_history.csv");
    }
    if (table.expected.empty()) refuse("expected", "does not name expected.csv; write [\"expected.csv\"]");
    all.end();
    return table;
}

std::string write_cdc_table(const CdcTable& table, std::int64_t ticks) {
    std::string row;
    for (const auto* names : {&table.key, &table.columns})
        for (const auto& name : *names) row += "            {.name = " + string_literal(name) + "},\n";
    std::string cells;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        cells += (i == 0 ? "" : ", ") + std::string("conformance::cell_of<conformance::Cell>(clock, change.c") +
                 std::to_string(i) + ")";
    return "#include \"conformance/runtime/cdc_table.hpp\"\n\n" + record(table) +
           "\nstruct Case {\n    static constexpr auto definition = onefold::table<Change>(\"changes\")\n        "
           ".key<" +
           members("k", table.key.size()) + ">().since<&Change::at>().changes<&Change::op, &Change::lsn>();\n\n" +
           "    static conformance::Row columns([[maybe_unused]] conformance::Clock clock, "
           "[[maybe_unused]] const Change& change) {\n        return {" +
           cells + "};\n    }\n};\n" +
           "\nint main(int argc, char** argv) {\n    const conformance::CdcSpec spec{\n        .id = " +
           string_literal(table.id) + ",\n        .changes = " + string_literal(table.changes.file) +
           ",\n        .columns = {\n" + columns_text(table.changes.columns) + "        },\n        .clock = {" +
           std::to_string(ticks) + "},\n        .row = {\n" + row +
           "        },\n        .expected = " + string_literal(table.expected) +
           ",\n        .expected_history = " + string_literal(table.expected_history) +
           ",\n    };\n    return conformance::run_cdc_program(argc, argv, spec, "
           "conformance::run_cdc_table<Case>);\n}\n";
}

} // namespace conformance
