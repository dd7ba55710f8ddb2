#include "onefold/record/format.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "onefold/core/error.hpp"

namespace onefold {
namespace detail {
namespace {

template <class Integer>
void append_decimal(std::string& out, Integer value) {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out.append(buffer, static_cast<std::size_t>(end - buffer));
}

// to_chars finds the digits (the shortest that round-trip, the nearest of those); the layout is Python's: plain for
// exponents -4 to 15, scientific with at least two digits of exponent outside.
template <class Float>
void append_shortest(std::string& out, Float value) {
    if (std::isnan(value)) {
        out.append("nan");
        return;
    }
    if (std::isinf(value)) {
        out.append(value < 0 ? "-inf" : "inf");
        return;
    }
    // Below 2^53 (2^24) every integer is its own shortest text.
    constexpr auto exact = static_cast<Float>(std::uint64_t{1} << std::numeric_limits<Float>::digits);
    if (value > -exact && value < exact && value == std::trunc(value) && !(value == 0 && std::signbit(value))) {
        append_decimal(out, static_cast<std::int64_t>(value));
        out.append(".0");
        return;
    }
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    const auto mark = text.rfind('e');
    int exponent = 0;
    std::from_chars(buffer + mark + (text[mark + 1] == '+' ? 2 : 1), end, exponent);
    const bool negative = text.front() == '-';
    if (exponent < -4 || exponent >= 16) {
        out.append(text);
        return;
    }
    char digits[24];
    int count = 0;
    for (const char c : text.substr(negative, mark - negative))
        if (c != '.') digits[count++] = c;
    const auto append_digits = [&](int from, int to) {
        out.append(digits + from, static_cast<std::size_t>(to - from));
    };
    const auto append_zeros = [&](int n) { out.append(static_cast<std::size_t>(n), '0'); };
    if (negative) out.push_back('-');
    if (exponent < 0) {
        out.append("0.");
        append_zeros(-exponent - 1);
        append_digits(0, count);
    } else if (count > exponent + 1) {
        append_digits(0, exponent + 1);
        out.push_back('.');
        append_digits(exponent + 1, count);
    } else {
        append_digits(0, count);
        append_zeros(exponent + 1 - count);
        out.append(".0");
    }
}

} // namespace

void append_integer(std::string& out, std::int64_t value) { append_decimal(out, value); }

void append_integer(std::string& out, std::uint64_t value) { append_decimal(out, value); }

void append_float(std::string& out, double value) { append_shortest(out, value); }

void append_float(std::string& out, float value) { append_shortest(out, value); }

void append_csv_text(std::string& out, std::string_view text) {
    if (!text.empty() && text != "\\N" && text.find_first_of(",\"\r\n") == std::string_view::npos) {
        out.append(text);
        return;
    }
    out.push_back('"');
    for (auto quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"')) {
        out.append(text.substr(0, quote)).append("\"\"");
        text.remove_prefix(quote + 1);
    }
    out.append(text).push_back('"');
}

void append_json_text(std::string& out, std::string_view text) {
    out.push_back('"');
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text.substr(plain, i - plain));
        plain = i + 1;
        out.push_back('\\');
        switch (c) {
        case '"':
        case '\\': out.push_back(text[i]); break;
        case '\b': out.push_back('b'); break;
        case '\f': out.push_back('f'); break;
        case '\n': out.push_back('n'); break;
        case '\r': out.push_back('r'); break;
        case '\t': out.push_back('t'); break;
        default: out.append("u00").append(1, "01"[c >> 4]).append(1, "0123456789abcdef"[c & 15]);
        }
    }
    out.append(text.substr(plain)).push_back('"');
}

} // namespace detail

RowFormatter::RowFormatter(TextFormat format, const std::string_view* names, std::size_t count) : format_(format) {
    for (std::size_t i = 0; i < count; ++i) {
        if (i != 0) prefixes_.push_back(',');
        if (format == TextFormat::jsonl) {
            detail::append_json_text(prefixes_, names[i]);
            prefixes_.push_back(':');
        } else {
            detail::append_csv_text(prefixes_, names[i]);
        }
        ends_.push_back(prefixes_.size());
    }
    if (format == TextFormat::csv) header_ = prefixes_ + '\n';
}

void RowFormatter::wrong_count() const {
    throw Error(ErrorKind::usage, "a row of " + std::to_string(next_) + " values was given to a formatter of " +
                                      std::to_string(ends_.size()) + " columns; give each column one value or null");
}

} // namespace onefold
