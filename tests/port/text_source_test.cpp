#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "onefold/core/error.hpp"
#include "onefold/port/text_sink.hpp"
#include "onefold/port/text_source.hpp"
#include "onefold/record/parse.hpp"

using onefold::Cell;
using onefold::CellKind;
using onefold::Error;
using onefold::ErrorKind;
using onefold::TextFormat;
using onefold::TextRecord;
using onefold::TextSource;
using onefold::TextSourceOptions;

namespace {

class Directory {
public:
    Directory() {
        auto pattern = (std::filesystem::temp_directory_path() / "onefold_text_source_XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Directory() { std::filesystem::remove_all(path_); }
    std::string operator/(const char* name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

std::string written(const std::string& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
    return path;
}
std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
std::string gzipped(const Directory& directory, std::string_view content) {
    const auto path = directory / "packed.csv.gz";
    onefold::TextSink sink(path);
    sink.write(content);
    sink.commit();
    return content_of(path);
}

// A record as a value: cells spelled with their kind, or that it is malformed.
struct Seen {
    std::uint64_t line;
    bool malformed;
    std::vector<std::string> cells;
    bool operator==(const Seen&) const = default;
};
[[maybe_unused]] std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    out << seen.line << (seen.malformed ? " malformed" : "");
    for (const auto& cell : seen.cells) out << " {" << cell << "}";
    return out;
}
std::string spelled(const Cell& cell) {
    switch (cell.kind) {
    case CellKind::missing: return "missing";
    case CellKind::null: return "null";
    case CellKind::bare: return "bare:" + std::string(cell.text);
    case CellKind::text: return "text:" + std::string(cell.text);
    case CellKind::number: return "number:" + std::string(cell.text);
    case CellKind::boolean: return "boolean:" + std::string(cell.text);
    case CellKind::array: return "array:" + std::string(cell.text);
    }
    return {};
}
std::vector<Seen> read_all(TextSource& source) {
    std::vector<Seen> all;
    for (TextRecord record; source.next(record);) {
        Seen seen{record.line, record.malformed(), {}};
        for (const auto& cell : record.cells) seen.cells.push_back(spelled(cell));
        all.push_back(std::move(seen));
    }
    return all;
}
TextSourceOptions blocks_of(std::size_t size) {
    TextSourceOptions options;
    options.block_size = size;
    return options;
}
std::vector<Seen> read_csv(const Directory& directory, std::string_view content, TextSourceOptions options = {}) {
    TextSource source(written(directory / "in.csv", content), options);
    return read_all(source);
}
std::vector<Seen> read_jsonl(const Directory& directory, std::string_view content, std::vector<std::string_view> names,
                             bool ignore_other = false, TextSourceOptions options = {}) {
    TextSource source(written(directory / "in.jsonl", content), options);
    source.bind(names, ignore_other);
    return read_all(source);
}
std::string only_reason(const std::string& path, std::vector<std::string_view> names) {
    TextSource source(path);
    source.bind(names);
    TextRecord record;
    REQUIRE(source.next(record));
    CHECK(record.malformed());
    CHECK(record.cells.size() == 0);
    const std::string reason(record.reason);
    CHECK_FALSE(source.next(record));
    return reason;
}

struct Caught {
    ErrorKind kind;
    std::string sentence;
};
template <class F>
Caught caught(F f) {
    try {
        f();
    } catch (const Error& error) { return {error.kind(), error.what()}; }
    FAIL("no Error was thrown");
    return {};
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// The slow twin: one character after the other over the whole text. Nothing if a quote is out of place.
struct TwinRecord {
    std::vector<std::string> cells;
    std::size_t next;
    std::size_t length;
};
std::optional<TwinRecord> twin_record(const std::string& text, std::size_t at) {
    const auto start = at;
    TwinRecord record{};
    for (;;) {
        std::string cell;
        if (at < text.size() && text[at] == '"') {
            ++at;
            for (;; ++at) {
                if (at == text.size()) return std::nullopt;
                if (text[at] != '"') cell += text[at];
                else if (at + 1 < text.size() && text[at + 1] == '"') cell += text[at++];
                else break;
            }
            ++at;
            record.cells.push_back("text:" + cell);
        } else {
            while (at < text.size() && text.find_first_of(",\"\r\n", at) != at) cell += text[at++];
            record.cells.push_back(cell.empty() || cell == "\\N" ? "null" : "bare:" + cell);
        }
        if (at < text.size() && text[at] == ',') {
            ++at;
            continue;
        }
        if (at < text.size() && text[at] == '\r') {
            ++at;
            if (at < text.size() && text[at] != '\n') return std::nullopt;
        }
        if (at < text.size() && text[at] != '\n') return std::nullopt;
        record.length = at - start;
        record.next = at < text.size() ? at + 1 : at;
        return record;
    }
}
std::vector<Seen> twin_csv(const std::string& text, std::size_t limit) {
    std::vector<Seen> all;
    std::size_t columns = 0;
    std::uint64_t line = 1;
    for (std::size_t at = 0; at < text.size();) {
        auto record = twin_record(text, at);
        const bool readable = record && record->length <= limit;
        auto next = readable ? record->next : text.find('\n', at) + 1;
        if (next == 0) next = text.size();
        if (columns == 0) columns = record.value().cells.size();
        else if (readable && record->cells.size() == columns) all.push_back({line, false, record->cells});
        else all.push_back({line, true, {}});
        line += static_cast<std::uint64_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                      text.begin() + static_cast<std::ptrdiff_t>(next), '\n'));
        at = next;
    }
    return all;
}

} // namespace

TEST_CASE("CSV: null, empty string, bare and quoted text are four things", "[port][text_source]") {
    const Directory directory;
    const auto rows = read_csv(directory, "a,b,c,d\n,\"\",x,\"x\"\n\\N,\"\\N\",\"a\"\"b\",\"\"\"\"\n");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].cells == std::vector<std::string>{"null", "text:", "bare:x", "text:x"});
    CHECK(rows[1].cells == std::vector<std::string>{"null", "text:\\N", "text:a\"b", "text:\""});
}

TEST_CASE("CSV: line ends, a byte order mark, and a last line without an end", "[port][text_source]") {
    const Directory directory;
    const std::vector<Seen> wanted{{2, false, {"bare:1", "bare:2"}}, {3, false, {"bare:3", "null"}}};
    CHECK(read_csv(directory, "a,b\n1,2\n3,\n") == wanted);
    CHECK(read_csv(directory, "a,b\r\n1,2\r\n3,\r\n") == wanted);
    CHECK(read_csv(directory, "\xef\xbb\xbf"
                              "a,b\n1,2\n3,") == wanted);
    CHECK(read_csv(directory, "a,b\n1,2\n3,\r") == wanted);
    TextSource source(written(directory / "in.csv", "\xef\xbb\xbf"
                                                    "\"a\",b\n"),
                      blocks_of(1));
    CHECK(source.columns() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("CSV: line numbers count physical lines", "[port][text_source]") {
    const Directory directory;
    const auto rows = read_csv(directory, "\"a\nb\",c\n1,\"x\r\ny\n\"\n2,3\n");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0] == Seen{3, false, {"bare:1", "text:x\r\ny\n"}});
    CHECK(rows[1] == Seen{6, false, {"bare:2", "bare:3"}});
}

TEST_CASE("CSV: a malformed record has its line, reason and text, and reading goes on", "[port][text_source]") {
    const Directory directory;
    const std::pair<const char*, const char*> cases[] = {
        {"1,2,3", "3 cells where the header has 2"},
        {"1", "1 cell where the header has 2"},
        {"", "1 cell where the header has 2"},
        {"1,2\"", "a quote inside a cell that does not begin with one"},
        {"\"1\"x,2", "text after a closing quote"},
        {"1,\"2\"\rx", "text after a closing quote"},
        {"1\r,2", "a carriage return outside quotes that ends no line"}};
    for (const auto& [line, reason] : cases) {
        TextSource source(written(directory / "in.csv", std::string("a,b\n") + line + "\n5,6\n"));
        TextRecord record;
        REQUIRE(source.next(record));
        CAPTURE(line);
        CHECK(record.malformed());
        CHECK(record.reason == reason);
        CHECK(record.raw == line);
        CHECK(record.line == 2);
        REQUIRE(source.next(record));
        CHECK_FALSE(record.malformed());
        CHECK(record.line == 3);
        CHECK(record.raw == "5,6");
        CHECK(record.cells[1].text == "6");
        CHECK_FALSE(source.next(record));
        CHECK_FALSE(source.next(record));
    }
}

TEST_CASE("CSV: a quote that is never closed costs its line, not the rest of the file", "[port][text_source]") {
    const Directory directory;
    const auto rows = read_csv(directory, "a,b\n1,\"oops\n2,3\n4,\"5\n6\"\n7,8");
    CHECK(rows == std::vector<Seen>{{2, true, {}},
                                    {3, false, {"bare:2", "bare:3"}},
                                    {4, false, {"bare:4", "text:5\n6"}},
                                    {6, false, {"bare:7", "bare:8"}}});
    const auto alone = written(directory / "alone.csv", "a\n\"x");
    CHECK(only_reason(alone, {"a"}) == "a quote that is never closed");
}

TEST_CASE("CSV: the slow twin reads random text alike, split at every block boundary, under any limit",
          "[port][text_source]") {
    const Directory directory;
    std::mt19937 random(4);
    const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const std::array<std::string, 12> parts{"a",  "bc", ",",    ",",  "\"",  "\"\"",
                                            "\n", "\n", "\r\n", "\r", "\\N", "\xc3\xa9"};
    for (int round = 0; round < 400; ++round) {
        std::string text = round % 3 == 0 ? "a\n" : "a,b\n";
        for (std::size_t i = pick(30); i-- > 0;) {
            const auto kind = pick(4);
            // Mostly well-formed lines, so that good records stand between the damaged ones.
            if (kind == 0) text += "12,\"q\"\"\n,\"\n";
            else if (kind == 1) text += "12,\\N\n";
            else text += parts[pick(parts.size())];
        }
        const auto limit = round % 2 ? std::size_t{1000} : 4 + pick(12);
        const auto wanted = twin_csv(text, limit);
        CAPTURE(text, limit);
        const auto path = written(directory / "in.csv", text);
        for (std::size_t block = 1; block <= text.size() + 1; ++block) {
            auto options = blocks_of(block);
            options.line_limit = limit;
            CAPTURE(block);
            TextSource source(path, options);
            REQUIRE(read_all(source) == wanted);
        }
    }
}

TEST_CASE("CSV: columns come in the order asked for", "[port][text_source]") {
    const Directory directory;
    const auto path = written(directory / "in.csv", "a,b,c\n1,2,3\n");
    TextSource source(path);
    CHECK(source.columns() == std::vector<std::string>{"a", "b", "c"});
    source.bind(std::vector<std::string_view>{"c", "a"}, true);
    CHECK(read_all(source) == std::vector<Seen>{{2, false, {"bare:3", "bare:1"}}});
    TextSource unbound(path);
    CHECK(read_all(unbound) == std::vector<Seen>{{2, false, {"bare:1", "bare:2", "bare:3"}}});
}

TEST_CASE("CSV: a wrong header is refused with the file, the column and the known ones", "[port][text_source]") {
    const Directory directory;
    const auto path = written(directory / "in.csv", "a,b,a\n1,2,3\n");
    TextSource source(path);
    const auto bind = [&](std::vector<std::string_view> names, bool ignore_other) {
        return caught([&] { source.bind(names, ignore_other); });
    };
    const auto missing = bind({"b", "amount"}, true);
    CHECK(missing.kind == ErrorKind::data);
    CHECK(has(missing.sentence, path));
    CHECK(has(missing.sentence, "has no column \"amount\"; its columns are \"a\", \"b\""));
    const auto unknown = bind({"b"}, false);
    CHECK(unknown.kind == ErrorKind::data);
    CHECK(has(unknown.sentence, path));
    CHECK(has(unknown.sentence, "has a column \"a\" that the schema does not know; the known columns are \"b\""));
    CHECK(has(unknown.sentence, "ignore_other_columns"));
    const auto twice = bind({"a"}, true);
    CHECK(twice.kind == ErrorKind::data);
    CHECK(has(twice.sentence, "two columns \"a\""));
    CHECK_NOTHROW(source.bind(std::vector<std::string_view>{"b"}, true));
}

TEST_CASE("CSV: an empty file is an error, a header alone is no record", "[port][text_source]") {
    const Directory directory;
    for (const char* content : {"", "\xef\xbb\xbf"}) {
        const auto path = written(directory / "in.csv", content);
        const auto error = caught([&] { TextSource source(path); });
        CHECK(error.kind == ErrorKind::data);
        CHECK(has(error.sentence, path));
        CHECK(has(error.sentence, "is empty"));
    }
    CHECK(read_csv(directory, "a,b\n").empty());
    CHECK(read_csv(directory, "a,b").empty());
    const auto broken = caught([&] { read_csv(directory, "a,\"b\n"); });
    CHECK(broken.kind == ErrorKind::data);
    CHECK(has(broken.sentence, "never closed"));
}

TEST_CASE("raw text is cut to 200 bytes, not inside a character", "[port][text_source]") {
    const Directory directory;
    const std::string long_text(199, 'x');
    TextSource source(
        written(directory / "in.csv", "a\n" + long_text + "\xe2\x82\xac" + "tail\n" + long_text + "yz,\n"));
    TextRecord record;
    REQUIRE(source.next(record));
    CHECK(record.raw == long_text);
    REQUIRE(source.next(record));
    CHECK(record.malformed());
    CHECK(record.raw == long_text + "y");
}

TEST_CASE("a line longer than the limit is malformed and read past", "[port][text_source]") {
    const Directory directory;
    auto options = blocks_of(64);
    options.line_limit = 100;
    const std::string fits(100, 'x'), over(101, 'x'), far(10000, 'y');
    const auto rows =
        read_csv(directory, "a\n" + fits + "\n" + over + "\n" + far + "\n\"" + far + "\n1\n\"" + far, options);
    CHECK(rows == std::vector<Seen>{{2, false, {"bare:" + fits}},
                                    {3, true, {}},
                                    {4, true, {}},
                                    {5, true, {}},
                                    {6, false, {"bare:1"}},
                                    {7, true, {}}});
    TextSource source(written(directory / "in.csv", "a\n" + far + "\n\"" + far), options);
    TextRecord record;
    REQUIRE(source.next(record));
    CHECK(record.reason == "longer than the limit for one record");
    CHECK(record.raw == far.substr(0, 200));
    REQUIRE(source.next(record));
    CHECK(record.reason == "a quote that is not closed within the limit for one record");
    CHECK(record.raw == "\"" + far.substr(0, 199));
    const auto lines = read_jsonl(directory, "{\"a\":1}\n{\"a\":\"" + far + "\"}\n{\"a\":2}", {"a"}, false, options);
    CHECK(lines == std::vector<Seen>{{1, false, {"number:1"}}, {2, true, {}}, {3, false, {"number:2"}}});
}

TEST_CASE("a line without end from a pipe is read past in bounded memory", "[port][text_source]") {
    const Directory directory;
    const auto path = directory / "pipe.csv";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::thread writer([&] {
        std::ofstream out(path, std::ios::binary);
        out << "a,b\n";
        const std::string chunk(1 << 20, 'x');
        for (int i = 0; i < 256; ++i) out << chunk;
        out << "\n1,2\n";
    });
    struct rusage before{};
    ::getrusage(RUSAGE_SELF, &before);
    TextSourceOptions options;
    options.line_limit = 1 << 20;
    TextSource source(path, options);
    const auto rows = read_all(source);
    writer.join();
    struct rusage after{};
    ::getrusage(RUSAGE_SELF, &after);
    CHECK(rows == std::vector<Seen>{{2, true, {}}, {3, false, {"bare:1", "bare:2"}}});
    CHECK(after.ru_maxrss - before.ru_maxrss < 64 * 1024);
}

TEST_CASE("a line from a pipe is handed out as soon as it is there", "[port][text_source]") {
    const Directory directory;
    const auto path = directory / "pipe.csv";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::atomic<bool> seen{false};
    bool in_time = false;
    std::thread writer([&] {
        const int pipe = ::open(path.c_str(), O_WRONLY);
        static_cast<void>(::write(pipe, "a\n1\n", 4));
        for (int i = 0; i < 1000 && !seen; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        in_time = seen;
        ::close(pipe);
    });
    TextSource source(path);
    TextRecord record;
    const bool first = source.next(record);
    seen = true;
    writer.join();
    CHECK(first);
    CHECK(in_time);
    CHECK_FALSE(source.next(record));
}

TEST_CASE("JSONL: every kind of value, members in any order, a missing one", "[port][text_source]") {
    const Directory directory;
    const auto rows = read_jsonl(directory,
                                 "{\"a\":1.5e3,\"b\":\"x\"}\n"
                                 " { \"b\" : null , \"a\" : true } \r\n"
                                 "{\"b\":[1, \"2\",null,true ,[]]}\n"
                                 "{\"b\":[1, \"]\",null,true ]}\n"
                                 "{}",
                                 {"a", "b"});
    CHECK(rows == std::vector<Seen>{{1, false, {"number:1.5e3", "text:x"}},
                                    {2, false, {"boolean:true", "null"}},
                                    {3, true, {}},
                                    {4, false, {"missing", "array:[1, \"]\",null,true ]"}},
                                    {5, false, {"missing", "missing"}}});
    CHECK(read_jsonl(directory, "", {"a"}).empty());
    CHECK(read_jsonl(directory, "\xef\xbb\xbf{\"a\":0}\n", {"a"}).size() == 1);
}

TEST_CASE("JSONL: escapes", "[port][text_source]") {
    const Directory directory;
    const auto rows = read_jsonl(
        directory, "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0062\":\"\\u00e9\\u20AC\\ud83d\\ude00\\u0000.\"}\n",
        {"a", "b"});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].cells[0] == "text:\"\\/\b\f\n\r\t");
    CHECK(rows[0].cells[1] == std::string("text:\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\0.", 16));
}

TEST_CASE("JSONL: what is not one flat object is malformed, with the reason", "[port][text_source]") {
    const Directory directory;
    const std::pair<const char*, const char*> cases[] = {
        {"", "an empty line"},
        {"  ", "an empty line"},
        {"[1]", "no JSON object at byte 1"},
        {"{\"a\":1} x", "something after the object at byte 9"},
        {"{\"a\":1}{\"a\":1}", "something after the object at byte 8"},
        {"{\"a\":{\"b\":1}}", "a nested object"},
        {"{\"a\":[[1]]}", "an array in an array"},
        {"{\"a\":[{}]}", "a nested object"},
        {"{\"a\":1,\"a\":1}", "the member \"a\" twice"},
        {"{\"a\":1,\"c\":1}", "an unknown member \"c\""},
        {"{\"a\":1,}", "no member name"},
        {"{\"a\" 1}", "no colon"},
        {"{\"a\":}", "no JSON value"},
        {"{\"a\":1 \"b\":2}", "neither a comma nor the end of the object"},
        {"{\"a\":[1 2]}", "neither a comma nor the end of the array"},
        {"{\"a\":1", "neither a comma nor the end of the object"},
        {"{\"a\":[1", "neither a comma nor the end of the array"},
        {"{a:1}", "no member name"},
        {"{'a':1}", "no member name"},
        {"{\"a\":01}", "no JSON value"},
        {"{\"a\":1.}", "no JSON value"},
        {"{\"a\":.5}", "no JSON value"},
        {"{\"a\":+1}", "no JSON value"},
        {"{\"a\":-}", "no JSON value"},
        {"{\"a\":1e}", "no JSON value"},
        {"{\"a\":NaN}", "no JSON value"},
        {"{\"a\":True}", "no JSON value"},
        {"{\"a\":\"x}", "without its closing quote"},
        {"{\"a\":\"x\\", "without its closing quote"},
        {"{\"a\":\"\t\"}", "control character"},
        {"{\"a\":\"\\x\"}", "an escape that JSON does not have"},
        {"{\"a\":\"\\u12g4\"}", "four hexadecimal digits"},
        {"{\"a\":\"\\u12", "four hexadecimal digits"},
        {"{\"a\":\"\\ud800\"}", "surrogate pair"},
        {"{\"a\":\"\\ud800\\u0041\"}", "surrogate pair"},
        {"{\"a\":\"\\udc00\"}", "surrogate pair"}};
    for (const auto& [line, reason] : cases) {
        CAPTURE(line);
        const auto found = only_reason(written(directory / "in.jsonl", line + std::string("\n")), {"a", "b"});
        CAPTURE(found);
        CHECK(has(found, reason));
    }
}

TEST_CASE("JSONL: other members are ignored only if asked, and must be distinct even so", "[port][text_source]") {
    const Directory directory;
    const std::string lines =
        "{\"x\":1,\"a\":2,\"y\":[3]}\n{\"a\":1,\"x\":1,\"y\":2,\"\\u0078\":3}\n{\"y\":1,\"a\":7}\n{\"x\":{},\"a\":1}\n";
    CHECK(read_jsonl(directory, lines, {"a"}, true) ==
          std::vector<Seen>{{1, false, {"number:2"}}, {2, true, {}}, {3, false, {"number:7"}}, {4, true, {}}});
    for (const auto& row : read_jsonl(directory, lines, {"a"}, false)) CHECK(row.malformed);
}

TEST_CASE("JSONL: nlohmann's parser accepts the same flat objects, with the same values", "[port][text_source]") {
    const Directory directory;
    std::mt19937 random(5);
    const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const std::array<std::string, 26> tokens{
        "{", "}", "[",  "]",  ",",    ":",     "\"a\"", "\"b\"", "\"", "\\",     "\\u0041", "\\n",   "1",
        "0", "-", ".5", "e2", "true", "false", "null",  " ",     "x",  "\"a\":", ",\"b\":", "\"c\"", "/"};
    const std::array<std::string, 5> seeds{"{\"a\":1,\"b\":\"x\"}", "{\"a\":[1,2,\"3\"],\"b\":null}",
                                           "{\"b\":-0.5e2 , \"a\":true}", "{\"a\":\"\\u00e9\\\\\"}",
                                           "{\"a\":[],\"b\":[null]}"};
    std::size_t accepted = 0;
    std::string all;
    std::vector<Seen> wanted;
    for (std::uint64_t line = 1; line <= 20000; ++line) {
        auto text = seeds[pick(seeds.size())];
        for (auto n = pick(4); n-- > 0;) {
            const auto at = pick(text.size() + 1);
            text.replace(at, std::min(pick(3), text.size() - at), tokens[pick(tokens.size())]);
        }
        std::multiset<std::string> names;
        bool flat = true;
        const auto watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& value) {
            using Event = nlohmann::json::parse_event_t;
            if (event == Event::key && depth == 1) names.insert(value.get<std::string>());
            if (event == Event::object_start && depth > 0) flat = false;
            if (event == Event::array_start && depth > 1) flat = false;
            return true;
        };
        Seen seen{line, true, {}};
        const auto value = nlohmann::json::parse(text, watch, false);
        if (!value.is_discarded() && value.is_object() && flat && names.count("a") == names.size() - names.count("b") &&
            names.count("a") < 2 && names.count("b") < 2) {
            seen.malformed = false;
            ++accepted;
            for (const char* name : {"a", "b"}) {
                if (!value.contains(name)) seen.cells.push_back("missing");
                else if (value[name].is_null()) seen.cells.push_back("null");
                else if (value[name].is_string()) seen.cells.push_back("text:" + value[name].get<std::string>());
                else seen.cells.push_back(value[name].dump());
            }
        }
        all += text + "\n";
        wanted.push_back(std::move(seen));
    }
    auto found = read_jsonl(directory, all, {"a", "b"});
    // Numbers, booleans and arrays are compared by value: what nlohmann prints of what we saw of them.
    for (auto& seen : found)
        for (auto& cell : seen.cells)
            for (const std::string prefix : {"number:", "boolean:", "array:"})
                if (cell.starts_with(prefix)) cell = nlohmann::json::parse(cell.substr(prefix.size())).dump();
    REQUIRE(found.size() == wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) REQUIRE(found[i] == wanted[i]);
    CHECK(accepted > 2000);
}

TEST_CASE("JSONL reads the same at every block size", "[port][text_source]") {
    const Directory directory;
    const std::string lines = "{\"a\":\"x\\u0041y\"}\r\n\n{\"a\":12}\n{\"b\":1}\n{\"a\":[1,2]}";
    const auto wanted = read_jsonl(directory, lines, {"a"});
    CHECK(wanted.size() == 5);
    for (std::size_t block = 1; block <= lines.size(); ++block)
        REQUIRE(read_jsonl(directory, lines, {"a"}, false, blocks_of(block)) == wanted);
}

TEST_CASE("JSONL needs bind() before it is read", "[port][text_source]") {
    const Directory directory;
    TextSource source(written(directory / "in.jsonl", "{}\n"));
    TextRecord record;
    CHECK(caught([&] { source.next(record); }).kind == ErrorKind::usage);
}

TEST_CASE("gzip: several members, zeros after them, every block size", "[port][text_source]") {
    const Directory directory;
    const auto packed = gzipped(directory, "a,b\n1,2\n3") + gzipped(directory, "4,5\n") + gzipped(directory, "") +
                        gzipped(directory, "6,7\n") + std::string(100, '\0');
    const std::vector<Seen> wanted{
        {2, false, {"bare:1", "bare:2"}}, {3, false, {"bare:34", "bare:5"}}, {4, false, {"bare:6", "bare:7"}}};
    for (std::size_t block = 1; block < 40; ++block) {
        TextSource source(written(directory / "in.csv.gz", packed), blocks_of(block));
        REQUIRE(read_all(source) == wanted);
    }
}

TEST_CASE("gzip: data cut at any byte gives its good lines, then an error, and the same error again",
          "[port][text_source]") {
    const Directory directory;
    std::string text = "a,b\n";
    std::mt19937 random(6);
    for (int i = 0; i < 200; ++i) text += std::to_string(random()) + "," + std::to_string(random()) + "\n";
    const auto packed = gzipped(directory, text);
    const auto wanted = twin_csv(text, 1000);
    std::size_t most = 0;
    for (std::size_t size = 0; size < packed.size(); ++size) {
        const auto path = written(directory / "in.csv.gz", packed.substr(0, size));
        std::size_t read = 0;
        const auto error = caught([&] {
            TextSource source(path);
            try {
                for (TextRecord record; source.next(record); ++read) {
                    REQUIRE_FALSE(record.malformed());
                    REQUIRE(record.line == wanted[read].line);
                    REQUIRE(spelled(record.cells[1]) == wanted[read].cells[1]);
                }
            } catch (const Error& first) {
                TextRecord record;
                CHECK(caught([&] { source.next(record); }).sentence == first.what());
                throw;
            }
        });
        REQUIRE(error.kind == ErrorKind::data);
        REQUIRE(has(error.sentence, path));
        // What was readable of a shorter piece stays readable of a longer one.
        REQUIRE(read >= most);
        most = std::max(most, read);
    }
    CHECK(most == wanted.size());
}

TEST_CASE("gzip: a damaged byte never changes a record unnoticed", "[port][text_source]") {
    const Directory directory;
    const std::string text = "a,b\n1,hello world\n2,hello there\n3,hello\n";
    const auto packed = gzipped(directory, text);
    const auto wanted = twin_csv(text, 1000);
    std::size_t refused = 0;
    for (std::size_t i = 0; i < packed.size(); ++i)
        for (const unsigned flip : {1u, 0x10u, 0x80u, 0xffu}) {
            auto damaged = packed;
            damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ flip);
            const auto path = written(directory / "in.csv.gz", damaged);
            try {
                TextSource source(path);
                const auto rows = read_all(source);
                // The header's time stamp and system, and the bits that pad the last byte of the data, mean nothing.
                REQUIRE(rows == wanted);
            } catch (const Error& error) {
                REQUIRE(error.kind() == ErrorKind::data);
                ++refused;
            }
        }
    CHECK(refused > 4 * (packed.size() - 12));
}

TEST_CASE("gzip: other data, and bytes after the end, are refused by name", "[port][text_source]") {
    const Directory directory;
    const auto plain = written(directory / "plain.csv.gz", "a,b\n1,2\n");
    const auto error = caught([&] { TextSource source(plain); });
    CHECK(error.kind == ErrorKind::data);
    CHECK(has(error.sentence, "is not gzip data"));
    for (const auto& tail : {std::string("junk"), std::string("\0\0x", 3), std::string("\x1f")}) {
        TextSource source(written(directory / "in.csv.gz", gzipped(directory, "a\n1\n") + tail));
        TextRecord record;
        REQUIRE(source.next(record));
        CHECK(record.cells[0].text == "1");
        CHECK(caught([&] { source.next(record); }).kind == ErrorKind::data);
    }
}

TEST_CASE("a path that cannot be meant is a usage error, with the path and the reason", "[port][text_source]") {
    const Directory directory;
    const auto absent = directory / "absent.csv";
    const auto error = caught([&] { TextSource source(absent); });
    CHECK(error.kind == ErrorKind::usage);
    CHECK(has(error.sentence, absent));
    CHECK(has(error.sentence, "No such file or directory"));
    std::filesystem::create_directory(directory / "folder.csv");
    const auto folder = caught([&] { TextSource source(directory / "folder.csv"); });
    CHECK(folder.kind == ErrorKind::usage);
    CHECK(has(folder.sentence, "is a directory"));
    const auto ending = caught([&] { TextSource source(written(directory / "in.txt", "a\n")); });
    CHECK(ending.kind == ErrorKind::usage);
    CHECK(has(ending.sentence, ".csv, .jsonl"));
    TextSourceOptions options;
    options.format = TextFormat::csv;
    CHECK(TextSource(directory / "in.txt", options).columns().size() == 1);
    CHECK_NOTHROW(TextSource(written(directory / "in.ndjson", "")));
    CHECK_NOTHROW(TextSource(written(directory / "IN.CSV", "a")));
}

TEST_CASE("what the machine refuses is an environment error", "[port][text_source]") {
    const Directory directory;
    const auto path = written(directory / "in.csv", "a\n1\n");
    ::chmod(path.c_str(), 0);
    const auto user = ::geteuid();
    if (user == 0) {
        // Permissions do not bind the superuser.
        std::filesystem::permissions(std::filesystem::path(path).parent_path(), std::filesystem::perms::all);
        REQUIRE(::seteuid(65534) == 0);
    }
    const auto denied = caught([&] { TextSource source(path); });
    if (user == 0) REQUIRE(::seteuid(0) == 0);
    CHECK(denied.kind == ErrorKind::environment);
    CHECK(has(denied.sentence, path));
    CHECK(has(denied.sentence, "Permission denied"));
    // Reading this file from its start is an I/O error.
    std::filesystem::create_symlink("/proc/self/mem", directory / "broken.csv");
    const auto broken = caught([&] { TextSource source(directory / "broken.csv"); });
    CHECK(broken.kind == ErrorKind::environment);
    CHECK(has(broken.sentence, "cannot read"));
}

TEST_CASE("a dash is standard input, CSV unless another format is named", "[port][text_source]") {
    const auto from_input = [](std::string_view content, TextSourceOptions options) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        REQUIRE(::write(ends[1], content.data(), content.size()) == static_cast<ssize_t>(content.size()));
        ::close(ends[1]);
        const int before = ::dup(STDIN_FILENO);
        ::dup2(ends[0], STDIN_FILENO);
        ::close(ends[0]);
        std::vector<Seen> rows;
        {
            TextSource source("-", options);
            source.bind(std::vector<std::string_view>{"a"});
            rows = read_all(source);
        }
        // The source does not own the standard stream.
        CHECK(::fcntl(STDIN_FILENO, F_GETFD) != -1);
        ::dup2(before, STDIN_FILENO);
        ::close(before);
        return rows;
    };
    CHECK(from_input("a\n1\n", {}) == std::vector<Seen>{{2, false, {"bare:1"}}});
    TextSourceOptions options;
    options.format = TextFormat::jsonl;
    CHECK(from_input("{\"a\":1}\n", options) == std::vector<Seen>{{1, false, {"number:1"}}});
}

TEST_CASE("a source can be moved", "[port][text_source]") {
    const Directory directory;
    TextSource first(written(directory / "in.csv", "a\n1\n2\n"));
    TextRecord record;
    REQUIRE(first.next(record));
    TextSource second(std::move(first));
    REQUIRE(second.next(record));
    CHECK(record.cells[0].text == "2");
    CHECK_FALSE(second.next(record));
}
