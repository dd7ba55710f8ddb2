#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onefold {

struct PlanDescription;

namespace run {

enum class Command : std::uint8_t { help, backfill, live, parity, diff, explain };
enum class ExplainFormat : std::uint8_t { text, json, mermaid };

// What a definition reads: its stream, and its tables and other streams in order.
struct InputNames {
    std::string_view stream;
    std::vector<std::string_view> tables;
    std::vector<std::string_view> sides;

    InputNames(std::string_view stream_name, std::vector<std::string_view> table_names = {},
               std::vector<std::string_view> side_names = {})
        : stream(stream_name), tables(std::move(table_names)), sides(std::move(side_names)) {}
    InputNames(const char* stream_name) : stream(stream_name) {}
};

// The driver's command line, checked: what a command does not have cannot be set.
struct CommandLine {
    Command command = Command::help;
    std::string input;               // a path, "-" for standard input
    std::vector<std::string> tables; // likewise, in the definition's order
    std::vector<std::string> sides;  // of the streams beside the first
    std::string output;              // a path, "-" for standard output
    std::string dead_letter;         // empty: none
    std::string journal;             // that live writes; empty: none
    bool arrival_in_file_order = false;
    bool settled = false;
    bool served = false;           // the view that backfill writes
    bool input_is_journal = false; // of every input, the tables' versions among them
    bool sample = false;
    unsigned threads = 1;
    unsigned shuffles = 2;
    std::uint64_t seed = 1;
    std::size_t top = 10; // late events that diff names
    ExplainFormat format = ExplainFormat::text;
};

// Reads what follows the program's name. Throws Error(usage), one
// sentence that names what there is, for everything that it does not know or that this version does not have.
CommandLine parse_command_line(const std::vector<std::string_view>& arguments, const InputNames& inputs);

// What --help prints.
std::string help_text(std::string_view program, const InputNames& inputs);

// How a command ended where it did not throw: the exit code, why it is not 0, and what was done.
struct CommandResult {
    int exit_code = 0;
    std::string complaint;
    std::string summary;
};

// What a definition is compiled to for the driver.
struct DriverCommands {
    CommandResult (*backfill)(const CommandLine&);
    CommandResult (*live)(const CommandLine&);
    CommandResult (*parity)(const CommandLine&);
    CommandResult (*diff)(const CommandLine&);
    PlanDescription (*explain)();
};

// Reads the command line, runs the command, reports on standard error, and returns the exit code.
int run_command(int argc, const char* const* argv, const InputNames& inputs, const DriverCommands& commands) noexcept;

} // namespace run
} // namespace onefold
