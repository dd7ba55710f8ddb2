#include "onefold/run/changed_table.hpp"

#include <map>

#include "onefold/onefold.hpp"
#include "onefold/run/parity.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using onefold::Operation;

struct Price {
    std::optional<std::int64_t> item;
    std::int64_t value = 0;
    std::optional<onefold::Time> since;
    Operation operation = Operation::create;
    std::string file;
    std::optional<std::int64_t> position;
};
constexpr auto price_table = onefold::table<Price>("prices")
                                 .key<&Price::item>()
                                 .since<&Price::since>()
                                 .changes<&Price::operation, &Price::file, &Price::position>();
struct Prices {
    static constexpr auto definition = price_table;
};

struct Sale {
    std::int64_t id = 0;
    std::int64_t item = 0;
    std::int64_t pieces = 0;
    onefold::Time at;
};
// How a version that holds is looked for: before the event or up to it, and how old it may be.
template <bool Strictly, std::int64_t Oldest>
struct Sales {
    static constexpr auto joined = [] {
        constexpr auto table = price_table.template on<&Sale::item>().lateness(30_us);
        constexpr auto aged = Oldest == 0 ? table : table.time_to_live(onefold::Duration{Oldest});
        return Strictly ? aged.strictly() : aged;
    }();
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(10_us), joined,
        onefold::by<&Price::value>("sold"_f = onefold::sum(onefold::field<&Sale::pieces>).over(20_us),
                                   "least"_f = onefold::min(onefold::field<&Sale::pieces>).over(20_us)),
        onefold::by<&Sale::item>("prices"_f = onefold::distinct(onefold::field<&Price::value>).over(20_us),
                                 "priciest"_f = onefold::max(onefold::field<&Price::value>).over(20_us)),
        onefold::derive("price"_f = onefold::field<&Price::value> + 0, "known"_f = onefold::matched<Price>()));
};

// In the order of the log, then of arrival; the names of files become longer where they need another digit.
bool is_before(const Price& a, const Price& b) {
    if (a.file.size() != b.file.size()) return a.file.size() < b.file.size();
    if (a.file != b.file) return a.file < b.file;
    return *a.position < *b.position;
}
bool is_same_place(const Price& a, const Price& b) { return !is_before(a, b) && !is_before(b, a); }
bool is_owned(const Price& change) { return change.item || change.operation == Operation::truncate; }
bool counts(const Price& change) { return change.since && change.position && is_owned(change); }

struct Row {
    std::int64_t value;
    const Price* change;
};
struct History {
    Operation operation;
    std::int64_t item;
    const Price* change;
};
// The table after all changes that were made by a time, one after the other, each looked for among all of them.
std::map<std::int64_t, Row> naive_rows(const std::vector<Price>& changes, std::int64_t at,
                                       std::vector<History>* history = nullptr) {
    std::vector<const Price*> left;
    for (const auto& change : changes) {
        if (!counts(change) || change.since->micros > at) continue;
        // Redelivered: of a key and place the first counts.
        bool again = false;
        for (const auto* before : left)
            again = again || (is_same_place(*before, change) &&
                              (before->operation == Operation::truncate) == (change.operation == Operation::truncate) &&
                              (change.operation == Operation::truncate || before->item == change.item));
        if (!again) left.push_back(&change);
    }
    std::map<std::int64_t, Row> rows;
    while (!left.empty()) {
        auto next = left.begin();
        const auto rank = [](const Price* p) { return p->operation == Operation::truncate ? INT64_MIN : *p->item; };
        for (auto it = left.begin(); it != left.end(); ++it)
            if (is_before(**it, **next) || (is_same_place(**it, **next) && rank(*it) < rank(*next))) next = it;
        const Price* change = *next;
        left.erase(next);
        if (change->operation == Operation::truncate) {
            if (history)
                for (const auto& [item, row] : rows) history->push_back({Operation::remove, item, change});
            rows.clear();
        } else if (change->operation == Operation::remove) {
            if (rows.erase(*change->item) != 0 && history)
                history->push_back({Operation::remove, *change->item, change});
        } else {
            if (history)
                history->push_back(
                    {rows.contains(*change->item) ? Operation::update : Operation::create, *change->item, change});
            rows[*change->item] = {change->value, change};
        }
    }
    return rows;
}

std::vector<Price> changes_of(twin::Generator& random) {
    std::vector<Price> changes;
    std::int64_t clock = 0;
    const Operation operations[] = {Operation::create, Operation::read, Operation::update, Operation::update,
                                    Operation::remove};
    for (auto i = random.below(30); i >= 0; --i) {
        clock += random.below(6);
        Price change;
        if (random.below(12) != 0) change.item = random.below(4);
        change.value = random.below(5);
        // The clock of the source is put back now and then.
        if (random.below(20) != 0) change.since = onefold::Time{clock - (random.below(5) == 0 ? random.below(20) : 0)};
        change.operation = random.below(15) == 0 ? Operation::truncate : operations[random.below(5)];
        change.file = changes.size() < 10 ? "log.9" : "log.10";
        if (random.below(20) != 0) change.position = static_cast<std::int64_t>(changes.size());
        changes.push_back(change);
    }
    for (auto i = random.below(6); i > 0; --i)
        changes.push_back(changes[static_cast<std::size_t>(random.below(std::ssize(changes)))]);
    for (auto i = std::ssize(changes) - 1; i > 0; --i)
        std::swap(changes[static_cast<std::size_t>(i)], changes[static_cast<std::size_t>(random.below(i + 1))]);
    return changes;
}

void check(onefold::ChangedTable<Prices>& table, const std::vector<Price>& changes) {
    for (std::int64_t at = -25; at < 200; at += at < 0 ? 25 : 1 + at / 7) {
        const auto expected = naive_rows(changes, at);
        const auto rows = table.rows(onefold::Time{at});
        INFO("as of " << at);
        REQUIRE(rows.size() == expected.size());
        std::size_t i = 0;
        for (const auto& [item, row] : expected) {
            REQUIRE(rows[i]->item == item);
            REQUIRE(rows[i]->value == row.value);
            REQUIRE(table.row(onefold::ChangedTable<Prices>::key_of(*rows[i]), onefold::Time{at}) == rows[i]);
            ++i;
        }
    }
    std::vector<History> history;
    naive_rows(changes, INT64_MAX, &history);
    const auto versions = table.versions();
    REQUIRE(versions.size() == history.size());
    for (std::size_t i = 0; i < history.size(); ++i) {
        REQUIRE(versions[i].operation == history[i].operation);
        REQUIRE(onefold::get<0>(versions[i].key) == history[i].item);
        REQUIRE(is_same_place(*versions[i].change, *history[i].change));
    }
}

#ifdef ONEFOLD_TESTS_SANITIZED
constexpr std::uint64_t seeds = 40;
#else
constexpr std::uint64_t seeds = 300;
#endif

// Joins of both executors with the table, against the table as it was at the time of each event.
template <class Def>
void check_joins(bool strictly, std::int64_t oldest) {
    for (std::uint64_t seed = 1; seed <= seeds / 6; ++seed) {
        twin::Generator random(seed);
        const auto changes = changes_of(random);
        std::vector<Sale> sales;
        for (auto i = 1 + random.below(40); i > 0; --i)
            sales.push_back({i, random.below(4), random.below(9), {random.below(110)}});
        onefold::ParityOptions options;
        options.seed = seed;
        options.shuffles = 3;
        options.threads = 1;
        const onefold::Versions<Def> versions(changes);
        INFO("seed " << seed);
        const auto report = onefold::check_parity<Def>(sales, versions, options);
        INFO(report.difference);
        REQUIRE(report.ok());
        const auto batch = onefold::backfill<Def>(sales, versions);
        for (std::size_t i = 0; i < batch.rows.size(); ++i) {
            const auto& sale = sales[batch.order[i]];
            const auto rows = naive_rows(changes, strictly ? sale.at.micros - 1 : sale.at.micros);
            const auto row = rows.find(sale.item);
            std::optional<std::int64_t> price;
            if (row != rows.end() && (oldest == 0 || sale.at.micros - row->second.change->since->micros <= oldest))
                price = row->second.value;
            REQUIRE(batch.rows[i]["price"_f] == price);
            REQUIRE(batch.rows[i]["known"_f] == price.has_value());
        }
    }
}

} // namespace

TEST_CASE("changed table: rows as of any time, and versions, are those of the log read one change after the other") {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO("seed " << seed);
        twin::Generator random(seed);
        const auto changes = changes_of(random);
        onefold::ChangedTable<Prices> at_once(changes), one_by_one;
        onefold::Account counts;
        for (const auto& change : changes) {
            ++counts.in;
            const auto verdict = one_by_one.push(change);
            counts.count(verdict);
            if (!change.since || !change.position) REQUIRE(verdict == onefold::Verdict::rejected);
            else if (!is_owned(change)) REQUIRE(verdict == onefold::Verdict::filtered);
        }
        REQUIRE(one_by_one.account() == counts);
        REQUIRE(at_once.account() == counts);
        REQUIRE(counts.balances());
        check(at_once, changes);
        check(one_by_one, changes);
    }
}

TEST_CASE("changed table: a redelivered change is a duplicate, and deleting what is not there makes no version") {
    onefold::ChangedTable<Prices> table;
    const Price made{1, 10, onefold::Time{5}, Operation::create, "a", 1};
    const Price unknown{2, 0, onefold::Time{6}, Operation::remove, "a", 2};
    REQUIRE(table.push(made) == onefold::Verdict::applied);
    REQUIRE(table.push(unknown) == onefold::Verdict::applied);
    REQUIRE(table.push(made) == onefold::Verdict::duplicate);
    REQUIRE(table.versions().size() == 1);
    // Created before it was deleted, and only told of later.
    REQUIRE(table.push({2, 20, onefold::Time{5}, Operation::create, "a", 0}) == onefold::Verdict::applied);
    REQUIRE(table.versions().size() == 3);
    REQUIRE(table.rows().size() == 1);
    REQUIRE(table.rows(onefold::Time{5}).size() == 2);
}

TEST_CASE("changed table: events are joined with the table as it was, live in any order and in batch") {
    check_joins<Sales<false, 0>>(false, 0);
}
TEST_CASE("changed table: the same strictly before the event, and no longer than a time to live") {
    check_joins<Sales<true, 0>>(true, 0);
    check_joins<Sales<false, 15>>(false, 15);
}
