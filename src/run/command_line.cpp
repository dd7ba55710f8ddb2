#include "onefold/run/command_line.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "onefold/core/error.hpp"
#include "onefold/run/parallel.hpp"
#include "text/file.hpp"

namespace onefold::run {
namespace {

constexpr unsigned backfill_bit = 1, live_bit = 2, parity_bit = 4, explain_bit = 8, diff_bit = 16;

struct Option {
    std::string_view name;
    unsigned commands;
    std::string_view value; // what --help calls it; empty for an option without one
    std::string_view meaning;
};

constexpr Option options[] = {
    {"--input", backfill_bit | live_bit | parity_bit, "NAME=FILE",
     "events, or versions of a table: .csv, .jsonl, either as .gz, or - for standard input (CSV)"},
    {"--input", diff_bit, "NAME=FILE", "a journal that live has written: .journal"},
    {"--output", backfill_bit | live_bit, "FILE", "the rows, likewise; - for standard output"},
    {"--arrival", backfill_bit, "any|file",
     "any: every event counts; file: the file's order is that of arrival, and late events are dropped"},
    {"--arrival", diff_bit, "any|file", "the truth is all events, or (unless given) those that live accepted"},
    {"--view", backfill_bit, "settled|served",
     "what happened by the time of each event, or what live had been told when it answered: from a .journal"},
    {"--journal", live_bit, "FILE", "where everything that arrives is written, for --view served: .journal"},
    {"--settled", live_bit, "", "write the settled rows, as backfill does, instead of the served ones"},
    {"--threads", backfill_bit | live_bit | parity_bit | diff_bit, "N",
     "how many; all that the machine runs at once unless given"},
    {"--dead-letter", backfill_bit | live_bit, "FILE", "where events without a row go, as JSON lines with the reason"},
    {"--shuffles", parity_bit, "N", "how many other orders of arrival are tried (2)"},
    {"--seed", parity_bit, "N", "what the orders are drawn from (1)"},
    {"--sample", parity_bit, "", "print the features of an event from the middle of the file"},
    {"--top", diff_bit, "N", "how many late events are named (10)"},
    {"--format", explain_bit, "text|json|mermaid", "how the plan is written"},
    {"--format", diff_bit, "text|json", "how the report is written"},
};

struct Absent {
    std::string_view name;
    std::string_view instead;
};
constexpr Absent absent_options[] = {
    {"--spine", "leave it out: each event of the stream has a row"},
    {"--memory", "leave it out: events and rows are kept in memory, so give history that fits, or use live"},
    {"--state", "leave it out: live starts empty, from the first event of its input"},
    {"--checkpoint-every", "leave it out: live starts empty, from the first event of its input"},
    {"--online", "leave it out: write the rows to --output and load them into the store"},
};

struct Name {
    std::string_view name;
    Command command;
    unsigned bit;
    std::string_view meaning;
};
constexpr Name commands[] = {
    {"backfill", Command::backfill, backfill_bit, "the settled features of every event of a file"},
    {"live", Command::live, live_bit, "the same file event by event: what a service would have been answered"},
    {"parity", Command::parity, parity_bit, "run both, and in other orders of arrival, and compare every bit"},
    {"diff", Command::diff, diff_bit,
     "how settled rows differ from those that live served, and which late events did it"},
    {"explain", Command::explain, explain_bit, "features, their types, state per key, retention, fingerprint"},
};

std::string quoted(std::string_view text) {
    std::string out;
    detail::append_json_text(out, text);
    return out;
}

[[noreturn]] void refuse(std::string sentence) { throw Error(ErrorKind::usage, std::move(sentence)); }

[[noreturn]] void refuse_absent(std::string_view what, std::string_view instead) {
    refuse(fmt::format("{} is not in this version; {}", what, instead));
}

std::string options_of(unsigned command) {
    std::string names;
    for (const auto& option : options)
        if (option.commands & command) names.append(names.empty() ? "" : ", ").append(option.name);
    return names;
}

template <class Number>
Number number(std::string_view option, std::string_view text, Number least, Number greatest) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > greatest)
        refuse(fmt::format("{} takes an integer from {} to {}, not {}", option, least, greatest, quoted(text)));
    return value;
}

bool is_journal(std::string_view path) { return path.ends_with(".journal"); }

void check_uri(std::string_view option, std::string_view uri) {
    if (const auto scheme = uri.find("://"); scheme != std::string_view::npos)
        refuse_absent(fmt::format("{} {}://", option, quoted(uri.substr(0, scheme))),
                      "give a file, .csv or .jsonl, or - for the standard stream");
    if (uri.ends_with(".parquet"))
        refuse_absent(fmt::format("{} of a .parquet file", option), "convert it to .csv or .jsonl");
    if (uri.empty())
        refuse(fmt::format("{} was given an empty file name; give a path, or - for the standard stream", option));
    // The ending decides the format; a wrong one is found now, before any work.
    static_cast<void>(detail::file_type(uri, std::nullopt));
}

bool same_file(const std::string& a, const std::string& b) {
    if (a.empty() || b.empty()) return false;
    if (a == b) return true;
    std::error_code ignored; // files that do not exist are not the same
    return a != "-" && b != "-" && std::filesystem::is_regular_file(a, ignored) &&
           std::filesystem::equivalent(a, b, ignored);
}

// The tables and the streams beside the first one.
std::vector<std::string_view> names_beside(const InputNames& inputs) {
    auto names = inputs.tables;
    names.insert(names.end(), inputs.sides.begin(), inputs.sides.end());
    return names;
}

// Where the path of the input of this name goes.
std::string& path_of(CommandLine& line, const InputNames& inputs, std::string_view name) {
    if (name == inputs.stream) return line.input;
    for (std::size_t i = 0; i < inputs.tables.size(); ++i)
        if (name == inputs.tables[i]) return line.tables[i];
    for (std::size_t i = 0; i < inputs.sides.size() && !line.input_is_journal; ++i)
        if (name == inputs.sides[i]) return line.sides[i];
    const auto beside = names_beside(inputs);
    if (beside.empty())
        refuse(fmt::format("the definition has no input {}; its only input is {}", quoted(name), inputs.stream));
    refuse(fmt::format("the definition has no input {}; its inputs are {}, {}", quoted(name), inputs.stream,
                       fmt::join(beside, ", ")));
}

void set(CommandLine& line, const Option& option, std::string_view value, const InputNames& inputs) {
    const auto name = option.name;
    const auto one_of = [&](std::initializer_list<std::string_view> choices) {
        const auto found = std::find(choices.begin(), choices.end(), value);
        if (found == choices.end())
            refuse(fmt::format("{} takes {}, not {}", name, fmt::join(choices, " or "), quoted(value)));
        return found - choices.begin();
    };
    if (name == "--input") {
        const auto equals = value.find('=');
        if (equals == std::string_view::npos)
            refuse(fmt::format("--input takes a name and a file; write --input {}={}", inputs.stream,
                               value.empty() ? "FILE" : value));
        auto& path = path_of(line, inputs, value.substr(0, equals));
        if (!path.empty()) refuse(fmt::format("--input {} is given twice; give it once", value.substr(0, equals)));
        path = value.substr(equals + 1);
        if (!is_journal(path)) check_uri(name, path);
    } else if (name == "--output") {
        check_uri(name, line.output = value);
    } else if (name == "--dead-letter") {
        check_uri(name, line.dead_letter = value);
        if (value != "-" && detail::file_type(value, std::nullopt).format != TextFormat::jsonl)
            refuse("--dead-letter writes JSON lines; let the file's name end in .jsonl or .jsonl.gz");
    } else if (name == "--arrival") {
        line.arrival_in_file_order = one_of({"any", "file"}) == 1;
    } else if (name == "--view") {
        line.served = one_of({"settled", "served"}) == 1;
    } else if (name == "--journal") {
        line.journal = value;
        if (!is_journal(line.journal))
            refuse("--journal writes a format of its own; let the file's name end in .journal");
    } else if (name == "--top") {
        line.top = number<std::size_t>(name, value, 0, 1'000'000);
    } else if (name == "--settled") {
        line.settled = true;
    } else if (name == "--sample") {
        line.sample = true;
    } else if (name == "--threads") {
        line.threads = number<unsigned>(name, value, 1, 1024);
    } else if (name == "--shuffles") {
        line.shuffles = number<unsigned>(name, value, 0, 1'000'000);
    } else if (name == "--seed") {
        line.seed = number<std::uint64_t>(name, value, 0, UINT64_MAX);
    } else if (name == "--format") {
        const auto format =
            line.command == Command::diff ? one_of({"text", "json"}) : one_of({"text", "json", "mermaid"});
        line.format = static_cast<ExplainFormat>(format);
    }
}

// A journal holds all inputs, and only some commands read one.
void check_journal(CommandLine& line, std::string_view command, const std::vector<std::string_view>& given,
                   const InputNames& inputs) {
    line.input_is_journal = is_journal(line.input);
    const bool reads = line.command == Command::backfill || line.command == Command::diff;
    const auto was_given = [&](std::string_view option) {
        return std::find(given.begin(), given.end(), option) != given.end();
    };
    for (std::size_t i = 0; i < inputs.tables.size(); ++i) {
        if (is_journal(line.tables[i]))
            refuse(fmt::format("a journal is the input of the stream; write --input {}=FILE.journal, and no input for "
                               "the table {}, which is in the journal",
                               inputs.stream, inputs.tables[i]));
        if (line.input_is_journal && !line.tables[i].empty())
            refuse(fmt::format("the journal holds the versions of the table {} too; leave its --input out",
                               inputs.tables[i]));
    }
    if (line.input_is_journal && !reads)
        refuse(fmt::format("{} reads events and no journal; give a .csv or .jsonl file, or use backfill or diff",
                           command));
    if (line.command == Command::diff && !line.input_is_journal)
        refuse(fmt::format("diff reads a journal; write --input {}=FILE.journal, as live writes it with --journal",
                           inputs.stream));
    if (!line.served) return;
    if (!line.input_is_journal)
        refuse(fmt::format("--view served reads a journal; write --input {}=FILE.journal, as live writes it with "
                           "--journal",
                           inputs.stream));
    if (was_given("--arrival")) refuse("--arrival is about settled rows, and --view served has others; leave it out");
}

} // namespace

CommandLine parse_command_line(const std::vector<std::string_view>& arguments, const InputNames& inputs) {
    CommandLine line;
    line.tables.resize(inputs.tables.size());
    line.sides.resize(inputs.sides.size());
    line.threads = hardware_threads();
    if (arguments.empty())
        refuse("no command is given; give backfill, live, parity, diff or explain, or --help for their options");
    for (const auto argument : arguments)
        if (argument == "--help" || argument == "-h") return line;
    if (arguments[0] == "help") return line;

    const auto command =
        std::find_if(std::begin(commands), std::end(commands), [&](const Name& c) { return c.name == arguments[0]; });
    if (command == std::end(commands))
        refuse(fmt::format("there is no command {}; the commands are backfill, live, parity, diff and explain",
                           quoted(arguments[0])));
    line.command = command->command;
    if (line.command == Command::diff) line.arrival_in_file_order = true;

    std::vector<std::string_view> given;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const auto argument = arguments[i];
        const auto equals = argument.find('=');
        const auto name = argument.substr(0, equals);
        for (const auto& absent : absent_options)
            if (absent.name == name) refuse_absent(name, absent.instead);
        const auto option = std::find_if(std::begin(options), std::end(options), [&](const Option& o) {
            return o.name == name && (o.commands & command->bit) != 0;
        });
        if (option == std::end(options))
            refuse(fmt::format("{} has no option {}; its options are {}", command->name, quoted(name),
                               options_of(command->bit)));
        if (name != "--input" && std::find(given.begin(), given.end(), name) != given.end())
            refuse(fmt::format("{} is given twice; give it once", name));
        given.push_back(name);
        std::string_view value;
        if (option->value.empty()) {
            if (equals != std::string_view::npos) refuse(fmt::format("{} takes no value; write it alone", name));
        } else if (equals != std::string_view::npos) {
            value = argument.substr(equals + 1);
        } else {
            if (i + 1 == arguments.size())
                refuse(fmt::format("{} needs a value; write {} {}", name, name, option->value));
            value = arguments[++i];
        }
        set(line, *option, value, inputs);
    }

    if (line.command == Command::explain) return line;
    if (line.input.empty())
        refuse(fmt::format("{} needs its input; write --input {}=FILE", command->name, inputs.stream));
    check_journal(line, command->name, given, inputs);
    for (std::size_t i = 0; i < inputs.tables.size() && !line.input_is_journal; ++i)
        if (line.tables[i].empty())
            refuse(fmt::format("{} needs the versions of the table {}; write --input {}=FILE", command->name,
                               inputs.tables[i], inputs.tables[i]));
    for (std::size_t i = 0; i < inputs.sides.size() && !line.input_is_journal; ++i)
        if (line.sides[i].empty())
            refuse(fmt::format("{} needs the events of the stream {}; write --input {}=FILE", command->name,
                               inputs.sides[i], inputs.sides[i]));
    if (line.command == Command::parity || line.command == Command::diff) return line;
    if (line.output.empty())
        refuse(fmt::format("{} needs somewhere to write; give --output FILE, or --output - for standard output",
                           command->name));
    // Whichever is published last would replace the other.
    if (same_file(line.output, line.dead_letter)) refuse("--output and --dead-letter are the same file; give two");
    if (!line.journal.empty() && std::filesystem::exists(line.journal))
        refuse("--journal names a file that exists, and a journal is never overwritten; give another name");
    auto read = line.tables;
    read.insert(read.end(), line.sides.begin(), line.sides.end());
    read.push_back(line.input);
    for (const auto& input : read) {
        if (input == "-") continue;
        if (same_file(line.output, input))
            refuse("--output is the input file; give another, so that the events are not replaced");
        if (same_file(line.dead_letter, input))
            refuse("--dead-letter is the input file; give another, so that the events are not replaced");
    }
    return line;
}

std::string help_text(std::string_view program, const InputNames& inputs) {
    auto text = fmt::format("usage: {} COMMAND [OPTION]...\n", program);
    for (const auto& command : commands) {
        text += fmt::format("\n{}: {}\n", command.name, command.meaning);
        for (const auto& option : options)
            if (option.commands & command.bit) {
                const auto line = [&](const std::string& value) {
                    text += fmt::format("  {:<32}{}\n", fmt::format("{} {}", option.name, value), option.meaning);
                };
                if (option.name != "--input") {
                    line(std::string(option.value));
                    continue;
                }
                line(fmt::format("{}=FILE", inputs.stream));
                for (const auto name : names_beside(inputs)) line(fmt::format("{}=FILE", name));
            }
    }
    return text + "\nexit code: 0 done, 1 the data or a comparison failed, 2 the command line, 3 the environment\n";
}

} // namespace onefold::run
