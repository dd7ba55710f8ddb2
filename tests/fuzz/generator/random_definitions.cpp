// onefold_random_definitions: C++ sources of definitions drawn at random, each registered under a name that tells how
// to draw it again: Random_17_4 is the fourth of seed 17.
//   onefold_random_definitions write DIRECTORY SEED FIRST COUNT [PER_FILE] [LEAST MOST]   LEAST to MOST features each
//   onefold_random_definitions again NAME [LEAST MOST] [WITHOUT...]     that one, without the features of these names
//   onefold_random_definitions sum FILE...       adds up what runs of random_fuzz have written, prints the coverage
//   onefold_random_definitions refusals DIRECTORY   checks the table's sentences against tests/compile_fail
//   onefold_random_definitions refused           a definition for each pair that the compiler refuses, with its
//   sentence

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "fuzz/generator/draw.hpp"

namespace {

using namespace fuzz;

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : between) + part;
    return text;
}

std::string source_of(const Drawn& drawn) {
    const std::string indent = "\n            ";
    const auto entity = [&](const std::string& key, const std::string& windows, std::size_t from, std::size_t to) {
        std::vector<std::string> parts;
        if (!windows.empty()) parts.push_back(windows);
        for (auto f = from; f < to; ++f)
            parts.push_back("\"" + drawn.features[f].name + "\"_f = " + drawn.features[f].text);
        return key + "(" + indent + joined(parts, "," + indent) + ")";
    };
    std::vector<std::string> parts{drawn.stream};
    if (drawn.second > 0) parts.push_back(entity(drawn.key, drawn.windows, 0, drawn.second));
    if (drawn.second < drawn.features.size())
        parts.push_back(entity(drawn.other_key, "", drawn.second, drawn.features.size()));
    if (!drawn.derived.empty())
        parts.push_back("onefold::derive(" + indent + joined(drawn.derived, "," + indent) + ")");
    return "onefold::define(\n        " + joined(parts, ",\n        ") + ")";
}

void write(std::ostream& to, const std::string& name, const Drawn& drawn) {
    const auto source = source_of(drawn);
    to << "struct " << name << " {\n    static constexpr auto definition = " << source << ";\n};\n"
       << "const fuzz::Registered<" << name << "> registered_" << name << "(\"" << name << "\", {";
    for (const auto& clause : drawn.clauses())
        to << "{" << clause.windows << "u, " << clause.options << "u, " << clause.aggregate << "}, ";
    to << "},\n    R\"source(" << source << ")source\");\n\n";
}
void head(std::ostream& to) {
    to << "#include \"fuzz/random_definition.hpp\"\n\nnamespace {\n\nusing namespace onefold::literals;\n"
          "using namespace twin;\n\n";
}
void foot(std::ostream& to) { to << "} // namespace\n"; }

// Without the named features and whatever is derived from them.
void leave_out(Drawn& drawn, const std::vector<std::string>& names) {
    std::vector<std::string> gone;
    for (auto f = drawn.features.size(); f-- > 0;) {
        if (std::find(names.begin(), names.end(), drawn.features[f].name) == names.end()) continue;
        gone.insert(gone.end(), drawn.features[f].columns.begin(), drawn.features[f].columns.end());
        drawn.features.erase(drawn.features.begin() + static_cast<std::ptrdiff_t>(f));
        if (f < drawn.second) --drawn.second;
    }
    for (const auto& name : names)
        if (name.starts_with("derived")) gone.push_back(name);
    for (std::size_t d = 0; d < drawn.derived.size();) {
        const auto& text = drawn.derived[d];
        bool uses = false;
        for (const auto& name : gone) uses = uses || text.find("\"" + name + "\"_f") != std::string::npos;
        if (!uses) {
            ++d;
            continue;
        }
        gone.push_back(text.substr(1, text.find('"', 1) - 1));
        drawn.derived.erase(drawn.derived.begin() + static_cast<std::ptrdiff_t>(d));
    }
}

int write_all(const std::filesystem::path& directory, std::uint64_t seed, std::size_t first, std::size_t count,
              std::size_t per_file, std::int64_t least, std::int64_t most) {
    Coverage coverage;
    Draw draw(seed, least, most);
    for (std::size_t i = 0; i < first; ++i) draw.next(coverage);
    std::filesystem::create_directories(directory);
    for (std::size_t i = 0; i < count;) {
        const auto path = directory / ("random_" + std::to_string(i / per_file) + ".cpp");
        std::ofstream file(path);
        head(file);
        do {
            const auto drawn = draw.next(coverage);
            write(file, "Random_" + std::to_string(seed) + "_" + std::to_string(first + i), drawn);
        } while (++i < count && i % per_file != 0);
        foot(file);
        if (!file.flush()) {
            std::cerr << path.string() << ": cannot be written\n";
            return 3;
        }
    }
    std::cerr << count << " definitions drawn; of the pairs in the table " << coverage.zeros()
              << " are still at zero\n";
    return 0;
}

int again(const std::string& name, std::int64_t least, std::int64_t most, const std::vector<std::string>& without) {
    std::uint64_t seed = 0;
    std::size_t number = 0;
    if (std::sscanf(name.c_str(), "Random_%lu_%zu", &seed, &number) != 2) {
        std::cerr << name << ": is not a name such as Random_17_4\n";
        return 2;
    }
    Coverage coverage;
    Draw draw(seed, least, most);
    for (std::size_t i = 0; i < number; ++i) draw.next(coverage);
    auto drawn = draw.next(coverage);
    leave_out(drawn, without);
    head(std::cout);
    write(std::cout, name, drawn);
    foot(std::cout);
    return 0;
}

// A run's file: lines `run DEFINITIONS EVENTS MISMATCHES` and, for each definition, `clauses` and three numbers a
// clause.
int sum(const std::vector<std::string>& paths) {
    Coverage coverage;
    std::uint64_t definitions = 0, events = 0, mismatches = 0;
    for (const auto& path : paths) {
        std::ifstream file(path);
        for (std::string line; std::getline(file, line);) {
            std::istringstream words(line);
            std::string kind;
            words >> kind;
            if (kind == "run") {
                std::uint64_t d = 0, e = 0, m = 0;
                words >> d >> e >> m;
                definitions += d, events += e, mismatches += m;
            } else if (kind == "clauses") {
                std::vector<Clause> clauses;
                for (Clause clause; words >> clause.windows >> clause.options >> clause.aggregate;)
                    clauses.push_back(clause);
                coverage.add(clauses);
            }
        }
    }
    const auto missing = coverage.print();
    std::printf("\npairs at zero %zu\ndefinitions %llu, events %llu, mismatches %llu\n", missing,
                static_cast<unsigned long long>(definitions), static_cast<unsigned long long>(events),
                static_cast<unsigned long long>(mismatches));
    constexpr std::uint64_t enough = 1000;
    return mismatches != 0 || (definitions >= enough && missing != 0) ? 1 : 0;
}

int check_refusals(const std::filesystem::path& directory) {
    int wrong = 0;
    for (const auto& rule : refusals()) {
        if (rule.source.empty()) continue;
        std::ifstream file(directory / (std::string(rule.source) + ".cpp"));
        std::string line;
        std::getline(file, line);
        if (line.starts_with("// expect: " + std::string(rule.sentence))) continue;
        std::cerr << rule.source << ".cpp expects another sentence than the table says: " << rule.sentence << "\n";
        wrong = 1;
    }
    return wrong;
}

// Every pair of a rule with a sentence in a definition of its own, which is in order but for that pair.
int write_refused(std::ostream& to) {
    using enum Option;
    const std::string over_windows[] = {".over(9_us)", ".over(9_rows)", ".over(onefold::lifetime)",
                                        ".over(9_us).in_hops_of(3_us)"};
    const std::string closing[] = {"tumbling(9_us)",
                                   "hopping(9_us, 3_us)",
                                   "hopping(9_us, 4_us)",
                                   "hopping(3_us, 9_us)",
                                   "tumbling(9_us).offset(1_us)",
                                   "session(9_us)",
                                   "session(9_us).excluding_touch()",
                                   "calendar_day(\"UTC\")",
                                   "calendar_week(\"UTC\")",
                                   "calendar_month(\"UTC\")",
                                   "tumbling(9_us).allowed_lateness(1_us)",
                                   "tumbling(9_us).discarding()"};
    const auto argument = [](std::size_t o) -> std::string {
        switch (static_cast<Option>(o)) {
        case text: return "tag";
        case enumeration: return "channel";
        case Option::time: return "at";
        case array: return "embedding";
        case each: return "each(embedding)";
        case single: return "weight";
        case integer: return "cents";
        default: return {};
        }
    };
    const auto clause = [&](std::size_t a, std::size_t o, const std::string& over) {
        const auto& form = aggregates[a];
        const bool condition = form.takes == Takes::condition;
        const auto given =
            argument(o).empty() ? condition && static_cast<Option>(o) != real ? "fraud" : "amount" : argument(o);
        auto written = std::string(form.text);
        for (bool first = true; written.find('$') != std::string::npos; first = false)
            written.replace(written.find('$'), 1, first ? given : "pieces");
        if (written.find('#') != std::string::npos) written.replace(written.find('#'), 1, form.parameters[0]);
        const bool conditional = form.name == "count_if";
        if (conditional) written = "count_if(fraud == true)";
        switch (static_cast<Option>(o)) {
        case per: written += ".per(region)"; break;
        case where: written += ".where(amount > 0.0)"; break;
        case where_nullable: written += ".where(tip > 0.0)"; break;
        case where_callable: written += ".where([](const Event& event) { return event.pieces > 0; })"; break;
        default: break;
        }
        return "\"a\"_f = onefold::" + written + over;
    };
    // Where windows alone tell two definitions apart, a compiler would tell of the same types once.
    const std::string own_type = "onefold::count_if([](const Event&) { return true; })";
    constexpr std::size_t none = 63;
    std::size_t count = 0;
    const auto write_one = [&](const Refusal& rule, std::size_t w, std::size_t a, std::size_t o) {
        const bool closes = w != none && has(closing_windows, w);
        const auto window = closes ? "onefold::" + closing[w - number(Window::tumbling)] + ", " : "";
        const bool before = a != none && has(aggregates_called("time_since_last"), a);
        auto over = closes ? "" : w == none ? std::string(".over(9_us)") : over_windows[w];
        if (before && !closes) over += ".before_current()";
        auto parts = "onefold::by<>(" + window + clause(a == none ? 0 : a, o, over) + ")";
        if (o == number(several_windows))
            parts = "onefold::by<>(" + window + "\"a\"_f = " + own_type + ".over(1_us, 2_us))";
        if (o == number(several_entities)) parts += ", onefold::by<>(\"b\"_f = " + own_type + ".over(1_us))";
        if (o == number(derive_with_field)) parts += ", onefold::derive(\"d\"_f = \"a\"_f + amount)";
        const auto name = "Refused_" + std::to_string(count++);
        to << "// " << rule.sentence << "\nstruct " << name
           << " {\n    static constexpr auto definition = "
              "onefold::define(onefold::stream<Event>(\"events\").time<&Event::at>(), "
           << parts << ");\n};\nconstexpr bool " << name << "_passes = onefold::CheckedDefinition<" << name << ">;\n";
    };
    head(to);
    for (const auto& rule : refusals()) {
        if (rule.source.empty()) continue;
        for (std::size_t w = 0; w < window_names.size(); ++w)
            for (std::size_t other = 0; other < none; ++other) {
                if (!has(rule.windows, w)) continue;
                if (has(rule.aggregates, other)) write_one(rule, w, other, none);
                if (has(rule.options, other)) write_one(rule, w, none, other);
            }
        if (rule.windows == 0)
            for (std::size_t a = 0; a < aggregates.size(); ++a)
                for (std::size_t o = 0; o < option_names.size(); ++o)
                    if (has(rule.aggregates, a) && has(rule.options, o)) write_one(rule, none, a, o);
    }
    foot(to);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto number = [&](std::size_t i, std::uint64_t otherwise) {
        return i < words.size() ? std::strtoull(words[i].c_str(), nullptr, 10) : otherwise;
    };
    const auto features = [&](std::size_t i, std::uint64_t otherwise) {
        return static_cast<std::int64_t>(number(i, otherwise));
    };
    if (words.size() >= 5 && words[0] == "write")
        return write_all(words[1], number(2, 1), number(3, 0), number(4, 1), number(5, 10), features(6, 2),
                         features(7, 4));
    if (words.size() >= 2 && words[0] == "again")
        return again(
            words[1], features(2, 2), features(3, 4),
            {words.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(4, words.size())), words.end()});
    if (words.size() >= 2 && words[0] == "sum") return sum({words.begin() + 1, words.end()});
    if (words.size() == 1 && words[0] == "refused") return write_refused(std::cout);
    if (words.size() == 2 && words[0] == "refusals") return check_refusals(words[1]);
    std::cerr << "onefold_random_definitions write DIRECTORY SEED FIRST COUNT [PER_FILE] [LEAST MOST]\n"
                 "onefold_random_definitions again NAME [LEAST MOST] [WITHOUT...]\n"
                 "onefold_random_definitions sum FILE...\n"
                 "onefold_random_definitions refusals DIRECTORY\n"
                 "onefold_random_definitions refused\n";
    return 2;
}
