#include "conformance/runtime/program.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>

namespace conformance {
namespace {

std::string difference_of_dropped(const Spec& spec, const std::string& folder, const Results& results) {
    if (spec.expected_dropped.empty()) return {};
    std::vector<Row> rows;
    for (const auto row : results.dropped) rows.push_back({row});
    const auto comparison = compare(read_file(folder, spec.expected_dropped), {{.name = "seq"}}, rows);
    return comparison.difference.empty() ? "" : spec.expected_dropped + ": " + comparison.difference;
}

// A null for an overflow is only honest if it is counted. Streams answer a window more than once.
std::string difference_of_overflows(const Spec& spec, const Comparison& comparison, const Results& results) {
    const bool ok =
        spec.streams ? results.overflows >= comparison.overflows : results.overflows == comparison.overflows;
    return ok ? ""
              : "expected " + std::to_string(comparison.overflows) + " overflows, got " +
                    std::to_string(results.overflows) + " counted";
}

// Every row is an event, except those that are watermarks.
std::string difference_of_account(const Spec& spec, const Table& table, const Results& results) {
    const auto& account = results.account;
    std::size_t events = 0;
    for (std::size_t row = 0; row < table.size(); ++row)
        if (!spec.row_kind || !TableRow(table, row).is(*spec.row_kind, "W")) ++events;
    if (account.in == events && account.balances()) return {};
    return "the account of " + std::to_string(events) + " events does not balance: in " + std::to_string(account.in) +
           ", applied " + std::to_string(account.applied) + ", late " + std::to_string(account.late) + ", duplicate " +
           std::to_string(account.duplicate) + ", rejected " + std::to_string(account.rejected) + ", filtered " +
           std::to_string(account.filtered) + ", pending " + std::to_string(account.pending);
}

} // namespace

std::vector<Row> in_order_of_keys(std::vector<Row> rows, std::size_t key_size) {
    std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
        for (std::size_t i = 0; i < key_size + 2; ++i) {
            if (key_less(a[i], b[i])) return true;
            if (key_less(b[i], a[i])) return false;
        }
        return false;
    });
    return rows;
}

namespace {

// What every program does around its run: `check(folder, executor)` answers the line to print and whether it is good.
template <class Check>
int run_case(int argc, char** argv, const std::string& id, Check check) try {
    const std::string_view word = argc == 3 ? argv[1] : "";
    if (word != "batch" && word != "live") {
        std::fprintf(stderr, "usage: %s batch|live FOLDER\n", argv[0]);
        return 2;
    }
    const auto start = std::chrono::steady_clock::now();
    const auto [good, line] = check(std::string(argv[2]), word == "batch" ? Executor::batch : Executor::live);
    const auto elapsed = std::chrono::steady_clock::now() - start;
    std::printf("%s [%s]: %s", id.c_str(), argv[1], line.c_str());
    if (good)
        std::printf(", %lld ms",
                    static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count()));
    std::printf("\n");
    return good ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", id.c_str(), error.what());
    return 2;
}

using Checked = std::pair<bool, std::string>;

Checked passed(std::size_t events, const Comparison& comparison) {
    auto line = std::to_string(events) + " events, " + std::to_string(comparison.rows) + " rows, " +
                std::to_string(comparison.cells - comparison.near) + " cells equal";
    if (comparison.near != 0) line += ", " + std::to_string(comparison.near) + " within the case's tolerance";
    return {true, std::move(line)};
}

} // namespace

int run_program(int argc, char** argv, const Spec& spec, RunCase run) {
    return run_case(argc, argv, spec.id, [&](const std::string& folder, Executor executor) -> Checked {
        const Table table(folder, spec.events, spec.columns, spec.clock);
        const auto results = run(spec, table, executor);
        const auto comparison = compare(read_file(folder, spec.expected), spec.output, results.rows);
        auto difference = comparison.difference;
        if (difference.empty()) difference = difference_of_dropped(spec, folder, results);
        if (difference.empty()) difference = difference_of_overflows(spec, comparison, results);
        if (difference.empty()) difference = difference_of_account(spec, table, results);
        return difference.empty() ? passed(table.size(), comparison) : Checked(false, difference);
    });
}

int run_join_program(int argc, char** argv, const JoinSpec& spec, RunJoin run) {
    return run_case(argc, argv, spec.id, [&](const std::string& folder, Executor executor) -> Checked {
        const Table left(folder, spec.left, spec.left_columns, spec.clock);
        const Table right(folder, spec.right, spec.right_columns, spec.clock);
        const auto comparison =
            compare(read_file(folder, spec.expected), spec.output, run(spec, left, right, executor));
        return comparison.difference.empty() ? passed(left.size() + right.size(), comparison)
                                             : Checked(false, comparison.difference);
    });
}

int run_cdc_program(int argc, char** argv, const CdcSpec& spec, RunCdc run) {
    return run_case(argc, argv, spec.id, [&](const std::string& folder, Executor executor) -> Checked {
        const Table changes(folder, spec.changes, spec.columns, spec.clock);
        const auto results = run(spec, changes, executor);
        auto comparison = compare(read_file(folder, spec.expected), spec.row, results.rows);
        if (!comparison.difference.empty()) return {false, comparison.difference};
        if (!spec.expected_history.empty()) {
            std::vector<OutputColumn> columns{{.name = "lsn"}, {.name = "ts_ms"}, {.name = "op"}};
            columns.insert(columns.end(), spec.row.begin(), spec.row.end());
            const auto history = compare(read_file(folder, spec.expected_history), columns, results.history);
            if (!history.difference.empty()) return {false, spec.expected_history + ": " + history.difference};
            comparison.rows += history.rows;
            comparison.cells += history.cells;
        }
        return passed(changes.size(), comparison);
    });
}

int refuse_program(const char* sentence) {
    std::fprintf(stderr, "%s\n", sentence);
    return 2;
}

} // namespace conformance
