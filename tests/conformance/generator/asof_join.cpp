#include "conformance/generator/asof_join.hpp"

#include "conformance/generator/source.hpp"
#include "onefold/core/time.hpp"

namespace conformance {
namespace {

std::vector<std::size_t> columns_of(Object& object, const std::string& name, const Input& input) {
    std::vector<std::size_t> columns;
    for (const auto& column : object.texts(name)) columns.push_back(input.column(column, object.path(name)));
    return columns;
}

std::size_t time_of(Object& object, const std::string& name, const Input& input) {
    const auto column = input.column(object.text(name), object.path(name));
    if (input.columns[column].type != Type::time) refuse(object.path(name), "the column is no timestamp_ms");
    return column;
}

void parse_join(AsofJoin& join, const json& value) {
    Object object(value, "join");
    join.left_key = columns_of(object, "left_key", join.left);
    join.right_key = columns_of(object, "right_key", join.right);
    if (join.left_key.empty() || join.left_key.size() != join.right_key.size())
        refuse("join", "left_key and right_key are not lists of as many columns");
    for (std::size_t i = 0; i < join.left_key.size(); ++i) {
        const auto left = join.left.columns[join.left_key[i]], right = join.right.columns[join.right_key[i]];
        if (left.type != right.type)
            refuse("join.right_key", "\"" + right.name + "\" is not of the type of \"" + left.name + "\"");
        if (left.type == Type::real)
            refuse("join.left_key", "\"" + left.name + "\" is float64, and floating point is no key");
    }
    join.left_time = time_of(object, "left_time", join.left);
    join.right_time = time_of(object, "right_time", join.right);
    join.inner = object.word("how", "left", {"left", "inner"}) == "inner";
    join.forward = object.word("direction", "backward", {"backward", "forward"}) == "forward";
    join.strict = object.flag("strict", false);
    join.tie_break = columns_of(object, "tie_break", join.right);
    if (const auto* ttl = object.find("ttl_ms"); ttl && !ttl->is_null())
        join.time_to_live = object.at_least(0, "ttl_ms", object.integer("ttl_ms", *ttl));
    if (const auto* tombstone = object.find("tombstone"); tombstone && !tombstone->is_null()) {
        join.tombstone = join.right.column(object.text("tombstone"), "join.tombstone");
        if (join.right.columns[*join.tombstone].type != Type::boolean)
            refuse("join.tombstone", "the column is no bool");
    }
    object.end();
}

// A record with a member for every column, called by its number: c0, c1 ...
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

std::string members(const char* record, const std::vector<std::size_t>& columns) {
    std::string text;
    for (const auto column : columns)
        text += (text.empty() ? "" : ", ") + std::string("&") + record + "::c" + std::to_string(column);
    return text;
}

std::string table(const AsofJoin& join, std::int64_t ticks) {
    auto text = "onefold::table<Version>(\"right\").key<" + members("Version", join.right_key) + ">().on<" +
                members("Event", join.left_key) + ">().since<&Version::c" + std::to_string(join.right_time) +
                // No version is late, and no row settles before the end.
                ">()\n            .lateness(onefold::Duration{onefold::latest}).last_arrived_wins()";
    if (join.strict) text += ".strictly()";
    if (join.forward) text += ".forward()";
    if (!join.tie_break.empty()) text += ".tie_break<" + members("Version", join.tie_break) + ">()";
    if (join.tombstone) text += ".tombstone<&Version::c" + std::to_string(*join.tombstone) + ">()";
    if (join.time_to_live && *join.time_to_live <= onefold::latest / ticks)
        text += ".time_to_live(onefold::Duration{" + std::to_string(*join.time_to_live * ticks) + "})";
    else if (join.forward) text += ".time_to_live(onefold::Duration{onefold::latest - 1})";
    return text;
}

} // namespace

AsofJoin parse_asof_join(const json& document) {
    Object all(document, "");
    AsofJoin join;
    join.id = all.find("id") ? all.text("id") : "";
    join.title = all.find("title") ? all.text("title") : "";
    all.find("notes");
    all.find("source");
    all.find("compare"); // what is carried is never computed, so that nothing can differ by a little
    all.word("op", "", {"asof_join"});
    const auto left = all.text("left"), right = all.text("right");
    Object inputs(all.at("inputs"), "inputs");
    join.left = Input::parse(inputs.at(left), "inputs." + left);
    join.right = Input::parse(inputs.at(right), "inputs." + right);
    inputs.end();
    parse_join(join, all.at("join"));
    join.carry_left = columns_of(all, "carry_left", join.left);
    join.carry_right = columns_of(all, "carry_right", join.right);
    for (const auto& name : all.texts("expected")) {
        if (name != "expected.csv" && name != "expected.csv.gz")
            refuse("expected", "the op has no file \"" + name + "\"; it has expected.csv");
        join.expected = name;
    }
    all.end();
    return join;
}

std::string write_asof_join(const AsofJoin& join, std::int64_t ticks) {
    std::string derived = "\"matched\"_f = onefold::matched<Version>()",
                output = "            {.name = \"left_seq\"},\n";
    for (const auto column : join.carry_left)
        output += "            {.name = " + string_literal(join.left.columns[column].name) + "},\n";
    for (std::size_t i = 0; i < join.carry_right.size(); ++i) {
        const auto column = join.carry_right[i];
        derived += ",\n            \"r" + std::to_string(i) + "\"_f = onefold::field<&Version::c" +
                   std::to_string(column) + ">";
        output += "            {.name = " + string_literal("right_" + join.right.columns[column].name) + "},\n";
    }
    return "#include \"conformance/runtime/asof_join.hpp\"\n\n" + record("Event", join.left, true) + "\n" +
           record("Version", join.right, false) + "\nusing namespace onefold::literals;\n\nstruct Case {\n" +
           "    static constexpr auto definition = onefold::define(\n        "
           "onefold::stream<Event>(\"left\").time<&Event::c" +
           std::to_string(join.left_time) + ">().id<&Event::row>().keep_duplicates().lateness(" +
           "onefold::Duration{onefold::latest}),\n        " + table(join, ticks) + ",\n        onefold::derive(" +
           derived +
           "));\n};\n\nint main(int argc, char** argv) {\n    const conformance::JoinSpec spec{\n        .id = " +
           string_literal(join.id) + ",\n        .left = " + string_literal(join.left.file) +
           ",\n        .right = " + string_literal(join.right.file) + ",\n        .left_columns = {\n" +
           columns_text(join.left.columns) + "        },\n        .right_columns = {\n" +
           columns_text(join.right.columns) + "        },\n        .clock = {" + std::to_string(ticks) +
           "},\n        .output = {\n" + output + "        },\n        .carry_left = {" + numbers(join.carry_left) +
           "},\n        .inner = " + (join.inner ? "true" : "false") +
           ",\n        .expected = " + string_literal(join.expected) +
           ",\n    };\n    return conformance::run_join_program(argc, argv, spec, "
           "conformance::run_asof_join<Case>);\n}\n";
}

} // namespace conformance
