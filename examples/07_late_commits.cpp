// What the model was served, and what a training set would have known: 82,410 real commits in the order in which they
// reached their repository, up to 393 days after they were written (data/README.md). Live keeps a journal; every row
// that it served is had from it again, and the report tells how much settled rows would have leaked.
// run: examples/data/commits.csv.gz
#include "onefold/adapter/text_file.hpp"
#include "onefold/port/journal.hpp"
#include "onefold/run/compare_views.hpp"
#include <cstdio>
#include <filesystem>
using namespace onefold::literals;

struct Commit {
    onefold::Time author_ts; // when it was written
    std::int64_t author, parents;
};
template <>
struct onefold::schema<Commit> : onefold::fields<onefold::column<&Commit::author_ts, "author_ts", onefold::seconds>,
                                                 &Commit::author, &Commit::parents> {};

template <std::int64_t Days> struct Activity { // what comes later is dropped
    static constexpr auto definition =
        onefold::define(onefold::stream<Commit>("commits").time<&Commit::author_ts>().lateness(
                            onefold::Duration{Days * 86'400'000'000}),
                        onefold::by<&Commit::author>(
                            "commits"_f = onefold::count().over(1_d, 7_d, 30_d),
                            "merges"_f = onefold::count().where(onefold::field<&Commit::parents> > 1).over(30_d),
                            "since_last"_f = onefold::time_since_last().over(onefold::lifetime).before_current()),
                        onefold::by<>("authors"_f = onefold::distinct(onefold::field<&Commit::author>).over(7_d)));
};

template <class Def>
bool check(const std::vector<Commit>& commits, onefold::Arrival truth) {
    const auto path = (std::filesystem::temp_directory_path() / "onefold_late_commits.journal").string();
    std::filesystem::remove(path); // one is never overwritten
    onefold::JournalWriter<Def> writer(path);
    onefold::LiveOptions<Def> options;
    options.journal = writer;
    onefold::Live<Def> live(std::move(options));
    std::vector<onefold::Served<Def>> rows;
    for (const auto& commit : commits) rows.push_back(live.push(commit));
    writer.close();

    onefold::Arrivals<Def> arrivals;
    onefold::JournalReader<Def>(path).replay(arrivals);
    const auto history = onefold::served<Def>(arrivals);
    std::size_t different = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) different += !(history.rows[i] == rows[i]);
    std::printf("%zu rows served, %zu differ from the journal's\n", rows.size(), different);
    const auto report = onefold::compare_views<Def>(arrivals, {.arrival = truth, .events = 3});
    std::printf("%s\n", to_text(report).c_str());
    return different == 0 && report.rows == history.account.applied && report.different != 0 && report.otherwise == 0;
}

int main(int argc, char** argv) {
    std::vector<Commit> commits;
    auto source = onefold::csv(argc > 1 ? argv[1] : "examples/data/commits.csv.gz").source<Commit>();
    for (Commit commit; source.next(commit);) commits.push_back(commit);
    const bool all = check<Activity<400>>(commits, onefold::Arrival::as_given);
    return all && check<Activity<1>>(commits, onefold::Arrival::any) ? 0 : 1;
}
