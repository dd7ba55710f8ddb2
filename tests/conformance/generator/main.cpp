// onefold_case [--keep-going] FOLDER OUT.cpp: writes the program of a case. A case that uses what the generator does
// not know is refused with a sentence that names the field, and 1; with --keep-going the program written fails with
// that sentence instead, so that the other cases of a directory are still built and run.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "conformance/generator/asof_join.hpp"
#include "conformance/generator/cdc_table.hpp"
#include "conformance/generator/interval_join.hpp"
#include "conformance/generator/source.hpp"

namespace {

// The last part of a path, which is the name of a case that has none.
std::string name_of(const std::string& folder) { return std::filesystem::path(folder).filename().string(); }

template <class Join>
std::string source_of_join(const std::string& folder, Join join,
                           std::string (*write)(const Join& join, std::int64_t ticks)) {
    if (join.id.empty()) join.id = name_of(folder);
    const conformance::Table left(folder, join.left.file, join.left.columns);
    const conformance::Table right(folder, join.right.file, join.right.columns);
    conformance::read_file(folder, join.expected);
    return write(join, std::min(conformance::ticks_of(join.left.columns, left),
                                conformance::ticks_of(join.right.columns, right)));
}

std::string source_of_changes(const std::string& folder, const nlohmann::json& document) {
    auto table = conformance::parse_cdc_table(document);
    if (table.id.empty()) table.id = name_of(folder);
    const conformance::Table changes(folder, table.changes.file, table.changes.columns);
    conformance::read_file(folder, table.expected);
    if (!table.expected_history.empty()) conformance::read_file(folder, table.expected_history);
    return conformance::write_cdc_table(table, conformance::ticks_of(table.changes.columns, changes));
}

std::string source_of(const std::string& folder) {
    std::ifstream in(folder + "/case.json");
    if (!in) throw conformance::CaseError("there is no file " + folder + "/case.json");
    nlohmann::json document;
    try {
        document = nlohmann::json::parse(in);
    } catch (const nlohmann::json::parse_error& error) {
        throw conformance::CaseError(std::string("case.json is no JSON: ") + error.what());
    }
    const auto op = document.is_object() ? document.value("op", nlohmann::json()) : nlohmann::json();
    if (op == "asof_join")
        return source_of_join(folder, conformance::parse_asof_join(document), &conformance::write_asof_join);
    if (op == "interval_join")
        return source_of_join(folder, conformance::parse_interval_join(document), &conformance::write_interval_join);
    if (op == "cdc_table") return source_of_changes(folder, document);
    auto file = conformance::parse_case(document);
    if (file.id.empty()) file.id = name_of(folder);
    const conformance::Table events(folder, file.events, file.columns);
    // The program reads them; that they are not there is said before it is compiled.
    conformance::read_file(folder, file.expected);
    if (!file.expected_dropped.empty()) conformance::read_file(folder, file.expected_dropped);
    return conformance::write_source(file, conformance::times_of(file, events));
}

} // namespace

int main(int argc, char** argv) {
    const bool keep_going = argc > 1 && std::strcmp(argv[1], "--keep-going") == 0;
    if (argc != (keep_going ? 4 : 3)) {
        std::fprintf(stderr, "usage: %s [--keep-going] FOLDER OUT.cpp\n", argv[0]);
        return 2;
    }
    const std::string folder = argv[argc - 2];
    std::string source;
    try {
        source = source_of(folder);
    } catch (const std::exception& error) {
        const auto sentence = folder + ": " + error.what();
        std::fprintf(stderr, "%s\n", sentence.c_str());
        if (!keep_going) return 1;
        source = conformance::write_refused(sentence);
    }
    std::ofstream out(argv[argc - 1], std::ios::binary);
    out << source;
    out.close();
    if (!out) std::fprintf(stderr, "cannot write %s\n", argv[argc - 1]);
    return out ? 0 : 2;
}
