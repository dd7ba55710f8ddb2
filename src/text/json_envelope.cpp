#include "json_envelope.hpp"

#include <algorithm>

#include "onefold/record/format.hpp"
#include "onefold/record/operation.hpp"

namespace onefold::detail {
namespace {

// What a value of JSON is made of is looked at where it is read; here its end is found, and that brackets and quotes
// come in pairs.
class Walker {
public:
    explicit Walker(std::string_view text) : p_(text.data()), end_(p_ + text.size()) {}

    // visit(name, value) for the members of the object that the text is, as they are written. False: it is none.
    template <class Visit>
    bool for_each_member(Visit visit) {
        skip_space();
        if (!take('{')) return false;
        skip_space();
        if (!take('}'))
            for (;;) {
                std::string_view name, value;
                skip_space();
                if (p_ == end_ || *p_ != '"' || !skip_value(name)) return false;
                skip_space();
                if (!take(':')) return false;
                skip_space();
                if (!skip_value(value)) return false;
                visit(name.substr(1, name.size() - 2), value);
                skip_space();
                if (take('}')) break;
                if (!take(',')) return false;
            }
        skip_space();
        return p_ == end_;
    }

private:
    void skip_space() noexcept {
        while (p_ != end_ && (*p_ == ' ' || *p_ == '\t' || *p_ == '\r')) ++p_;
    }
    bool take(char c) noexcept {
        if (p_ == end_ || *p_ != c) return false;
        ++p_;
        return true;
    }
    bool skip_string() noexcept {
        for (++p_; p_ != end_ && *p_ != '"'; ++p_)
            if (*p_ == '\\' && ++p_ == end_) return false;
        return take('"');
    }
    bool skip_value(std::string_view& value) {
        const char* const first = p_;
        open_.clear();
        do {
            if (p_ == end_) return false;
            const char c = *p_;
            if (c == '"') {
                if (!skip_string()) return false;
            } else if (c == '{' || c == '[') {
                open_.push_back(c == '{' ? '}' : ']');
                ++p_;
            } else if (c == '}' || c == ']') {
                if (open_.empty() || open_.back() != c) return false;
                open_.pop_back();
                ++p_;
            } else if (open_.empty()) {
                while (p_ != end_ && *p_ != ',' && *p_ != '}' && *p_ != ']' && *p_ != ' ' && *p_ != '\t' && *p_ != '\r')
                    ++p_;
            } else ++p_;
        } while (!open_.empty());
        value = {first, static_cast<std::size_t>(p_ - first)};
        return !value.empty();
    }

    const char* p_;
    const char* end_;
    std::string open_; // the brackets that are to come
};

std::string_view trimmed(std::string_view text) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

} // namespace

void EnvelopeSplitter::set_names(const std::vector<std::string>& names) {
    paths_.clear();
    for (const auto& name : names)
        if (is_path(name)) paths_.push_back(name);
}

std::string_view EnvelopeSplitter::member(std::string_view name) const noexcept {
    for (const auto& [known, value] : members_)
        if (known == name) return value;
    return {};
}

// "$.source.lsn" of the envelope; empty where there is none.
std::string_view EnvelopeSplitter::value_at(std::string_view path) const {
    path.remove_prefix(2);
    auto value = member(path.substr(0, path.find('.')));
    while (!value.empty() && path.find('.') != std::string_view::npos) {
        path.remove_prefix(path.find('.') + 1);
        const auto name = path.substr(0, path.find('.'));
        std::string_view inner;
        Walker(value).for_each_member([&](std::string_view known, std::string_view found) {
            if (known == name) inner = found;
        });
        value = inner;
    }
    return value;
}

std::string_view EnvelopeSplitter::flatten(std::string_view line, std::string& flat, RowPart& part) {
    line = trimmed(line);
    flat.clear();
    if (line.empty()) return "an empty line";
    for (bool inside = false;; inside = true) {
        // What a log keeps of a deleted key so that it can be forgotten.
        if (line == "null") return {};
        members_.clear();
        if (!Walker(line).for_each_member(
                [&](std::string_view name, std::string_view value) { members_.emplace_back(name, value); }))
            return "no envelope of a change: it is no JSON object";
        const auto payload = member("payload");
        if (inside || payload.empty() || !member("op").empty()) break;
        line = payload;
    }
    const auto op = member("op");
    if (op.size() != 3 || op.front() != '"' || op.back() != '"' ||
        std::string_view("crudt").find(op[1]) == std::string_view::npos)
        return "no envelope of a change: its \"op\" is none of c, r, u, d and t";
    part = op[1] == 'd' ? RowPart::key : op[1] == 't' ? RowPart::none : RowPart::whole;
    flat = "{";
    if (part != RowPart::none) {
        const auto row = member(part == RowPart::key ? "before" : "after");
        if (row.size() < 2 || row.front() != '{')
            return part == RowPart::key ? "an envelope that deletes without the row in \"before\""
                                        : "an envelope without the row in \"after\"";
        flat.append(trimmed(row.substr(1, row.size() - 2)));
    }
    for (const auto& path : paths_)
        if (const auto value = value_at(path); !value.empty()) {
            if (flat.size() > 1) flat.push_back(',');
            append_json_text(flat, path);
            flat.append(":").append(value);
        }
    flat.push_back('}');
    return {};
}

} // namespace onefold::detail
