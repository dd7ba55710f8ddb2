#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "onefold/core/total_order.hpp"
#include "onefold/record/operation.hpp"

namespace onefold {

enum class TextFormat : std::uint8_t { csv, jsonl };

namespace detail {

void append_integer(std::string& out, std::int64_t value);
void append_integer(std::string& out, std::uint64_t value);
void append_float(std::string& out, double value);
void append_float(std::string& out, float value);
void append_csv_text(std::string& out, std::string_view text);
void append_json_text(std::string& out, std::string_view text);

inline constexpr std::uint64_t greatest_json_integer = std::uint64_t{1} << 53;

template <class T>
concept TextLike = std::is_convertible_v<const T&, std::string_view>;

// A number, a boolean, an enumeration or a time. JSON readers that hold numbers as doubles round integers beyond 2^53
// and know no NaN or infinity, so these are strings there.
template <class T>
void append_scalar(std::string& out, const T& value, bool json) {
    if constexpr (std::is_same_v<T, bool>) {
        out.append(value ? "true" : "false");
    } else if constexpr (std::is_floating_point_v<T>) {
        const bool quoted = json && !(value - value == 0);
        if (quoted) out.push_back('"');
        append_float(out, value);
        if (quoted) out.push_back('"');
    } else if constexpr (std::is_same_v<T, Operation>) {
        if (json) out.push_back('"');
        out.append(to_text(value));
        if (json) out.push_back('"');
    } else if constexpr (std::is_enum_v<T>) {
        append_scalar(out, static_cast<std::underlying_type_t<T>>(value), json);
    } else if constexpr (std::is_integral_v<T>) {
        using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
        const auto wide = static_cast<Wide>(value);
        const auto magnitude = wide < 0 ? 0 - static_cast<std::uint64_t>(wide) : static_cast<std::uint64_t>(wide);
        const bool quoted = json && magnitude > greatest_json_integer;
        if (quoted) out.push_back('"');
        append_integer(out, wide);
        if (quoted) out.push_back('"');
    } else {
        append_scalar(out, value.micros, json);
    }
}

template <class T>
void append_json(std::string& out, const T& value) {
    if constexpr (is_optional<T>) {
        if (value) append_json(out, *value);
        else out.append("null");
    } else if constexpr (TextLike<T>) {
        append_json_text(out, value);
    } else if constexpr (is_pair<T>) {
        out.push_back('[');
        append_json(out, value.first);
        out.push_back(',');
        append_json(out, value.second);
        out.push_back(']');
    } else if constexpr (requires {
                             value.begin();
                             value.end();
                         }) {
        out.push_back('[');
        bool first = true;
        for (const auto& element : value) {
            if (!first) out.push_back(',');
            first = false;
            append_json(out, element);
        }
        out.push_back(']');
    } else {
        append_scalar(out, value, true);
    }
}

} // namespace detail

// Appends rows as canonical text: one spelling for each value, so that equal rows are equal bytes.
//   float, double   the shortest text that reads back as the same bits, spelled as Python's repr does: 1.0, -0.0,
//                   1e-05, 1e+16; nan, inf, -inf (strings in JSON). A float has the digits of a float.
//   integer, enum   decimal; in JSON a string beyond 2^53
//   Operation       its letter
//   Time            integer microseconds since 1970-01-01T00:00:00Z
//   string          CSV: in quotes only if it is empty, is `\N`, or holds a comma, a quote, CR or LF. Bytes pass
//                   through, so text that was not UTF-8 stays so.
//   null            CSV: an empty cell without quotes; JSON: null
//   pair            of a PerKey: a JSON array [key, result]
//   list            anything else with begin() and end(): a JSON array, in CSV in quotes where it holds a comma or
//   quote
// The rows of JSONL are flat objects with the columns in order. Lines end in LF.
class RowFormatter {
public:
    RowFormatter(TextFormat format, const std::string_view* names, std::size_t count);
    template <class Names>
    RowFormatter(TextFormat format, const Names& names) : RowFormatter(format, names.data(), names.size()) {}

    // The line of column names in CSV, nothing in JSONL.
    void header(std::string& out) const { out.append(header_); }

    void begin(std::string& out) {
        next_ = 0;
        if (format_ == TextFormat::jsonl) out.push_back('{');
    }

    template <class T>
    void value(std::string& out, const T& value) {
        if constexpr (detail::is_optional<T>) {
            if (value) this->value(out, *value);
            else null(out);
        } else {
            separate(out);
            if (format_ == TextFormat::jsonl) detail::append_json(out, value);
            else if constexpr (detail::TextLike<T>) detail::append_csv_text(out, value);
            else if constexpr (requires {
                                   value.begin();
                                   value.end();
                               }) {
                list_.clear();
                detail::append_json(list_, value);
                detail::append_csv_text(out, list_);
            } else detail::append_scalar(out, value, false);
        }
    }

    void null(std::string& out) {
        separate(out);
        if (format_ == TextFormat::jsonl) out.append("null");
    }

    // Throws Error(usage) if the row has more or fewer values than there are columns.
    void end(std::string& out) {
        if (next_ != ends_.size()) wrong_count();
        out.append(format_ == TextFormat::jsonl ? "}\n" : "\n");
    }

private:
    void separate(std::string& out) {
        const auto column = next_++;
        if (format_ == TextFormat::csv) {
            if (column != 0) out.push_back(',');
        } else if (column < ends_.size()) {
            const auto first = column == 0 ? 0 : ends_[column - 1];
            out.append(prefixes_, first, ends_[column] - first);
        }
    }
    [[noreturn]] void wrong_count() const;

    TextFormat format_;
    std::string header_;
    std::string prefixes_; // `"a":` `,"b":` ... one after the other, each ending where ends_ says
    std::vector<std::size_t> ends_;
    std::string list_;
    std::size_t next_ = 0;
};

} // namespace onefold
