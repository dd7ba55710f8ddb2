#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "support/catch.hpp"

// The README's tables name the test that holds each row: a case of tests/conformance by its number, a definition of
// tests/parity by its name, or a file. Each must exist, and say a word of the row; and each word of the row must be
// said by one of them.
namespace {

namespace fs = std::filesystem;

const fs::path root = ONEFOLD_SOURCE_DIR;

std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

std::vector<std::string> matches(const std::string& text, const std::string& pattern, std::size_t group = 0) {
    std::vector<std::string> found;
    const std::regex regex(pattern);
    for (std::sregex_iterator i(text.begin(), text.end(), regex), end; i != end; ++i) found.push_back((*i).str(group));
    return found;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What a case.json has in it where a program says the word; a definition has the word itself.
const std::map<std::string, std::string> words_of_cases{
    {"count", R"("agg":"count)"},
    {"sum", R"("agg":"sum")"},
    {"mean", R"("agg":"avg")"},
    {"variance", R"("agg":"var_)"},
    {"stddev", R"("agg":"stddev_)"},
    {"min", R"("agg":"min")"},
    {"max", R"("agg":"max")"},
    {"first", R"("agg":"first)"},
    {"last", R"("agg":"last)"},
    {"distinct", R"("agg":"count_distinct")"},
    {"quantile", R"("agg":"quantile")"},
    {"top", R"("agg":"top_k_largest")"},
    {"most_frequent", R"("agg":"top_k_frequent")"},
    {"over", R"("window":)"},
    {"before_current", R"x(t)")x"},
    {"including_start", R"("bounds":"[t-W)"},
    {"excluding_start", R"x("bounds":"(t-W,t)")x"},
    {"delayed", R"("delay_ms":)"},
    {"at_most", R"("max_rows":)"},
    {"up_to_current_row", R"("ties":"seq")"},
    {"excluding_ties", R"("exclude":"current_time")"},
    {"tumbling", R"("type":"tumbling")"},
    {"hopping", R"("type":"hopping")"},
    {"session", R"("type":"session")"},
    {"excluding_touch", R"("touching_merge":false)"},
    {"offset", R"("offset_ms":)"},
    {"calendar_day", R"("unit":"day")"},
    {"calendar_week", R"("unit":"week")"},
    {"calendar_month", R"("unit":"month")"},
    {"changes", R"("op":"cdc_table")"},
    {"interval_join", R"("op":"interval_join")"},
};

// The text of what a table names, in which a word is looked for; nothing where there is no such test.
struct Named {
    bool exists = false;
    bool is_case = false;
    std::string text;

    bool says(const std::string& word) const {
        if (!is_case) return std::regex_search(text, std::regex("\\b" + word + "\\s*[(<]"));
        const auto found = words_of_cases.find(word);
        return found != words_of_cases.end() && contains(text, found->second);
    }
};

Named named(const std::string& name) {
    Named result;
    if (name.starts_with("tests/")) {
        result.exists = fs::is_regular_file(root / name);
        if (result.exists) result.text = text_of(root / name);
    } else if (std::regex_match(name, std::regex("[A-Z][0-9][0-9]"))) {
        for (const auto& folder : fs::directory_iterator(root / "tests/conformance/cases"))
            if (folder.path().filename().string().starts_with(name + "_"))
                result = {true, true, nlohmann::json::parse(text_of(folder.path() / "case.json")).dump()};
    } else {
        for (const auto& file : fs::directory_iterator(root / "tests/parity/definitions")) {
            const auto text = text_of(file.path());
            const auto start = text.find("\nstruct " + name + " {");
            if (start == std::string::npos || !contains(text, "Registered<" + name + ">")) continue;
            result = {true, false, text.substr(start, text.find("\n};", start) - start)};
        }
    }
    return result;
}

// "| a | `b | c` |" has two cells.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    bool code = false;
    std::string cell;
    for (const char c : line.substr(1)) {
        if (c == '`') code = !code;
        if (c != '|' || code) cell += c;
        else cells.push_back(std::exchange(cell, {}));
    }
    return cells;
}

void check_row(const std::vector<std::string>& cells, std::vector<std::string>& faults) {
    const auto& what = cells.front();
    // Of "any of them but ..., `.per(x)`" it is the word behind the dot that is held.
    std::vector<std::string> words;
    for (const auto& code : matches(what, "`([^`]+)`", 1))
        if (const auto found = matches(code, "^\\.?([a-z][a-z_]*)", 1);
            !found.empty() && (!contains(what, "any of them") || code.starts_with('.')))
            words.push_back(found.front());
    if (words.empty()) faults.push_back("no word in:" + what);
    std::vector<Named> tests;
    for (const auto& name : matches(cells.back(), "[A-Za-z0-9_/.]+")) {
        tests.push_back(named(name));
        const auto& test = tests.back();
        if (!test.exists) faults.push_back("there is no test " + name + ", named in:" + what);
        // What a file tests is often the part behind a word.
        else if (!name.starts_with("tests/") &&
                 std::none_of(words.begin(), words.end(), [&](const auto& word) { return test.says(word); }))
            faults.push_back(name + " says no word of:" + what);
    }
    for (const auto& word : words)
        if (std::none_of(tests.begin(), tests.end(), [&](const auto& test) { return test.says(word); }))
            faults.push_back("no test named says " + word + " of:" + what);
}

struct Checked {
    std::size_t rows = 0;
    std::vector<std::string> faults;
};

Checked check(const std::string& readme) {
    Checked result;
    std::istringstream lines(readme);
    bool names_tests = false;
    for (std::string line, before; std::getline(lines, line); before = line) {
        if (!line.starts_with('|')) continue;
        const auto cells = cells_of(line);
        if (!before.starts_with('|')) names_tests = cells.back() == " test ";
        else if (names_tests && !line.starts_with("|---")) {
            ++result.rows;
            check_row(cells, result.faults);
        }
    }
    for (const auto& path : matches(readme, "\\b(tests|examples|bench|include)/[A-Za-z0-9_/]+(\\.[a-z]+)?"))
        if (!fs::exists(root / path) && !contains(readme, path + "*")) result.faults.push_back("there is no " + path);
    return result;
}

} // namespace

TEST_CASE("every test that a table of the README names is there and is about the row") {
    const auto result = check(text_of(root / "README.md"));
    CHECK(result.rows >= 40);
    for (const auto& fault : result.faults) UNSCOPED_INFO(fault);
    CHECK(result.faults.empty());
}

TEST_CASE("a table that names what is not there, or what is about something else, is found") {
    const auto faults = [](const std::string& cell, const std::string& tests) {
        return check("\n| | null | test |\n|---|---|---|\n| " + cell + " | skipped | " + tests + " |\n").faults;
    };
    CHECK(faults("`sum`", "S01, Trailing").empty());
    CHECK(faults("`sum`", "S99, Trailing") == std::vector<std::string>{"there is no test S99, named in: `sum` "});
    CHECK(faults("`sum`", "S01, Trailling").size() == 1);
    CHECK(faults("`sum`", "S01, tests/aggregate/none_test.cpp").size() == 2); // as a test, and as a path
    CHECK(faults("`entropy`", "Spreads, S01") == std::vector<std::string>{"S01 says no word of: `entropy` "});
    CHECK(faults("`sum`, `entropy`", "S01") ==
          std::vector<std::string>{"no test named says entropy of: `sum`, `entropy` "});
    CHECK(faults("any of them but `zscore`, `.per(x)`", "PerKeyGroups").empty());
    CHECK(faults("`sum`", "").size() == 1);
}
