#include "records.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace onefold::detail {
namespace {

const char* find(const char* from, const char* to, char wanted) noexcept {
    if (from == to) return nullptr;
    return static_cast<const char*>(std::memchr(from, wanted, static_cast<std::size_t>(to - from)));
}

enum class State { cell_start, plain, carriage_return, quoted, quote_in_quoted, return_after_quote };

constexpr std::string_view misplaced_quote = "a quote inside a cell that does not begin with one";
constexpr std::string_view after_quote = "text after a closing quote";
constexpr std::string_view lone_return = "a carriage return outside quotes that ends no line";
constexpr std::string_view never_closed = "a quote that is never closed";
constexpr std::string_view too_long = "longer than the limit for one record";
constexpr std::string_view too_long_quoted = "a quote that is not closed within the limit for one record";

constexpr auto is_special = [] {
    std::array<bool, 256> table{};
    for (const char c : {',', '"', '\n', '\r'}) table[static_cast<unsigned char>(c)] = true;
    return table;
}();

// Runs from `at`, as far as the bytes go, and can go on when there are more; so a record that arrives in pieces is
// looked at once.
struct Scanner {
    State state = State::cell_start;
    std::size_t at = 0;
    std::string_view mistake;

    // True at the newline that ends the record, where `at` then stands, or at a mistake.
    bool run(const char* data, std::size_t size) {
        while (at < size) {
            const char c = data[at];
            switch (state) {
            case State::cell_start:
                state = c == '"' ? State::quoted : State::plain;
                at += c == '"';
                break;
            case State::plain:
                while (at < size && !is_special[static_cast<unsigned char>(data[at])]) ++at;
                if (at == size) return false;
                if (data[at] == '\n') return true;
                if (data[at] == '"') return fail(misplaced_quote);
                state = data[at] == ',' ? State::cell_start : State::carriage_return;
                ++at;
                break;
            case State::quoted:
                if (const char* close = find(data + at, data + size, '"')) {
                    at = static_cast<std::size_t>(close - data) + 1;
                    state = State::quote_in_quoted;
                } else at = size;
                break;
            case State::quote_in_quoted:
                if (c == '\n') return true;
                if (c != '"' && c != ',' && c != '\r') return fail(after_quote);
                state = c == '"' ? State::quoted : c == ',' ? State::cell_start : State::return_after_quote;
                ++at;
                break;
            case State::carriage_return: return c == '\n' || fail(lone_return);
            case State::return_after_quote: return c == '\n' || fail(after_quote);
            }
        }
        return false;
    }

    bool fail(std::string_view what) {
        mistake = what;
        return true;
    }
};

std::string_view without_return(std::string_view record) noexcept {
    if (record.ends_with('\r')) record.remove_suffix(1);
    return record;
}

Extent malformed(std::string_view reason) {
    Extent extent;
    extent.outcome = Extent::Outcome::malformed;
    extent.reason = reason;
    return extent;
}

// A record of `length` bytes and its newline, if it has one.
Extent whole(std::string_view view, std::size_t length, bool quoted) {
    Extent extent;
    extent.outcome = Extent::Outcome::record;
    extent.total = std::min(length + 1, view.size());
    extent.length = without_return(view.substr(0, length)).size();
    extent.quoted = quoted;
    if (quoted) {
        const auto body = view.substr(0, length);
        extent.lines += static_cast<std::uint64_t>(std::count(body.begin(), body.end(), '\n'));
    }
    return extent;
}

} // namespace

Extent find_csv(ByteWindow& window, std::size_t limit) {
    Scanner scanner;
    for (;;) {
        const auto view = window.view();
        const char* const data = view.data();
        const auto size = std::min(view.size(), limit + 1);
        if (scanner.at == 0 && size != 0) {
            // Most records are one line without quotes, which memchr finds many bytes at a time.
            const char* const newline = find(data, data + size, '\n');
            if (newline && !find(data, newline, '"')) {
                const char* const carriage_return = find(data, newline, '\r');
                if (carriage_return && carriage_return + 1 != newline) return malformed(lone_return);
                return whole(view, static_cast<std::size_t>(newline - data), false);
            }
        }
        if (scanner.run(data, size)) {
            if (scanner.mistake.empty()) return whole(view, scanner.at, true);
            return malformed(scanner.at < limit ? scanner.mistake : too_long);
        }
        if (view.size() > limit) return malformed(scanner.state == State::quoted ? too_long_quoted : too_long);
        if (window.more()) continue;
        if (window.failed()) window.rethrow();
        if (view.empty()) return {};
        if (scanner.state == State::quoted) return malformed(never_closed);
        return whole(window.view(), view.size(), true); // more() moves the bytes even when there are none
    }
}

Extent find_line(ByteWindow& window, std::size_t limit) {
    std::size_t searched = 0;
    for (;;) {
        const auto view = window.view();
        const auto size = std::min(view.size(), limit + 1);
        if (const char* newline = find(view.data() + searched, view.data() + size, '\n'))
            return whole(view, static_cast<std::size_t>(newline - view.data()), false);
        if (view.size() > limit) return malformed(too_long);
        searched = size;
        if (window.more()) continue;
        if (window.failed()) window.rethrow();
        if (view.empty()) return {};
        return whole(window.view(), view.size(), false);
    }
}

template <class Take>
void CsvSplitter::for_each_cell(std::string_view record, bool quoted, Take take) {
    const char* p = record.data();
    const char* const end = p + record.size();
    char* free = nullptr;
    if (quoted) {
        if (unescaped_.size() < record.size()) unescaped_.resize(record.size());
        free = unescaped_.data();
    }
    for (std::size_t column = 0;; ++column) {
        if (quoted && p != end && *p == '"') {
            const char* const first = ++p;
            p = find(p, end, '"');
            Cell cell{{first, static_cast<std::size_t>(p - first)}, CellKind::text};
            if (p + 1 != end && p[1] == '"') {
                char* const text = free;
                const char* from = first;
                while (p + 1 != end && p[1] == '"') {
                    free = std::copy(from, p + 1, free);
                    from = p + 2;
                    p = find(from, end, '"');
                }
                free = std::copy(from, p, free);
                cell.text = {text, static_cast<std::size_t>(free - text)};
            }
            ++p;
            take(column, cell);
        } else {
            const char* const first = p;
            while (p != end && *p != ',') ++p;
            const std::string_view text(first, static_cast<std::size_t>(p - first));
            take(column, Cell{text, text.empty() || text == "\\N" ? CellKind::null : CellKind::bare});
        }
        if (p == end) {
            found_ = column + 1;
            return;
        }
        ++p;
    }
}

bool CsvSplitter::split(std::string_view record, bool quoted, std::vector<Cell>& cells) {
    for_each_cell(record, quoted, [&](std::size_t column, const Cell& cell) {
        if (column < targets_.size() && targets_[column] >= 0) cells[static_cast<std::size_t>(targets_[column])] = cell;
    });
    return found_ == targets_.size();
}

void CsvSplitter::split_all(std::string_view record, std::vector<Cell>& cells) {
    cells.clear();
    for_each_cell(record, true, [&](std::size_t, const Cell& cell) { cells.push_back(cell); });
}

} // namespace onefold::detail
