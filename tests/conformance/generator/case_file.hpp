#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "conformance/runtime/table.hpp"

// What case.json says, field by field. Every field that exists is named in case_file.cpp; a field or a word that is not
// is refused with a sentence, because a case that is half understood tests something else than its author meant.
namespace conformance {

enum class Op { sliding, stream_sliding, window, stream_window };

struct CaseWindow {
    enum class Kind { sliding, rows, tumbling, hopping, session, calendar };
    Kind kind = Kind::sliding;
    // Milliseconds throughout.
    std::optional<std::int64_t> size; // nothing: everything so far
    std::string bounds = "(t-W,t]";
    std::int64_t delay = 0;
    bool ties_by_seq = false;
    std::int64_t max_rows = 0;
    bool excludes_ties = false;
    std::int64_t rows = 0;
    std::int64_t offset = 0;
    std::int64_t hop = 0;
    std::int64_t gap = 0;
    bool touching_merge = true;
    std::string unit, zone;
};

struct Condition {
    std::size_t column = 0;
    std::string op;
    nlohmann::json value;
    std::vector<Condition> all{}; // a conjunction, when not empty
};

struct Feature {
    std::string name, agg;
    std::optional<std::size_t> column{};
    CaseWindow window{}; // of `sliding` and `stream_sliding`
    std::optional<Condition> where{};
    std::int64_t k = 0;
    std::string q{};
};

struct CompareRules {
    bool all_exact = true;
    std::vector<std::string> exact, except, one_zero;
    double relative = 0.0;
    double of_sum_of_magnitudes = 0.0;
};

struct CaseFile {
    std::string id, title;
    Op op = Op::sliding;
    std::string events; // the input's file
    std::vector<Column> columns;
    std::size_t time = 0;
    std::vector<std::size_t> key, carry;
    CaseWindow window; // of `window` and `stream_window`
    std::vector<Feature> features;
    std::optional<std::size_t> dedup;
    bool watermark_is_explicit = false;
    std::int64_t watermark_delay = 0;
    std::optional<std::size_t> partition;
    std::int64_t partitions = 0;
    std::int64_t allowed_lateness = 0;
    bool flush_at_end = true;
    std::optional<std::size_t> row_kind;
    bool discarding = false;
    std::string expected, expected_dropped;
    CompareRules compare;

    bool streams() const { return op == Op::stream_sliding || op == Op::stream_window; }
    bool closes() const { return op == Op::window || op == Op::stream_window; }
};

// Throws CaseError: "case.json: features[2].agg: ...".
CaseFile parse_case(const nlohmann::json& document);

} // namespace conformance
