#include "conformance/runtime/compare.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace conformance {
namespace {

enum class Match { no, near, same };

template <class T>
bool read_number(std::string_view text, T& number) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

Match match(double want, double got, const OutputColumn& column, double sum_of_magnitudes) {
    if (std::isnan(want) || std::isnan(got)) return std::isnan(want) && std::isnan(got) ? Match::same : Match::no;
    if (std::bit_cast<std::uint64_t>(want) == std::bit_cast<std::uint64_t>(got)) return Match::same;
    if (want == got) return column.one_zero ? Match::same : Match::no;
    if (std::isinf(want) || std::isinf(got)) return Match::no;
    const auto distance = std::abs(want - got);
    if (distance <= column.relative * std::max(std::abs(want), std::abs(got))) return Match::near;
    return distance <= column.of_sum_of_magnitudes * sum_of_magnitudes ? Match::near : Match::no;
}

// The elements of a JSON array of scalars; NaN and Infinity, which JSON does not know, are left to the comparison.
std::vector<std::string_view> elements(std::string_view text) {
    std::vector<std::string_view> found;
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') return {"no list"};
    text = text.substr(1, text.size() - 2);
    bool quoted = false;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (text[i] == ',' && !quoted)) {
            if (!text.empty()) found.push_back(text.substr(start, i - start));
            start = i + 1;
        } else if (text[i] == '"') quoted = !quoted;
        else if (text[i] == '\\') ++i;
    }
    return found;
}

Match match_scalar(std::string_view want, bool quoted, const Scalar& got, const OutputColumn& column, double sum) {
    const auto same = [](bool yes) { return yes ? Match::same : Match::no; };
    if (const auto* text = std::get_if<std::string>(&got)) return same(quoted && want == *text);
    if (quoted) return Match::no;
    if (const auto* number = std::get_if<std::int64_t>(&got)) {
        std::int64_t wanted = 0;
        return same(read_number(want, wanted) && wanted == *number);
    }
    if (const auto* flag = std::get_if<bool>(&got)) return same(want == (*flag ? "true" : "false"));
    if (const auto* number = std::get_if<double>(&got)) {
        double wanted = 0.0;
        return read_number(want, wanted) ? match(wanted, *number, column, sum) : Match::no;
    }
    return same(want == "null");
}

Match match_list(std::string_view want, const std::vector<Scalar>& got, const OutputColumn& column) {
    const auto wanted = elements(want);
    if (wanted.size() != got.size()) return Match::no;
    auto all = Match::same;
    for (std::size_t i = 0; i < got.size(); ++i) {
        std::string text(wanted[i]);
        const bool quoted = text.starts_with('"');
        if (quoted) {
            const auto decoded = nlohmann::json::parse(text, nullptr, false);
            if (!decoded.is_string()) return Match::no;
            text = decoded.get<std::string>();
        }
        all = std::min(all, match_scalar(text, quoted, got[i], column, 0.0));
    }
    return all;
}

bool is_overflow(const FileCell& want, const OutputColumn& column) {
    return column.sum_of_integers && !want.null && want.text == "OVERFLOW";
}

Match match_cell(const FileCell& want, const Cell& got, const OutputColumn& column, double sum) {
    if (std::holds_alternative<std::monostate>(got))
        return want.null || is_overflow(want, column) ? Match::same : Match::no;
    if (want.null) return Match::no;
    if (const auto* list = std::get_if<std::vector<Scalar>>(&got)) return match_list(want.text, *list, column);
    return std::visit(
        [&](const auto& value) {
            if constexpr (std::is_constructible_v<Scalar, decltype(value)>)
                return match_scalar(want.text, want.quoted, Scalar(value), column, sum);
            else return Match::no;
        },
        got);
}

std::string shown(const FileCell& cell) { return cell.quoted ? '"' + cell.text + '"' : cell.text; }

template <class Cells, class Show>
std::string joined(const Cells& cells, std::size_t count, Show show) {
    std::string text;
    for (std::size_t i = 0; i < std::min(count, cells.size()); ++i) text += (i == 0 ? "" : ",") + show(cells[i]);
    return text;
}

// The sum of magnitudes beside a cell; what is no number allows nothing.
double sum_beside(const Row& row, const OutputColumn& column) {
    if (column.of_sum_of_magnitudes == 0.0) return 0.0;
    const auto* sum = std::get_if<double>(&row.at(column.sum_of_magnitudes));
    return sum && std::isfinite(*sum) ? *sum : 0.0;
}

} // namespace

Comparison compare(const FileTable& expected, const std::vector<OutputColumn>& columns, const std::vector<Row>& got) {
    Comparison result;
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.name);
    const auto width = columns.size();
    if (expected.header != names) {
        result.difference = "the expected file has the columns " +
                            joined(expected.header, expected.header.size(), [](const auto& name) { return name; }) +
                            ", and the case asks for " + joined(names, width, [](const auto& name) { return name; });
        return result;
    }
    for (std::size_t r = 0; r < std::min(expected.rows.size(), got.size()); ++r) {
        ++result.rows;
        for (std::size_t c = 0; c < width; ++c) {
            const auto& want = expected.rows[r][c];
            if (std::holds_alternative<Unanswered>(got[r].at(c))) continue;
            const auto found = match_cell(want, got[r].at(c), columns[c], sum_beside(got[r], columns[c]));
            ++result.cells;
            if (found == Match::near) ++result.near;
            if (is_overflow(want, columns[c])) ++result.overflows;
            if (found != Match::no) continue;
            result.difference = "row " + std::to_string(r) + ", column " + columns[c].name + ": expected " +
                                shown(want) + ", got " + to_text(got[r][c]) + "\n  expected row " +
                                joined(expected.rows[r], width, shown) + "\n  our row      " +
                                joined(got[r], width, to_text);
            return result;
        }
    }
    if (expected.rows.size() > got.size())
        result.difference = "row " + std::to_string(got.size()) + ": expected " +
                            joined(expected.rows[got.size()], width, shown) + ", got no row";
    else if (got.size() > expected.rows.size())
        result.difference = "row " + std::to_string(expected.rows.size()) + ": expected no row, got " +
                            joined(got[expected.rows.size()], width, to_text);
    return result;
}

} // namespace conformance
