#include "onefold/port/row_writer.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <stdlib.h>

#include "onefold/onefold.hpp"
#include "support/catch.hpp"

namespace row_writer_test {

using namespace onefold::literals;

struct Event {
    std::int64_t id;
    std::optional<std::string> user;
    std::int32_t shop;
    double price;
    onefold::Time at;
};
constexpr auto price = onefold::field<&Event::price>;

// `shop` is a key of two entities, `id` the id and a key: each is one column.
struct Features {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>(),
                        onefold::by<&Event::user, &Event::shop>("sum"_f = onefold::sum(price).over(1_h),
                                                                "top"_f = onefold::top<2>(price).over(1_h)),
                        onefold::by<&Event::shop, &Event::id>("n"_f = onefold::count().over(1_h)),
                        onefold::by<>("z"_f = onefold::zscore(price).over(1_h)));
};
struct WithoutId {
    static constexpr auto definition = onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                                                       onefold::by<>("n"_f = onefold::count().over(1_h)));
};

class Directory {
public:
    Directory() {
        auto name = (std::filesystem::temp_directory_path() / "onefold-writer-XXXXXX").string();
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

const std::vector<Event> events{
    {1, "a,b", 5, 2.5, {1'000'000}}, {2, std::nullopt, 5, -0.0, {2'000'000}}, {3, "a,b", 5, 1e300, {3'000'000}}};

} // namespace row_writer_test
using namespace row_writer_test;

TEST_CASE("row writer: id, time and keys come first, each once, then the features") {
    STATIC_REQUIRE(onefold::Sink<onefold::RowWriter<Features>, Features>);
    REQUIRE(onefold::port::output_columns<Features>() ==
            std::vector<std::string_view>{"id", "at", "user", "shop", "sum_1h", "top_1h", "n_1h", "z_1h"});
    REQUIRE(onefold::port::output_columns<WithoutId>() == std::vector<std::string_view>{"at", "n_1h"});
}

TEST_CASE("row writer: rows as CSV and JSONL, under their name when committed and not before") {
    const Directory directory;
    onefold::Live<Features> live;
    onefold::RowWriter<Features> csv(directory / "rows.csv"), jsonl(directory / "rows.jsonl");
    for (const auto& event : events) {
        const auto row = live.push(event);
        csv.write(event, row);
        jsonl.write(event, row);
    }
    REQUIRE(!std::filesystem::exists(directory / "rows.csv"));
    csv.commit();
    jsonl.commit();
    // The third z-score: values 2.5, 0, 1e300 have mean 1e300/3 and the deviation 1e300/sqrt(3), so it is 2/sqrt(3).
    REQUIRE(contents(directory / "rows.csv") == "id,at,user,shop,sum_1h,top_1h,n_1h,z_1h\n"
                                                "1,1000000,\"a,b\",5,2.5,[2.5],1,\n"
                                                "2,2000000,,5,0.0,[0.0],1,-0.7071067811865476\n"
                                                "3,3000000,\"a,b\",5,1e+300,\"[1e+300,2.5]\",1,1.1547005383792515\n");
    REQUIRE(contents(directory / "rows.jsonl") ==
            "{\"id\":1,\"at\":1000000,\"user\":\"a,b\",\"shop\":5,\"sum_1h\":2.5,\"top_1h\":[2.5],\"n_1h\":1,\"z_1h\":"
            "null}\n"
            "{\"id\":2,\"at\":2000000,\"user\":null,\"shop\":5,\"sum_1h\":0.0,\"top_1h\":[0.0],\"n_1h\":1,\"z_1h\":-0."
            "7071067811865476}\n"
            "{\"id\":3,\"at\":3000000,\"user\":\"a,b\",\"shop\":5,\"sum_1h\":1e+300,\"top_1h\":[1e+300,2.5],\"n_1h\":1,"
            "\"z_1h\":1.1547005383792515}\n");
    {
        onefold::RowWriter<Features> never(directory / "never.csv");
        never.write(events[0], live.push(events[0]));
    }
    REQUIRE(!std::filesystem::exists(directory / "never.csv"));
    REQUIRE(std::distance(std::filesystem::directory_iterator(directory / ""), {}) == 2);
}

TEST_CASE("row writer: texts made apart are the bytes that write makes") {
    const Directory directory;
    onefold::Live<Features> live;
    onefold::RowWriter<Features> one(directory / "one.csv"), joined(directory / "joined.csv");
    std::string text;
    for (const auto& event : events) {
        const auto row = live.push(event);
        one.write(event, row);
        onefold::port::RowText<Features>(joined.format()).append(text, event, row);
    }
    joined.write_text(text);
    one.commit();
    joined.commit();
    REQUIRE(contents(directory / "one.csv") == contents(directory / "joined.csv"));
    REQUIRE(!text.empty());
}
