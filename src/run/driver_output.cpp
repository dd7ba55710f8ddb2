#include "onefold/run/driver_output.hpp"

#include <cerrno>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "onefold/core/error.hpp"
#include "onefold/record/parse.hpp"
#include "text/file.hpp"

namespace onefold::run {

void print(std::string_view text) {
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        const int code = errno;
        std::clearerr(stdout);
        throw detail::system_error(ErrorKind::environment, "write to", "-", code,
                                   "make room, or send the output elsewhere");
    }
}

std::string time_text(Time time) {
    using std::chrono::days, std::chrono::hh_mm_ss, std::chrono::year_month_day;
    using Micros = std::chrono::microseconds;
    const std::chrono::sys_time<Micros> point{Micros(time.micros)};
    // floor in 64 bits is safe here: days of the earliest time fit, and the difference is less than a day.
    const auto day = std::chrono::floor<days>(point);
    const auto count = day.time_since_epoch().count();
    if (count < -719'528 || count > 2'932'896) return fmt::format("{} us", time.micros);
    const year_month_day date{day};
    const hh_mm_ss clock{point - day};
    auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                            static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                            clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (const auto fraction = clock.subseconds().count(); fraction != 0) {
        text += fmt::format(".{:06}", fraction);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + "Z";
}

static std::int64_t steady_nanoseconds() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

Stopwatch::Stopwatch() : started_(steady_nanoseconds()) {}
double Stopwatch::seconds() const { return static_cast<double>(steady_nanoseconds() - started_) * 1e-9; }

std::string speed_text(std::uint64_t count, std::string_view unit, double seconds) {
    auto text = fmt::format("{} {} in {:.2f} s", count, unit, seconds);
    const double rate = seconds > 0 ? static_cast<double>(count) / seconds : 0;
    if (rate >= 1e6) text += fmt::format(", {:.1f} M {}/s", rate / 1e6, unit);
    else if (rate >= 1e3) text += fmt::format(", {:.0f} k {}/s", rate / 1e3, unit);
    return text;
}

std::string account_text(const Account& account) {
    return fmt::format("{} applied, {} late, {} duplicate, {} rejected, {} filtered", account.applied, account.late,
                       account.duplicate, account.rejected, account.filtered);
}

Progress::Progress(std::string_view doing) : doing_(doing), shown_(::isatty(STDERR_FILENO) == 1) {}

void Progress::show(std::uint64_t done, std::uint64_t total) {
    const auto now = watch_.seconds();
    if (now - last_ < 0.2) return;
    last_ = now;
    if (total != 0) fmt::print(stderr, "\r\x1b[K{} {}%", doing_, done * 100 / total);
    else fmt::print(stderr, "\r\x1b[K{} {}", doing_, done);
    std::fflush(stderr);
}

Progress::~Progress() {
    if (last_ >= 0) std::fputs("\r\x1b[K", stderr);
}

DeadLetters::DeadLetters(const std::string& path, std::string source)
    : source_(source == "-" ? "standard input" : std::move(source)) {
    TextSinkOptions options;
    options.format = TextFormat::jsonl;
    if (!path.empty()) sink_ = new TextSink(path, options);
}

DeadLetters::~DeadLetters() { delete sink_; }

void DeadLetters::note(SourcePosition at, std::string_view reason) {
    if (rejected_count_++ != 0 && at.index > first_at_.index) return;
    first_at_ = at;
    first_reason_ = reason;
}

void DeadLetters::malformed(SourcePosition at, std::string_view reason, std::string_view raw, Time watermark) {
    ++malformed_count_;
    note(at, reason);
    if (sink_) waiting_.push_back({at, std::string(reason), std::string(raw), watermark});
}

// The bytes as JSON text; what is not UTF-8 becomes U+FFFD, byte by byte, so that the file stays readable.
static void append_any_text(std::string& out, std::string_view raw) {
    if (is_utf8(raw)) return detail::append_json_text(out, raw);
    std::string mended;
    for (std::size_t i = 0; i < raw.size();) {
        std::size_t size = 1;
        while (size <= 4 && i + size <= raw.size() && !is_utf8(raw.substr(i, size))) ++size;
        const bool whole = size <= 4 && i + size <= raw.size();
        mended.append(whole ? raw.substr(i, size) : "\xef\xbf\xbd");
        i += whole ? size : 1;
    }
    detail::append_json_text(out, mended);
}

void DeadLetters::begin(SourcePosition at, Verdict reason, std::string_view detail, Time watermark) {
    line_ =
        fmt::format("{{\"position\":{},\"line\":{},\"reason\":\"{}\",\"detail\":", at.index, at.line, to_text(reason));
    if (detail.empty()) line_ += "null";
    else detail::append_json_text(line_, detail);
    line_ += ",\"watermark\":";
    if (watermark.micros == earliest) line_ += "null";
    else detail::append_scalar(line_, watermark, true);
}

void DeadLetters::write_malformed(std::uint64_t before) {
    for (; next_ < waiting_.size() && waiting_[next_].at.index < before; ++next_) {
        const auto& letter = waiting_[next_];
        begin(letter.at, Verdict::rejected, letter.reason, letter.watermark);
        line_ += ",\"text\":";
        append_any_text(line_, letter.raw);
        line_ += "}\n";
        sink_->write(line_);
    }
    if (next_ != waiting_.size()) return;
    waiting_.clear();
    next_ = 0;
}

void DeadLetters::not_applied(SourcePosition at, Verdict reason, Time watermark, std::string_view event) {
    // Without a clock in the run nothing is too far in the future, so this is the only reason left.
    const std::string_view detail = reason == Verdict::rejected ? "the event's time is null" : "";
    if (reason == Verdict::rejected) note(at, detail);
    if (!sink_) return;
    write_malformed(at.index);
    begin(at, reason, detail, watermark);
    line_.append(",\"event\":").append(event).append("}\n");
    sink_->write(line_);
}

void DeadLetters::not_applied_of(std::string_view input, SourcePosition at, Verdict reason, Time watermark,
                                 std::string_view event) {
    if (!sink_) return;
    begin(at, reason, {}, watermark);
    line_ += ",\"input\":";
    detail::append_json_text(line_, input);
    line_.append(",\"event\":").append(event).append("}\n");
    sink_->write(line_);
}

void DeadLetters::commit() {
    if (!sink_) return;
    flush();
    sink_->commit();
}

std::string DeadLetters::rejected_text() const {
    return fmt::format("{} {} rejected; first: {}:{}: {}", rejected_count_,
                       rejected_count_ == 1 ? "line was" : "lines were", source_, first_at_.line, first_reason_);
}

} // namespace onefold::run
