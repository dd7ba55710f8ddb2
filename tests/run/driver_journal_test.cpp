#include "onefold/run/driver.hpp"

#include <random>

#include <nlohmann/json.hpp>

#include "onefold/onefold.hpp"
#include "support/catch.hpp"
#include "support/contains.hpp"
#include "support/driver_run.hpp"

namespace driver_journal_test {

using namespace onefold::literals;
using namespace twin;

struct Sale {
    std::int64_t id, shop;
    double price;
    onefold::Time at;
};
struct Shop {
    std::int64_t shop, town;
    onefold::Time since;
};

constexpr auto sales = onefold::stream<Sale>("sales").time<&Sale::at>().id<&Sale::id>().lateness(10_us);
constexpr auto price = onefold::field<&Sale::price>;

struct Shops {
    static constexpr auto definition =
        onefold::define(sales, onefold::by<&Sale::shop>("n"_f = onefold::count().over(10_us),
                                                        "sum"_f = onefold::sum(price).over(10_us, 40_us)));
};
struct Towns {
    static constexpr auto definition =
        onefold::define(sales, onefold::table<Shop>("shops").key<&Shop::shop>().on<&Sale::shop>().since<&Shop::since>(),
                        onefold::by<&Shop::town>("n"_f = onefold::count().over(10_us)));
};
struct Tens {
    static constexpr auto definition = onefold::define(
        sales, onefold::by<&Sale::shop>(onefold::tumbling(10_us).allowed_lateness(5_us), "n"_f = onefold::count()));
};

// In order of arrival, with lines that cannot be read, repeated and late sales.
std::string many_sales() {
    std::mt19937_64 random(3);
    std::string text = "id,shop,price,at\n";
    for (int i = 0; i < 30'000; ++i) {
        const auto late = random() % 5 == 0 ? random() % 16 : 0;
        if (i % 1'000 == 999 || i == 8'998) text += "broken\n";
        text += std::to_string(i - (random() % 50 == 0 ? 3 : 0)) + "," + std::to_string(random() % 20) + "," +
                std::to_string(random() % 100) + ".5," + std::to_string(1'000 + i - static_cast<int>(late)) + "\n";
    }
    return text + "broken too\n";
}

} // namespace driver_journal_test
using namespace driver_journal_test;

template <> struct onefold::schema<Sale> : onefold::fields<&Sale::id, &Sale::shop, &Sale::price, &Sale::at> {};
template <> struct onefold::schema<Shop> : onefold::fields<&Shop::shop, &Shop::town, &Shop::since> {};

TEST_CASE("driver: a journal gives the bytes that live wrote, and those of both settled views") {
    const Directory directory;
    write(directory / "sales.csv", many_sales());
    const auto file = "sales=" + (directory / "sales.csv"), journal = "sales=" + (directory / "a.journal");
    const auto live = run_driver<Shops>({"live", "--input", file, "--output", directory / "live.csv", "--journal",
                                         directory / "a.journal", "--dead-letter", directory / "dead.jsonl"});
    INFO(live.error);
    REQUIRE(live.code == 0);
    for (const std::string threads : {"1", "3"}) {
        const auto served = run_driver<Shops>({"backfill", "--view", "served", "--input", journal, "--output", "-",
                                               "--threads", threads, "--dead-letter", directory / "dead.jsonl"});
        REQUIRE(served.code == 0);
        REQUIRE((served.out == contents(directory / "live.csv")));
        REQUIRE_THAT(served.error, Contains(" late, ") && Contains(" 32 rejected, "));
    }
    for (const std::string arrival : {"any", "file"}) {
        const auto of_file = run_driver<Shops>({"backfill", "--arrival", arrival, "--input", file, "--output", "-",
                                                "--dead-letter", directory / "dead.jsonl"});
        const auto of_journal =
            run_driver<Shops>({"backfill", "--arrival", arrival, "--input", journal, "--output", "-"});
        REQUIRE(of_journal.code == 0);
        REQUIRE((of_file.out == of_journal.out));
    }
    require_error(run_driver<Shops>({"live", "--input", file, "--output", "-", "--journal", directory / "a.journal"}),
                  2, "a journal is never overwritten");

    // The report counts what the two files differ in.
    const auto report = run_driver<Shops>({"diff", "--input", journal, "--format", "json", "--top", "2"});
    REQUIRE(report.code == 0);
    const auto json = nlohmann::json::parse(report.out);
    const auto rows = contents(directory / "live.csv");
    CHECK(json["rows"] == std::count(rows.begin(), rows.end(), '\n') - 1);
    CHECK(json["events"].size() == 2);
    CHECK(json["otherwise"] == 0);
    const auto text = run_driver<Shops>({"diff", "--input", journal});
    CHECK_THAT(text.out, Contains("views: " + std::to_string(json["rows"].get<int>()) + " rows, " +
                                  std::to_string(json["different"].get<int>()) + " differ"));

    // Cut off: what is whole is used, and the exit code says that it is not all.
    auto bytes = contents(directory / "a.journal");
    write(directory / "cut.journal", bytes.substr(0, bytes.size() - 100));
    const auto cut =
        run_driver<Shops>({"backfill", "--view", "served", "--input", "sales=" + (directory / "cut.journal"),
                           "--output", "-", "--dead-letter", directory / "dead.jsonl"});
    CHECK(cut.code == 1);
    CHECK_THAT(cut.error, Contains("ends inside the block at byte "));
    CHECK((cut.out.size() > 100 && contents(directory / "live.csv").starts_with(cut.out)));
    bytes[20] ^= 1;
    write(directory / "bad.journal", bytes);
    require_error(run_driver<Shops>({"diff", "--input", "sales=" + (directory / "bad.journal")}), 1, "header");
    require_error(run_driver<Towns>({"diff", "--input", journal}), 1, "is of other inputs");
}

TEST_CASE("driver: a journal holds the tables too") {
    const Directory directory;
    write(directory / "sales.csv", many_sales());
    write(directory / "shops.csv", "shop,town,since\n1,7,0\n2,7,0\n3,8,0\n1,8,5000\n");
    const auto file = "sales=" + (directory / "sales.csv"), journal = "sales=" + (directory / "a.journal");
    const auto live = run_driver<Towns>({"live", "--input", file, "--input", "shops=" + (directory / "shops.csv"),
                                         "--output", directory / "live.csv", "--journal", directory / "a.journal",
                                         "--dead-letter", directory / "dead.jsonl"});
    REQUIRE(live.code == 0);
    const auto served = run_driver<Towns>({"backfill", "--view", "served", "--input", journal, "--output", "-"});
    REQUIRE(served.code == 0);
    REQUIRE((served.out == contents(directory / "live.csv")));
    REQUIRE(run_driver<Towns>({"diff", "--input", journal}).code == 0);
}

TEST_CASE("driver: every answer of windows that close is in a journal") {
    const Directory directory;
    write(directory / "sales.csv", many_sales());
    const auto file = "sales=" + (directory / "sales.csv"), journal = "sales=" + (directory / "a.journal");
    REQUIRE(run_driver<Tens>({"live", "--input", file, "--output", directory / "live.csv", "--journal",
                              directory / "a.journal", "--dead-letter", directory / "dead.jsonl"})
                .code == 0);
    const auto served = run_driver<Tens>({"backfill", "--view", "served", "--input", journal, "--output", "-"});
    REQUIRE(served.code == 0);
    REQUIRE((served.out == contents(directory / "live.csv")));
    const auto closed = run_driver<Tens>({"live", "--settled", "--input", file, "--output", directory / "closed.csv",
                                          "--dead-letter", directory / "dead.jsonl"});
    const auto settled = run_driver<Tens>({"backfill", "--arrival", "file", "--input", journal, "--output", "-"});
    REQUIRE((settled.out == contents(directory / "closed.csv")));
    require_error(run_driver<Tens>({"diff", "--input", journal}), 2, "diff compares the rows of events");
}
