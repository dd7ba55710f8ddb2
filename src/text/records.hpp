#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "byte_window.hpp"
#include "onefold/record/cell.hpp"

namespace onefold::detail {

// Where the next record lies in the window, and what is known of it before its cells are looked at.
struct Extent {
    enum class Outcome { record, end, malformed };
    Outcome outcome = Outcome::end;
    std::size_t length = 0;  // of the record without its line end
    std::size_t total = 0;   // with it: what to consume
    std::uint64_t lines = 1; // physical lines in `total`
    bool quoted = false;     // CSV: there is a quote in it
    std::string_view reason; // if malformed
};

// Finds a CSV record. A malformed one has outcome malformed and no length: the caller skips its first line, because
// after a quote out of place the only sure border is the next line end.
Extent find_csv(ByteWindow& window, std::size_t limit);
// Finds a line of JSONL; malformed if it is longer than the limit.
Extent find_line(ByteWindow& window, std::size_t limit);

// Splits a CSV record into cells. `targets[i]` is the place of the file's column i among the cells, or -1.
class CsvSplitter {
public:
    void set_targets(std::vector<std::ptrdiff_t> targets) { targets_ = std::move(targets); }
    // False if the record has another number of cells than there are targets; found() is then that number.
    bool split(std::string_view record, bool quoted, std::vector<Cell>& cells);
    std::size_t found() const noexcept { return found_; }
    // The same for a header: every cell, in order.
    void split_all(std::string_view record, std::vector<Cell>& cells);

private:
    template <class Take> void for_each_cell(std::string_view record, bool quoted, Take take);
    std::vector<std::ptrdiff_t> targets_;
    std::string unescaped_; // the text of cells with "" inside; as large as the record, so it never moves
    std::size_t found_ = 0;
};

// Reads flat JSON objects (RFC 8259) into cells by member name.
class JsonSplitter {
public:
    void set_names(std::vector<std::string> names, bool ignore_other);
    // An empty reason if the line is one flat object.
    std::string_view split(std::string_view line, std::vector<Cell>& cells, std::string_view called = "of the line");

private:
    bool fail(std::string_view what);
    void skip_space() noexcept;
    bool take(char c) noexcept;
    bool read_string(std::string_view& text);
    bool read_escape();
    bool read_hex(std::uint32_t& unit) noexcept;
    bool read_value(Cell& cell, bool in_array);
    bool read_member(std::size_t index, std::vector<Cell>& cells);
    bool ignored_are_distinct();

    std::vector<std::string> names_;
    std::unordered_map<std::string_view, std::size_t> index_;
    bool ignore_other_ = false;
    // Members mostly come in the order of the line before, so this guess saves the look-up. names_.size() is "ignored".
    std::vector<std::size_t> order_;
    std::vector<std::uint64_t> seen_in_;
    std::uint64_t record_ = 0;
    std::vector<std::string_view> ignored_;
    std::string unescaped_;
    std::string reason_;
    std::string_view called_; // the text that positions are of
    const char* begin_ = nullptr;
    const char* p_ = nullptr;
    const char* end_ = nullptr;
};

// A name from a file as a sentence may show it: quoted, escaped, cut.
std::string shown_name(std::string_view name);

} // namespace onefold::detail
