#include "onefold/port/text_sink.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <exception>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "file.hpp"

namespace onefold {
namespace {

// A reader that closes its pipe must cost this process an error, not its life. The signal of a write goes to the thread
// that writes, so holding it back here does not concern the host's other threads.
class PipeSignalHeld {
public:
    PipeSignalHeld() noexcept {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    PipeSignalHeld(const PipeSignalHeld&) = delete;
    PipeSignalHeld& operator=(const PipeSignalHeld&) = delete;
    ~PipeSignalHeld() {
        const int code = errno;
        const timespec at_once{};
        // Only the signal that our own write raised is swallowed.
        if (!was_pending_)
            while (sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) {}
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        errno = code;
    }

private:
    sigset_t pipe_;
    sigset_t before_;
    bool was_pending_;
};

} // namespace

class TextSink::Impl {
public:
    Impl(std::string path, const TextSinkOptions& options, detail::FileType type)
        : path_(std::move(path)), format_(type.format), block_size_(std::max<std::size_t>(options.block_size, 1)) {
        open();
        if (!type.gzip) return;
        try {
            begin_gzip(options.gzip_level);
        } catch (...) {
            discard();
            throw;
        }
    }

    ~Impl() {
        if (gzip_) ::deflateEnd(&stream_);
        discard();
    }

    TextFormat format() const noexcept { return format_; }

    void write(std::string_view text) {
        check();
        if (committed_)
            throw Error(ErrorKind::usage, detail::shown_path(path_) + " is committed; open it anew to write more");
        // Not more than a block at a time, so that a large text is not copied whole.
        while (!text.empty()) {
            const auto part = text.substr(0, block_size_ - std::min(buffer_.size(), block_size_ - 1));
            buffer_.append(part);
            text.remove_prefix(part.size());
            if (buffer_.size() >= block_size_) drain(Z_NO_FLUSH);
        }
    }

    void flush() {
        check();
        if (!committed_) drain(Z_SYNC_FLUSH);
    }

    void commit() {
        check();
        if (committed_) return;
        drain(Z_FINISH);
        // A pipe or a terminal has nothing to sync and says EINVAL (or a kin of it).
        if (::fsync(file_.descriptor()) != 0 && (!direct_ || (errno != EINVAL && errno != ENOTSUP && errno != EROFS)))
            fail("write", errno);
        if (const int code = file_.close(); code != 0) fail("write", code);
        if (!direct_) {
            if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("rename the temporary file to", errno);
            temporary_.clear();
            if (const int code = detail::sync_directory_of(target_); code != 0) fail("sync the directory of", code);
        }
        committed_ = true;
    }

private:
    void open() {
        if (path_ == "-") {
            file_.reset(STDOUT_FILENO, false);
            direct_ = true;
            return;
        }
        target_ = path_;
        struct stat status{};
        const bool exists = ::stat(path_.c_str(), &status) == 0;
        if (exists && S_ISDIR(status.st_mode))
            throw Error(ErrorKind::usage, detail::shown_path(path_) + " is a directory; name a file in it");
        if (exists && !S_ISREG(status.st_mode)) {
            direct_ = true;
            file_.reset(::open(path_.c_str(), O_WRONLY | O_CLOEXEC), true);
            if (file_.descriptor() < 0) throw detail::write_error("open", path_, errno);
            return;
        }
        // A symbolic link stays, and what it points to is replaced.
        if (exists)
            if (char* resolved = ::realpath(path_.c_str(), nullptr)) {
                target_ = resolved;
                std::free(resolved);
            }
        create_temporary();
        if (exists) static_cast<void>(::fchmod(file_.descriptor(), status.st_mode & 07777));
    }

    // In the directory of the target, because a rename is atomic only within one file system. The name begins with a
    // dot, so that a pattern such as *.csv does not find half a file.
    void create_temporary() {
        static std::atomic<unsigned> counter{0};
        const auto slash = target_.rfind('/');
        const auto name_at = slash == std::string::npos ? 0 : slash + 1;
        for (int attempt = 0;; ++attempt) {
            // The name is kept short enough to be a name even where the target's is as long as a name may be.
            temporary_ = target_.substr(0, name_at) + "." + target_.substr(name_at, 200) + "." +
                         std::to_string(::getpid()) + "." + std::to_string(counter.fetch_add(1)) + ".tmp";
            const int descriptor = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
            if (descriptor >= 0) {
                file_.reset(descriptor, true);
                return;
            }
            const int code = errno;
            // A file of that name is left from a killed process that had our number.
            if (code == EEXIST && attempt < 1000) continue;
            temporary_.clear();
            throw detail::write_error("create", path_, code);
        }
    }

    void begin_gzip(int level) {
        constexpr int gzip_wrapper = 16;
        constexpr int memory_level = 8;
        if (::deflateInit2(&stream_, level, Z_DEFLATED, gzip_wrapper + 15, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
            throw Error(ErrorKind::environment, "cannot compress " + detail::shown_path(path_) +
                                                    "; free memory, or give a gzip level from 0 to 9");
        gzip_ = true;
        // No time and no operating system in the header, so that equal text gives equal bytes.
        header_.os = 255;
        ::deflateSetHeader(&stream_, &header_);
        packed_.resize(64 << 10);
    }

    void drain(int mode) {
        if (!gzip_) {
            put(buffer_.data(), buffer_.size());
            buffer_.clear();
            return;
        }
        stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
        stream_.avail_in = static_cast<uInt>(buffer_.size());
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(packed_.data());
            stream_.avail_out = static_cast<uInt>(packed_.size());
            ::deflate(&stream_, mode);
            put(packed_.data(), packed_.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
        buffer_.clear();
    }

    void put(const char* bytes, std::size_t size) {
        while (size != 0) {
            const auto written = write_some(bytes, size);
            if (written >= 0) {
                bytes += written;
                size -= static_cast<std::size_t>(written);
            } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
                pollfd wait{file_.descriptor(), POLLOUT, 0};
                ::poll(&wait, 1, -1);
            } else if (errno != EINTR) fail("write", errno);
        }
    }

    ssize_t write_some(const char* bytes, std::size_t size) {
        if (!direct_) return ::write(file_.descriptor(), bytes, size);
        const PipeSignalHeld held;
        return ::write(file_.descriptor(), bytes, size);
    }

    [[noreturn]] void fail(std::string_view attempt, int code) {
        failure_ = std::make_exception_ptr(detail::write_error(attempt, path_, code));
        std::rethrow_exception(failure_);
    }

    void check() const {
        if (failure_) std::rethrow_exception(failure_);
    }

    void discard() noexcept {
        file_.close();
        if (!temporary_.empty()) ::unlink(temporary_.c_str());
        temporary_.clear();
    }

    std::string path_;
    std::string target_;    // the path with links resolved
    std::string temporary_; // empty if there is none to remove
    TextFormat format_;
    std::size_t block_size_;
    detail::File file_;
    std::string buffer_;
    bool direct_ = false;
    bool committed_ = false;
    bool gzip_ = false;
    z_stream stream_{};
    gz_header header_{};
    std::string packed_;
    std::exception_ptr failure_;
};

TextSink::TextSink(std::string path, TextSinkOptions options) : impl_(nullptr) {
    const auto type = detail::file_type(path, options.format);
    impl_ = new Impl(std::move(path), options, type);
}

TextSink::~TextSink() { delete impl_; }

TextFormat TextSink::format() const noexcept { return impl_->format(); }

void TextSink::write(std::string_view text) { impl_->write(text); }

void TextSink::flush() { impl_->flush(); }

void TextSink::commit() { impl_->commit(); }

} // namespace onefold
