#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "onefold/core/time.hpp"
#include "onefold/order/account.hpp"
#include "onefold/port/text_sink.hpp"

// What the driver says and where it puts what has no row. Nothing else in the library prints or looks at a clock.
namespace onefold::run {

// Writes to standard output. Throws Error(environment) if that fails.
void print(std::string_view text);

// "2010-12-01T08:26:00Z", with a fraction where there is one; the number of microseconds outside of the years 0 to
// 9999.
std::string time_text(Time time);

// Elapsed wall-clock time, for messages only.
class Stopwatch {
public:
    Stopwatch();
    double seconds() const;

private:
    std::int64_t started_;
};

// "541909 events in 0.41 s, 1.3 M events/s"
std::string speed_text(std::uint64_t count, std::string_view unit, double seconds);
// "541909 applied, 0 late, 0 duplicate, 0 rejected, 0 filtered"
std::string account_text(const Account& account);

// One line on standard error that follows the work, a few times a second; nothing where that is no terminal.
class Progress {
public:
    explicit Progress(std::string_view doing);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();
    // total 0: not known. Cheap enough to call for every event.
    void at(std::uint64_t done, std::uint64_t total = 0) {
        if (shown_ && (done & 0xfff) == 0) show(done, total);
    }

private:
    void show(std::uint64_t done, std::uint64_t total);
    std::string doing_;
    bool shown_;
    Stopwatch watch_;
    double last_ = -1;
};

// Where an event stood in its source: `index` counts records from 0 in order of arrival.
struct SourcePosition {
    std::uint64_t index = 0;
    std::uint64_t line = 0;
};

// The events of one run that have no row, in order of arrival: kept in a file of JSON lines where there is one, counted
// in any case. A line holds position, line, reason, detail, watermark and `event`, or, of a line that could not be
// read, `text`.
class DeadLetters {
public:
    // `path` may be empty: only counts. `source` is how the input is named in sentences.
    DeadLetters(const std::string& path, std::string source);
    DeadLetters(const DeadLetters&) = delete;
    DeadLetters& operator=(const DeadLetters&) = delete;
    ~DeadLetters();

    // False: `event` texts are not needed.
    bool keeps() const noexcept { return sink_ != nullptr; }
    // A line that could not be read. Written once an event that arrived later is, or at the end. A watermark of
    // `earliest` means that there was none.
    void malformed(SourcePosition at, std::string_view reason, std::string_view raw, Time watermark);
    // An event that was read and not applied; `event` is a JSON object.
    void not_applied(SourcePosition at, Verdict reason, Time watermark, std::string_view event);
    // The same of the stream beside the first that is called so; its line holds the name as `input` as well.
    void not_applied_of(std::string_view input, SourcePosition at, Verdict reason, Time watermark,
                        std::string_view event);
    // Writes the malformed lines that wait, for a run whose events are given piece by piece.
    void flush() { write_malformed(UINT64_MAX); }
    // Publishes the file.
    void commit();

    // Of lines that could not be read.
    std::uint64_t malformed_count() const noexcept { return malformed_count_; }
    std::uint64_t rejected_count() const noexcept { return rejected_count_; }
    // "3 lines were rejected; first: x.csv:7: column "amount" is not a number"
    std::string rejected_text() const;

private:
    struct Malformed {
        SourcePosition at;
        std::string reason, raw;
        Time watermark;
    };
    void write_malformed(std::uint64_t before);
    void begin(SourcePosition at, Verdict reason, std::string_view detail, Time watermark);
    void note(SourcePosition at, std::string_view reason);

    TextSink* sink_ = nullptr;
    std::string source_;
    std::vector<Malformed> waiting_;
    std::size_t next_ = 0; // the first of them that is not written
    std::string line_;
    std::uint64_t malformed_count_ = 0, rejected_count_ = 0;
    SourcePosition first_at_;
    std::string first_reason_;
};

} // namespace onefold::run
