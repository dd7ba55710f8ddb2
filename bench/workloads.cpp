// The batch executor on the work that bench/rivals compares, in its files: one measured run is one process, which
// prints one line of JSON of the same shape as the rivals' programs. Started by bench/rivals/run.
//
//     workloads WORK KEYS EVENTS, with the directory of the data and the number of threads in the environment

#include <sys/resource.h>

#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "onefold/onefold.hpp"
#include "onefold/run/backfill.hpp"

namespace {

using namespace onefold::literals;

struct Transaction {
    std::int64_t id, card;
    std::int32_t merchant;
    double amount;
    onefold::Time at;
};
struct Label {
    std::int64_t id, card;
    onefold::Time at;
};
struct Customer {
    std::int64_t card;
    std::int32_t segment;
    double credit_limit;
    onefold::Time since;
};
constexpr auto amount = onefold::field<&Transaction::amount>;
constexpr auto merchant = onefold::field<&Transaction::merchant>;
constexpr auto transactions = onefold::stream<Transaction>("transactions")
                                  .time<&Transaction::at>()
                                  .id<&Transaction::id>()
                                  .keep_duplicates()
                                  .lateness(10_min);

struct Trailing {
    static constexpr auto definition = onefold::define(
        transactions, onefold::by<&Transaction::card>("count"_f = onefold::count().over(1_h, 24_h, 7_d),
                                                      "sum"_f = onefold::sum(amount).over(1_h, 24_h, 7_d),
                                                      "mean"_f = onefold::mean(amount).over(1_h, 24_h, 7_d),
                                                      "min"_f = onefold::min(amount).over(1_h, 24_h, 7_d),
                                                      "max"_f = onefold::max(amount).over(1_h, 24_h, 7_d),
                                                      "stddev"_f = onefold::stddev(amount).over(1_h, 24_h, 7_d)));
};
struct Distinct {
    static constexpr auto definition = onefold::define(
        transactions, onefold::by<&Transaction::card>("merchants"_f = onefold::distinct(merchant).over(24_h)));
};
struct AsOf {
    static constexpr auto definition =
        onefold::define(onefold::stream<Label>("labels").time<&Label::at>().id<&Label::id>().keep_duplicates(),
                        onefold::table<Customer>("customers")
                            .key<&Customer::card>()
                            .on<&Label::card>()
                            .since<&Customer::since>()
                            .strictly(),
                        onefold::derive("segment"_f = onefold::field<&Customer::segment>,
                                        "credit_limit"_f = onefold::field<&Customer::credit_limit>));
};
// What a model is trained on: for each label the features strictly before it, and the customer as known then.
struct Spine {
    static constexpr auto definition = onefold::define(
        onefold::stream<Label>("labels").time<&Label::at>().id<&Label::id>().keep_duplicates(), transactions,
        onefold::table<Customer>("customers")
            .key<&Customer::card>()
            .on<&Label::card>()
            .since<&Customer::since>()
            .strictly(),
        onefold::by<&Transaction::card>("count"_f = onefold::count().over(1_h, 24_h, 7_d).before_current(),
                                        "sum"_f = onefold::sum(amount).over(1_h, 24_h, 7_d).before_current(),
                                        "mean"_f = onefold::mean(amount).over(1_h, 24_h, 7_d).before_current(),
                                        "min"_f = onefold::min(amount).over(1_h, 24_h, 7_d).before_current(),
                                        "max"_f = onefold::max(amount).over(1_h, 24_h, 7_d).before_current(),
                                        "stddev"_f = onefold::stddev(amount).over(1_h, 24_h, 7_d).before_current())
            .on<&Label::card>(),
        onefold::derive("segment"_f = onefold::field<&Customer::segment>,
                        "credit_limit"_f = onefold::field<&Customer::credit_limit>));
};
struct Hopping {
    static constexpr auto definition = onefold::define(
        transactions, onefold::by<&Transaction::card>(onefold::hopping(1_h, 5_min), "count"_f = onefold::count(),
                                                      "sum"_f = onefold::sum(amount), "max"_f = onefold::max(amount)));
};
struct Tumbling {
    static constexpr auto definition = onefold::define(
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "count"_f = onefold::count(),
                                                      "sum"_f = onefold::sum(amount)));
};
struct Sessions {
    static constexpr auto definition = onefold::define(
        transactions, onefold::by<&Transaction::card>(onefold::session(30_min), "count"_f = onefold::count(),
                                                      "sum"_f = onefold::sum(amount)));
};

std::string directory;

template <class T>
std::vector<T> column(const std::string& table, const char* name) {
    const auto path = directory + "/" + table + "/" + name;
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) {
        std::fprintf(stderr, "no %s: bench/rivals/run writes it\n", path.c_str());
        std::exit(3);
    }
    std::vector<T> values(static_cast<std::size_t>(file.tellg()) / sizeof(T));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
    return values;
}

std::vector<Transaction> read_transactions(const std::string& table) {
    const auto id = column<std::int64_t>(table, "id"), card = column<std::int64_t>(table, "card");
    const auto of_merchant = column<std::int32_t>(table, "merchant");
    const auto of_amount = column<double>(table, "amount");
    const auto at = column<std::int64_t>(table, "event_time");
    std::vector<Transaction> events(id.size());
    for (std::size_t i = 0; i < id.size(); ++i)
        events[i] = {id[i], card[i], of_merchant[i], of_amount[i], {at[i] * 1000}};
    return events;
}
std::vector<Label> read_labels(const std::string& table) {
    const auto id = column<std::int64_t>(table, "id"), card = column<std::int64_t>(table, "card");
    const auto at = column<std::int64_t>(table, "event_time");
    std::vector<Label> labels(id.size());
    for (std::size_t i = 0; i < id.size(); ++i) labels[i] = {id[i], card[i], {at[i] * 1000}};
    return labels;
}
std::vector<Customer> read_customers() {
    const auto card = column<std::int64_t>("customers", "card");
    const auto segment = column<std::int32_t>("customers", "segment");
    const auto limit = column<double>("customers", "credit_limit");
    const auto since = column<std::int64_t>("customers", "since");
    std::vector<Customer> versions(card.size());
    for (std::size_t i = 0; i < card.size(); ++i) versions[i] = {card[i], segment[i], limit[i], {since[i] * 1000}};
    return versions;
}

double processor_seconds() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
}

// The sum of every column, null as nothing, and a digest of every bit of the doubles.
struct Checks {
    std::vector<double> sums;
    std::uint64_t digest = 0;

    template <class Row> void take(const Row& row) {
        std::size_t column = 0;
        sums.resize(row.width);
        row.for_each([&](std::string_view, const auto& value) {
            auto& sum = sums[column++];
            const auto take_value = [&](const auto& x) {
                sum += static_cast<double>(x);
                if constexpr (std::is_floating_point_v<std::remove_cvref_t<decltype(x)>>)
                    digest = (digest ^ std::bit_cast<std::uint64_t>(x)) * 0x9e3779b97f4a7c15u;
            };
            if constexpr (requires { value.has_value(); }) {
                if (value) take_value(*value);
            } else take_value(value);
        });
    }
};

void run(const std::string& work, const std::string& keys, std::size_t rows, std::span<const std::string_view> names,
         const std::function<void()>& once, const std::function<std::size_t(Checks&)>& read) {
    double best = 0, used = 0;
    Checks checks;
    std::size_t result_rows = 0;
    for (int repetition = 0; repetition < 3; ++repetition) {
        const auto start = std::chrono::steady_clock::now();
        const auto used_before = processor_seconds();
        once();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        if (best == 0 || seconds.count() < best) {
            best = seconds.count();
            used = processor_seconds() - used_before;
        }
        checks = {};
        result_rows = read(checks);
    }
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    std::printf("{\"system\": \"Onefold\", \"work\": \"%s\", \"keys\": \"%s\", \"rows\": %zu, \"seconds\": %.6f, "
                "\"processor_seconds\": %.6f, \"peak_bytes\": %lld, \"result_rows\": %zu, \"checks\": {",
                work.c_str(), keys.c_str(), rows, best, used, static_cast<long long>(use.ru_maxrss) * 1024,
                result_rows);
    for (std::size_t column = 0; column < checks.sums.size(); ++column)
        std::printf("%s\"%s\": %.17g", column == 0 ? "" : ", ", std::string(names[column]).c_str(),
                    checks.sums[column]);
    std::printf("}, \"digests\": [\"%016llx\"]}\n", static_cast<unsigned long long>(checks.digest));
}

template <class Def, class... Input>
void measure(const std::string& work, const std::string& keys, unsigned threads, const Input&... input) {
    onefold::BackfillOptions options;
    options.threads = threads;
    onefold::Backfill<Def> result;
    const auto rows = std::get<0>(std::tie(input...)).size();
    run(
        work, keys, rows, onefold::Row<Def>::names,
        [&] {
            result = {};
            result = onefold::backfill<Def>(input..., options);
        },
        [&](Checks& checks) {
            for (const auto& row : result.rows) checks.take(row);
            return result.rows.size();
        });
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "workloads WORK KEYS EVENTS\n");
        return 2;
    }
    const std::string work = argv[1], keys = argv[2], events = argv[3];
    const auto* data = std::getenv("RIVALS_DATA");
    const auto* of_threads = std::getenv("RIVALS_THREADS");
    directory = data ? data : "data";
    const auto threads = static_cast<unsigned>(std::atoi(of_threads ? of_threads : "2"));
    if (work == "asof") {
        const onefold::Versions<AsOf> versions(read_customers());
        measure<AsOf>(work, keys, threads, read_labels("labels_" + keys), versions);
        return 0;
    }
    if (work == "spine") {
        const onefold::Histories<Spine> histories(read_customers(),
                                                  read_transactions("transactions_" + events + "_" + keys));
        measure<Spine>(work, keys, threads, read_labels("labels_" + keys), histories);
        return 0;
    }
    const auto history = read_transactions("transactions_" + events + "_" + keys);
    if (work == "trailing") measure<Trailing>(work, keys, threads, history);
    else if (work == "distinct") measure<Distinct>(work, keys, threads, history);
    else if (work == "hopping") measure<Hopping>(work, keys, threads, history);
    else if (work == "tumbling") measure<Tumbling>(work, keys, threads, history);
    else if (work == "sessions") measure<Sessions>(work, keys, threads, history);
    else return 2;
}
