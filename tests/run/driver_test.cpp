#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "onefold/onefold.hpp"
#include "onefold/run/driver.hpp"
#include "support/catch.hpp"
#include "support/contains.hpp"
#include "support/driver_run.hpp"

namespace driver_test {

using namespace onefold::literals;
using namespace twin;

struct Sale {
    std::int64_t id;
    std::optional<std::string> shop;
    double price;
    std::optional<std::int32_t> pieces;
    onefold::Time at;
};

constexpr auto price = onefold::field<&Sale::price>;
constexpr auto pieces = onefold::field<&Sale::pieces>;

struct Shops {
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(10_s).where(price >= 0.0),
        onefold::by<&Sale::shop>(
            "n"_f = onefold::count().over(10_s, onefold::lifetime), "takings"_f = onefold::sum(price).over(10_s, 30_s),
            "pieces"_f = onefold::mean(pieces).over(20_s), "most"_f = onefold::max(price).over(10_s).before_current()),
        onefold::by<>("all"_f = onefold::distinct(onefold::field<&Sale::shop>).over(15_s)),
        onefold::derive("share"_f = price / "takings_10s"_f));
};

struct ShopTens {
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(10_s).where(price >= 0.0),
        onefold::by<&Sale::shop>(onefold::tumbling(10_s).allowed_lateness(5_s), "n"_f = onefold::count(),
                                 "takings"_f = onefold::sum(price)));
};

struct Shop {
    std::string name;
    std::string town;
    double target;
    onefold::Time since;
};
struct Targets {
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(10_s).where(price >= 0.0),
        onefold::table<Shop>("shops").key<&Shop::name>().on<&Sale::shop>().since<&Shop::since>(),
        onefold::by<&Shop::town>("town"_f = onefold::sum(price).over(30_s)),
        onefold::derive("reached"_f = price / onefold::field<&Shop::target>, "known"_f = onefold::matched<Shop>()));
};

struct Visit {
    std::string shop;
    onefold::Time at;
};
struct Visited {
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(10_s).where(price >= 0.0),
        onefold::stream<Visit>("visits").time<&Visit::at>().lateness(5_s),
        onefold::by<&Visit::shop>("visits"_f = onefold::count().over(10_s)).on<&Sale::shop>());
};

// Both inputs are changes of a database's log.
struct Order {
    std::int64_t id = 0, card = 0;
    double amount = 0;
    onefold::Time at;
    onefold::Operation op = onefold::Operation::create;
    std::int64_t lsn = 0;
};
struct Holder {
    std::int64_t card = 0;
    std::string city;
    onefold::Time since;
    onefold::Operation op = onefold::Operation::create;
    std::int64_t lsn = 0;
};
struct Corrected {
    static constexpr auto definition =
        onefold::define(onefold::stream<Order>("orders")
                            .time<&Order::at>()
                            .id<&Order::id>()
                            .lateness(10_s)
                            .changes<&Order::op, &Order::lsn>()
                            .correctable_for(60_s),
                        onefold::table<Holder>("holders")
                            .key<&Holder::card>()
                            .since<&Holder::since>()
                            .changes<&Holder::op, &Holder::lsn>(),
                        onefold::by<&Order::card>("most"_f = onefold::max(onefold::field<&Order::amount>).over(30_s),
                                                  "n"_f = onefold::count().over(30_s)),
                        onefold::derive("city"_f = onefold::field<&Holder::city>));
};

// Answers differently whenever it is asked, which no condition may do: what parity is there to find.
int asked = 0;
struct Whimsical {
    static constexpr auto definition =
        onefold::define(onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(10_s),
                        onefold::by<&Sale::shop>(
                            "n"_f = onefold::count().where([](const Sale&) { return ++asked % 3 != 0; }).over(10_s)));
};

struct Throwing {
    static constexpr auto definition = onefold::define(
        onefold::stream<Sale>("sales").time<&Sale::at>(),
        onefold::by<&Sale::shop>(
            "n"_f =
                onefold::count().where([](const Sale&) -> bool { throw std::runtime_error("no mood"); }).over(10_s)));
};

template <class Def = Shops>
Outcome run(std::vector<std::string> arguments, const std::string& input = "", const std::string& stdout_path = "") {
    return run_driver<Def>(std::move(arguments), input, stdout_path);
}

const std::string header = "id,shop,price,pieces,ts\n";
// In milliseconds. Sale 4 is filtered, sale 2 comes twice, sale 5 is 11 s late.
const std::string few = header + "1,a,2.5,3,1000\n"
                                 "2,b,4.0,,5000\n"
                                 "3,a,1.5,4,11000\n"
                                 "4,a,-1.0,1,12000\n"
                                 "2,b,4.0,,5000\n"
                                 "6,,8.0,2,23000\n"
                                 "5,b,4.0,2,12000\n"
                                 "7,b,0.0,1,13000\n";

// By hand from the law: (t - W, t], before_current [t - W, t), null shops are one group.
const std::string columns = "id,at,shop,n_10s,n_lifetime,takings_10s,takings_30s,pieces_20s,most_10s,all_15s,share\n";
const std::string row_1 = "1,1000000,a,1,1,2.5,2.5,3.0,,1,1.0\n";
const std::string row_2 = "2,5000000,b,1,1,4.0,4.0,,,2,1.0\n";
const std::string row_3 = "3,11000000,a,1,2,1.5,4.0,3.5,2.5,2,1.0\n";
const std::string row_5 = "5,12000000,b,2,2,8.0,8.0,2.0,4.0,2,0.5\n";
const std::string row_7_without_5 = "7,13000000,b,2,2,4.0,4.0,1.0,4.0,2,0.0\n";
const std::string row_7 = "7,13000000,b,3,3,8.0,8.0,1.5,4.0,2,0.0\n";
const std::string row_6 = "6,23000000,,1,1,8.0,8.0,2.0,,2,1.0\n";
const std::string row_6_served = "6,23000000,,1,1,8.0,8.0,2.0,,1,1.0\n";

// Many sales of a few shops, some at one time, some repeated, in order of time.
std::vector<std::pair<std::int64_t, std::string>> many_sales(std::size_t count) {
    std::mt19937_64 random(7);
    std::vector<std::pair<std::int64_t, std::string>> lines;
    std::int64_t time = 0;
    for (std::size_t i = 0; i < count; ++i) {
        time += static_cast<std::int64_t>(random() % 4) * 700;
        std::string line = std::to_string(i) + ",";
        if (random() % 10 != 0) line += "shop" + std::to_string(random() % 20);
        line += "," + std::to_string(random() % 1000) + "." + std::to_string(random() % 100) + ",";
        if (random() % 5 != 0) line += std::to_string(random() % 50);
        lines.emplace_back(time, line + "," + std::to_string(time) + "\n");
    }
    return lines;
}

} // namespace driver_test
using namespace driver_test;

template <> struct onefold::schema<Sale> : onefold::fields<&Sale::id, &Sale::shop, &Sale::price, &Sale::pieces,
                                                           onefold::column<&Sale::at, "ts", onefold::milliseconds>> {};

template <> struct onefold::schema<Shop>
    : onefold::fields<&Shop::name, &Shop::town, &Shop::target,
                      onefold::column<&Shop::since, "since", onefold::milliseconds>> {};

template <> struct onefold::schema<Visit>
    : onefold::fields<&Visit::shop, onefold::column<&Visit::at, "at", onefold::milliseconds>> {};

template <> struct onefold::schema<Order>
    : onefold::fields<&Order::id, &Order::card, &Order::amount,
                      onefold::column<&Order::at, "at", onefold::milliseconds>, onefold::column<&Order::op, "$.op">,
                      onefold::column<&Order::lsn, "$.source.lsn">> {};
template <> struct onefold::schema<Holder>
    : onefold::fields<&Holder::card, &Holder::city, onefold::column<&Holder::op, "$.op">,
                      onefold::column<&Holder::since, "$.source.ts_ms", onefold::milliseconds>,
                      onefold::column<&Holder::lsn, "$.source.lsn">> {};

TEST_CASE("driver: backfill writes the settled row of every event in canonical order") {
    Directory directory;
    write(directory / "sales.csv", few);
    const auto outcome =
        run({"backfill", "--input", "sales=" + directory / "sales.csv", "--output", directory / "rows.csv"});
    INFO(outcome.error);
    REQUIRE(outcome.code == 0);
    REQUIRE(outcome.out.empty());
    REQUIRE_THAT(outcome.error,
                 Contains("shops: 6 rows in ") && Contains("6 applied, 0 late, 1 duplicate, 0 rejected, 1 filtered"));
    REQUIRE(contents(directory / "rows.csv") == columns + row_1 + row_2 + row_3 + row_5 + row_7 + row_6);
}

TEST_CASE("driver: backfill --arrival file judges lateness as live does") {
    Directory directory;
    write(directory / "sales.csv", few);
    const auto outcome = run({"backfill", "--arrival=file", "--input=sales=" + directory / "sales.csv", "--output", "-",
                              "--threads", "1", "--view", "settled", "--dead-letter", directory / "dead.jsonl"});
    INFO(outcome.error);
    REQUIRE(outcome.code == 0);
    REQUIRE(outcome.out == columns + row_1 + row_2 + row_3 + row_7_without_5 + row_6);
    REQUIRE(
        contents(directory / "dead.jsonl") ==
        R"({"position":3,"line":5,"reason":"filtered","detail":null,"watermark":999999,"event":{"id":4,"shop":"a","price":-1.0,"pieces":1,"ts":12000}})"
        "\n"
        R"({"position":4,"line":6,"reason":"duplicate","detail":null,"watermark":1999999,"event":{"id":2,"shop":"b","price":4.0,"pieces":null,"ts":5000}})"
        "\n"
        R"({"position":6,"line":8,"reason":"late","detail":null,"watermark":12999999,"event":{"id":5,"shop":"b","price":4.0,"pieces":2,"ts":12000}})"
        "\n");
}

TEST_CASE("driver: live writes served rows in order of arrival, from standard input to standard output") {
    const auto outcome = run({"live", "--input", "sales=-", "--output", "-", "--threads", "2"}, few);
    INFO(outcome.error);
    REQUIRE(outcome.code == 0);
    REQUIRE(outcome.out == columns + row_1 + row_2 + row_3 + row_6_served + row_7_without_5);
    REQUIRE_THAT(outcome.error, Contains("5 applied, 1 late, 1 duplicate, 0 rejected, 1 filtered"));
}

TEST_CASE("driver: backfill and live --settled write the same bytes for every number of threads and order of arrival") {
    Directory directory;
    auto lines = many_sales(9000);
    const auto file = [&](const std::string& name) {
        auto text = header;
        for (const auto& [time, line] : lines) text += line;
        write(directory / name, text);
    };
    file("ordered.csv");
    std::mt19937_64 random(3);
    for (auto& [time, line] : lines) time += static_cast<std::int64_t>(random() % 10'001);
    std::sort(lines.begin(), lines.end());
    file("shuffled.csv");

    std::string expected;
    const auto check = [&](std::vector<std::string> command) {
        for (const auto* threads : {"1", "2", "4"})
            for (const auto* input : {"ordered.csv", "shuffled.csv"}) {
                auto arguments = command;
                for (const auto& more : {std::string("--threads"), std::string(threads), std::string("--output"),
                                         directory / "rows.csv", std::string("--input"), "sales=" + directory / input})
                    arguments.push_back(more);
                const auto outcome = run(arguments);
                INFO(command[0] << " " << threads << " " << input << ": " << outcome.error);
                REQUIRE(outcome.code == 0);
                const auto rows = contents(directory / "rows.csv");
                if (expected.empty()) expected = rows;
                REQUIRE(std::count(rows.begin(), rows.end(), '\n') == 9001);
                REQUIRE((rows == expected));
            }
    };
    check({"backfill"});
    check({"backfill", "--arrival", "file"});
    check({"live", "--settled"});
}

TEST_CASE("driver: backfill and live leave the same dead letters, late and malformed ones in their order") {
    Directory directory;
    auto lines = many_sales(3000);
    std::mt19937_64 random(5);
    for (auto& [time, line] : lines) time += static_cast<std::int64_t>(random() % 30'000);
    std::sort(lines.begin(), lines.end());
    auto text = header;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        text += lines[i].second;
        if (i % 37 == 0) text += "this is no sale\n";
        if (i % 101 == 0) text += lines[i].second;
    }
    write(directory / "sales.csv", text);
    const auto input = "sales=" + directory / "sales.csv";
    REQUIRE(run({"backfill", "--arrival", "file", "--input", input, "--output", directory / "b.jsonl", "--dead-letter",
                 directory / "bd.jsonl"})
                .code == 0);
    REQUIRE(run({"live", "--settled", "--input", input, "--output", directory / "l.jsonl.gz", "--dead-letter",
                 directory / "ld.jsonl"})
                .code == 0);
    const auto dead = contents(directory / "bd.jsonl");
    REQUIRE((dead == contents(directory / "ld.jsonl")));

    // Every line of the file is in one of the two, exactly once.
    std::istringstream letters(dead);
    std::array<std::size_t, 3> counts{};
    std::int64_t last = -1;
    for (std::string letter; std::getline(letters, letter);) {
        const auto json = nlohmann::json::parse(letter);
        REQUIRE(json.at("position").get<std::int64_t>() > last);
        last = json.at("position").get<std::int64_t>();
        REQUIRE(json.at("line").get<std::int64_t>() == last + 2);
        const auto reason = json.at("reason").get<std::string>();
        if (reason == "rejected") REQUIRE(json.at("text") == "this is no sale");
        else REQUIRE(json.at("event").at("ts").get<std::int64_t>() % 700 == 0);
        ++counts[reason == "late" ? 0u : reason == "duplicate" ? 1u : 2u];
    }
    REQUIRE(counts[0] > 100);
    REQUIRE(counts[2] == 82);
    // A repeated line is a duplicate of its first or as late as that was.
    REQUIRE(counts[0] + counts[1] > 129);
    const auto rows = contents(directory / "b.jsonl");
    const auto applied = static_cast<std::size_t>(std::count(rows.begin(), rows.end(), '\n'));
    REQUIRE(applied + counts[0] + counts[1] + counts[2] == 3000 + 82 + 30);
    REQUIRE(nlohmann::json::parse(rows.substr(0, rows.find('\n'))).size() == 11);
}

TEST_CASE("driver: malformed lines cost themselves only, are counted, and fail the command unless they are kept") {
    Directory directory;
    const std::string text = header + "1,a,2.5,3,1000\n"
                                      "x,a,2.5,3,2000\n"
                                      "2,b,4.0,,5000\n"
                                      "9,b\n"
                                      "8,\xff\xfe\xc3\xa9,1.0,1,5000\n"
                                      "3,a,1.5,4,11000\n";
    write(directory / "sales.csv", text);
    const auto input = "sales=" + directory / "sales.csv";
    for (const std::string command : {"backfill", "live"}) {
        std::filesystem::remove(directory / "rows.csv");
        const auto without = run({command, "--input", input, "--output", directory / "rows.csv"});
        REQUIRE(without.code == 1);
        REQUIRE_THAT(without.error, Contains("3 lines were rejected; first: " + directory / "sales.csv" + ":3: ") &&
                                        Contains("\"id\"") && Contains("give --dead-letter FILE to keep them") &&
                                        Contains("3 applied") && Contains("3 rejected"));
        REQUIRE(contents(directory / "rows.csv") == columns + row_1 + row_2 + row_3);

        const auto with = run(
            {command, "--input", input, "--output", directory / "rows.csv", "--dead-letter", directory / "dead.jsonl"});
        INFO(with.error);
        REQUIRE(with.code == 0);
        REQUIRE(contents(directory / "rows.csv") == columns + row_1 + row_2 + row_3);
        std::istringstream dead(contents(directory / "dead.jsonl"));
        std::vector<nlohmann::json> letters;
        for (std::string letter; std::getline(dead, letter);) letters.push_back(nlohmann::json::parse(letter));
        REQUIRE(letters.size() == 3);
        REQUIRE(letters[0]["position"] == 1);
        REQUIRE(letters[0]["line"] == 3);
        REQUIRE(letters[0]["text"] == "x,a,2.5,3,2000");
        REQUIRE_THAT(letters[0]["detail"].get<std::string>(), Contains("\"id\""));
        REQUIRE(letters[1]["line"] == 5);
        REQUIRE(letters[2]["text"] == "8,\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9,1.0,1,5000");
        // Where every event counts there is no watermark.
        REQUIRE(letters[1]["watermark"] == (command == "live" ? nlohmann::json(-5'000'001) : nlohmann::json()));
    }
    const auto parity = run({"parity", "--input", input});
    REQUIRE(parity.code == 1);
    REQUIRE_THAT(parity.error, Contains("3 lines were rejected"));
    REQUIRE_THAT(parity.out, Contains("parity: 3 events, 8 features, 0 mismatches"));
}

TEST_CASE("driver: a file that is not what it claims is an error of the data, and nothing is published") {
    Directory directory;
    const auto fails = [&](const std::string& name, const std::string& part) {
        for (const std::string command : {"backfill", "live"}) {
            const auto before = directory.files();
            require_error(run({command, "--input", "sales=" + directory / name, "--output", directory / "rows.csv",
                               "--dead-letter", directory / "dead.jsonl"}),
                          1, part);
            REQUIRE(directory.files() == before);
        }
        const auto parity = run({"parity", "--input", "sales=" + directory / name});
        REQUIRE(parity.code == 1);
        REQUIRE_THAT(parity.error, Contains(part));
    };
    write(directory / "unknown.csv", "id,shop,price,pieces,ts,colour\n1,a,2.5,3,1000,red\n");
    fails("unknown.csv", "colour");
    write(directory / "missing.csv", "id,shop,price,pieces\n1,a,2.5,3\n");
    fails("missing.csv", "\"ts\"");
    write(directory / "empty.csv", "");
    fails("empty.csv", "empty.csv");
    {
        onefold::TextSink sink(directory / "broken.csv.gz");
        sink.write(header);
        for (const auto& [time, line] : many_sales(5000)) sink.write(line);
        sink.commit();
    }
    std::filesystem::resize_file(directory / "broken.csv.gz",
                                 std::filesystem::file_size(directory / "broken.csv.gz") / 2);
    fails("broken.csv.gz", "broken.csv.gz");

    // A header alone is a file without events.
    write(directory / "header.csv", header);
    REQUIRE(
        run({"backfill", "--input", "sales=" + directory / "header.csv", "--output", directory / "rows.csv"}).code ==
        0);
    REQUIRE(contents(directory / "rows.csv") == columns);
}

TEST_CASE("driver: what the machine refuses is an error of the environment, and an older output stays") {
    Directory directory;
    write(directory / "sales.csv", few);
    const auto input = "sales=" + directory / "sales.csv";
    for (const std::string command : {"backfill", "live"}) {
        if (!std::filesystem::exists("/dev/full")) break;
        std::filesystem::create_symlink("/dev/full", directory / (command + ".csv"));
        require_error(run({command, "--input", input, "--output", directory / (command + ".csv")}), 3, "No space left");
        require_error(run({command, "--input", input, "--output", "-"}, "", "/dev/full"), 3, "No space left");
    }
    if (std::filesystem::exists("/dev/full")) {
        require_error(run({"explain"}, "", "/dev/full"), 3, "No space left");
        require_error(run({"parity", "--input", input}, "", "/dev/full"), 3, "No space left");
    }
    write(directory / "old.csv", "old\n");
    write(directory / "bad.csv", "id\n");
    REQUIRE(run({"backfill", "--input", "sales=" + directory / "bad.csv", "--output", directory / "old.csv"}).code ==
            1);
    REQUIRE(contents(directory / "old.csv") == "old\n");

    if (::geteuid() != 0) {
        std::filesystem::permissions(directory / "sales.csv", std::filesystem::perms::none);
        require_error(run({"backfill", "--input", input, "--output", directory / "rows.csv"}), 3, "Permission denied");
        REQUIRE(!std::filesystem::exists(directory / "rows.csv"));
    }
}

TEST_CASE("driver: what a definition's own code throws ends the command with its message") {
    const auto outcome = run<Throwing>({"live", "--input", "sales=-", "--output", "-"}, few);
    REQUIRE(outcome.code == 1);
    REQUIRE_THAT(outcome.error, Contains("the definition's own code failed: no mood"));
}

TEST_CASE("driver: parity prints both speeds, the account, the verdict last") {
    Directory directory;
    write(directory / "sales.csv", few);
    const auto outcome = run({"parity", "--input", "sales=" + directory / "sales.csv", "--threads", "2", "--shuffles",
                              "3", "--seed", "9", "--sample"});
    INFO(outcome.out << outcome.error);
    REQUIRE(outcome.code == 0);
    REQUIRE(outcome.error.empty());
    REQUIRE_THAT(outcome.out, Contains("batch: 8 events in ") && Contains(" on 2 threads\n") &&
                                  Contains("live: 8 events in ") &&
                                  Contains("arrival: 5 applied, 1 late, 1 duplicate, 0 rejected, 1 filtered\n"));
    // The middle of the file is the second sale 2, of shop b, whose last accepted event is sale 7.
    REQUIRE_THAT(
        outcome.out,
        Contains(
            "sample: event 8 of 8, settled\n  id = 7\n  at = 1970-01-01T00:00:13Z\n  shop = \"b\"\n  n_10s = 2\n") &&
            Contains("\n  most_10s = 4.0\n"));
    REQUIRE(outcome.out.ends_with("parity: 8 events, 8 features, 0 mismatches\n"));
}

TEST_CASE("driver: parity finds an executor that differs and prints the smallest file that shows it") {
    Directory directory;
    auto text = header;
    for (const auto& [time, line] : many_sales(40)) text += line;
    write(directory / "sales.csv", text);
    asked = 0;
    const auto outcome =
        run<Whimsical>({"parity", "--input", "sales=" + directory / "sales.csv", "--threads", "1", "--shuffles", "0"});
    INFO(outcome.out << outcome.error);
    REQUIRE(outcome.code == 1);
    REQUIRE_THAT(outcome.error, Contains("batch and live differ"));
    REQUIRE_THAT(outcome.out, !Contains(" 0 mismatches") && Contains(" differs in n_10s of the event at ") &&
                                  Contains("shop = ") && Contains("expected ") && Contains("(0x0000") &&
                                  Contains("as a file:\n" + header));
    const auto lines = outcome.out.substr(outcome.out.find(header) + header.size());
    REQUIRE(std::count(lines.begin(), lines.end(), '\n') >= 1);
    REQUIRE(std::count(lines.begin(), lines.end(), '\n') < 40);
    // They are lines of the file.
    std::istringstream smallest(lines);
    for (std::string line; std::getline(smallest, line);)
        REQUIRE_THAT(text, Contains(line.substr(0, line.find(',') + 1)));
}

TEST_CASE("driver: explain prints the plan as text, JSON and mermaid") {
    const auto text = run({"explain"});
    REQUIRE(text.code == 0);
    REQUIRE(text.error.empty());
    REQUIRE_THAT(text.out, Contains("stream sales") && Contains("by shop: string?") && Contains("bytes per key") &&
                               Contains("8 features, fingerprint "));
    REQUIRE(run({"explain", "--format", "text"}).out == text.out);
    REQUIRE_THAT(run({"explain", "--format", "mermaid"}).out,
                 Contains("flowchart LR\n") && Contains("key0_1 --> derived0"));
    const auto json = nlohmann::json::parse(run({"explain", "--format=json"}).out);
    REQUIRE(json["stream"]["lateness_micros"] == 10'000'000);
    REQUIRE(json["stream"]["where"] == "(price >= 0.0)");
    REQUIRE(json["entities"].size() == 2);
    REQUIRE(json["entities"][0]["features"][2]["name"] == "takings_10s");
    // An entry holds at least its time, two numbers and the presence of one.
    REQUIRE(json["entities"][0]["bytes_per_event"].get<int>() >= 8 + 8 + 4 + 1);
    REQUIRE(json["entities"][0]["bytes_per_key"].get<int>() > json["entities"][1]["bytes_per_key"].get<int>());
    REQUIRE_THAT(text.out, Contains(json["fingerprint"].get<std::string>()));
}

TEST_CASE("driver: help goes to standard output") {
    for (const auto& arguments :
         std::vector<std::vector<std::string>>{{"--help"}, {"-h"}, {"help"}, {"backfill", "--help"}}) {
        const auto outcome = run(arguments);
        REQUIRE(outcome.code == 0);
        REQUIRE(outcome.error.empty());
        REQUIRE_THAT(outcome.out,
                     Contains("usage: shops COMMAND") && Contains("--input sales=FILE") && Contains("exit code"));
    }
}

TEST_CASE("driver: the command line's errors have exit code 2 and publish nothing") {
    Directory directory;
    write(directory / "sales.csv", few);
    const auto input = "sales=" + directory / "sales.csv", output = directory / "rows.csv";
    require_error(run({}), 2, "no command is given");
    require_error(run({"backfill", "--input", input, "--output", output, "--state", directory / "s"}), 2,
                  "--state is not in this version");
    require_error(run({"backfill", "--input", "sales=" + directory / "nothing.csv", "--output", output}), 2,
                  "nothing.csv");
    require_error(run({"backfill", "--input", input, "--output", directory / "none/rows.csv"}), 2, "rows.csv");
    require_error(run({"backfill", "--input", input, "--output", directory / "sales.csv"}), 2,
                  "--output is the input file");
    std::filesystem::create_symlink(directory / "sales.csv", directory / "alias.csv");
    require_error(run({"live", "--input", input, "--output", directory / "alias.csv"}), 2,
                  "--output is the input file");
    REQUIRE(contents(directory / "sales.csv") == few);
    REQUIRE(directory.files() == 2);
    // No program name, as a caller of main may do it.
    {
        const Redirect redirect(stderr, directory / "error", O_CREAT | O_WRONLY);
        REQUIRE(onefold::run::run_command(0, nullptr, "sales", {}) == 2);
    }
    REQUIRE_THAT(contents(directory / "error"), Contains("onefold: no command is given"));
}

TEST_CASE("driver: windows that close have a row each, the same bytes from batch and live") {
    const Directory directory;
    write(directory / "sales.csv", few);
    const std::string rows = "a,0,10000000,1,2.5\nb,0,10000000,1,4.0\na,10000000,20000000,1,1.5\n"
                             "b,10000000,20000000,2,4.0\n,20000000,30000000,1,8.0\n";
    for (const std::string threads : {"1", "3"}) {
        const auto batch = run<ShopTens>(
            {"backfill", "--input", "sales=" + (directory / "sales.csv"), "--output", "-", "--threads", threads});
        REQUIRE(batch.code == 0);
        REQUIRE(batch.out == "shop,window_start,window_end,n,takings\n" + rows);
        const auto live = run<ShopTens>({"live", "--settled", "--input", "sales=" + (directory / "sales.csv"),
                                         "--output", "-", "--threads", threads});
        REQUIRE(live.code == 0);
        REQUIRE(live.out == batch.out);
    }
    const auto fired = run<ShopTens>({"live", "--input", "sales=" + (directory / "sales.csv"), "--output", "-"});
    REQUIRE(fired.code == 0);
    REQUIRE(fired.out.starts_with("shop,window_start,window_end,pane,n,takings\na,0,10000000,on_time,1,2.5\n"));
    REQUIRE(std::count(fired.out.begin(), fired.out.end(), '\n') == 6);
    const auto parity = run<ShopTens>({"parity", "--sample", "--input", "sales=" + (directory / "sales.csv")});
    REQUIRE(parity.code == 0);
    REQUIRE_THAT(parity.out, Contains("sample: a window, closed\n  shop = \"a\"\n"));
    REQUIRE(parity.out.ends_with("parity: 8 events, 2 features, 0 mismatches\n"));
    const auto plan = run<ShopTens>({"explain"});
    REQUIRE_THAT(plan.out, Contains("by shop: string?\n  tumbling 10s, open 5s longer\n"));
    REQUIRE_THAT(plan.out, Contains(" bytes per slice kept"));
}

TEST_CASE("driver: tables are read beside the stream, and both executors write the same bytes") {
    const Directory directory;
    const auto sales = "sales=" + (directory / "sales.csv"), shops = "shops=" + (directory / "shops.csv");
    write(directory / "sales.csv", few);
    write(directory / "shops.csv", "name,town,target,since\na,X,5.0,0\nb,Y,8.0,6000\nb,X,10.0,13000\n");
    // By hand: sale 2 was before its shop was known, sale 6 has none; sale 5 is late.
    const std::string rows = "id,at,town_30s,reached,known\n1,1000000,2.5,0.5,true\n2,5000000,4.0,,false\n"
                             "3,11000000,4.0,0.3,true\n7,13000000,4.0,0.0,true\n6,23000000,12.0,,false\n";
    for (const std::string threads : {"1", "3"}) {
        const auto batch = run<Targets>({"backfill", "--arrival", "file", "--input", sales, "--input", shops,
                                         "--output", "-", "--threads", threads});
        REQUIRE(batch.code == 0);
        REQUIRE(batch.out == rows);
        const auto live = run<Targets>(
            {"live", "--settled", "--input", shops, "--input", sales, "--output", "-", "--threads", threads});
        REQUIRE(live.code == 0);
        REQUIRE(live.out == rows);
    }
    const auto parity = run<Targets>({"parity", "--sample", "--input", sales, "--input", shops});
    REQUIRE(parity.code == 0);
    REQUIRE_THAT(parity.out, Contains("sample: event 6 of 8, settled\n  id = 6\n"));
    REQUIRE(parity.out.ends_with("parity: 8 events, 3 features, 0 mismatches\n"));
    REQUIRE_THAT(run<Targets>({"explain"}).out,
                 Contains("table shops\n  on name = shop, the last version since since <= t\n"));

    require_error(run<Targets>({"parity", "--input", sales}), 2, "parity needs the versions of the table shops");
    write(directory / "shops.csv", "name,town,target,since\na,X,5.0,0\nb,Y,many,6000\n");
    require_error(run<Targets>({"backfill", "--input", sales, "--input", shops, "--output", "-"}), 1, "shops.csv:3: ");
}

TEST_CASE("driver: changes are read from envelopes, and both executors write the same bytes") {
    const Directory directory;
    const auto orders = "orders=" + (directory / "orders.jsonl"), holders = "holders=" + (directory / "holders.jsonl");
    const auto envelope = [](const char* op, const char* lsn, const char* before, const char* after) {
        return std::string(R"({"before":)") + before + R"(,"after":)" + after + R"(,"source":{"lsn":)" + lsn +
               R"(,"ts_ms":)" + lsn + R"(},"op":")" + op + "\"}\n";
    };
    const auto corrected = envelope("u", "12", "null", R"({"id":1,"card":7,"amount":9.0,"at":1000})");
    write(directory / "orders.jsonl",
          envelope("c", "10", "null", R"({"id":1,"card":7,"amount":900.0,"at":1000})") +
              envelope("c", "11", "null", R"({"id":2,"card":7,"amount":5.0,"at":2000})") + corrected + corrected +
              envelope("c", "13", "null", R"({"id":3,"card":7,"amount":4.0,"at":3000})") +
              envelope("d", "14", R"({"id":2})", "null") + envelope("d", "15", R"({"id":50})", "null"));
    const auto moved = envelope("u", "2500", "null", R"({"card":7,"city":"Oslo"})");
    write(directory / "holders.jsonl",
          moved + envelope("r", "0", "null", R"({"card":7,"city":"Rome"})") + moved + "null\n");
    const std::string columns_of_orders = "id,at,card,most_30s,n_30s,city\n";
    const std::string rows = columns_of_orders + "1,1000000,7,9.0,1,Rome\n3,3000000,7,9.0,2,Oslo\n";
    const auto batch = run<Corrected>({"backfill", "--input", orders, "--input", holders, "--output", "-"});
    INFO(batch.error);
    REQUIRE(batch.code == 0);
    REQUIRE(batch.out == rows);
    REQUIRE_THAT(batch.error, Contains("5 applied, 0 late, 1 duplicate, 0 rejected, 1 filtered"));
    const auto settled = run<Corrected>({"live", "--settled", "--input", orders, "--input", holders, "--output", "-"});
    REQUIRE(settled.code == 0);
    REQUIRE(settled.out == rows);
    const auto served = run<Corrected>({"live", "--input", orders, "--input", holders, "--output", "-"});
    REQUIRE(served.out == columns_of_orders + "1,1000000,7,900.0,1,Rome\n2,2000000,7,900.0,2,Rome\n"
                                              "1,1000000,7,9.0,1,Rome\n3,3000000,7,9.0,3,Oslo\n");
    const auto parity = run<Corrected>({"parity", "--input", orders, "--input", holders});
    REQUIRE(parity.code == 0);
    REQUIRE(parity.out.ends_with("parity: 7 events, 3 features, 0 mismatches\n"));
    const auto explained = run<Corrected>({"explain"}).out;
    REQUIRE_THAT(explained, Contains("id id, changed by op in order of lsn\n"
                                     "  keeps each fact for 1min of event time, and its id for 2min\n"));
    REQUIRE_THAT(explained, Contains("version since since <= t, changed by op in order of lsn"));
}

TEST_CASE("driver: the events of another stream are read beside the first one's") {
    const Directory directory;
    const auto sales = "sales=" + (directory / "sales.csv"), visits = "visits=" + (directory / "visits.csv");
    write(directory / "sales.csv", few);
    write(directory / "visits.csv", "shop,at\na,500\nb,4000\na,11000\na,2000\nb,8000\n");
    // By hand: the visit at 2000 is late after the one at 11000, and sale 6 has no shop.
    const std::string header_of_rows = "id,at,visits_10s\n", rows = "1,1000000,1\n2,5000000,1\n3,11000000,1\n";
    const std::string batch_rows = header_of_rows + rows + "7,13000000,2\n6,23000000,0\n";
    const std::string served_rows = header_of_rows + rows + "6,23000000,0\n7,13000000,2\n";
    const std::string account = "; visits: 4 applied, 1 late, 0 duplicate, 0 rejected, 0 filtered";
    for (const std::string threads : {"1", "3"}) {
        const auto batch =
            run<Visited>({"backfill", "--arrival", "file", "--input", sales, "--input", visits, "--output", "-",
                          "--threads", threads, "--dead-letter", directory / "batch.jsonl"});
        REQUIRE(batch.code == 0);
        REQUIRE(batch.out == batch_rows);
        REQUIRE_THAT(batch.error, Contains(account));
    }
    const auto live = run<Visited>({"live", "--settled", "--input", visits, "--input", sales, "--output", "-",
                                    "--dead-letter", directory / "live.jsonl"});
    REQUIRE(live.code == 0);
    REQUIRE(live.out == batch_rows);
    REQUIRE_THAT(live.error, Contains(account));
    REQUIRE(run<Visited>({"live", "--input", visits, "--input", sales, "--output", "-"}).out == served_rows);
    for (const auto file : {"batch.jsonl", "live.jsonl"}) {
        std::istringstream letters(contents(directory / file));
        std::size_t of_visits = 0;
        for (std::string text; std::getline(letters, text);) {
            const auto letter = nlohmann::json::parse(text);
            if (!letter.contains("input")) continue;
            ++of_visits;
            REQUIRE(letter["input"] == "visits");
            REQUIRE(letter["reason"] == "late");
            REQUIRE(letter["position"] == 3);
            REQUIRE(letter["line"] == 5);
            REQUIRE(letter["event"]["shop"] == "a");
        }
        REQUIRE(of_visits == 1);
    }
    const auto parity = run<Visited>({"parity", "--sample", "--input", sales, "--input", visits});
    REQUIRE(parity.code == 0);
    REQUIRE(parity.out.ends_with("parity: 8 events, 1 features, 0 mismatches\n"));
    const auto plan = run<Visited>({"explain"}).out;
    REQUIRE_THAT(plan, Contains("stream visits\n  time at, lateness 5s\n"));
    REQUIRE_THAT(plan, Contains("by visits.shop: string, asked by shop\n"));
    REQUIRE_THAT(run<Visited>({"explain", "--format", "json"}).out, Contains("\"stream\": \"visits\""));
    REQUIRE_THAT(run<Visited>({"explain", "--format", "mermaid"}).out, Contains("side0 --> key0"));

    require_error(run<Visited>({"parity", "--input", sales}), 2, "parity needs the events of the stream visits");
    write(directory / "visits.csv", "shop,at\na,500\nb,then\n");
    require_error(run<Visited>({"backfill", "--input", sales, "--input", visits, "--output", "-"}), 1,
                  "visits.csv:3: ");
}
