#include "conformance/generator/source.hpp"

#include <algorithm>
#include <cstdio>

#include "conformance/generator/definition.hpp"

namespace conformance {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string number(double value) { return nlohmann::json(value).dump(); }

std::string one_line(std::string text) {
    for (char& c : text)
        if (c == '\n' || c == '\r' || c == '\\') c = ' ';
    return text;
}

std::vector<std::string> columns_before_features(const CaseFile& file) {
    std::vector<std::string> names;
    const auto add = [&](const std::vector<std::size_t>& columns) {
        for (const auto column : columns) names.push_back(file.columns[column].name);
    };
    switch (file.op) {
    case Op::sliding: names = {"seq"}; break;
    case Op::stream_sliding: names = {"seq", "cause_seq", "watermark"}; break;
    case Op::stream_window: names = {"emit_seq", "cause_seq", "watermark", "pane"}; break;
    default: break;
    }
    add(file.closes() ? file.key : file.carry);
    if (file.closes()) names.insert(names.end(), {"window_start", "window_end"});
    return names;
}

std::string output(const CaseFile& file) {
    std::string text;
    const auto before = columns_before_features(file);
    for (const auto& name : before) text += "            {.name = " + string_literal(name) + "},\n";
    const auto sums = sums_of_magnitudes(file);
    const auto& rules = file.compare;
    for (std::size_t i = 0; i < file.features.size(); ++i) {
        const auto& feature = file.features[i];
        text += "            {.name = " + string_literal(feature.name);
        if (contains(rules.except, feature.name)) text += ", .relative = " + number(rules.relative);
        if (contains(rules.one_zero, feature.name)) text += ", .one_zero = true";
        if (feature.agg == "sum" && file.columns[*feature.column].type != Type::real)
            text += ", .sum_of_integers = true";
        if (sums[i] != 0)
            text += ", .of_sum_of_magnitudes = " + number(rules.of_sum_of_magnitudes) +
                    ", .sum_of_magnitudes = " + std::to_string(before.size() + sums[i]);
        text += "},\n";
    }
    return text;
}

} // namespace

Spelling spelling(Type type) {
    switch (type) {
    case Type::integer: return {"std::int64_t", "row.integer", "integer"};
    case Type::real: return {"double", "row.real", "real"};
    case Type::text: return {"std::string", "row.text", "text"};
    case Type::boolean: return {"bool", "row.boolean", "boolean"};
    case Type::time: return {"onefold::Time", "row.time", "time"};
    }
    return {};
}

std::string numbers(const std::vector<std::size_t>& list) {
    std::string text;
    for (const auto item : list) text += (text.empty() ? "" : ", ") + std::to_string(item);
    return text;
}

std::string columns_text(const std::vector<Column>& columns) {
    std::string text;
    for (const auto& column : columns)
        text += "            {" + string_literal(column.name) + ", conformance::Type::" + spelling(column.type).word +
                "},\n";
    return text;
}

std::string string_literal(std::string_view text) {
    std::string literal = "\"";
    bool zero = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') literal += std::string("\\") + c;
        else if (byte < 32 || byte == 127 || c == '?') {
            // Three octal digits end by themselves; a '?' written so makes no trigraph.
            char octal[8];
            std::snprintf(octal, sizeof octal, "\\%03o", byte);
            literal += octal;
            zero = zero || byte == 0;
        } else literal += c;
    }
    literal += '"';
    return zero ? "std::string_view(" + literal + ", " + std::to_string(text.size()) + ")" : literal;
}

std::string write_source(const CaseFile& file, const Times& times) {
    RecordWriter record(file);
    const auto definition = write_definition(file, times, record);
    const std::string runtime = file.closes() ? "closing" : "as_of_event";
    std::string text =
        "// " + one_line(file.id) + ": " + one_line(file.title) + "\n#include \"conformance/runtime/" + runtime +
        ".hpp\"\n\n" + record.write() + "\nusing namespace onefold::literals;\n\nstruct Case {\n" +
        "    static constexpr auto definition = " + definition + ";\n};\n\n" +
        "int main(int argc, char** argv) {\n    const conformance::Spec spec{\n" +
        "        .id = " + string_literal(file.id) + ",\n        .events = " + string_literal(file.events) +
        ",\n        .columns = {\n" + columns_text(file.columns) + "        },\n        .clock = {" +
        std::to_string(times.ticks) + "},\n        .output = {\n" + output(file) + "        },\n";
    if (!file.carry.empty()) text += "        .carry = {" + numbers(file.carry) + "},\n";
    text += "        .expected = " + string_literal(file.expected) + ",\n";
    if (!file.expected_dropped.empty())
        text += "        .expected_dropped = " + string_literal(file.expected_dropped) + ",\n";
    if (file.dedup) text += "        .deduplicates = true,\n";
    if (file.closes() && !file.key.empty()) text += "        .key_size = " + std::to_string(file.key.size()) + ",\n";
    if (file.streams() && file.row_kind) text += "        .row_kind = " + std::to_string(*file.row_kind) + ",\n";
    if (file.streams()) text += "        .streams = true,\n";
    if (!file.flush_at_end) text += "        .ends = false,\n";
    return text + "    };\n    return conformance::run_program(argc, argv, spec, conformance::run_" + runtime +
           "<Case>);\n}\n";
}

std::string write_refused(const std::string& sentence) {
    return "#include \"conformance/runtime/program.hpp\"\n\nint main() { return conformance::refuse_program(" +
           string_literal(sentence) + "); }\n";
}

} // namespace conformance
