#include "records.hpp"

#include <algorithm>

#include "onefold/record/parse.hpp"

namespace onefold::detail {

std::string shown_name(std::string_view name) {
    constexpr std::size_t most = 60;
    std::string shown;
    if (!is_utf8(name)) return "\"(not UTF-8)\"";
    const bool cut = name.size() > most;
    if (cut) {
        std::size_t size = most;
        while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xc0) == 0x80) --size;
        name = name.substr(0, size);
    }
    append_json_text(shown, name);
    if (cut) shown.append("...");
    return shown;
}

void JsonSplitter::set_names(std::vector<std::string> names, bool ignore_other) {
    names_ = std::move(names);
    ignore_other_ = ignore_other;
    index_.clear();
    for (std::size_t i = 0; i < names_.size(); ++i) index_.emplace(names_[i], i);
    order_.clear();
    seen_in_.assign(names_.size(), 0);
    record_ = 0;
}

bool JsonSplitter::fail(std::string_view what) {
    reason_.assign(what).append(" at byte ").append(std::to_string(p_ - begin_ + 1)).append(" ").append(called_);
    return false;
}

void JsonSplitter::skip_space() noexcept {
    while (p_ != end_ && (*p_ == ' ' || *p_ == '\t' || *p_ == '\r')) ++p_;
}

bool JsonSplitter::take(char c) noexcept {
    if (p_ == end_ || *p_ != c) return false;
    ++p_;
    return true;
}

bool JsonSplitter::read_hex(std::uint32_t& unit) noexcept {
    if (end_ - p_ < 4) return false;
    unit = 0;
    for (int i = 0; i < 4; ++i, ++p_) {
        const char c = *p_;
        unit <<= 4;
        if (c >= '0' && c <= '9') unit |= static_cast<std::uint32_t>(c - '0');
        else if (c >= 'a' && c <= 'f') unit |= static_cast<std::uint32_t>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F') unit |= static_cast<std::uint32_t>(c - 'A' + 10);
        else return false;
    }
    return true;
}

// After the backslash; appends what the escape stands for. An escape is at least as long as its UTF-8.
bool JsonSplitter::read_escape() {
    if (p_ == end_) return fail("a string without its closing quote");
    const char c = *p_++;
    switch (c) {
    case '"':
    case '\\':
    case '/': unescaped_.push_back(c); return true;
    case 'b': unescaped_.push_back('\b'); return true;
    case 'f': unescaped_.push_back('\f'); return true;
    case 'n': unescaped_.push_back('\n'); return true;
    case 'r': unescaped_.push_back('\r'); return true;
    case 't': unescaped_.push_back('\t'); return true;
    case 'u': break;
    default: --p_; return fail("an escape that JSON does not have");
    }
    std::uint32_t code = 0;
    if (!read_hex(code)) return fail("\\u without four hexadecimal digits");
    if (code >= 0xdc00 && code < 0xe000) return fail("the second half of a surrogate pair without the first");
    if (code >= 0xd800 && code < 0xdc00) {
        std::uint32_t low = 0;
        if (!take('\\') || !take('u') || !read_hex(low) || low < 0xdc00 || low > 0xdfff)
            return fail("the first half of a surrogate pair without the second");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    const auto put = [&](std::uint32_t byte) {
        unescaped_.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
    };
    if (code < 0x80) put(code);
    else if (code < 0x800) {
        put(0xc0 | (code >> 6));
        put(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        put(0xe0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3f));
        put(0x80 | (code & 0x3f));
    } else {
        put(0xf0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3f));
        put(0x80 | ((code >> 6) & 0x3f));
        put(0x80 | (code & 0x3f));
    }
    return true;
}

// After the opening quote. Text without escapes is a view of the line.
bool JsonSplitter::read_string(std::string_view& text) {
    const char* const first = p_;
    const char* plain = p_;
    const auto start = unescaped_.size();
    bool escaped = false;
    for (;; ++p_) {
        while (p_ != end_ && *p_ != '"' && *p_ != '\\' && static_cast<unsigned char>(*p_) >= 0x20) ++p_;
        if (p_ == end_) return fail("a string without its closing quote");
        if (*p_ == '"') break;
        if (*p_ != '\\') return fail("a control character in a string, where JSON needs an escape,");
        escaped = true;
        unescaped_.append(plain, p_);
        ++p_;
        if (!read_escape()) return false;
        plain = p_--;
    }
    if (escaped) {
        unescaped_.append(plain, p_);
        text = std::string_view(unescaped_).substr(start);
    } else {
        text = {first, static_cast<std::size_t>(p_ - first)};
    }
    ++p_;
    return true;
}

bool JsonSplitter::read_value(Cell& cell, bool in_array) {
    if (p_ == end_) return fail("no value");
    const char* const first = p_;
    if (take('"')) {
        cell.kind = CellKind::text;
        return read_string(cell.text);
    }
    if (*p_ == '{') return fail("a nested object, where only flat objects are read,");
    if (*p_ == '[') {
        if (in_array) return fail("an array in an array, where only arrays of plain values are read,");
        ++p_;
        skip_space();
        if (!take(']')) {
            for (Cell element;;) {
                skip_space();
                if (!read_value(element, true)) return false;
                skip_space();
                if (take(']')) break;
                if (!take(',')) return fail("neither a comma nor the end of the array");
            }
        }
        cell = {{first, static_cast<std::size_t>(p_ - first)}, CellKind::array};
        return true;
    }
    while (p_ != end_ && *p_ != ',' && *p_ != '}' && *p_ != ']' && *p_ != ' ' && *p_ != '\t' && *p_ != '\r') ++p_;
    cell.text = {first, static_cast<std::size_t>(p_ - first)};
    if (cell.text == "null") cell.kind = CellKind::null;
    else if (cell.text == "true" || cell.text == "false") cell.kind = CellKind::boolean;
    else if (is_json_number(cell.text)) cell.kind = CellKind::number;
    else {
        p_ = first;
        return fail("something that is no JSON value");
    }
    return true;
}

bool JsonSplitter::read_member(std::size_t position, std::vector<Cell>& cells) {
    std::string_view name;
    if (!take('"')) return fail("no member name in quotes");
    if (!read_string(name)) return false;
    std::size_t index = position < order_.size() ? order_[position] : names_.size();
    if (index == names_.size() || names_[index] != name) {
        const auto known = index_.find(name);
        index = known == index_.end() ? names_.size() : known->second;
        // Bounded, because a crafted line may have millions of members.
        if (position < order_.size()) order_[position] = index;
        else if (position == order_.size() && position < 4 * names_.size() + 16) order_.push_back(index);
    }
    if (index == names_.size()) {
        if (!ignore_other_) {
            reason_.assign("an unknown member ").append(shown_name(name));
            return false;
        }
        ignored_.push_back(name);
    } else if (seen_in_[index] == record_) {
        reason_.assign("the member ").append(shown_name(name)).append(" twice");
        return false;
    } else seen_in_[index] = record_;
    skip_space();
    if (!take(':')) return fail("no colon after a member name");
    skip_space();
    Cell ignored;
    return read_value(index == names_.size() ? ignored : cells[index], false);
}

bool JsonSplitter::ignored_are_distinct() {
    if (ignored_.size() < 2) return true;
    std::sort(ignored_.begin(), ignored_.end());
    const auto twice = std::adjacent_find(ignored_.begin(), ignored_.end());
    if (twice == ignored_.end()) return true;
    reason_.assign("the member ").append(shown_name(*twice)).append(" twice");
    return false;
}

std::string_view JsonSplitter::split(std::string_view line, std::vector<Cell>& cells, std::string_view called) {
    called_ = called;
    begin_ = p_ = line.data();
    end_ = p_ + line.size();
    ++record_;
    reason_.clear();
    ignored_.clear();
    // No escape makes text longer, so the views into it stay put.
    unescaped_.clear();
    unescaped_.reserve(line.size());
    for (auto& cell : cells) cell = {};
    skip_space();
    if (p_ == end_) return "an empty line";
    if (!take('{')) {
        fail("no JSON object");
        return reason_;
    }
    skip_space();
    if (!take('}')) {
        for (std::size_t position = 0;; ++position) {
            skip_space();
            if (!read_member(position, cells)) return reason_;
            skip_space();
            if (take('}')) break;
            if (!take(',')) {
                fail("neither a comma nor the end of the object");
                return reason_;
            }
        }
    }
    skip_space();
    if (p_ != end_) fail("something after the object");
    else ignored_are_distinct();
    return reason_;
}

} // namespace onefold::detail
