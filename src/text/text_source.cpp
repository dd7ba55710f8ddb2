#include "onefold/port/text_source.hpp"

#include <algorithm>
#include <cstdint>

#include "json_envelope.hpp"
#include "records.hpp"

namespace onefold {

class TextSource::Impl {
public:
    Impl(std::string path, const TextSourceOptions& options, detail::FileType type)
        : path_(path), format_(type.format), limit_(std::clamp(options.line_limit, std::size_t{1}, SIZE_MAX / 8)),
          window_(std::move(path), type.gzip, options.block_size) {
        skip_byte_order_mark();
        if (format_ == TextFormat::csv) read_header();
    }

    const std::vector<std::string>& columns() const noexcept { return columns_; }

    void bind(const std::string_view* names, std::size_t count, bool ignore_other) {
        cells_.assign(count, Cell{});
        bound_ = true;
        if (format_ == TextFormat::jsonl) {
            const std::vector<std::string> wanted(names, names + count);
            envelopes_ = std::any_of(wanted.begin(), wanted.end(),
                                     [](const auto& name) { return detail::EnvelopeSplitter::is_path(name); });
            envelope_.set_names(wanted);
            json_.set_names(wanted, ignore_other);
            return;
        }
        std::vector<std::ptrdiff_t> targets(columns_.size(), -1);
        for (std::size_t i = 0; i < count; ++i) {
            const auto place = std::find(columns_.begin(), columns_.end(), names[i]);
            if (place == columns_.end())
                throw Error(ErrorKind::data, detail::shown_path(path_) + ":1 has no column " +
                                                 detail::shown_name(names[i]) + "; its columns are " + list(columns_));
            if (std::find(place + 1, columns_.end(), names[i]) != columns_.end())
                throw Error(ErrorKind::data, detail::shown_path(path_) + ":1 has two columns " +
                                                 detail::shown_name(names[i]) + "; rename one of them");
            targets[static_cast<std::size_t>(place - columns_.begin())] = static_cast<std::ptrdiff_t>(i);
        }
        if (!ignore_other)
            for (std::size_t i = 0; i < columns_.size(); ++i)
                if (targets[i] < 0)
                    throw Error(ErrorKind::data, detail::shown_path(path_) + ":1 has a column " +
                                                     detail::shown_name(columns_[i]) +
                                                     " that the schema does not know; the known columns are " +
                                                     list(std::vector<std::string>(names, names + count)) +
                                                     "; add it, or let the schema say ignore_other_columns = true");
        csv_.set_targets(std::move(targets));
    }

    bool next(TextRecord& record) {
        if (!bound_)
            throw Error(ErrorKind::usage,
                        detail::shown_path(path_) + " has no header; name its columns with bind() before reading");
        for (;;) {
            advance();
            const auto extent =
                format_ == TextFormat::csv ? detail::find_csv(window_, limit_) : detail::find_line(window_, limit_);
            if (extent.outcome == detail::Extent::Outcome::end) return false;
            record = {};
            record.line = line_;
            if (extent.outcome == detail::Extent::Outcome::malformed) {
                skip_line();
                record.raw = raw_;
                record.reason = extent.reason;
                return true;
            }
            total_ = extent.total;
            lines_ = extent.lines;
            const auto text = window_.view().substr(0, extent.length);
            record.raw = cut(text);
            if (!split(text, extent.quoted, record)) continue;
            if (!record.malformed()) record.cells = {cells_.data(), cells_.size()};
            return true;
        }
    }

private:
    static constexpr std::size_t raw_limit = 200;

    // False: the line has no record, and nothing is wrong with it.
    bool split(std::string_view text, bool quoted, TextRecord& record) {
        if (format_ == TextFormat::csv) {
            if (!csv_.split(text, quoted, cells_)) record.reason = wrong_count();
        } else if (!envelopes_) record.reason = json_.split(text, cells_);
        else {
            record.reason = envelope_.flatten(text, flat_, record.part);
            if (record.reason.empty() && flat_.empty()) return false;
            if (record.reason.empty()) record.reason = json_.split(flat_, cells_, "of the row in the envelope");
        }
        return true;
    }

    // Not in the middle of a character, so that a dead-letter file stays text.
    static std::string_view cut(std::string_view text) noexcept {
        if (text.size() <= raw_limit) return text;
        std::size_t size = raw_limit;
        for (int i = 0; i < 3 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80; ++i) --size;
        return text.substr(0, size);
    }

    static std::string list(const std::vector<std::string>& names) {
        std::string text;
        for (const auto& name : names) text.append(text.empty() ? "" : ", ").append(detail::shown_name(name));
        return text;
    }

    void advance() noexcept {
        window_.consume(total_);
        line_ += lines_;
        total_ = 0;
        lines_ = 0;
    }

    // Keeps the beginning of a malformed line and moves past its end, however far that is, without storing it. A
    // failure on the way is thrown by the call after this record.
    void skip_line() {
        raw_.clear();
        bool whole_line = false;
        while (!whole_line) {
            auto view = window_.view();
            const auto newline = view.find('\n');
            whole_line = newline != std::string_view::npos;
            // Four more than the limit, for cut() to see whether a character straddles it.
            raw_.append(view.substr(0, std::min(whole_line ? newline : view.size(), raw_limit + 4 - raw_.size())));
            window_.consume(whole_line ? newline + 1 : view.size());
            if (!whole_line && !window_.more()) break;
        }
        if (raw_.ends_with('\r')) raw_.pop_back();
        raw_.resize(cut(raw_).size());
        lines_ = 1;
    }

    std::string_view wrong_count() {
        reason_ = std::to_string(csv_.found()) + (csv_.found() == 1 ? " cell" : " cells") + " where the header has " +
                  std::to_string(columns_.size());
        return reason_;
    }

    void skip_byte_order_mark() {
        constexpr std::string_view mark = "\xef\xbb\xbf";
        while (window_.view().size() < mark.size() && mark.starts_with(window_.view()))
            if (!window_.more()) return;
        if (window_.view().starts_with(mark)) window_.consume(mark.size());
    }

    void read_header() {
        const auto extent = detail::find_csv(window_, limit_);
        if (extent.outcome == detail::Extent::Outcome::end)
            throw Error(ErrorKind::data, detail::shown_path(path_) + " is empty; its first line must name the columns");
        if (extent.outcome == detail::Extent::Outcome::malformed)
            throw Error(ErrorKind::data, detail::shown_path(path_) + ":1: the header has " +
                                             std::string(extent.reason) + "; correct it");
        csv_.split_all(window_.view().substr(0, extent.length), cells_);
        std::vector<std::ptrdiff_t> in_order;
        for (const auto& cell : cells_) {
            in_order.push_back(static_cast<std::ptrdiff_t>(columns_.size()));
            columns_.emplace_back(cell.text);
        }
        csv_.set_targets(std::move(in_order));
        bound_ = true;
        total_ = extent.total;
        lines_ = extent.lines;
    }

    std::string path_;
    TextFormat format_;
    std::size_t limit_;
    detail::ByteWindow window_;
    std::vector<std::string> columns_;
    std::vector<Cell> cells_;
    detail::CsvSplitter csv_;
    detail::JsonSplitter json_;
    detail::EnvelopeSplitter envelope_;
    bool envelopes_ = false;
    std::string flat_;
    bool bound_ = false;
    std::uint64_t line_ = 1;
    std::size_t total_ = 0; // of the record handed out, which the next call moves past
    std::uint64_t lines_ = 0;
    std::string raw_;
    std::string reason_;
};

TextSource::TextSource(std::string path, TextSourceOptions options) : impl_(nullptr) {
    const auto type = detail::file_type(path, options.format);
    impl_ = new Impl(std::move(path), options, type);
}

TextSource::~TextSource() { delete impl_; }

const std::vector<std::string>& TextSource::columns() const noexcept { return impl_->columns(); }

void TextSource::bind(const std::string_view* names, std::size_t count, bool ignore_other) {
    impl_->bind(names, count, ignore_other);
}

bool TextSource::next(TextRecord& record) { return impl_->next(record); }

} // namespace onefold
