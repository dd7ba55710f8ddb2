#include "onefold/port/record_reader.hpp"

#include "onefold/port/ports.hpp"
#include "support/catch.hpp"
#include "support/contains.hpp"
#include "support/temporary_file.hpp"

namespace record_reader_test {

struct Reading {
    std::int32_t sensor = 0;
    std::optional<double> value;
    onefold::Time at;
};

} // namespace record_reader_test
using namespace record_reader_test;

template <> struct onefold::schema<Reading>
    : onefold::fields<&Reading::sensor, &Reading::value, onefold::column<&Reading::at, "time", onefold::seconds>> {};

TEST_CASE("record reader: records of CSV and JSONL through the schema, columns in any order") {
    STATIC_REQUIRE(onefold::Source<onefold::RecordReader<Reading>, Reading>);
    const TemporaryFile csv(".csv", "time,sensor,value\n1,7,2.5\n1970-01-01T00:00:02.5Z,8,\n");
    const TemporaryFile jsonl(
        ".jsonl", "{\"sensor\":7,\"time\":1,\"value\":2.5}\n{\"time\":\"1970-01-01T00:00:02.5Z\",\"sensor\":8}\n");
    for (const auto* path : {&csv.path(), &jsonl.path()}) {
        onefold::RecordReader<Reading> reader(*path);
        Reading reading;
        REQUIRE(reader.next(reading));
        REQUIRE(reading.sensor == 7);
        REQUIRE(reading.value == 2.5);
        REQUIRE(reading.at == onefold::Time{1'000'000});
        const auto first = reader.line();
        REQUIRE(reader.next(reading));
        REQUIRE(reading.sensor == 8);
        REQUIRE(!reading.value);
        REQUIRE(reading.at == onefold::Time{2'500'000});
        REQUIRE(reader.line() == first + 1);
        REQUIRE(!reader.next(reading));
        REQUIRE(!reader.next(reading));
    }
}

TEST_CASE("record reader: malformed lines are handed over with line, reason and text, and reading goes on") {
    const TemporaryFile file(".csv", "sensor,value,time\n1,1.0,1\nx,1.0,2\n2,2.0\n3,3.0,3\n4,abc,4\n");
    std::vector<std::string> seen;
    onefold::RecordReader<Reading> reader(file.path(), [&](const onefold::MalformedRecord& bad) {
        seen.push_back(std::to_string(bad.line) + "|" + std::string(bad.reason) + "|" + std::string(bad.raw));
    });
    std::vector<std::int32_t> sensors;
    std::vector<std::uint64_t> lines;
    for (Reading reading; reader.next(reading);) {
        sensors.push_back(reading.sensor);
        lines.push_back(reader.line());
    }
    REQUIRE(sensors == std::vector<std::int32_t>{1, 3});
    REQUIRE(lines == std::vector<std::uint64_t>{2, 5});
    REQUIRE(seen.size() == 3);
    REQUIRE_THAT(seen[0], Contains("3|") && Contains("\"sensor\"") && Contains("|x,1.0,2"));
    REQUIRE_THAT(seen[1], Contains("4|2 cells") && Contains("|2,2.0"));
    REQUIRE_THAT(seen[2], Contains("6|") && Contains("\"value\"") && Contains("|4,abc,4"));
}

TEST_CASE(
    "record reader: without a function for them a malformed line is an error that names file and line, not the text") {
    const TemporaryFile file(".csv", "sensor,value,time\n1,1.0,1\nsecret,1.0,2\n");
    onefold::RecordReader<Reading> reader(file.path());
    Reading reading;
    REQUIRE(reader.next(reading));
    try {
        reader.next(reading);
        FAIL("a malformed line was read");
    } catch (const onefold::Error& error) {
        REQUIRE(error.kind() == onefold::ErrorKind::data);
        REQUIRE_THAT(error.what(), Contains(file.path() + ":3: ") && Contains("\"sensor\"") && !Contains("secret"));
    }
    const TemporaryFile other(".csv", "sensor,value\n1,1.0\n");
    REQUIRE_THROWS_AS(onefold::RecordReader<Reading>(other.path()), onefold::Error);
}
