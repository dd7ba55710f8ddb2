#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onefold {

struct PlanDescription;

namespace run {

enum class Command : std::uint8_t { help, backfill, live, parity, explain };
enum class ExplainFormat : std::uint8_t { text, json, mermaid };

// The driver's command line, checked: what a command does not have cannot be set.
struct CommandLine {
    Command command = Command::help;
    std::string input;       // a path, "-" for standard input
    std::string output;      // a path, "-" for standard output
    std::string dead_letter; // empty: none
    bool arrival_in_file_order = false;
    bool settled = false;
    bool sample = false;
    unsigned threads = 1;
    unsigned shuffles = 2;
    std::uint64_t seed = 1;
    ExplainFormat format = ExplainFormat::text;
};

// Reads what follows the program's name. `stream` is the name of the definition's only input. Throws Error(usage), one
// sentence that names what there is, for everything that it does not know or that this version does not have.
CommandLine parse_command_line(const std::vector<std::string_view>& arguments, std::string_view stream);

// What --help prints.
std::string help_text(std::string_view program, std::string_view stream);

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
    PlanDescription (*explain)();
};

// Reads the command line, runs the command, reports on standard error, and returns the exit code.
int run_command(int argc, const char* const* argv, std::string_view stream, const DriverCommands& commands) noexcept;

} // namespace run
} // namespace onefold
