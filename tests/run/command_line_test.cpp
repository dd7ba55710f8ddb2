#include "onefold/run/command_line.hpp"

#include "onefold/core/error.hpp"
#include "onefold/run/parallel.hpp"
#include "support/catch.hpp"
#include "support/contains.hpp"

namespace {

using onefold::run::Command, onefold::run::CommandLine, onefold::run::ExplainFormat;
using Arguments = std::vector<std::string_view>;

CommandLine parse(const Arguments& arguments) { return onefold::run::parse_command_line(arguments, "sales"); }

// The sentence, or empty if the command line is accepted.
std::string refusal(const Arguments& arguments) {
    try {
        parse(arguments);
    } catch (const onefold::Error& error) {
        REQUIRE(error.kind() == onefold::ErrorKind::usage);
        return error.what();
    }
    return "";
}

Arguments with(Arguments base, std::initializer_list<std::string_view> more) {
    base.insert(base.end(), more);
    return base;
}

const Arguments backfill{"backfill", "--input", "sales=a.csv", "--output", "b.csv"};
const Arguments live{"live", "--input", "sales=a.csv", "--output", "b.csv"};
const Arguments parity{"parity", "--input", "sales=a.csv"};

} // namespace

TEST_CASE("command line: every option of every command is read, in both spellings") {
    auto line = parse(backfill);
    REQUIRE(line.command == Command::backfill);
    REQUIRE(line.input == "a.csv");
    REQUIRE(line.output == "b.csv");
    REQUIRE(line.dead_letter.empty());
    REQUIRE(!line.arrival_in_file_order);
    REQUIRE(line.threads == onefold::run::hardware_threads());

    line = parse({"backfill", "--output=-", "--threads=3", "--arrival", "file", "--dead-letter", "d.jsonl.gz",
                  "--view=settled", "--input=sales=x=y.jsonl"});
    REQUIRE(line.input == "x=y.jsonl");
    REQUIRE(line.output == "-");
    REQUIRE(line.threads == 3);
    REQUIRE(line.arrival_in_file_order);
    REQUIRE(line.dead_letter == "d.jsonl.gz");
    REQUIRE(!parse(with(backfill, {"--arrival", "any"})).arrival_in_file_order);

    line = parse(with(live, {"--settled", "--dead-letter", "-"}));
    REQUIRE(line.command == Command::live);
    REQUIRE(line.settled);
    REQUIRE(line.dead_letter == "-");
    REQUIRE(!parse(live).settled);

    REQUIRE(!line.served);
    line = parse({"live", "--input=sales=a.csv", "--output", "b.csv", "--journal", "no/c.journal"});
    REQUIRE(line.journal == "no/c.journal");
    REQUIRE(!line.input_is_journal);
    line = parse({"backfill", "--input", "sales=c.journal", "--output", "b.csv", "--view", "served"});
    REQUIRE(line.input == "c.journal");
    REQUIRE(line.served);
    REQUIRE(line.input_is_journal);
    line = parse({"backfill", "--input", "sales=c.journal", "--output", "b.csv", "--arrival", "file"});
    REQUIRE(!line.served);
    REQUIRE(line.arrival_in_file_order);
    line = parse({"diff", "--input", "sales=c.journal"});
    REQUIRE(line.command == Command::diff);
    REQUIRE(line.arrival_in_file_order);
    REQUIRE(line.top == 10);
    REQUIRE(line.format == ExplainFormat::text);
    line = parse({"diff", "--input", "sales=c.journal", "--arrival", "any", "--top", "0", "--format", "json"});
    REQUIRE(!line.arrival_in_file_order);
    REQUIRE(line.top == 0);
    REQUIRE(line.format == ExplainFormat::json);

    line = parse(with(parity, {"--shuffles", "0", "--seed", "18446744073709551615", "--sample", "--threads", "1"}));
    REQUIRE(line.command == Command::parity);
    REQUIRE(line.shuffles == 0);
    REQUIRE(line.seed == UINT64_MAX);
    REQUIRE(line.sample);

    REQUIRE(parse({"explain"}).format == ExplainFormat::text);
    REQUIRE(parse({"explain", "--format", "json"}).format == ExplainFormat::json);
    REQUIRE(parse({"explain", "--format=mermaid"}).format == ExplainFormat::mermaid);
    REQUIRE(parse({"--help"}).command == Command::help);
    REQUIRE(parse({"backfill", "--state", "x", "-h"}).command == Command::help);
}

TEST_CASE("command line: what this version does not have is refused by name, not ignored") {
    for (const std::string_view option : {"--spine", "--memory", "--state", "--checkpoint-every", "--online"})
        for (const auto& base : {backfill, live, parity, Arguments{"explain"}}) {
            INFO(option);
            REQUIRE(refusal(with(base, {option, "x"})).starts_with(std::string(option) + " is not in this version; "));
            REQUIRE(refusal(with(base, {option})).starts_with(std::string(option) + " is not in this version; "));
            REQUIRE(refusal(with(base, {std::string(option) + "=x"}))
                        .starts_with(std::string(option) + " is not in this version; "));
        }
    for (const std::string_view uri :
         {"kafka://host/topic", "redis://host", "postgres://host/db", "s3://bucket/a.csv"}) {
        const auto scheme = "\"" + std::string(uri.substr(0, uri.find(':'))) + "\":// is not in this version; ";
        REQUIRE(refusal({"parity", "--input", "sales=" + std::string(uri)}).starts_with("--input " + scheme));
        REQUIRE(refusal({"live", "--input", "sales=a.csv", "--output", uri}).starts_with("--output " + scheme));
    }
    REQUIRE(refusal({"parity", "--input", "sales=a.parquet"})
                .starts_with("--input of a .parquet file is not in this version; "));
    REQUIRE(
        refusal({"live", "--output", "a.parquet"}).starts_with("--output of a .parquet file is not in this version; "));
}

TEST_CASE("command line: a mistake is answered with what exists") {
    struct Mistake {
        Arguments arguments;
        std::string sentence;
    };
    const std::string long_options = "--input, --output, --arrival, --view, --threads, --dead-letter";
    const std::string journal_options = "--input, --arrival, --threads, --top, --format";
    for (const auto& [arguments, sentence] : std::vector<Mistake>{
             {{}, "no command is given; give backfill, live, parity, diff or explain, or --help for their options"},
             {{"backfil"},
              "there is no command \"backfil\"; the commands are backfill, live, parity, diff and explain"},
             {{"--input", "sales=a.csv"},
              "there is no command \"--input\"; the commands are backfill, live, parity, diff and explain"},
             {with(backfill, {"--settled"}), "backfill has no option \"--settled\"; its options are " + long_options},
             {with(backfill, {"b.csv"}), "backfill has no option \"b.csv\"; its options are " + long_options},
             {with(live, {"--arrival", "file"}), "live has no option \"--arrival\"; its options are --input, --output, "
                                                 "--journal, --settled, --threads, --dead-letter"},
             {with(parity, {"--output", "b.csv"}),
              "parity has no option \"--output\"; its options are --input, --threads, --shuffles, --seed, --sample"},
             {{"explain", "--input", "sales=a.csv"}, "explain has no option \"--input\"; its options are --format"},
             {{"explain", "--format", "xml"}, "--format takes text or json or mermaid, not \"xml\""},
             {with(backfill, {"--arrival", "files"}), "--arrival takes any or file, not \"files\""},
             {with(backfill, {"--view", "all"}), "--view takes settled or served, not \"all\""},
             {with(backfill, {"--view", "served"}),
              "--view served reads a journal; write --input sales=FILE.journal, as live writes it with --journal"},
             {{"backfill", "--input", "sales=a.journal", "--output", "b.csv", "--view=served", "--arrival=any"},
              "--arrival is about settled rows, and --view served has others; leave it out"},
             {{"diff", "--input", "sales=a.csv"},
              "diff reads a journal; write --input sales=FILE.journal, as live writes it with --journal"},
             {{"diff", "--input", "sales=a.journal", "--output", "b.csv"},
              "diff has no option \"--output\"; its options are " + journal_options},
             {{"diff", "--input", "sales=a.journal", "--format", "mermaid"},
              "--format takes text or json, not \"mermaid\""},
             {{"parity", "--input", "sales=a.journal"},
              "parity reads events and no journal; give a .csv or .jsonl file, or use backfill or diff"},
             {with(live, {"--journal", "a.csv"}),
              "--journal writes a format of its own; let the file's name end in .journal"},
             {with(backfill, {"--threads"}), "--threads needs a value; write --threads N"},
             {with(backfill, {"--threads", "0"}), "--threads takes an integer from 1 to 1024, not \"0\""},
             {with(backfill, {"--threads", "two"}), "--threads takes an integer from 1 to 1024, not \"two\""},
             {with(backfill, {"--threads", "2x"}), "--threads takes an integer from 1 to 1024, not \"2x\""},
             {with(backfill, {"--threads", "-1"}), "--threads takes an integer from 1 to 1024, not \"-1\""},
             {with(parity, {"--seed", "18446744073709551616"}),
              "--seed takes an integer from 0 to 18446744073709551615, not \"18446744073709551616\""},
             {with(live, {"--settled", "--settled"}), "--settled is given twice; give it once"},
             {with(live, {"--settled=yes"}), "--settled takes no value; write it alone"},
             {with(backfill, {"--input", "sales=c.csv"}), "--input sales is given twice; give it once"},
             {{"parity", "--input", "customers=a.csv"},
              "the definition has no input \"customers\"; its only input is sales"},
             {{"parity", "--input", "a.csv"}, "--input takes a name and a file; write --input sales=a.csv"},
             {{"parity", "--input", "sales="},
              "--input was given an empty file name; give a path, or - for the standard stream"},
             {{"parity"}, "parity needs its input; write --input sales=FILE"},
             {{"backfill", "--output", "b.csv"}, "backfill needs its input; write --input sales=FILE"},
             {{"live", "--input", "sales=a.csv"},
              "live needs somewhere to write; give --output FILE, or --output - for standard output"},
             {with(backfill, {"--dead-letter", "d.csv"}),
              "--dead-letter writes JSON lines; let the file's name end in .jsonl or .jsonl.gz"},
             {{"live", "--input", "sales=-", "--output", "b.jsonl", "--dead-letter", "b.jsonl"},
              "--output and --dead-letter are the same file; give two"},
             {{"live", "--input", "sales=-", "--output", "-", "--dead-letter", "-"},
              "--output and --dead-letter are the same file; give two"},
             {{"live", "--input", "sales=a.csv", "--output", "a.csv"},
              "--output is the input file; give another, so that the events are not replaced"},
             {{"live", "--input", "sales=a.jsonl", "--output", "b.csv", "--dead-letter", "a.jsonl"},
              "--dead-letter is the input file; give another, so that the events are not replaced"},
         })
        CHECK(refusal(arguments) == sentence);
    CHECK_THAT(refusal({"parity", "--input", "sales=a.txt"}), Contains("\"a.txt\" is not known"));
    CHECK_THAT(refusal({"live", "--input", "sales=a.csv", "--output", "rows"}), Contains("\"rows\" is not known"));
}

TEST_CASE("command line: a definition with several streams needs each of them by name") {
    const onefold::run::InputNames names("sales", {"shops"}, {"visits"});
    const auto said = [&](const Arguments& arguments) -> std::string {
        try {
            onefold::run::parse_command_line(arguments, names);
        } catch (const onefold::Error& error) { return error.what(); }
        return "";
    };
    const auto line =
        onefold::run::parse_command_line(with(parity, {"--input", "visits=v.csv", "--input=shops=s.jsonl"}), names);
    REQUIRE(line.sides == std::vector<std::string>{"v.csv"});
    REQUIRE(said(with(parity, {"--input", "shops=s.csv"})) ==
            "parity needs the events of the stream visits; write --input visits=FILE");
    REQUIRE(said(with(parity, {"--input", "visit=s.csv"})) ==
            "the definition has no input \"visit\"; its inputs are sales, shops, visits");
    REQUIRE(said(with(backfill, {"--input", "visits=b.csv", "--input", "shops=s.csv"})) ==
            "--output is the input file; give another, so that the events are not replaced");
    REQUIRE_THAT(onefold::run::help_text("program", names), Contains("--input visits=FILE"));
}

TEST_CASE("command line: a definition with tables needs each of its inputs by name") {
    const onefold::run::InputNames names("sales", {"shops", "owners"});
    const auto said = [&](const Arguments& arguments) -> std::string {
        try {
            onefold::run::parse_command_line(arguments, names);
        } catch (const onefold::Error& error) {
            REQUIRE(error.kind() == onefold::ErrorKind::usage);
            return error.what();
        }
        return "";
    };
    const auto line =
        onefold::run::parse_command_line(with(parity, {"--input", "owners=o.csv", "--input=shops=s.jsonl"}), names);
    REQUIRE(line.input == "a.csv");
    REQUIRE(line.tables == std::vector<std::string>{"s.jsonl", "o.csv"});
    REQUIRE(said(with(parity, {"--input", "owners=o.csv"})) ==
            "parity needs the versions of the table shops; write --input shops=FILE");
    REQUIRE(said(with(parity, {"--input", "shop=s.csv"})) ==
            "the definition has no input \"shop\"; its inputs are sales, shops, owners");
    REQUIRE(said(with(parity, {"--input", "shops=s.csv", "--input", "shops=t.csv"})) ==
            "--input shops is given twice; give it once");
    REQUIRE(said(with(backfill, {"--input", "shops=b.csv", "--input", "owners=o.csv"})) ==
            "--output is the input file; give another, so that the events are not replaced");
    const Arguments diff{"diff", "--input", "sales=a.journal"};
    REQUIRE(onefold::run::parse_command_line(diff, names).input_is_journal);
    REQUIRE(said(with(diff, {"--input", "shops=s.csv"})) ==
            "the journal holds the versions of the table shops too; leave its --input out");
    REQUIRE(said(with(parity, {"--input", "shops=s.journal"})) ==
            "a journal is the input of the stream; write --input sales=FILE.journal, and no input for the table shops, "
            "which is in the journal");
    const auto help = onefold::run::help_text("program", names);
    REQUIRE_THAT(help, Contains("--input sales=FILE"));
    REQUIRE_THAT(help, Contains("--input shops=FILE"));
}
