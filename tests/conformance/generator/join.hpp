#pragma once

#include <functional>

#include "conformance/generator/json_object.hpp"

namespace conformance {

// A case that joins two inputs, whatever the op.
struct Join {
    std::string id, title;
    Input left, right;
    std::vector<std::size_t> left_key, right_key, carry_left, carry_right;
    std::size_t left_time = 0, right_time = 0;
    std::string expected = "expected.csv";
};

// Reads all of a case of this op but the words of its `join` that other joins do not have, which `read` takes from that
// object. Throws CaseError: "case.json: join.left_key: ...".
void parse_join(Join& join, const json& document, const char* op, const std::function<void(Object&)>& read);

// The columns of that name; refused by the path of the field where there is none.
std::vector<std::size_t> columns_of(Object& object, const std::string& name, const Input& input);
// "&Event::c0, &Event::c1".
std::string members(const char* record, const std::vector<std::size_t>& columns);
// A record with a member for every column, called by its number: c0, c1 ...; and with `numbered` one for the row's own.
std::string record(const char* name, const Input& input, bool numbered);
// What the program does with its spec: the two inputs, the clock and the columns of the output; `more` are fields that
// only this op has, and `run` is the runtime's function.
std::string join_main(const Join& join, std::int64_t ticks, const std::string& more, const std::string& run);

} // namespace conformance
