#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "onefold/record/cell.hpp"
#include "onefold/record/format.hpp"

namespace onefold {

struct TextSourceOptions {
    std::optional<TextFormat> format;               // from the path's ending where not given; "-" is CSV
    std::size_t line_limit = std::size_t{16} << 20; // bytes of one record; a longer one is malformed
    std::size_t block_size = std::size_t{256} << 10;
};

// One record of a text file. Everything it points to belongs to the source until the next call of next().
struct TextRecord {
    std::uint64_t line = 0;        // the physical line it begins on, from 1
    CellRow cells;                 // in the order asked for with bind(); empty if malformed
    RowPart part = RowPart::whole; // less in an envelope that deletes or truncates
    std::string_view reason;       // why it is malformed; empty if it is not
    std::string_view raw;          // its text as it is in the file, cut to 200 bytes

    constexpr bool malformed() const noexcept { return !reason.empty(); }
};

// Reads the records of a `.csv`, `.jsonl` or `.ndjson` file, each also as `.gz`, or of standard input ("-").
//   CSV     RFC 4180: a header line, commas, quotes with "" inside, LF or CRLF; a UTF-8 byte order mark is skipped. An
//           empty cell without quotes and a `\N` without quotes are null, `""` is the empty string.
//   JSONL   one flat object a line, its members in any order; a member left out is missing.
//           Where a column's name is a path, such as "$.op" or "$.source.lsn", a line is an envelope of Debezium: the
//           path is looked up in it, or in its `payload`, and the other columns are those of the row `after` the
//           change, or `before` it where it deletes. A line `null` is none.
// A malformed record is handed out with its reason, and reading goes on after it. A quote that is out of place costs
// only its own line: the lines after it are read as records again. Memory stays within a small multiple of line_limit.
//
// Throws Error: usage for a path that cannot be meant (unknown ending, no such file, a directory), environment for what
// the machine refuses, data for a file that cannot be read as what it claims to be. Records before the place where a
// file breaks off are handed out first; the last line of broken gzip data never is, as it may be half a line.
class TextSource {
public:
    // Opens the file and reads a CSV header; a CSV file without one, an empty file, is an Error(data).
    explicit TextSource(std::string path, TextSourceOptions options = {});
    TextSource(TextSource&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
    TextSource& operator=(TextSource&& other) noexcept {
        std::swap(impl_, other.impl_);
        return *this;
    }
    ~TextSource();

    // The names in a CSV header; empty for JSONL, which has none.
    const std::vector<std::string>& columns() const noexcept;

    // Chooses the columns that next() hands out, and their order. Throws Error(data) if a CSV file lacks a wanted
    // column or, unless `ignore_other`, has one more. In JSONL the same are found line by line: a member left out is a
    // missing cell, one too many makes its line malformed. CSV without bind() hands out all columns in the file's
    // order.
    void bind(const std::string_view* names, std::size_t count, bool ignore_other);
    template <class Names>
    void bind(const Names& names, bool ignore_other = false) {
        bind(names.data(), names.size(), ignore_other);
    }

    // The next record, well-formed or malformed; false at the end. Once it has thrown, it throws the same again.
    bool next(TextRecord& record);

private:
    class Impl;
    Impl* impl_;
};

} // namespace onefold
