#pragma once

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "conformance/runtime/table.hpp"

// Reading case.json so that whatever is wrong in it is told by the path of the field.
namespace conformance {

using nlohmann::json;

[[noreturn]] inline void refuse(const std::string& where, const std::string& what) {
    throw CaseError("case.json: " + where + ": " + what);
}

// The words that a sentence offers instead: "a", "b".
template <class Words>
std::string offered(const Words& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "\"" : ", \"") + std::string(word) + '"';
    return text;
}

// An object whose fields are asked for by name; at its end, what nobody asked for is refused.
class Object {
public:
    Object(const json& value, std::string path) : value_(value), path_(std::move(path)) {
        if (!value.is_object()) refuse(path_.empty() ? "the document" : path_, "is no object");
    }

    std::string path(const std::string& name) const { return path_.empty() ? name : path_ + "." + name; }
    const json* find(const std::string& name) {
        asked_.insert(name);
        const auto found = value_.find(name);
        return found == value_.end() ? nullptr : &*found;
    }
    const json& at(const std::string& name) {
        if (const auto* found = find(name)) return *found;
        refuse(path(name), "is missing");
    }
    std::string text(const std::string& name) {
        const auto& value = at(name);
        if (!value.is_string()) refuse(path(name), "is no text");
        return value.get<std::string>();
    }
    std::string word(const std::string& name, const std::string& usual, const std::vector<std::string>& words) {
        const auto* found = find(name);
        if (!found) return usual;
        const auto value = found->is_string() ? found->get<std::string>() : found->dump();
        if (found->is_null()) return usual;
        if (std::find(words.begin(), words.end(), value) == words.end())
            refuse(path(name), "the word \"" + value + "\" is not one that the format has; write " + offered(words));
        return value;
    }
    bool flag(const std::string& name, bool usual) {
        const auto* found = find(name);
        if (!found) return usual;
        if (!found->is_boolean()) refuse(path(name), "is neither true nor false");
        return found->get<bool>();
    }
    std::int64_t integer(const std::string& name, const json& value) const {
        const bool fits = value.is_number_integer() &&
                          (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
        if (!fits) refuse(path(name), "is no integer of 64 bits; write it without a point and without quotes");
        return value.get<std::int64_t>();
    }
    std::int64_t integer(const std::string& name) { return integer(name, at(name)); }
    std::int64_t integer_or(const std::string& name, std::int64_t usual) {
        const auto* found = find(name);
        return found && !found->is_null() ? integer(name, *found) : usual;
    }
    std::int64_t at_least(std::int64_t least, const std::string& name, std::int64_t value) const {
        if (value < least) refuse(path(name), "is less than " + std::to_string(least));
        return value;
    }
    double number_or(const std::string& name, double usual) {
        const auto* found = find(name);
        if (!found) return usual;
        if (!found->is_number()) refuse(path(name), "is no number");
        return found->get<double>();
    }
    std::vector<std::string> texts(const std::string& name) {
        std::vector<std::string> list;
        const auto* found = find(name);
        if (!found) return list;
        if (!found->is_array())
            refuse(path(name), "is no list; write [" + (found->is_string() ? found->dump() : "") + "]");
        for (const auto& item : *found) {
            if (!item.is_string()) refuse(path(name), "holds something that is no text");
            list.push_back(item.get<std::string>());
        }
        return list;
    }
    void end() const {
        for (const auto& [name, value] : value_.items())
            if (!asked_.contains(name))
                refuse(path(name), "the runner does not know this field; beside it stand " + offered(asked_));
    }

private:
    const json& value_;
    std::string path_;
    std::set<std::string> asked_;
};

// The type that a word of the format says. Throws CaseError.
Type type_of(const std::string& word, const std::string& where);

// The columns of inputs.NAME, and its file. Throws CaseError.
struct Input {
    std::string file;
    std::vector<Column> columns;

    static Input parse(const json& value, const std::string& where);
    // Throws CaseError, naming the columns there are.
    std::size_t column(const std::string& name, const std::string& where) const;
};

} // namespace conformance
