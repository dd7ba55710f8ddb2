#include "conformance/generator/definition.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "conformance/generator/decimal.hpp"
#include "conformance/generator/source.hpp"
#include "onefold/core/time.hpp"

namespace conformance {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

class DefinitionWriter {
public:
    DefinitionWriter(const CaseFile& file, const Times& times, RecordWriter& record)
        : file_(file), times_(times), record_(record) {}

    std::string write() {
        std::string text = "onefold::define(\n        " + stream() + ",\n        onefold::by<";
        for (std::size_t i = 0; i < file_.key.size(); ++i)
            text += (i == 0 ? "&Event::" : ", &Event::") + record_.member(file_.key[i]);
        text += ">(";
        std::string separator = "\n            ";
        if (file_.closes()) {
            text += separator + closing_window();
            separator = ",\n            ";
        }
        for (const auto& feature : file_.features) {
            text += separator + name(feature) + " = " + clause(feature, aggregate(feature));
            separator = ",\n            ";
        }
        const auto sums = sums_of_magnitudes(file_);
        for (std::size_t i = 0; i < sums.size(); ++i)
            if (sums[i] != 0) {
                const auto x = record_.field(*file_.features[i].column);
                text +=
                    separator + "\"magnitudes" + std::to_string(i) + "\"_f = " +
                    clause(file_.features[i], "onefold::sum(onefold::if_else(" + x + " < 0.0, -" + x + ", " + x + "))");
            }
        return text + "))";
    }

private:
    std::string unit() const { return times_.ticks == 1 ? "_us" : "_ms"; }
    // A length of time. One below 0, or so long that its microseconds leave int64, has no literal.
    std::string duration(std::int64_t milliseconds) const {
        if (milliseconds >= 0 && milliseconds <= onefold::latest / times_.ticks)
            return std::to_string(milliseconds) + unit();
        if (milliseconds > 0) return "onefold::Duration{onefold::latest}";
        return "onefold::Duration{" + std::to_string(milliseconds * times_.ticks) + "}";
    }

    // The order inside ties can be seen: it must be the order of arrival.
    bool order_is_seen() const {
        if (file_.op == Op::stream_sliding) return true;
        return std::any_of(file_.features.begin(), file_.features.end(), [&](const Feature& feature) {
            return feature.agg.starts_with("first") || feature.agg.starts_with("last") || feature.window.ties_by_seq ||
                   feature.window.max_rows != 0 || feature.window.kind == CaseWindow::Kind::rows;
        });
    }

    std::string stream() {
        std::string text = "onefold::stream<Event>(\"events\").time<&Event::at>()";
        if (!file_.dedup || file_.streams()) text += ".id<&Event::row>().keep_duplicates()";
        else {
            const auto type = file_.columns[*file_.dedup].type;
            const bool as_it_is = !order_is_seen() && (type == Type::integer || type == Type::text);
            text += ".id<&Event::" + (as_it_is ? record_.member(*file_.dedup) : record_.identity(*file_.dedup)) + ">()";
        }
        // A stream remembers an id until the watermark has passed its event. A case remembers it for ever, and that of
        // an event that was dropped, too; its user tells repeats from their own memory.
        if (file_.dedup && file_.streams())
            text += ".where(onefold::field<&Event::" + record_.repeat(*file_.dedup) + "> == false)";
        auto lateness = file_.dedup ? times_.span : times_.disorder;
        if (file_.streams()) lateness = file_.watermark_delay;
        // No lateness is enough for times that lie further apart than int64 reaches, or for a case whose watermark
        // never moves: the source of punctuations that makes none.
        const bool never =
            file_.streams() ? file_.watermark_is_explicit && !file_.row_kind : lateness == onefold::latest;
        if (never) text += ".punctuated_by(onefold::field<&Event::row> < std::int64_t{0})";
        else if (lateness != 0) text += ".lateness(" + duration(lateness) + ")";
        // An explicit watermark is that of the whole source.
        if (file_.partition && !file_.watermark_is_explicit)
            text += ".partitioned_by<&Event::" + record_.plain(*file_.partition) + ">(" +
                    std::to_string(file_.partitions) + ")";
        if (file_.streams() && file_.row_kind)
            text += ".punctuated_by(" + record_.field(*file_.row_kind) + " == \"W\")";
        return text;
    }

    std::string closing_window() {
        const auto& window = file_.window;
        std::string text;
        switch (window.kind) {
        case CaseWindow::Kind::tumbling: text = "onefold::tumbling(" + duration(*window.size) + ")"; break;
        case CaseWindow::Kind::hopping:
            text = "onefold::hopping(" + duration(*window.size) + ", " + duration(window.hop) + ")";
            break;
        case CaseWindow::Kind::session:
            text = "onefold::session(" + duration(window.gap) + ")";
            if (!window.touching_merge) text += ".excluding_touch()";
            break;
        default: text = "onefold::calendar_" + window.unit + "(" + string_literal(window.zone) + ")";
        }
        if (window.offset != 0) text += ".offset(" + duration(window.offset) + ")";
        if (file_.allowed_lateness != 0) text += ".allowed_lateness(" + duration(file_.allowed_lateness) + ")";
        if (file_.discarding) text += ".discarding()";
        return text;
    }

    // A name is a label of the output; one that is no word, or that comes twice, is numbered instead.
    std::string name(const Feature& feature) {
        const auto& wanted = feature.name;
        const bool word = !wanted.empty() && wanted.size() <= 60 &&
                          std::all_of(wanted.begin(), wanted.end(),
                                      [](unsigned char c) { return c == '_' || (c < 128 && std::isalnum(c) != 0); });
        ++features_;
        const auto label = word && !names_.contains(wanted) ? wanted : "feature " + std::to_string(features_);
        names_.insert(label);
        return '"' + label + "\"_f";
    }

    std::string aggregate(const Feature& feature) {
        const auto& agg = feature.agg;
        if (agg == "count_all") return "onefold::count()";
        const auto x = record_.field(*feature.column), number = record_number(feature);
        if (agg == "avg") return "onefold::mean(" + number + ")";
        if (agg == "sum") return "onefold::sum(" + number + ")";
        if (agg == "var_pop") return "onefold::variance_population(" + number + ")";
        if (agg == "var_samp") return "onefold::variance(" + number + ")";
        if (agg == "stddev_pop") return "onefold::stddev_population(" + number + ")";
        if (agg == "stddev_samp") return "onefold::stddev(" + number + ")";
        if (agg == "count_distinct") return "onefold::distinct(" + x + ")";
        if (agg == "top_k_largest") return "onefold::top<" + longest(feature.k) + ">(" + x + ")";
        if (agg == "top_k_frequent") return "onefold::most_frequent<" + longest(feature.k) + ">(" + x + ")";
        if (agg == "quantile") {
            const auto q = quantile_literal(feature.q);
            if (!q)
                throw CaseError("case.json: the q of feature \"" + feature.name + "\", " + feature.q +
                                ", is no decimal from 0 to 1 of at most 12 places");
            return "onefold::quantile<" + *q + ">(" + x + ")";
        }
        return "onefold::" + agg + "(" + x + ")"; // count, min, max, first, last, first_non_null, last_non_null
    }
    // A list has its place in the row, and none is longer than the input.
    std::string longest(std::int64_t k) const {
        return std::to_string(std::clamp(k, std::int64_t{1}, std::max(times_.rows, std::int64_t{1})));
    }
    // Only those that calculate read times as numbers.
    std::string record_number(const Feature& feature) {
        const auto& agg = feature.agg;
        const bool calculates = agg == "sum" || agg == "avg" || agg.starts_with("var_") || agg.starts_with("stddev_");
        return calculates ? record_.number_field(*feature.column) : std::string();
    }

    std::string clause(const Feature& feature, const std::string& verb) {
        auto text = verb;
        if (feature.where) text += ".where(" + condition(*feature.where) + ")";
        return file_.closes() ? text : text + window(feature.window);
    }

    std::string window(const CaseWindow& window) const {
        if (window.kind == CaseWindow::Kind::rows) return ".over(" + std::to_string(window.rows) + "_rows)";
        std::string text = ".over(lifetime)";
        auto bounds = window.bounds;
        if (window.size && *window.size > onefold::latest / times_.ticks) text = ".over(lifetime)";
        else if (window.size && *window.size > 0) text = ".over(" + duration(*window.size) + ")";
        else if (window.size) {
            // The library's windows have a length. Nothing lies inside a millisecond, so a window of length 0 is one of
            // a tick: its ties if both ends are in, and nothing otherwise.
            text = ".over(1_us)";
            bounds = bounds == "[t-W,t]" ? "(t-W,t]" : "(t-W,t)";
        }
        if (text == ".over(lifetime)") text = ".over(onefold::lifetime)";
        if (bounds == "[t-W,t]") text += ".including_start()";
        if (bounds.ends_with(")")) text += ".before_current()";
        if (bounds == "(t-W,t)") text += ".excluding_start()";
        if (window.delay != 0) text += ".delayed(" + duration(window.delay) + ")";
        if (window.ties_by_seq) text += ".up_to_current_row()";
        if (window.excludes_ties) text += ".excluding_ties()";
        if (window.max_rows != 0) text += ".at_most(" + std::to_string(window.max_rows) + "_rows)";
        return text;
    }

    std::string condition(const Condition& condition) {
        if (!condition.all.empty()) {
            std::string text;
            for (const auto& part : condition.all) text += (text.empty() ? "(" : " && (") + this->condition(part) + ")";
            return text;
        }
        if (condition.op == "is_null") return "onefold::is_null(" + record_.field(condition.column) + ")";
        if (condition.op == "is_not_null") return "!onefold::is_null(" + record_.field(condition.column) + ")";
        return record_.number_field(condition.column) + " " + condition.op + " " + literal(condition);
    }
    std::string literal(const Condition& condition) const {
        const auto& value = condition.value;
        const auto type = file_.columns[condition.column].type;
        if (type == Type::text) return string_literal(value.get<std::string>());
        if (type == Type::boolean) return value == 1 || value == true ? "true" : "false";
        if (value.is_boolean()) return value == true ? "1" : "0";
        if (value.is_number_float()) return value.dump();
        if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX})
            return "std::uint64_t{" + value.dump() + "u}";
        const auto number = value.get<std::int64_t>();
        return number == INT64_MIN ? "INT64_MIN" : "std::int64_t{" + std::to_string(number) + "}";
    }

    const CaseFile& file_;
    const Times& times_;
    RecordWriter& record_;
    std::set<std::string> names_;
    std::size_t features_ = 0;
};

} // namespace

std::string write_definition(const CaseFile& file, const Times& times, RecordWriter& record) {
    return DefinitionWriter(file, times, record).write();
}

std::vector<std::size_t> sums_of_magnitudes(const CaseFile& file) {
    std::vector<std::size_t> sums(file.features.size());
    const auto& rules = file.compare;
    auto next = file.features.size();
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const auto& feature = file.features[i];
        if (rules.of_sum_of_magnitudes == 0.0 || (feature.agg != "sum" && feature.agg != "avg")) continue;
        if (file.columns[*feature.column].type != Type::real) continue;
        const bool exact = rules.all_exact || contains(rules.exact, feature.name);
        if (contains(rules.except, feature.name) || !exact) sums[i] = next++;
    }
    return sums;
}

} // namespace conformance
