#include "byte_window.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <unistd.h>

namespace onefold::detail {

FileReader::FileReader(std::string path, bool gzip) : path_(std::move(path)), gzip_(gzip) {
    if (path_ == "-") file_.reset(STDIN_FILENO, false);
    else file_.reset(open_to_read(path_), true);
    if (gzip_) {
        packed_.resize(64 << 10);
        // 16 selects the gzip wrapper alone; 15 is the largest window, as gzip writes it.
        if (::inflateInit2(&stream_, 16 + 15) != Z_OK)
            throw Error(ErrorKind::environment, "not enough memory to unpack " + shown_path(path_) + "; free some");
    }
}

FileReader::~FileReader() {
    if (gzip_) ::inflateEnd(&stream_);
}

std::size_t FileReader::read(char* into, std::size_t size) {
    return gzip_ ? read_gzip(into, size) : read_file(into, size);
}

std::size_t FileReader::read_file(char* into, std::size_t size) {
    for (;;) {
        const auto got = ::read(file_.descriptor(), into, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            // A terminal or pipe that its owner made non-blocking: wait as a blocking read would.
            pollfd wait{file_.descriptor(), POLLIN, 0};
            ::poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            throw system_error(ErrorKind::environment, "read", path_, errno, "check the device it is on");
        }
    }
}

void FileReader::broken_gzip(std::string_view how) const {
    throw Error(ErrorKind::data, shown_path(path_) + " " + std::string(how));
}

// Between members: true if another begins. Zeros up to the end are padding, as tar and tapes leave it.
bool FileReader::begin_member() {
    bool padding = false;
    for (;;) {
        if (stream_.avail_in == 0) {
            stream_.next_in = packed_.data();
            stream_.avail_in = static_cast<uInt>(read_file(reinterpret_cast<char*>(packed_.data()), packed_.size()));
            if (stream_.avail_in == 0) return false;
        }
        if (any_member_ && *stream_.next_in == 0) {
            padding = true;
            ++stream_.next_in;
            --stream_.avail_in;
            continue;
        }
        if (padding || *stream_.next_in != 0x1f)
            broken_gzip(any_member_ ? "has bytes after the end of its gzip data; remove them"
                                    : "is not gzip data although its name ends in .gz; rename or compress it");
        ::inflateReset(&stream_);
        any_member_ = in_member_ = true;
        return true;
    }
}

std::size_t FileReader::read_gzip(char* into, std::size_t size) {
    constexpr std::size_t most = 1u << 30;
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(std::min(size, most));
    const auto produced = [&] { return static_cast<std::size_t>(reinterpret_cast<char*>(stream_.next_out) - into); };
    while (failure_ == Z_OK && produced() == 0) {
        if (!in_member_ && !begin_member()) return 0;
        if (stream_.avail_in == 0) {
            stream_.next_in = packed_.data();
            stream_.avail_in = static_cast<uInt>(read_file(reinterpret_cast<char*>(packed_.data()), packed_.size()));
            if (stream_.avail_in == 0) {
                failure_ = Z_BUF_ERROR;
                break;
            }
        }
        const int code = ::inflate(&stream_, Z_NO_FLUSH);
        if (code == Z_STREAM_END) in_member_ = false;
        else if (code != Z_OK && code != Z_BUF_ERROR) failure_ = code;
    }
    if (produced() != 0) return produced();
    if (failure_ == Z_BUF_ERROR) broken_gzip("ends in the middle of its gzip data; get the whole file");
    if (failure_ == Z_MEM_ERROR)
        throw Error(ErrorKind::environment, "not enough memory to unpack " + shown_path(path_) + "; free some");
    broken_gzip("has damaged gzip data; get the file again");
}

ByteWindow::ByteWindow(std::string path, bool gzip, std::size_t block_size)
    : reader_(std::move(path), gzip), block_size_(std::max<std::size_t>(block_size, 1)), buffer_(2 * block_size_) {}

bool ByteWindow::more() {
    if (ended_) return false;
    if (buffer_.size() - end_ < block_size_) {
        const auto kept = end_ - begin_;
        std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
        begin_ = 0;
        end_ = kept;
        // Doubling, so that a long record is moved a constant number of times.
        if (buffer_.size() - end_ < block_size_) buffer_.resize(2 * buffer_.size());
    }
    std::size_t got = 0;
    try {
        got = reader_.read(buffer_.data() + end_, block_size_);
    } catch (const Error&) { failure_ = std::current_exception(); }
    end_ += got;
    ended_ = got == 0;
    return got != 0;
}

} // namespace onefold::detail
