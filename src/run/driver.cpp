#include <cstdio>
#include <exception>
#include <new>

#include "onefold/core/error.hpp"
#include "onefold/plan/describe.hpp"
#include "onefold/run/command_line.hpp"
#include "onefold/run/driver_output.hpp"

namespace onefold::run {
namespace {

std::string_view program_name(int argc, const char* const* argv) {
    std::string_view name = argc > 0 && argv[0] ? argv[0] : "";
    name.remove_prefix(name.rfind('/') + 1);
    return name.empty() ? "onefold" : name;
}

// One line, whatever was in the names it quotes; standard error has nowhere to report its own failure.
void say(std::string_view program, std::string_view sentence) noexcept {
    std::fprintf(stderr, "%.*s: ", static_cast<int>(program.size()), program.data());
    for (const char c : sentence) std::fputc(c == '\n' || c == '\r' ? ' ' : c, stderr);
    std::fputc('\n', stderr);
}

CommandResult run(const CommandLine& line, std::string_view program, const InputNames& inputs,
                  const DriverCommands& commands) {
    switch (line.command) {
    case Command::backfill: return commands.backfill(line);
    case Command::live: return commands.live(line);
    case Command::parity: return commands.parity(line);
    case Command::diff: return commands.diff(line);
    case Command::explain: {
        const auto plan = commands.explain();
        print(line.format == ExplainFormat::json      ? to_json(plan)
              : line.format == ExplainFormat::mermaid ? to_mermaid(plan)
                                                      : to_text(plan));
        return {};
    }
    case Command::help: print(help_text(program, inputs)); return {};
    }
    return {};
}

} // namespace

int run_command(int argc, const char* const* argv, const InputNames& inputs, const DriverCommands& commands) noexcept {
    const auto program = program_name(argc, argv);
    try {
        const std::vector<std::string_view> arguments(argv + (argc > 0 ? 1 : 0), argv + (argc > 0 ? argc : 0));
        const auto line = parse_command_line(arguments, inputs);
        const auto result = run(line, program, inputs, commands);
        if (!result.summary.empty()) say(program, result.summary);
        if (!result.complaint.empty()) say(program, result.complaint);
        return result.exit_code;
    } catch (const Error& error) {
        say(program, error.what());
        return static_cast<int>(error.kind());
    } catch (const std::bad_alloc&) {
        say(program, "the memory is used up; give fewer events at a time, or use live");
        return static_cast<int>(ErrorKind::environment);
    } catch (const std::exception& error) {
        // Nothing of ours: a callable or an aggregate of the definition.
        say(program, std::string("the definition's own code failed: ") + error.what());
        return static_cast<int>(ErrorKind::data);
    } catch (...) {
        say(program, "the definition's own code failed with something that is no std::exception");
        return static_cast<int>(ErrorKind::data);
    }
}

} // namespace onefold::run
