#include "conformance/generator/case_file.hpp"

#include <algorithm>

#include "conformance/generator/json_object.hpp"
#include "onefold/core/calendar.hpp"

namespace conformance {
namespace {

std::size_t column_of(const CaseFile& file, const std::string& name, const std::string& where) {
    return Input{file.events, file.columns}.column(name, where);
}

void parse_input(CaseFile& file, Object& all) {
    const auto& inputs = all.at("inputs");
    if (!inputs.is_object() || inputs.size() != 1) refuse("inputs", "this op reads one input");
    auto input = Input::parse(inputs.begin().value(), "inputs." + inputs.begin().key());
    file.events = std::move(input.file);
    file.columns = std::move(input.columns);
}

CaseWindow parse_window(const json& value, const std::string& where, bool closes) {
    Object object(value, where);
    CaseWindow window;
    const auto type = object.text("type");
    if (closes ? type == "sliding" || type == "rows" : type != "sliding" && type != "rows")
        refuse(where + ".type", "the window \"" + type + "\" does not belong to this op");
    if (type == "sliding") {
        window.kind = CaseWindow::Kind::sliding;
        const auto& size = object.at("size_ms");
        if (!size.is_null()) window.size = object.at_least(0, "size_ms", object.integer("size_ms", size));
        window.bounds = object.word("bounds", window.bounds, {"(t-W,t]", "[t-W,t]", "[t-W,t)", "(t-W,t)"});
        window.delay = object.at_least(0, "delay_ms", object.integer_or("delay_ms", 0));
        window.ties_by_seq = object.word("ties", "all", {"all", "seq"}) == "seq";
        window.max_rows = object.at_least(0, "max_rows", object.integer_or("max_rows", 0));
        if (const auto* exclude = object.find("exclude"); exclude && !exclude->is_null())
            window.excludes_ties = object.word("exclude", "", {"current_time"}) == "current_time";
    } else if (type == "rows") {
        window.kind = CaseWindow::Kind::rows;
        window.rows = object.at_least(1, "rows", object.integer("rows"));
    } else if (type == "tumbling" || type == "hopping") {
        window.kind = type == "tumbling" ? CaseWindow::Kind::tumbling : CaseWindow::Kind::hopping;
        window.size = object.at_least(1, "size_ms", object.integer("size_ms"));
        window.offset = object.integer_or("offset_ms", 0);
        if (type == "hopping") window.hop = object.at_least(1, "hop_ms", object.integer("hop_ms"));
        // An offset of whole hops is none.
        window.offset %= window.hop != 0 ? window.hop : *window.size;
    } else if (type == "session") {
        window.kind = CaseWindow::Kind::session;
        window.gap = object.at_least(1, "gap_ms", object.integer("gap_ms"));
        window.touching_merge = object.flag("touching_merge", true);
    } else if (type == "calendar") {
        window.kind = CaseWindow::Kind::calendar;
        object.at("unit");
        window.unit = object.word("unit", "", {"day", "week", "month"});
        window.zone = object.text("zone");
        try {
            onefold::Calendar calendar(onefold::CalendarUnit::day, window.zone);
        } catch (const std::exception&) {
            refuse(where + ".zone", "there is no time zone \"" + window.zone +
                                        "\"; write the name of the IANA database, as in \"Europe/Rome\" or \"UTC\"");
        }
    } else refuse(where + ".type", "the window \"" + type + "\" is not one that the format has");
    object.end();
    return window;
}

void check_value(const Object& object, const CaseFile& file, const Condition& condition) {
    const auto type = file.columns[condition.column].type;
    const auto& value = condition.value;
    const bool ok = type == Type::text      ? value.is_string()
                    : type == Type::boolean ? value.is_boolean() || value == 0 || value == 1
                                            : value.is_number() || value.is_boolean();
    if (!ok)
        refuse(object.path("value"), "cannot be compared with the column \"" + file.columns[condition.column].name +
                                         "\"; write " +
                                         (type == Type::text      ? "a text"
                                          : type == Type::boolean ? "true or false"
                                                                  : "a number"));
}

Condition parse_condition(const json& value, const std::string& where, const CaseFile& file) {
    Object object(value, where);
    Condition condition;
    if (const auto* all = object.find("and")) {
        if (!all->is_array()) refuse(where + ".and", "is no list of conditions");
        for (std::size_t i = 0; i < all->size(); ++i)
            condition.all.push_back(parse_condition((*all)[i], where + ".and[" + std::to_string(i) + "]", file));
        if (condition.all.empty()) refuse(where + ".and", "is empty");
    } else {
        condition.column = column_of(file, object.text("column"), object.path("column"));
        object.at("op");
        condition.op = object.word("op", "", {"==", "!=", "<", "<=", ">", ">=", "is_null", "is_not_null"});
        if (condition.op.starts_with("is_")) object.find("value");
        else {
            condition.value = object.at("value");
            check_value(object, file, condition);
        }
    }
    object.end();
    return condition;
}

Feature parse_feature(const json& value, const std::string& where, const CaseFile& file, Object& all) {
    static const std::vector<std::string> numeric{"sum", "avg", "var_pop", "var_samp", "stddev_pop", "stddev_samp"};
    static const std::vector<std::string> any{"count",         "min",
                                              "max",           "first",
                                              "last",          "first_non_null",
                                              "last_non_null", "count_distinct",
                                              "top_k_largest", "top_k_frequent",
                                              "quantile"};
    const auto is_in = [](const auto& list, const std::string& word) {
        return std::find(list.begin(), list.end(), word) != list.end();
    };
    Object object(value, where);
    Feature feature;
    feature.name = object.text("name");
    feature.agg = object.text("agg");
    if (feature.agg == "count_all") object.find("column");
    else {
        if (!is_in(numeric, feature.agg) && !is_in(any, feature.agg))
            refuse(where + ".agg", "the aggregate \"" + feature.agg +
                                       "\" is not one that the format has; write \"count_all\", " + offered(numeric) +
                                       ", " + offered(any));
        feature.column = column_of(file, object.text("column"), where + ".column");
        if (is_in(numeric, feature.agg) && file.columns[*feature.column].type == Type::text)
            refuse(where + ".column", "the aggregate \"" + feature.agg + "\" takes numbers, and the column is text");
    }
    if (feature.agg.starts_with("top_k")) feature.k = object.at_least(1, "k", object.integer("k"));
    if (feature.agg == "quantile") {
        const auto& q = object.at("q");
        feature.q = q.is_string() ? q.get<std::string>() : q.dump();
    }
    if (const auto* condition = object.find("where"); condition && !condition->is_null())
        feature.where = parse_condition(*condition, where + ".where", file);
    if (!file.closes()) {
        const auto name = object.text("window");
        const auto& windows = all.at("windows");
        if (!windows.contains(name)) {
            std::vector<std::string> names;
            for (const auto& window : windows.items()) names.push_back(window.key());
            refuse(where + ".window", "there is no window \"" + name + "\"; \"windows\" has " + offered(names));
        }
        feature.window = parse_window(windows[name], "windows." + name, false);
    }
    object.end();
    return feature;
}

void parse_watermark(CaseFile& file, Object& all) {
    Object watermark(all.at("watermark"), "watermark");
    watermark.at("strategy");
    file.watermark_is_explicit = watermark.word("strategy", "", {"bounded", "explicit"}) == "explicit";
    if (!file.watermark_is_explicit)
        file.watermark_delay = watermark.at_least(0, "delay_ms", watermark.integer("delay_ms"));
    if (const auto* column = watermark.find("partition_column"); column && !column->is_null()) {
        file.partition = column_of(file, watermark.text("partition_column"), "watermark.partition_column");
        if (file.columns[*file.partition].type == Type::real)
            refuse("watermark.partition_column", "is float64, and floating point is no partition");
        const auto& partitions = watermark.at("partitions");
        if (!partitions.is_array() || partitions.empty())
            refuse("watermark.partitions", "is no list of the partitions, the values of the column; write [0, 1]");
        file.partitions = static_cast<std::int64_t>(partitions.size());
    } else watermark.find("partitions");
    watermark.end();
    if (const auto* kind = all.find("row_kind"); kind && !kind->is_null()) {
        file.row_kind = column_of(file, all.text("row_kind"), "row_kind");
        if (file.columns[*file.row_kind].type != Type::text) refuse("row_kind", "the column is no text");
        if (!file.watermark_is_explicit)
            refuse("row_kind", "a stream has explicit watermarks or a bounded delay, and this case says both");
    }
    file.flush_at_end = all.flag("flush_at_end", true);
}

CompareRules parse_compare(const json& value) {
    Object object(value, "compare");
    CompareRules rules;
    const auto* exact = object.find("exact");
    rules.all_exact = !exact || exact->is_string();
    if (exact && exact->is_string()) object.word("exact", "", {"all"});
    else rules.exact = object.texts("exact");
    rules.except = object.texts("except_");
    rules.one_zero = object.texts("negzero_equals_zero");
    rules.relative = object.number_or("rel", 0.0);
    rules.of_sum_of_magnitudes = object.number_or("abs_of_sum_abs", 0.0);
    object.end();
    return rules;
}

void parse_expected(CaseFile& file, Object& all) {
    if (!all.find("expected")) {
        file.expected = "expected.csv";
        return;
    }
    for (const auto& name : all.texts("expected")) {
        if (name == "expected.csv" || name == "expected.csv.gz") file.expected = name;
        else if (file.streams() && (name == "expected_dropped.csv" || name == "expected_dropped.csv.gz"))
            file.expected_dropped = name;
        else
            refuse("expected", "the op has no file \"" + name + "\"; it has expected.csv" +
                                   (file.streams() ? " and expected_dropped.csv" : ""));
    }
    if (file.expected.empty()) refuse("expected", "does not name expected.csv; write [\"expected.csv\"]");
}

} // namespace

CaseFile parse_case(const json& document) {
    Object all(document, "");
    CaseFile file;
    file.id = all.find("id") ? all.text("id") : "";
    file.title = all.find("title") ? all.text("title") : "";
    all.find("notes");
    all.find("source");
    const auto op = all.text("op");
    if (op == "sliding") file.op = Op::sliding;
    else if (op == "window") file.op = Op::window;
    else if (op == "stream_sliding") file.op = Op::stream_sliding;
    else if (op == "stream_window") file.op = Op::stream_window;
    else refuse("op", "\"" + op + "\" is not one that the format has");

    parse_input(file, all);
    file.time = column_of(file, all.text("time"), "time");
    if (file.columns[file.time].type != Type::time) refuse("time", "the column is no timestamp_ms");
    all.find("key");
    for (const auto& name : all.texts("key")) {
        file.key.push_back(column_of(file, name, "key"));
        if (file.columns[file.key.back()].type == Type::real)
            refuse("key", "\"" + name + "\" is float64, and floating point is no key");
        if (std::count(file.key.begin(), file.key.end(), file.key.back()) > 1)
            refuse("key", "\"" + name + "\" is listed twice");
    }
    if (file.op == Op::sliding)
        for (const auto& name : all.texts("carry")) file.carry.push_back(column_of(file, name, "carry"));
    if (file.closes()) file.window = parse_window(all.at("window"), "window", true);
    else {
        // Windows that no feature uses are read as well: a word in them that we do not know is a mistake all the same.
        const auto& windows = all.at("windows");
        if (!windows.is_object()) refuse("windows", "is no object of windows by name; write {\"w\": {\"type\": ...}}");
        for (const auto& [name, window] : windows.items()) parse_window(window, "windows." + name, false);
    }
    const auto& features = all.at("features");
    if (!features.is_array() || features.empty()) refuse("features", "is no list of features");
    for (std::size_t i = 0; i < features.size(); ++i)
        file.features.push_back(parse_feature(features[i], "features[" + std::to_string(i) + "]", file, all));
    if (const auto* dedup = all.find("dedup"); dedup && !dedup->is_null()) {
        Object object(*dedup, "dedup");
        file.dedup = column_of(file, object.text("column"), "dedup.column");
        object.word("keep", "first", {"first"});
        object.end();
    }
    if (file.streams()) parse_watermark(file, all);
    if (file.op == Op::stream_window) {
        file.allowed_lateness = all.at_least(0, "allowed_lateness_ms", all.integer_or("allowed_lateness_ms", 0));
        file.discarding = all.word("accumulation", "accumulating", {"accumulating", "discarding"}) == "discarding";
    }
    // One list may serve several cases, so that it may name columns that this one does not have.
    if (const auto* compare = all.find("compare"); compare && !compare->is_null())
        file.compare = parse_compare(*compare);
    parse_expected(file, all);
    all.end();
    return file;
}

} // namespace conformance
