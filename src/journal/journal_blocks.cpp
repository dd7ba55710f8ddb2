#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checksum.hpp"
#include "layout.hpp"
#include "onefold/core/bytes.hpp"
#include "onefold/port/journal_file.hpp"
#include "text/file.hpp"

namespace onefold {
namespace {

struct BlockHead {
    std::uint32_t size = 0;
    std::uint64_t first = 0;
    std::uint32_t count = 0;
};

// False: these bytes are not the head of a block.
bool read_head(std::string_view bytes, BlockHead& head) {
    if (bytes.size() < detail::block_head_size || !bytes.starts_with(detail::block_marker)) return false;
    constexpr auto checked = detail::block_head_size - detail::checksum_size;
    ByteReader reader(bytes.substr(detail::block_marker.size()));
    head.size = reader.get<std::uint32_t>();
    head.first = reader.get<std::uint64_t>();
    head.count = reader.get<std::uint32_t>();
    return reader.get<std::uint32_t>() == detail::checksum(bytes.substr(0, checked)) &&
           (head.size == 0) == (head.count == 0);
}

std::uint64_t length_of(const BlockHead& head) {
    return detail::block_head_size + head.size + (head.count == 0 ? 0 : detail::checksum_size);
}

} // namespace

class JournalBlocks::Impl {
public:
    explicit Impl(std::string path) : path_(std::move(path)), file_(detail::open_to_read(path_)) {
        struct stat status{};
        if (::fstat(file_.descriptor(), &status) != 0)
            throw detail::system_error(ErrorKind::environment, "read", path_, errno, "check the device it is on");
        if (!S_ISREG(status.st_mode))
            throw Error(ErrorKind::usage, detail::shown_path(path_) + " is no regular file; copy the journal into one");
        // What is written from now on is for the next reader.
        end_ = static_cast<std::uint64_t>(status.st_size);
        read_header();
    }

    Next next() {
        if (done_) return Next::end;
        if (at_ == end_) {
            done_ = true;
            if (closed_) return Next::end;
            return tell(JournalDamage::Kind::not_closed, at_, 0);
        }
        BlockHead head;
        if (closed_) {
            done_ = true;
            return tell(JournalDamage::Kind::changed, at_, end_ - at_);
        }
        if (!read_head(read(at_, detail::block_head_size), head)) return skip_to_next_block();
        if (length_of(head) > end_ - at_) {
            // Its head is whole, so nothing else can follow.
            done_ = true;
            return tell(JournalDamage::Kind::cut_off, at_, end_ - at_);
        }
        // Behind a damaged block nobody knows how many entries it had.
        if (head.first != std::exchange(expected_, head.first) && !std::exchange(gap_, true))
            return tell(JournalDamage::Kind::changed, at_, 0);
        if (head.count == 0) {
            at_ += detail::block_head_size;
            closed_ = true;
            return next();
        }
        const auto body = read(at_ + detail::block_head_size, head.size + detail::checksum_size);
        const auto position = at_;
        at_ += length_of(head);
        const auto entries = body.substr(0, head.size);
        if (ByteReader(body.substr(head.size)).get<std::uint32_t>() != detail::checksum(entries))
            return tell(JournalDamage::Kind::changed, position, at_ - position);
        gap_ = false;
        expected_ += head.count;
        entries_ = entries;
        position_ = position;
        count_ = head.count;
        first_ = head.first;
        arrivals_ += head.count;
        return Next::block;
    }

    JournalDamage damage_of(JournalDamage::Kind kind, std::uint64_t position, std::uint64_t bytes,
                            std::uint64_t arrivals) const {
        const auto where = fmt::format("the journal {}", detail::shown_path(path_));
        std::string sentence;
        switch (kind) {
        case JournalDamage::Kind::changed:
            sentence = fmt::format("{} is damaged at byte {}: {} bytes, after {} whole entries, are not those that "
                                   "were written; get the file again, or read what is whole",
                                   where, position, bytes, arrivals);
            break;
        case JournalDamage::Kind::cut_off:
            sentence = fmt::format("{} ends inside the block at byte {}, after {} whole entries: its writer was "
                                   "stopped there; get the whole file, or read what is whole",
                                   where, position, arrivals);
            break;
        case JournalDamage::Kind::not_closed:
            sentence = fmt::format("{} was not closed: its {} entries, up to byte {}, are whole, but more may have "
                                   "come; close it, or read what is there",
                                   where, arrivals, position);
            break;
        }
        return {kind, position, bytes, arrivals, std::move(sentence)};
    }

    std::string path_;
    JournalHeader header_;
    std::string_view entries_;
    std::uint64_t position_ = 0, first_ = 0;
    std::uint32_t count_ = 0;
    JournalDamage damage_;

private:
    Next tell(JournalDamage::Kind kind, std::uint64_t position, std::uint64_t bytes) {
        damage_ = damage_of(kind, position, bytes, arrivals_);
        gap_ = true;
        return Next::damage;
    }

    // The head itself is damaged, so the next one is looked for byte by byte.
    Next skip_to_next_block() {
        constexpr std::size_t step = std::size_t{1} << 16;
        const auto from = at_;
        const bool may_be_cut = end_ - from < detail::block_head_size;
        for (auto at = from + 1; at < end_;) {
            const auto bytes = read(at, static_cast<std::size_t>(std::min<std::uint64_t>(step, end_ - at)));
            for (auto found = bytes.find(detail::block_marker); found != std::string_view::npos;
                 found = bytes.find(detail::block_marker, found + 1)) {
                BlockHead head;
                if (!read_head(bytes.substr(found), head)) continue;
                at_ = at + found;
                return tell(JournalDamage::Kind::changed, from, at_ - from);
            }
            if (bytes.size() < step) break;
            at += step - detail::block_head_size + 1; // a head may lie across the edge
        }
        at_ = end_;
        done_ = true;
        return tell(may_be_cut ? JournalDamage::Kind::cut_off : JournalDamage::Kind::changed, from, end_ - from);
    }

    void read_header() {
        const auto damaged = [&] {
            return Error(ErrorKind::data, fmt::format("the header of the journal {} is damaged, and nothing after it "
                                                      "can be read; get the file again",
                                                      detail::shown_path(path_)));
        };
        const auto head = read(0, static_cast<std::size_t>(std::min<std::uint64_t>(detail::file_head_size, end_)));
        if (!head.starts_with(detail::journal_magic))
            throw Error(ErrorKind::data, fmt::format("{} is no journal; give a file that a journal was written to",
                                                     detail::shown_path(path_)));
        ByteReader reader(head.substr(detail::journal_magic.size()));
        const auto version = reader.get<std::uint32_t>();
        const auto size = reader.get<std::uint32_t>();
        if (!reader.ok()) throw damaged();
        if (version != detail::journal_version)
            throw Error(ErrorKind::data,
                        fmt::format("the journal {} is of version {}, and this program reads version {}; read it with "
                                    "the version of Onefold that wrote it",
                                    detail::shown_path(path_), version, detail::journal_version));
        const auto checked = detail::file_head_size + size;
        if (checked + detail::checksum_size > end_) throw damaged();
        const auto all = read(0, checked + detail::checksum_size);
        if (ByteReader(all.substr(checked)).get<std::uint32_t>() != detail::checksum(all.substr(0, checked)))
            throw damaged();
        ByteReader body(all.substr(detail::file_head_size, size));
        header_.definition = body.get<std::uint64_t>();
        for (auto left = body.get_count(16); left > 0; --left) {
            auto name = body.get<std::string>();
            header_.inputs.push_back({std::move(name), body.get<std::string>()});
        }
        if (!body.ok() || !body.at_end()) throw damaged();
        at_ = checked + detail::checksum_size;
    }

    // Valid until the next call. A file that has become shorter meanwhile gives zeros, which no check accepts.
    std::string_view read(std::uint64_t at, std::size_t size) {
        size = static_cast<std::size_t>(std::min<std::uint64_t>(size, end_ - at));
        buffer_.assign(size, '\0');
        for (std::size_t done = 0; done < size;) {
            const auto got =
                ::pread(file_.descriptor(), buffer_.data() + done, size - done, static_cast<off_t>(at + done));
            if (got == 0) break;
            if (got > 0) done += static_cast<std::size_t>(got);
            else if (errno != EINTR)
                throw detail::system_error(ErrorKind::environment, "read", path_, errno, "check the device it is on");
        }
        return buffer_;
    }

    detail::File file_;
    std::string buffer_;
    std::uint64_t at_ = 0, end_ = 0;
    std::uint64_t arrivals_ = 0; // entries of whole blocks
    std::uint64_t expected_ = 0; // the next block's first entry
    bool gap_ = false;           // what was damaged since the last whole block has been told
    bool closed_ = false, done_ = false;
};

JournalBlocks::JournalBlocks(std::string path) : impl_(new Impl(std::move(path))) {}
JournalBlocks::~JournalBlocks() { delete impl_; }
const JournalHeader& JournalBlocks::header() const noexcept { return impl_->header_; }
const std::string& JournalBlocks::path() const noexcept { return impl_->path_; }
JournalBlocks::Next JournalBlocks::next() { return impl_->next(); }
std::string_view JournalBlocks::entries() const noexcept { return impl_->entries_; }
std::uint32_t JournalBlocks::count() const noexcept { return impl_->count_; }
std::uint64_t JournalBlocks::first() const noexcept { return impl_->first_; }
std::uint64_t JournalBlocks::position() const noexcept { return impl_->position_; }
const JournalDamage& JournalBlocks::damage() const noexcept { return impl_->damage_; }
JournalDamage JournalBlocks::damage_at(std::uint64_t position, std::uint64_t bytes, std::uint64_t arrivals) const {
    return impl_->damage_of(JournalDamage::Kind::changed, position, bytes, arrivals);
}

} // namespace onefold
