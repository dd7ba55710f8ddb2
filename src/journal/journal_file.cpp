#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checksum.hpp"
#include "layout.hpp"
#include "onefold/core/bytes.hpp"
#include "onefold/port/journal_file.hpp"
#include "text/file.hpp"

namespace onefold {

class JournalFile::Impl {
public:
    Impl(std::string path, const JournalHeader& header) : path_(std::move(path)) {
        create();
        try {
            write_header(header);
        } catch (...) {
            file_.close();
            ::unlink(path_.c_str());
            throw;
        }
    }

    void write_block(std::string_view entries, std::uint32_t count) {
        if (ended_)
            throw Error(ErrorKind::usage, "the journal " + detail::shown_path(path_) +
                                              " is closed; open another one under another name to write more");
        if (entries.size() > UINT32_MAX)
            throw Error(ErrorKind::usage, "a block of the journal " + detail::shown_path(path_) +
                                              " is above 4 GiB; give it a smaller block_size");
        ByteWriter block;
        block.put_bytes(detail::block_marker);
        block.put(static_cast<std::uint32_t>(entries.size()));
        block.put(entries_);
        block.put(count);
        block.put(detail::checksum(block.view()));
        block.put_bytes(entries);
        if (count != 0) block.put(detail::checksum(entries));
        append(block.view());
        entries_ += count;
    }

    void sync() {
        if (::fdatasync(file_.descriptor()) != 0) throw detail::write_error("write", path_, errno);
    }

    void close() {
        if (closed_) return;
        if (!ended_) write_block({}, 0);
        ended_ = true;
        sync();
        if (const int code = file_.close(); code != 0) throw detail::write_error("write", path_, code);
        closed_ = true;
    }

    const std::string& path() const noexcept { return path_; }

private:
    void create() {
        const int descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor < 0) {
            const int code = errno;
            if (code == EEXIST)
                throw Error(ErrorKind::usage, "the journal " + detail::shown_path(path_) +
                                                  " exists already and is never overwritten; give another name, or "
                                                  "move it away");
            throw detail::write_error("create", path_, code);
        }
        file_.reset(descriptor, true);
    }
    void write_header(const JournalHeader& header) {
        ByteWriter body;
        body.put(header.definition);
        body.put(static_cast<std::uint64_t>(header.inputs.size()));
        for (const auto& input : header.inputs) {
            body.put(std::string_view(input.name));
            body.put(std::string_view(input.layout));
        }
        ByteWriter head;
        head.put_bytes(detail::journal_magic);
        head.put(detail::journal_version);
        head.put(static_cast<std::uint32_t>(body.size()));
        head.put_bytes(body.view());
        head.put(detail::checksum(head.view()));
        append(head.view());
        sync();
        if (const int code = detail::sync_directory_of(path_); code != 0)
            throw detail::write_error("sync the directory of", path_, code);
    }
    // Whole, or not at all.
    void append(std::string_view bytes) {
        auto rest = bytes;
        while (!rest.empty()) {
            const auto written = ::write(file_.descriptor(), rest.data(), rest.size());
            if (written >= 0) {
                rest.remove_prefix(static_cast<std::size_t>(written));
            } else if (errno != EINTR) {
                const int code = errno;
                take_back();
                throw detail::write_error("write", path_, code);
            }
        }
        size_ += static_cast<off_t>(bytes.size());
    }
    // What cannot be taken back stays as a block that is cut off, which a reader finds; nothing may follow it.
    void take_back() {
        if (::ftruncate(file_.descriptor(), size_) != 0 || ::lseek(file_.descriptor(), size_, SEEK_SET) != size_)
            ended_ = true;
    }

    std::string path_;
    detail::File file_;
    off_t size_ = 0;
    std::uint64_t entries_ = 0;
    bool ended_ = false, closed_ = false;
};

JournalFile::JournalFile(std::string path, const JournalHeader& header) : impl_(new Impl(std::move(path), header)) {}
JournalFile::~JournalFile() { delete impl_; }
void JournalFile::write_block(std::string_view entries, std::uint32_t count) { impl_->write_block(entries, count); }
void JournalFile::sync() { impl_->sync(); }
void JournalFile::close() { impl_->close(); }
const std::string& JournalFile::path() const noexcept { return impl_->path(); }

} // namespace onefold
