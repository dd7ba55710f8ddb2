#include "support/catch.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "onefold/core/error.hpp"
#include "onefold/port/text_sink.hpp"
#include "onefold/port/text_source.hpp"
#include "onefold/record/parse.hpp"

using onefold::Error;
using onefold::ErrorKind;
using onefold::TextFormat;
using onefold::TextSink;
using onefold::TextSinkOptions;

namespace {

class Directory {
public:
    Directory() {
        auto pattern = (std::filesystem::temp_directory_path() / "onefold_text_sink_XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Directory() { std::filesystem::remove_all(path_); }
    std::string operator/(const char* name) const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }
    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
    }

private:
    std::string path_;
};

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
void write_file(const std::string& path, std::string_view content) { std::ofstream(path, std::ios::binary) << content; }

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

} // namespace

TEST_CASE("the file appears when it is committed, whole", "[port][text_sink]") {
    const Directory directory;
    const auto path = directory / "out.csv";
    TextSinkOptions options;
    options.block_size = 3;
    TextSink sink(path, options);
    CHECK(sink.format() == TextFormat::csv);
    sink.write("a,b\n");
    sink.write("");
    sink.write("1,2\n3,4\n");
    sink.flush();
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(directory.files() == 1);
    sink.commit();
    CHECK(content_of(path) == "a,b\n1,2\n3,4\n");
    CHECK(directory.files() == 1);
    CHECK_NOTHROW(sink.commit());
    CHECK(caught([&] { sink.write("5,6\n"); }).kind == ErrorKind::usage);
    CHECK(content_of(path) == "a,b\n1,2\n3,4\n");
}

TEST_CASE("without commit nothing is published and nothing is left", "[port][text_sink]") {
    const Directory directory;
    const auto path = directory / "out.csv";
    {
        TextSink sink(path);
        sink.write("half");
        sink.flush();
    }
    CHECK(directory.files() == 0);
    write_file(path, "old");
    try {
        TextSink sink(path);
        sink.write("half");
        throw std::runtime_error("the run fails");
    } catch (const std::runtime_error&) {}
    CHECK(content_of(path) == "old");
    CHECK(directory.files() == 1);
}

TEST_CASE("a file that exists is replaced at once and keeps its permissions", "[port][text_sink]") {
    const Directory directory;
    const auto path = directory / "out.jsonl";
    write_file(path, "old");
    ::chmod(path.c_str(), 0640);
    TextSink sink(path);
    CHECK(sink.format() == TextFormat::jsonl);
    sink.write("new");
    sink.flush();
    CHECK(content_of(path) == "old");
    sink.commit();
    CHECK(content_of(path) == "new");
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("a symbolic link stays a link", "[port][text_sink]") {
    const Directory directory;
    write_file(directory / "real.csv", "old");
    std::filesystem::create_symlink("real.csv", directory / "link.csv");
    TextSink sink(directory / "link.csv");
    sink.write("new");
    sink.commit();
    CHECK(std::filesystem::is_symlink(directory / "link.csv"));
    CHECK(content_of(directory / "real.csv") == "new");
    CHECK(directory.files() == 2);
}

TEST_CASE("two sinks on one name do not meet; the last to commit wins", "[port][text_sink]") {
    const Directory directory;
    const auto path = directory / "out.csv";
    TextSink first(path), second(path);
    first.write("first");
    second.write("second");
    second.commit();
    CHECK(content_of(path) == "second");
    first.commit();
    CHECK(content_of(path) == "first");
    CHECK(directory.files() == 1);
}

TEST_CASE("a name as long as a name may be still has a temporary one", "[port][text_sink]") {
    const Directory directory;
    const auto path = directory / (std::string(251, 'x') + ".csv").c_str();
    TextSink sink(path);
    sink.write("a\n");
    sink.commit();
    CHECK(content_of(path) == "a\n");
}

TEST_CASE("gzip: the text comes back, equal text gives equal bytes", "[port][text_sink]") {
    const Directory directory;
    std::mt19937 random(7);
    std::string text = "a\n";
    for (int i = 0; i < 30000; ++i) text += std::to_string(random()) + "\n";
    const auto write = [&](const char* name, std::size_t block, std::size_t step) {
        TextSinkOptions options;
        options.block_size = block;
        TextSink sink(directory / name, options);
        for (std::size_t at = 0; at < text.size(); at += step) sink.write(std::string_view(text).substr(at, step));
        sink.commit();
        return content_of(directory / name);
    };
    const auto packed = write("one.csv.gz", 1 << 18, text.size());
    CHECK(packed == write("two.csv.gz", 1 << 18, 777));
    CHECK(packed == write("three.csv.gz", 1000, 5));
    CHECK(packed.size() < text.size());
    onefold::TextSource source(directory / "one.csv.gz");
    std::string back = "a\n";
    for (onefold::TextRecord record; source.next(record);) back.append(record.raw).append("\n");
    CHECK(back == text);
}

TEST_CASE("a flushed gzip stream can be read up to there", "[port][text_sink]") {
    const Directory directory;
    const auto path = directory / "pipe.csv.gz";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::atomic<bool> seen{false};
    std::size_t rows = 0;
    std::thread reader([&] {
        onefold::TextSource source(path);
        onefold::TextRecord record;
        while (source.next(record)) {
            seen = true;
            ++rows;
        }
    });
    TextSink sink(path);
    sink.write("a\n1\n");
    sink.flush();
    for (int i = 0; i < 1000 && !seen; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(seen);
    sink.write("2\n");
    sink.commit();
    reader.join();
    CHECK(rows == 2);
    CHECK(std::filesystem::is_fifo(path));
    CHECK(directory.files() == 1);
}

TEST_CASE("a full disk is an environment error that stays", "[port][text_sink]") {
    const Directory directory;
    for (const char* name : {"full.csv", "full.csv.gz"}) {
        std::filesystem::create_symlink("/dev/full", directory / name);
        TextSink sink(directory / name);
        const auto error = caught([&] {
            sink.write(std::string(10, 'x'));
            sink.commit();
        });
        CHECK(error.kind == ErrorKind::environment);
        CHECK(has(error.sentence, directory / name));
        CHECK(has(error.sentence, "No space left on device"));
        CHECK(caught([&] { sink.write("more"); }).sentence == error.sentence);
        CHECK(caught([&] { sink.flush(); }).sentence == error.sentence);
        CHECK(caught([&] { sink.commit(); }).sentence == error.sentence);
    }
    TextSinkOptions options;
    options.format = TextFormat::csv;
    TextSink direct("/dev/full", options);
    CHECK(caught([&] { direct.write(std::string(1 << 20, 'x')); }).kind == ErrorKind::environment);
    CHECK(std::filesystem::is_character_file("/dev/full"));
}

TEST_CASE("a reader that goes away is an error and not the end of the process", "[port][text_sink]") {
    const Directory directory;
    const auto path = directory / "pipe.csv";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::thread reader([&] { ::close(::open(path.c_str(), O_RDONLY)); });
    TextSink sink(path);
    reader.join();
    const auto error = caught([&] {
        for (int i = 0; i < 100; ++i) {
            sink.write("x\n");
            sink.flush();
        }
    });
    CHECK(error.kind == ErrorKind::environment);
    CHECK(has(error.sentence, "Broken pipe"));
    sigset_t pending;
    sigpending(&pending);
    CHECK(sigismember(&pending, SIGPIPE) == 0);
}

TEST_CASE("a path that cannot be meant is a usage error, one that is refused an environment error",
          "[port][text_sink]") {
    const Directory directory;
    const auto nowhere = caught([&] { TextSink sink(directory / "absent/out.csv"); });
    CHECK(nowhere.kind == ErrorKind::usage);
    CHECK(has(nowhere.sentence, "absent/out.csv"));
    CHECK(has(nowhere.sentence, "No such file or directory"));
    std::filesystem::create_directory(directory / "folder.csv");
    const auto folder = caught([&] { TextSink sink(directory / "folder.csv"); });
    CHECK(folder.kind == ErrorKind::usage);
    CHECK(has(folder.sentence, "is a directory"));
    CHECK(caught([&] { TextSink sink(directory / "out.parquet"); }).kind == ErrorKind::usage);

    std::filesystem::create_directory(directory / "closed");
    ::chmod((directory / "closed").c_str(), 0555);
    const auto user = ::geteuid();
    if (user == 0) {
        // Permissions do not bind the superuser.
        ::chmod(directory.path().c_str(), 0755);
        REQUIRE(::seteuid(65534) == 0);
    }
    const auto denied = caught([&] { TextSink sink(directory / "closed/out.csv"); });
    if (user == 0) REQUIRE(::seteuid(0) == 0);
    CHECK(denied.kind == ErrorKind::environment);
    CHECK(has(denied.sentence, "Permission denied"));
}

TEST_CASE("a dash is standard output and stays open", "[port][text_sink]") {
    const Directory directory;
    const auto path = directory / "captured";
    std::fflush(stdout);
    const int before = ::dup(STDOUT_FILENO);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::close(file);
    {
        TextSink sink("-");
        sink.write("a\n1\n");
        sink.commit();
    }
    const bool open = ::fcntl(STDOUT_FILENO, F_GETFD) != -1;
    ::dup2(before, STDOUT_FILENO);
    ::close(before);
    CHECK(open);
    CHECK(content_of(path) == "a\n1\n");
}

TEST_CASE("a process that dies while writing leaves the old file", "[port][text_sink]") {
    const Directory directory;
    const auto path = directory / "out.csv";
    write_file(path, "old");
    const auto child = ::fork();
    if (child == 0) {
        TextSink sink(path);
        sink.write("half");
        sink.flush();
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(content_of(path) == "old");
}

TEST_CASE("random rows come back as they were, in both formats, packed or not", "[port][text_sink]") {
    const Directory directory;
    struct Row {
        std::int64_t id;
        std::optional<std::string> text;
        std::optional<double> number;
        std::array<double, 2> pair;
    };
    std::mt19937_64 random(8);
    const std::array<std::string, 11> parts{
        "a", ",", "\"", "\n", "\r", "\r\n", "\\", "\\N", " ", "\xc3\xa9", std::string(1, '\0')};
    std::vector<Row> rows;
    for (int i = 0; i < 3000; ++i) {
        Row row{static_cast<std::int64_t>(random()), {}, {}, {}};
        if (random() % 4 != 0) {
            row.text.emplace();
            for (auto n = random() % 6; n-- > 0;) *row.text += parts[random() % parts.size()];
        }
        if (random() % 4 != 0) row.number = static_cast<double>(random()) / 1e7;
        row.pair = {static_cast<double>(random() % 100), static_cast<double>(random() % 100) / 7};
        rows.push_back(std::move(row));
    }
    const std::array<std::string_view, 4> names{"id", "text", "number", "pair"};
    for (const char* name : {"rows.csv", "rows.csv.gz", "rows.jsonl", "rows.ndjson.gz"}) {
        TextSink sink(directory / name);
        onefold::RowFormatter formatter(sink.format(), names);
        std::string line;
        formatter.header(line);
        for (const auto& row : rows) {
            formatter.begin(line);
            formatter.value(line, row.id);
            formatter.value(line, row.text);
            formatter.value(line, row.number);
            formatter.value(line, row.pair);
            formatter.end(line);
            sink.write(line);
            line.clear();
        }
        sink.commit();
        onefold::TextSource source(directory / name);
        source.bind(names);
        std::size_t at = 0;
        for (onefold::TextRecord record; source.next(record); ++at) {
            REQUIRE_FALSE(record.malformed());
            REQUIRE(at < rows.size());
            Row back{};
            REQUIRE(onefold::parse_cell(record.cells[0], back.id) == onefold::ParseError::none);
            REQUIRE(onefold::parse_cell(record.cells[1], back.text) == onefold::ParseError::none);
            REQUIRE(onefold::parse_cell(record.cells[2], back.number) == onefold::ParseError::none);
            REQUIRE(onefold::parse_cell(record.cells[3], back.pair) == onefold::ParseError::none);
            REQUIRE(back.id == rows[at].id);
            REQUIRE(back.text == rows[at].text);
            REQUIRE(back.number == rows[at].number);
            REQUIRE(back.pair == rows[at].pair);
        }
        CHECK(at == rows.size());
    }
}
