#include "onefold/record/parse.hpp"

#include <charconv>
#include <cstring>
#include <system_error>

#include "onefold/record/decode.hpp"

namespace onefold {

std::string_view sentence(ParseError error) noexcept {
    switch (error) {
    case ParseError::none: return "is valid";
    case ParseError::missing: return "is missing from the record and the field cannot be null";
    case ParseError::null: return "is null and the field cannot be null";
    case ParseError::not_an_integer: return "is not an integer";
    case ParseError::not_a_number: return "is not a number";
    case ParseError::not_a_boolean: return "is neither true nor false";
    case ParseError::out_of_range: return "is a number out of range of the field's type";
    case ParseError::json_integer_too_large:
        return "is a bare JSON integer beyond 2^53, which JSON readers round; write it as a string";
    case ParseError::not_text: return "is not text; write it in quotes";
    case ParseError::invalid_utf8: return "is not valid UTF-8";
    case ParseError::not_a_time: return "is neither an integer nor a time such as 2024-01-31T12:00:00Z";
    case ParseError::time_without_zone: return "is a time without a zone; append Z or an offset such as +02:00";
    case ParseError::no_such_date: return "is a time that does not exist";
    case ParseError::time_out_of_range: return "is a time out of range";
    case ParseError::not_an_array: return "is not a JSON array of numbers";
    case ParseError::array_length: return "is an array of another length than the field's";
    case ParseError::unexpected_array: return "is an array where one value is expected";
    case ParseError::not_an_operation: return "is none of the operations c, r, u, d and t";
    }
    return "is invalid";
}

std::string DecodeResult::reason() const {
    std::string text;
    if (*this) return text;
    return text.append("column \"").append(column).append("\" ").append(sentence(error));
}

bool is_utf8(std::string_view bytes) noexcept {
    const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* const end = p + bytes.size();
    const auto continues = [&](const unsigned char* at) { return (*at & 0xc0) == 0x80; };
    while (p != end) {
        if (end - p >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, p, 8);
            if ((word & 0x8080808080808080) == 0) {
                p += 8;
                continue;
            }
        }
        // The ranges of the second byte are those of table 3-7 of the Unicode standard.
        if (*p < 0x80) ++p;
        else if (*p < 0xc2) return false;
        else if (*p < 0xe0) {
            if (end - p < 2 || !continues(p + 1)) return false;
            p += 2;
        } else if (*p < 0xf0) {
            if (end - p < 3 || !continues(p + 1) || !continues(p + 2)) return false;
            if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] >= 0xa0)) return false;
            p += 3;
        } else if (*p < 0xf5) {
            if (end - p < 4 || !continues(p + 1) || !continues(p + 2) || !continues(p + 3)) return false;
            if ((*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] >= 0x90)) return false;
            p += 4;
        } else return false;
    }
    return true;
}

namespace detail {
namespace {

constexpr std::uint64_t json_exact = std::uint64_t{1} << 53;

// Null and array cells are wrong for every scalar, and each type has its own word for the rest.
ParseError scalar_error(const Cell& cell, ParseError other) noexcept {
    switch (cell.kind) {
    case CellKind::missing: return ParseError::missing;
    case CellKind::null: return ParseError::null;
    case CellKind::array: return ParseError::unexpected_array;
    default: return other;
    }
}

bool spells(const Cell& cell) noexcept { return cell.kind == CellKind::bare || cell.kind == CellKind::text; }

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

template <class Integer>
ParseError parse_integer(const Cell& cell, Integer& out) noexcept {
    if (!spells(cell) && cell.kind != CellKind::number) return scalar_error(cell, ParseError::not_an_integer);
    const char* const begin = cell.text.data();
    const char* const end = begin + cell.text.size();
    const auto [stop, code] = std::from_chars(begin, end, out);
    if (stop != end) {
        // A negative number is an integer as well, but from_chars<unsigned> does not read its sign.
        const bool negative = std::is_unsigned_v<Integer> && begin != end && *begin == '-';
        std::int64_t below = -1;
        if (!negative || std::from_chars(begin, end, below).ptr != end) return ParseError::not_an_integer;
        if (below != 0) return ParseError::out_of_range;
        out = 0;
    } else if (code == std::errc::result_out_of_range) return ParseError::out_of_range;
    else if (code != std::errc{}) return ParseError::not_an_integer;
    if (cell.kind == CellKind::number) {
        const auto magnitude = out < 0 ? 0 - static_cast<std::uint64_t>(out) : static_cast<std::uint64_t>(out);
        if (magnitude > json_exact) return ParseError::json_integer_too_large;
    }
    return ParseError::none;
}

template <class Float>
ParseError parse_floating(const Cell& cell, Float& out) noexcept {
    if (!spells(cell) && cell.kind != CellKind::number) return scalar_error(cell, ParseError::not_a_number);
    const char* begin = cell.text.data();
    const char* const end = begin + cell.text.size();
    const char* const digits = begin + (begin != end && *begin == '-');
    // from_chars also reads "INFINITY" and "nan(7)"; the file format has one spelling of each.
    if (digits == end || !(is_digit(*digits) || *digits == '.')) {
        if (cell.text == "nan") out = std::numeric_limits<Float>::quiet_NaN();
        else if (cell.text == "inf") out = std::numeric_limits<Float>::infinity();
        else if (cell.text == "-inf") out = -std::numeric_limits<Float>::infinity();
        else return ParseError::not_a_number;
        return ParseError::none;
    }
    const auto [stop, code] = std::from_chars(begin, end, out);
    if (stop != end || code == std::errc::invalid_argument) return ParseError::not_a_number;
    // Too small counts as out of range too: a non-zero number in the file must not become zero.
    return code == std::errc::result_out_of_range ? ParseError::out_of_range : ParseError::none;
}

// Reads exactly `count` digits and moves past them.
bool take_digits(const char*& p, const char* end, int count, std::int64_t& out) noexcept {
    if (end - p < count) return false;
    out = 0;
    for (int i = 0; i < count; ++i, ++p) {
        if (!is_digit(*p)) return false;
        out = out * 10 + (*p - '0');
    }
    return true;
}

bool take(const char*& p, const char* end, char wanted) noexcept {
    if (p == end || *p != wanted) return false;
    ++p;
    return true;
}

// Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, chrono-compatible low-level date
// algorithms, days_from_civil).
constexpr std::int64_t days_from_civil(std::int64_t y, std::int64_t m, std::int64_t d) noexcept {
    y -= m <= 2;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const std::int64_t year_of_era = y - era * 400;
    const std::int64_t day_of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}
static_assert(days_from_civil(1970, 1, 1) == 0 && days_from_civil(2000, 3, 1) == 11017);

constexpr std::int64_t days_in_month(std::int64_t y, std::int64_t m) noexcept {
    if (m == 2) return (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) ? 29 : 28;
    return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

// RFC 3339 date-time: four-digit years, so it cannot leave the range of int64 microseconds. A fraction finer than a
// microsecond is cut off, which rounds down because it counts forward from the second. A leap second (:60) has no place
// in a count of POSIX seconds and is refused like any other time that does not exist.
ParseError parse_rfc3339(std::string_view text, std::int64_t& micros) noexcept {
    const char* p = text.data();
    const char* const end = p + text.size();
    std::int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0;
    if (!take_digits(p, end, 4, year) || !take(p, end, '-') || !take_digits(p, end, 2, month) || !take(p, end, '-') ||
        !take_digits(p, end, 2, day))
        return ParseError::not_a_time;
    if (!take(p, end, 'T') && !take(p, end, 't') && !take(p, end, ' ')) return ParseError::not_a_time;
    if (!take_digits(p, end, 2, hour) || !take(p, end, ':') || !take_digits(p, end, 2, minute) || !take(p, end, ':') ||
        !take_digits(p, end, 2, second))
        return ParseError::not_a_time;
    if (take(p, end, '.')) {
        if (p == end || !is_digit(*p)) return ParseError::not_a_time;
        int digits = 0;
        for (; p != end && is_digit(*p); ++p)
            if (digits < 6) {
                fraction = fraction * 10 + (*p - '0');
                ++digits;
            }
        for (; digits < 6; ++digits) fraction *= 10;
    }
    std::int64_t offset_minutes = 0;
    if (p == end) return ParseError::time_without_zone;
    if (!take(p, end, 'Z') && !take(p, end, 'z')) {
        const bool west = *p == '-';
        std::int64_t hours = 0, minutes = 0;
        if (!take(p, end, '+') && !take(p, end, '-')) return ParseError::not_a_time;
        if (!take_digits(p, end, 2, hours) || !take(p, end, ':') || !take_digits(p, end, 2, minutes))
            return ParseError::not_a_time;
        if (hours > 23 || minutes > 59) return ParseError::no_such_date;
        offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    }
    if (p != end) return ParseError::not_a_time;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 ||
        second > 59)
        return ParseError::no_such_date;
    const auto minutes = (days_from_civil(year, month, day) * 24 + hour) * 60 + minute - offset_minutes;
    micros = (minutes * 60 + second) * 1'000'000 + fraction;
    return ParseError::none;
}

} // namespace

ParseError parse_signed(const Cell& cell, std::int64_t least, std::int64_t greatest, std::int64_t& out) noexcept {
    const auto error = parse_integer(cell, out);
    if (error != ParseError::none) return error;
    return out < least || out > greatest ? ParseError::out_of_range : ParseError::none;
}

ParseError parse_unsigned(const Cell& cell, std::uint64_t greatest, std::uint64_t& out) noexcept {
    const auto error = parse_integer(cell, out);
    if (error != ParseError::none) return error;
    return out > greatest ? ParseError::out_of_range : ParseError::none;
}

ParseError parse_float(const Cell& cell, double& out) noexcept { return parse_floating(cell, out); }

ParseError parse_float(const Cell& cell, float& out) noexcept { return parse_floating(cell, out); }

ParseError parse_bool(const Cell& cell, bool& out) noexcept {
    if (!spells(cell) && cell.kind != CellKind::boolean) return scalar_error(cell, ParseError::not_a_boolean);
    out = cell.text == "true";
    return out || cell.text == "false" ? ParseError::none : ParseError::not_a_boolean;
}

ParseError parse_text(const Cell& cell, std::string& out) {
    if (!spells(cell)) return scalar_error(cell, ParseError::not_text);
    if (!is_utf8(cell.text)) return ParseError::invalid_utf8;
    out.assign(cell.text);
    return ParseError::none;
}

ParseError parse_operation(const Cell& cell, Operation& out) noexcept {
    if (!spells(cell)) return scalar_error(cell, ParseError::not_an_operation);
    for (const auto known :
         {Operation::create, Operation::read, Operation::update, Operation::remove, Operation::truncate})
        if (cell.text == to_text(known)) {
            out = known;
            return ParseError::none;
        }
    return ParseError::not_an_operation;
}

ParseError parse_time(const Cell& cell, TimeUnit unit, std::int64_t& micros) noexcept {
    std::int64_t count = 0;
    const auto error = parse_integer(cell, count);
    if (error == ParseError::out_of_range) return ParseError::time_out_of_range;
    if (error == ParseError::not_an_integer)
        return spells(cell) ? parse_rfc3339(cell.text, micros) : ParseError::not_a_time;
    if (error != ParseError::none) return error;
    if (unit == TimeUnit::nanoseconds) {
        micros = count / 1000 - (count % 1000 < 0);
        return ParseError::none;
    }
    const std::int64_t factor = unit == TimeUnit::seconds ? 1'000'000 : unit == TimeUnit::milliseconds ? 1000 : 1;
    return __builtin_mul_overflow(count, factor, &micros) ? ParseError::time_out_of_range : ParseError::none;
}

// -?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?
bool is_json_number(std::string_view text) noexcept {
    const char* p = text.data();
    const char* const end = p + text.size();
    const auto skip_digits = [&] {
        const char* const first = p;
        while (p != end && is_digit(*p)) ++p;
        return p != first;
    };
    take(p, end, '-');
    if (!take(p, end, '0') && !skip_digits()) return false;
    if (take(p, end, '.') && !skip_digits()) return false;
    if (take(p, end, 'e') || take(p, end, 'E')) {
        if (!take(p, end, '+')) take(p, end, '-');
        if (!skip_digits()) return false;
    }
    return p == end;
}

// In a CSV cell an integer of any size was written by whoever wrote the cell; only JSON proper goes through readers
// that round it.
ArrayReader::ArrayReader(const Cell& cell) noexcept
    : rest_(cell.text), number_kind_(cell.kind == CellKind::array ? CellKind::number : CellKind::bare) {
    if (cell.kind == CellKind::missing) error_ = ParseError::missing;
    else if (cell.kind == CellKind::null) error_ = ParseError::null;
    else if (cell.kind == CellKind::number || cell.kind == CellKind::boolean || rest_.empty() || rest_.front() != '[')
        error_ = ParseError::not_an_array;
    else rest_.remove_prefix(1);
}

void ArrayReader::skip_space() noexcept {
    while (!rest_.empty() &&
           (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\n' || rest_.front() == '\r'))
        rest_.remove_prefix(1);
}

bool ArrayReader::fail() noexcept {
    error_ = ParseError::not_an_array;
    return false;
}

bool ArrayReader::next(Cell& element) noexcept {
    if (error_ != ParseError::none || done_) return false;
    skip_space();
    if (rest_.empty()) return fail();
    if (rest_.front() == ']') {
        rest_.remove_prefix(1);
        done_ = true;
        return rest_.empty() ? false : fail();
    }
    if (!first_) {
        if (rest_.front() != ',') return fail();
        rest_.remove_prefix(1);
        skip_space();
    }
    first_ = false;
    if (rest_.empty()) return fail();
    if (rest_.front() == '"') {
        rest_.remove_prefix(1);
        const auto close = rest_.find('"');
        if (close == std::string_view::npos) return fail();
        element = {rest_.substr(0, close), CellKind::text};
        rest_.remove_prefix(close + 1);
        return true;
    }
    const auto stop = rest_.find_first_of(",] \t\r\n");
    if (stop == 0 || stop == std::string_view::npos) return fail();
    const auto token = rest_.substr(0, stop);
    rest_.remove_prefix(stop);
    if (token == "null") element = {token, CellKind::null};
    else if (token == "true" || token == "false") element = {token, CellKind::boolean};
    else if (is_json_number(token)) element = {token, number_kind_};
    else return fail();
    return true;
}

} // namespace detail
} // namespace onefold
