#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "onefold/core/time.hpp"
#include "onefold/record/cell.hpp"
#include "onefold/record/field.hpp"
#include "onefold/record/operation.hpp"
#include "onefold/record/schema.hpp"

namespace onefold {

// Why a cell is not a value of the wanted type.
enum class ParseError : std::uint8_t {
    none,
    missing,
    null,
    not_an_integer,
    not_a_number,
    not_a_boolean,
    out_of_range,
    json_integer_too_large,
    not_text,
    invalid_utf8,
    not_a_time,
    time_without_zone,
    no_such_date,
    time_out_of_range,
    not_an_array,
    array_length,
    unexpected_array,
    not_an_operation
};

// The reason as the end of a sentence that begins with the column: "is not an integer". It never holds the cell's text,
// which may be an entity's key.
std::string_view sentence(ParseError error) noexcept;

// True if the bytes are UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes) noexcept;

namespace detail {

ParseError parse_signed(const Cell& cell, std::int64_t least, std::int64_t greatest, std::int64_t& out) noexcept;
ParseError parse_unsigned(const Cell& cell, std::uint64_t greatest, std::uint64_t& out) noexcept;
ParseError parse_float(const Cell& cell, double& out) noexcept;
ParseError parse_float(const Cell& cell, float& out) noexcept;
ParseError parse_bool(const Cell& cell, bool& out) noexcept;
ParseError parse_text(const Cell& cell, std::string& out);
ParseError parse_operation(const Cell& cell, Operation& out) noexcept;
ParseError parse_time(const Cell& cell, TimeUnit unit, std::int64_t& micros) noexcept;

bool is_json_number(std::string_view text) noexcept;

// Walks the elements of a JSON array of scalars in place. An element with escapes in its string is no number.
class ArrayReader {
public:
    explicit ArrayReader(const Cell& cell) noexcept;
    // False at the end of the array and at its first mistake; error() tells which.
    bool next(Cell& element) noexcept;
    ParseError error() const noexcept { return error_; }

private:
    void skip_space() noexcept;
    bool fail() noexcept;
    std::string_view rest_;
    CellKind number_kind_;
    bool first_ = true;
    bool done_ = false;
    ParseError error_ = ParseError::none;
};

} // namespace detail

// Reads a cell as a T, strictly: the whole text, no spaces around it, no leading '+', in range. `nan`, `inf` and `-inf`
// are floating-point numbers; `true` and `false` are the booleans; an Operation is
// its letter; a Time is an integer in `unit` or RFC 3339 text with
// an offset or Z; an array is a JSON array of exactly N elements. A missing or null cell is null in a std::optional and
// an error elsewhere. On an error `out` may hold anything. Linear in the text; only text longer than any before it
// allocates.
template <FieldType T>
ParseError parse_cell(const Cell& cell, T& out, TimeUnit unit = TimeUnit::microseconds) {
    if constexpr (detail::is_optional<T>) {
        if (cell.kind == CellKind::missing || cell.kind == CellKind::null) {
            out.reset();
            return ParseError::none;
        }
        if (!out) out.emplace();
        return parse_cell(cell, *out, unit);
    } else if constexpr (detail::is_array<T>) {
        detail::ArrayReader elements(cell);
        std::size_t count = 0;
        for (Cell element; elements.next(element); ++count) {
            if (count == out.size()) return ParseError::array_length;
            if (const auto error = parse_cell(element, out[count]); error != ParseError::none) return error;
        }
        if (elements.error() != ParseError::none) return elements.error();
        return count == out.size() ? ParseError::none : ParseError::array_length;
    } else if constexpr (std::same_as<T, Operation>) {
        return detail::parse_operation(cell, out);
    } else if constexpr (std::is_enum_v<T>) {
        std::underlying_type_t<T> number{};
        const auto error = parse_cell(cell, number);
        out = static_cast<T>(number);
        return error;
    } else if constexpr (std::same_as<T, Time>) {
        return detail::parse_time(cell, unit, out.micros);
    } else if constexpr (std::same_as<T, std::string>) {
        return detail::parse_text(cell, out);
    } else if constexpr (std::same_as<T, bool>) {
        return detail::parse_bool(cell, out);
    } else if constexpr (std::is_floating_point_v<T>) {
        return detail::parse_float(cell, out);
    } else if constexpr (std::is_signed_v<T>) {
        std::int64_t number = 0;
        const auto error =
            detail::parse_signed(cell, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), number);
        out = static_cast<T>(number);
        return error;
    } else {
        std::uint64_t number = 0;
        const auto error = detail::parse_unsigned(cell, std::numeric_limits<T>::max(), number);
        out = static_cast<T>(number);
        return error;
    }
}

} // namespace onefold
