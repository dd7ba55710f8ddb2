#pragma once

#include "conformance/runtime/compare.hpp"
#include "onefold/order/account.hpp"

namespace conformance {

// What the program of a case knows besides its definition.
struct Spec {
    std::string id{};
    std::string events{};          // the input's file
    std::vector<Column> columns{}; // and its columns
    Clock clock{};
    std::vector<OutputColumn> output{};
    std::vector<std::size_t> carry{}; // columns of the input that are repeated in the output
    std::string expected{};
    std::string expected_dropped{}; // empty: nothing is expected of what was dropped
    bool deduplicates = false;
    std::size_t key_size = 0;              // of windows that close
    std::optional<std::size_t> row_kind{}; // the column that says "W" where a row is a watermark
    // The order of the rows is the order of arrival, and lateness is judged by it.
    bool streams = false;
    // The input ends: everything that waits is answered.
    bool ends = true;
};

enum class Executor { batch, live };

struct Results {
    std::vector<Row> rows{};
    std::vector<std::int64_t> dropped{};
    std::uint64_t overflows = 0;
    onefold::Account account{};
};

// A case lists its windows by key, start and end, an executor by end, start and key.
std::vector<Row> in_order_of_keys(std::vector<Row> rows, std::size_t key_size);

using RunCase = Results (*)(const Spec&, const Table&, Executor);

// The program of a case: `batch FOLDER` or `live FOLDER`. Prints one line, or the first difference; 0 if there is none,
// 1 if there is one, 2 for what is no case.
int run_program(int argc, char** argv, const Spec& spec, RunCase run);

// The same of a case that joins two inputs.
struct JoinSpec {
    std::string id{};
    std::string left{}, right{};
    std::vector<Column> left_columns{}, right_columns{};
    Clock clock{};
    std::vector<OutputColumn> output{};
    std::vector<std::size_t> carry_left{}, carry_right{};
    std::string expected{};
};
using RunJoin = std::vector<Row> (*)(const JoinSpec&, const Table& left, const Table& right, Executor);
int run_join_program(int argc, char** argv, const JoinSpec& spec, RunJoin run);

// The same of a case about the changes of a table: its rows in the end, and every version of them.
struct CdcSpec {
    std::string id{};
    std::string changes{};
    std::vector<Column> columns{};
    Clock clock{};
    std::vector<OutputColumn> row{};
    std::string expected{}, expected_history{}; // the second may be empty
};
struct CdcResults {
    std::vector<Row> rows{}, history{};
};
using RunCdc = CdcResults (*)(const CdcSpec&, const Table&, Executor);
int run_cdc_program(int argc, char** argv, const CdcSpec& spec, RunCdc run);

// The program of a case that the generator refused.
int refuse_program(const char* sentence);

} // namespace conformance
