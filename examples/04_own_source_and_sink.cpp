// A source and a sink of your own: types with next(), and with write() and commit(). No base class, no registration.
#include "onefold/onefold.hpp"
#include "onefold/run/backfill.hpp"
#include <cstdio>
#include <map>
#include <sstream>

using namespace onefold::literals;

struct Visit {
    std::int64_t user;
    double seconds;
    onefold::Time at;
};
struct Attention {
    static constexpr auto definition = onefold::define(
        onefold::stream<Visit>("visits").time<&Visit::at>(),
        onefold::by<&Visit::user>("visits"_f = onefold::count().over(1_h),
                                  "longest"_f = onefold::max(onefold::field<&Visit::seconds>).over(1_h)));
};

// Fills the next event and says true, or says false at the end. Here: a log with one visit a line, "minute user
// seconds".
struct AccessLog {
    std::istringstream text;
    int line = 0;
    bool next(Visit& visit) {
        std::string fields;
        std::int64_t minute = 0;
        if (++line; !std::getline(text, fields)) return false;
        // What was wrong, where, and what to do; the kind says whose turn it is.
        if (!(std::istringstream(fields) >> minute >> visit.user >> visit.seconds))
            throw onefold::Error(onefold::ErrorKind::data, "line " + std::to_string(line) + " is no visit; correct it");
        visit.at.micros = minute * 60'000'000;
        return true;
    }
};

// Keeps the newest row of each user. Rows come in canonical order; until commit() nobody may see one of them.
struct LatestByUser {
    std::map<std::int64_t, onefold::Row<Attention>> staged, visible;
    void write(const Visit& visit, const onefold::Row<Attention>& row) { staged[visit.user] = row; }
    void commit() { visible = std::exchange(staged, {}); }
};

int main() {
    LatestByUser store;
    onefold::backfill<Attention>(AccessLog{std::istringstream("0 1 5.5\n10 2 1.5\n70 2 4\n71 2 3\n9 1 8\n")}, store);
    const auto one = store.visible[1], two = store.visible[2];
    if (one["visits_1h"_f] != 2 || one["longest_1h"_f] != 8.0) return std::puts("user 1 is wrong"), 1;
    if (two["visits_1h"_f] != 2 || two["longest_1h"_f] != 4.0) return std::puts("user 2 is wrong"), 1;
    try {
        onefold::backfill<Attention>(AccessLog{std::istringstream("90 1 2\noops\n")}, store);
        return std::puts("a bad line was taken for a visit"), 1;
    } catch (const onefold::Error& error) {
        if (std::string_view(error.what()) != "line 2 is no visit; correct it") return std::puts(error.what()), 1;
    }
    // Nothing was committed, so what was visible is visible still.
    if (!(store.visible[1] == one)) return std::puts("half of a failed run is visible"), 1;
}
