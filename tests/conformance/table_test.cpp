#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "conformance/runtime/table.hpp"
#include "support/catch.hpp"

namespace {

using namespace conformance;

// A folder of its own, as the tests run beside each other; removed at the end.
struct Folder {
    std::filesystem::path path;
    Folder() {
        auto name = (std::filesystem::temp_directory_path() / "onefold_table_test_XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
};

const std::vector<Column> columns{
    {"s", Type::text}, {"n", Type::integer}, {"x", Type::real}, {"b", Type::boolean}, {"t", Type::time}};

} // namespace

TEST_CASE("an input's cells are read as the types of their columns") {
    const Folder folder;
    folder.write("a.csv",
                 "s,n,x,b,t\n\"\\N\",-5,-0.0,true,7\n\\N,\\N,\\N,\\N,\\N\n\"a\"\"b\n\",9223372036854775807,nan,"
                 "false,-1\n");
    const Table table(folder.path.string(), "a.csv", columns);
    REQUIRE(table.size() == 3);
    const TableRow first(table, 0), second(table, 1), third(table, 2);
    CHECK(first.text(0) == "\\N");
    CHECK(second.text(0) == std::nullopt);
    CHECK(third.text(0) == "a\"b\n");
    CHECK(first.integer(1) == -5);
    CHECK(third.integer(1) == INT64_MAX);
    CHECK(first.boolean(3) == true);
    CHECK(second.boolean(3) == std::nullopt);
    CHECK(first.moment(4) == onefold::Time{7000});
    CHECK(first.end_of_moment(4) == onefold::Time{7999});
    CHECK(third.time(4) == onefold::Time{-1000});
    CHECK_THROWS_AS(second.moment(4), CaseError);
    // A watermark stands one tick before a millisecond; rounded down it is the millisecond before.
    CHECK(table.clock().milliseconds({6999}) == 6);
    CHECK(table.clock().milliseconds({-1}) == -1);
    CHECK(table.clock().milliseconds({onefold::latest}) == INT64_MAX);
}

TEST_CASE("a file that is not what the case says is refused") {
    const Folder folder;
    const auto refused = [&](const std::string& text) {
        folder.write("a.csv", text);
        try {
            Table(folder.path.string(), "a.csv", {{"s", Type::text}, {"n", Type::integer}});
        } catch (const CaseError& error) { return std::string(error.what()); }
        return std::string();
    };
    CHECK(refused("s,n\n\"a\",1\n") == "");
    CHECK(refused("s,m\n\"a\",1\n") == "a.csv: its header is s,m, and case.json lists the columns s,n");
    CHECK(refused("s,n\na,1\n") == R"(a.csv: row 0, column s: a is not a string in quotes, such as "a", or \N)");
    CHECK(refused("s,n\n\"a\",\"1\"\n") == R"(a.csv: row 0, column n: "1" is not an int64, such as -12, or \N)");
    CHECK(refused("s,n\n\"a\",1.0\n") == R"(a.csv: row 0, column n: 1.0 is not an int64, such as -12, or \N)");
    CHECK(refused("s,n\n\"a\",\n").find("an empty cell without quotes") != std::string::npos);
    CHECK_THROWS_AS(read_file(folder.path.string(), "b.csv"), CaseError);
}

TEST_CASE("repeats of a value are numbered by their first row, and nulls by their own") {
    const Folder folder;
    folder.write("a.csv", "s\n\"x\"\n\\N\n\"\"\n\"x\"\n\\N\n\"\"\n");
    const Table table(folder.path.string(), "a.csv", {{"s", Type::text}});
    std::vector<std::int64_t> numbers;
    for (std::size_t row = 0; row < table.size(); ++row) numbers.push_back(table.first_with_same(row, 0));
    CHECK(numbers == std::vector<std::int64_t>{0, 1, 2, 0, 4, 2});
}
