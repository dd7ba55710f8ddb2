#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onefold {

// What the file said before any type was asked for. The kinds differ in what they may become.
enum class CellKind : std::uint8_t {
    missing, // the column is not in this record (a JSON member left out); null where the field can be null
    null,    // JSON null; an empty or `\N` CSV cell without quotes
    bare,    // CSV without quotes: a number, a boolean, a time or text
    text,    // in quotes: text, and also whatever that text spells
    number,  // a JSON number, as it is written
    boolean, // JSON true or false
    array    // a JSON array of scalars, as it is written
};

// How much of a row a record has. One that says that a row is gone may have its key only, and one that says it of all
// rows has none of them.
enum class RowPart : std::uint8_t { whole, key, none };

// One value of one record: decoded text (no quotes, no escapes) that its source owns until the next record is read.
struct Cell {
    std::string_view text;
    CellKind kind = CellKind::missing;
};

// The cells of one record. A span without <span>, which costs more to compile than this header.
class CellRow {
public:
    constexpr CellRow() = default;
    constexpr CellRow(const Cell* first, std::size_t size) noexcept : first_(first), size_(size) {}
    constexpr const Cell* begin() const noexcept { return first_; }
    constexpr const Cell* end() const noexcept { return first_ + size_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr const Cell& operator[](std::size_t i) const noexcept { return first_[i]; }

private:
    const Cell* first_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace onefold
