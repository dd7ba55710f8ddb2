#include "onefold/adapter/text_file.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <stdlib.h>

#include "onefold/onefold.hpp"
#include "onefold/run/backfill.hpp"
#include "support/catch.hpp"

namespace text_file_test {

using namespace onefold::literals;

struct Click {
    std::int64_t user;
    onefold::Time at;
};
struct Clicks {
    static constexpr auto definition = onefold::define(onefold::stream<Click>("clicks").time<&Click::at>(),
                                                       onefold::by<&Click::user>("n"_f = onefold::count().over(10_s)));
};

class Directory {
public:
    Directory() {
        auto name = (std::filesystem::temp_directory_path() / "onefold-file-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Directory() { std::filesystem::remove_all(path_); }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

std::string contents(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

const std::string clicks = "user,at\n1,0\n2,5000000\n1,9999999\n1,10000000\n";
const std::string counts = "at,user,n_10s\n0,1,1\n5000000,2,1\n9999999,1,2\n10000000,1,2\n";

} // namespace text_file_test
using namespace text_file_test;

template <> struct onefold::schema<Click> : onefold::fields<&Click::user, &Click::at> {};

TEST_CASE("text file: a backfill from file to file, whatever their names end in") {
    const Directory directory;
    std::ofstream(directory / "clicks.data") << clicks;
    const auto account =
        onefold::backfill<Clicks>(onefold::csv(directory / "clicks.data"), onefold::csv(directory / "counts.out"));
    REQUIRE(account.applied == 4);
    REQUIRE(contents(directory / "counts.out") == counts);

    onefold::backfill<Clicks>(onefold::csv(directory / "clicks.data"), onefold::jsonl(directory / "counts.jsonl"));
    REQUIRE(contents(directory / "counts.jsonl").starts_with("{\"at\":0,\"user\":1,\"n_10s\":1}\n"));
}

TEST_CASE("text file: .gz is compressed both ways") {
    const Directory directory;
    {
        onefold::TextSink sink(directory / "clicks.csv.gz");
        sink.write(clicks);
        sink.commit();
    }
    REQUIRE(!contents(directory / "clicks.csv.gz").starts_with("user"));
    onefold::backfill<Clicks>(onefold::csv(directory / "clicks.csv.gz"), onefold::csv(directory / "counts.csv"));
    REQUIRE(contents(directory / "counts.csv") == counts);
}

TEST_CASE("text file: malformed records go to the function given, and without one nothing is published") {
    const Directory directory;
    std::ofstream(directory / "clicks.csv") << "user,at\n1,0\nsomebody,1\n2,2\n";
    std::size_t malformed = 0;
    auto source =
        onefold::csv(directory / "clicks.csv").source<Click>([&](const onefold::MalformedRecord&) { ++malformed; });
    REQUIRE(onefold::backfill<Clicks>(source, onefold::csv(directory / "counts.csv")).applied == 2);
    REQUIRE(malformed == 1);
    REQUIRE_THROWS_AS(
        onefold::backfill<Clicks>(onefold::csv(directory / "clicks.csv"), onefold::csv(directory / "never.csv")),
        onefold::Error);
    REQUIRE(!std::filesystem::exists(directory / "never.csv"));
}
