#include "onefold/plan/describe.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace onefold {
namespace plan {

namespace {

struct Unit {
    std::int64_t micros;
    const char* name;
};
constexpr Unit units[] = {{86'400'000'000, "d"}, {3'600'000'000, "h"}, {60'000'000, "min"},
                          {1'000'000, "s"},      {1'000, "ms"},        {1, "us"}};

// With as many units as it takes: "14d 5min".
std::string mixed_duration(std::int64_t micros) {
    std::string text;
    for (const auto& unit : units) {
        if (const auto whole = micros / unit.micros; whole != 0)
            text.append(text.empty() ? "" : " ").append(std::to_string(whole)).append(unit.name);
        micros %= unit.micros;
    }
    return text.empty() ? "0s" : text;
}

} // namespace

std::string duration_text(std::int64_t micros) {
    if (micros == 0) return "0s";
    std::size_t i = 0;
    while (micros % units[i].micros != 0) ++i;
    return std::to_string(micros / units[i].micros) + units[i].name;
}

namespace {

// What is said of the event itself, of rows and of hops, after the bounds.
std::string words_text(const WindowLength& length, const WindowBounds& bounds) {
    std::string text;
    // A window that ends before the event has no place for the first of them.
    if (!bounds.before_current && bounds.delay == 0) {
        if (bounds.up_to_current_row && length.rows == 0) text += ", up to the current row";
        if (bounds.exclude == WindowBounds::Exclude::ties) text += ", without the current event's ties";
        if (bounds.exclude == WindowBounds::Exclude::current) text += ", without the current event";
    }
    if (bounds.most_rows != 0) text += ", at most " + std::to_string(bounds.most_rows) + " rows";
    if (bounds.hop != 0 && length.micros != latest)
        text += ", in hops of " + duration_text(bounds.hop) + " (up to that much longer)";
    return text;
}

} // namespace

std::string window_text(const WindowLength& length, const WindowBounds& bounds) {
    const std::string delay = bounds.delay == 0  ? ""
                              : bounds.delay < 0 ? " + " + duration_text(-bounds.delay)
                                                 : " - " + duration_text(bounds.delay);
    const std::string end = "t" + delay + (bounds.before_current ? ")" : "]");
    const auto words = words_text(length, bounds);
    if (length.rows != 0)
        return "the newest " + std::to_string(length.rows) + (length.rows == 1 ? " row" : " rows") +
               (bounds.before_current ? " before t" : " up to t") + delay + words;
    if (length.micros == latest) return "(-inf, " + end + words;
    const bool closed = bounds.start == WindowBounds::Start::usual ? bounds.before_current
                                                                   : bounds.start == WindowBounds::Start::closed;
    return (closed ? "[t - " : "(t - ") + std::string(length.label.view()) + delay + ", " + end + words;
}

std::string closing_text(const ClosingWindow& window) {
    using Kind = ClosingWindow::Kind;
    std::string text;
    if (window.kind == Kind::session)
        text = "sessions with a gap of " + std::string(window.touching_merges ? "at most " : "less than ") +
               duration_text(window.size);
    else if (window.kind == Kind::calendar) {
        constexpr const char* periods[] = {"day", "week", "month"};
        text = "each " + std::string(periods[static_cast<std::size_t>(window.unit)]) + " in " +
               std::string(window.zone) + ", time zones of " + time_zone_database_version();
    } else if (window.size == window.hop) text = "tumbling " + duration_text(window.size);
    else text = "hopping " + duration_text(window.size) + " every " + duration_text(window.hop);
    if (window.shift != 0)
        text += ", offset " + std::string(window.shift < 0 ? "-" : "") +
                duration_text(window.shift < 0 ? -window.shift : window.shift);
    if (window.lateness != 0) text += ", open " + duration_text(window.lateness) + " longer";
    if (window.discards) text += ", discarding";
    return text;
}

namespace {

std::string join(const std::vector<std::string>& parts, const char* separator) {
    std::string text;
    for (const auto& part : parts) text.append(text.empty() ? "" : separator).append(part);
    return text;
}

std::string shown(const FieldDescription& field) {
    return field.name + ": " + field.type + (field.nullable ? "?" : "");
}

std::string key_text(const EntityDescription& entity, bool typed) {
    std::vector<std::string> names;
    for (const auto& key : entity.keys) names.push_back(typed ? shown(key) : key.name);
    return names.empty() ? "all events together" : join(names, ", ");
}

// After "by": the keys, and where another stream's are in the event.
std::string keys_text(const EntityDescription& entity) {
    auto text = key_text(entity, true);
    if (!entity.on.empty()) text += ", asked by " + join(entity.on, ", ");
    return text;
}

std::string formula(const std::string& name, const std::string& argument, const std::string& condition) {
    return name + "(" + argument + ")" + (condition.empty() ? "" : " where " + condition);
}

// ", changed by op in order of lsn"; nothing where records are no changes.
std::string changes_text(const ChangesDescription& changes) {
    if (changes.operation.empty()) return {};
    return ", changed by " + changes.operation + " in order of " + join(changes.position, ", ");
}

// What is said of a table after its name.
std::string table_text(const TableDescription& table) {
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < table.keys.size(); ++i) keys.push_back(table.keys[i].name + " = " + table.on[i]);
    auto text = "on " + join(keys, ", ") + ", the " + (table.forward ? "first" : "last") + " version since " +
                table.since +
                (table.forward ? (table.strictly ? " > t" : " >= t") : (table.strictly ? " < t" : " <= t"));
    if (table.time_to_live_micros != latest) text += ", at most " + duration_text(table.time_to_live_micros) + " away";
    if (!table.tie_break.empty()) text += ", ties by " + join(table.tie_break, ", ");
    if (table.last_arrived_wins) text += ", of equal ones that which arrived last";
    if (!table.tombstone.empty()) text += ", none where " + table.tombstone;
    text += changes_text(table.changes);
    if (table.lateness_micros != 0) text += ", lateness " + duration_text(table.lateness_micros);
    return text;
}

std::string hex(std::uint64_t number) {
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[number >> shift & 15];
    return text;
}

std::string retention_text(const EntityDescription& entity) {
    if (!entity.closing.empty()) return "slices of windows for " + mixed_duration(entity.retention_micros);
    std::string text = "events for " + mixed_duration(entity.retention_micros);
    if (entity.hop_micros != 0)
        text += ", at most " + std::to_string(entity.hops) + " sums of " + duration_text(entity.hop_micros) + " each";
    if (entity.retention_rows != 0)
        text += ", the newest " + std::to_string(entity.retention_rows) + " of a key forever";
    if (entity.keeps_lifetime) text += ", lifetime states forever";
    return text;
}

// Columns of left-aligned text, two spaces apart.
std::string table(const std::vector<std::vector<std::string>>& rows, const char* indent) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (widths.size() == i) widths.push_back(0);
            widths[i] = std::max(widths[i], row[i].size());
        }
    std::string text;
    for (const auto& row : rows) {
        std::string line = indent;
        for (std::size_t i = 0; i < row.size(); ++i) line.append(row[i]).append(widths[i] + 2 - row[i].size(), ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        text.append(line).append("\n");
    }
    return text;
}

std::string mermaid_label(std::string text) {
    // Inside a quoted label only these are syntax.
    std::string label = "\"";
    for (const char c : text) {
        if (c == '"') label += "#quot;";
        else if (c == '#') label += "#35;";
        else if (c == '<') label += "#lt;";
        else if (c == '>') label += "#gt;";
        else label += c;
    }
    return label + "\"";
}

} // namespace
} // namespace plan

static void stream_lines(std::string& text, const StreamDescription& description) {
    const auto line = [&](fmt::format_string<const std::string&> format, const std::string& value) {
        text += fmt::format(format, value);
    };
    const auto number = [&](const char* name, std::int64_t value) { text += fmt::format("{} {}\n", name, value); };
    text += fmt::format("stream {}\ntime {}\n", description.stream, description.time);
    if (!description.id.empty())
        text += fmt::format("id {} {}\n", description.id, description.deduplicates ? "deduplicated" : "repeated");
    number("lateness", description.lateness_micros);
    if (description.idle_micros != latest) number("idle", description.idle_micros);
    if (description.future_limit_micros != latest) number("future", description.future_limit_micros);
    if (!description.partition.empty())
        text += fmt::format("partition {} {}\n", description.partition, description.partitions);
    if (!description.arrival.empty()) line("arrival {}\n", description.arrival);
    if (!description.punctuation.empty()) line("punctuation {}\n", description.punctuation);
    if (!description.changes.operation.empty())
        text += fmt::format("changes{}\nsettles {}\n", plan::changes_text(description.changes),
                            description.settle_delay_micros);
    if (!description.condition.empty()) line("where {}\n", description.condition);
}

std::string canonical_text(const PlanDescription& description) {
    std::string text = "onefold definition 1\n";
    const auto line = [&](fmt::format_string<const std::string&> format, const std::string& value) {
        text += fmt::format(format, value);
    };
    const auto typed = [](const auto& feature) {
        return feature.name + ": " + feature.type + (feature.nullable ? "?" : "");
    };
    stream_lines(text, description);
    for (const auto& field : description.fields) line("field {}\n", plan::shown(field));
    for (const auto& side : description.sides) stream_lines(text, side);
    for (const auto& table : description.tables)
        text += fmt::format("table {} {}\n", table.name, plan::table_text(table));
    for (const auto& entity : description.entities) {
        text += "by";
        for (const auto& key : entity.keys) line(" {}", plan::shown(key));
        for (const auto& field : entity.on) line(" on {}", field);
        text += "\n";
        if (!entity.closing.empty()) line("closing {}\n", entity.closing);
        for (const auto& feature : entity.features)
            text += fmt::format("feature {} = {} over {}\n", typed(feature),
                                plan::formula(feature.aggregate, feature.argument, feature.condition), feature.window);
    }
    for (const auto& feature : description.derived)
        text += fmt::format("derived {} = {}\n", typed(feature), feature.expression);
    return text;
}

static std::string stream_text(const StreamDescription& description) {
    using plan::duration_text;
    std::string text = "stream " + description.stream + "\n";
    text += "  time " + description.time;
    // With punctuations there is no lateness: the source itself says what is late.
    if (description.punctuation.empty()) text += ", lateness " + duration_text(description.lateness_micros);
    else text += ", punctuated by " + description.punctuation;
    if (description.idle_micros != latest) text += ", idle after " + duration_text(description.idle_micros);
    if (description.future_limit_micros != latest)
        text += ", at most " + duration_text(description.future_limit_micros) + " in the future";
    text += "\n";
    if (!description.partition.empty())
        text += "  partition " + description.partition + ", " + std::to_string(description.partitions) +
                " of them: the slowest sets the watermark\n";
    if (!description.arrival.empty()) text += "  arrival " + description.arrival + "\n";
    if (!description.id.empty())
        text += "  id " + description.id +
                (!description.changes.operation.empty() ? plan::changes_text(description.changes) + "\n"
                 : description.deduplicates             ? ", repeated events are dropped\n"
                                                        : ", repeated events are kept\n");
    if (!description.changes.operation.empty()) {
        const auto correctable = saturating_add(description.lateness_micros, description.settle_delay_micros);
        text += "  keeps each fact for " + duration_text(correctable) + " of event time, and its id for " +
                duration_text(saturating_add(correctable, correctable)) + "\n";
    }
    if (!description.condition.empty()) text += "  where " + description.condition + "\n";
    return text;
}

std::string to_text(const PlanDescription& description) {
    std::size_t features = description.derived.size();
    for (const auto& entity : description.entities) features += entity.features.size();

    auto text = stream_text(description);
    text += "  reads";
    for (const auto& field : description.fields)
        text += (&field == &description.fields.front() ? " " : ", ") + plan::shown(field);
    text += "\n";

    for (const auto& side : description.sides) text += "\n" + stream_text(side);
    for (const auto& table : description.tables)
        text += "\ntable " + table.name + "\n  " + plan::table_text(table) + "\n";
    for (const auto& entity : description.entities) {
        text += "\nby " + plan::keys_text(entity) + "\n";
        if (!entity.closing.empty()) text += "  " + entity.closing + "\n";
        std::vector<std::vector<std::string>> rows;
        for (const auto& feature : entity.features)
            rows.push_back({feature.name, feature.type + (feature.nullable ? "?" : ""),
                            plan::formula(feature.aggregate, feature.argument, feature.condition), feature.window});
        text += plan::table(rows, "  ");
        text += "  state\n";
        rows.clear();
        for (const auto& family : entity.families)
            rows.push_back({plan::formula(family.accumulator, family.argument, family.condition), family.algebra,
                            std::to_string(family.windows) + (family.windows == 1 ? " window" : " windows"),
                            (family.clauses.size() > 1 ? "shared by " : "for ") + plan::join(family.clauses, ", ")});
        text += plan::table(rows, "    ");
        text += "    keeps " + plan::retention_text(entity) + "\n";
        if (entity.bytes_per_key != 0)
            text += "    " + std::to_string(entity.bytes_per_key) + " bytes per key, " +
                    (entity.closing.empty() ? std::to_string(entity.bytes_per_event) + " bytes per event kept\n"
                                            : std::to_string(entity.bytes_per_slice) + " bytes per slice kept\n");
        if (entity.bytes_per_hop != 0) text += "    " + std::to_string(entity.bytes_per_hop) + " bytes per hop kept\n";
    }
    if (!description.derived.empty()) {
        text += "\nderived\n";
        std::vector<std::vector<std::string>> rows;
        for (const auto& feature : description.derived)
            rows.push_back({feature.name, feature.type + (feature.nullable ? "?" : ""), feature.expression});
        text += plan::table(rows, "  ");
    }
    return text + "\n" + std::to_string(features) + " features, fingerprint " + plan::hex(description.fingerprint) +
           "\n";
}

std::string to_mermaid(const PlanDescription& description) {
    std::string text = "flowchart LR\n    stream[" + plan::mermaid_label(description.stream) + "]\n";
    for (std::size_t i = 0; i < description.sides.size(); ++i)
        text += "    side" + std::to_string(i) + "[" + plan::mermaid_label(description.sides[i].stream) + "]\n";
    const auto feeding = [&](const EntityDescription& entity) {
        for (std::size_t i = 0; i < description.sides.size(); ++i)
            if (description.sides[i].stream == entity.source) return "side" + std::to_string(i);
        return std::string("stream");
    };
    for (std::size_t i = 0; i < description.tables.size(); ++i)
        text += "    table" + std::to_string(i) + "[(" + plan::mermaid_label(description.tables[i].name) +
                ")] --> stream\n";
    // The node of each clause and derived feature, by every name that an expression may use.
    std::vector<std::pair<std::string, std::string>> nodes;
    for (std::size_t g = 0; g < description.entities.size(); ++g) {
        const auto& entity = description.entities[g];
        const auto key = "key" + std::to_string(g);
        text += "    " + feeding(entity) + " --> " + key + "{{" +
                plan::mermaid_label("by " + plan::key_text(entity, false)) + "}}\n";
        if (!entity.source.empty()) text += "    stream -. asks .-> " + key + "\n";
        std::size_t clause = 0;
        for (std::size_t i = 0; i < entity.features.size(); ++clause) {
            const auto& first = entity.features[i];
            const auto node = key + "_" + std::to_string(clause);
            std::vector<std::string> windows;
            for (; i < entity.features.size() && entity.features[i].clause == first.clause; ++i) {
                windows.push_back(entity.features[i].window);
                nodes.emplace_back(entity.features[i].name, node);
            }
            text += "    " + key + " --> " + node + "[" +
                    plan::mermaid_label(first.clause + " = " +
                                        plan::formula(first.aggregate, first.argument, first.condition) + " over " +
                                        plan::join(windows, ", ")) +
                    "]\n";
        }
    }
    for (std::size_t d = 0; d < description.derived.size(); ++d) {
        const auto& feature = description.derived[d];
        const auto node = "derived" + std::to_string(d);
        text += "    " + node + "([" + plan::mermaid_label(feature.name + " = " + feature.expression) + "])\n";
        std::vector<std::string> sources;
        for (const auto& used : feature.uses)
            for (const auto& [name, source] : nodes)
                if (name == used && std::find(sources.begin(), sources.end(), source) == sources.end())
                    sources.push_back(source);
        for (const auto& source : sources) text += "    " + source + " --> " + node + "\n";
        if (sources.empty()) text += "    stream --> " + node + "\n";
        nodes.emplace_back(feature.name, node);
    }
    return text;
}

} // namespace onefold
