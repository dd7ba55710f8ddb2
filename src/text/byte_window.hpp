#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "file.hpp"

namespace onefold::detail {

// The bytes of a file, unpacked if it is gzip data.
class FileReader {
public:
    FileReader(std::string path, bool gzip);
    FileReader(const FileReader&) = delete;
    FileReader& operator=(const FileReader&) = delete;
    ~FileReader();

    // Waits for at least one byte, then takes what is there; 0 at the end. Throws Error.
    std::size_t read(char* into, std::size_t size);

private:
    std::size_t read_file(char* into, std::size_t size);
    std::size_t read_gzip(char* into, std::size_t size);
    bool begin_member();
    [[noreturn]] void broken_gzip(std::string_view how) const;

    std::string path_;
    File file_;
    bool gzip_;
    bool in_member_ = false;
    bool any_member_ = false;
    int failure_ = Z_OK; // seen together with bytes; thrown when those are taken
    z_stream stream_{};
    std::vector<unsigned char> packed_;
};

// A view of the part of the file that is being read. It grows at the back with more() and shrinks at the front with
// consume(); a failure of the file is kept until the bytes before it are used up.
class ByteWindow {
public:
    ByteWindow(std::string path, bool gzip, std::size_t block_size);

    std::string_view view() const noexcept { return {buffer_.data() + begin_, end_ - begin_}; }
    void consume(std::size_t size) noexcept { begin_ += size; }
    // Appends some bytes; the view moves. False when there are no more: at the end or at a failure.
    bool more();
    bool failed() const noexcept { return failure_ != nullptr; }
    [[noreturn]] void rethrow() const { std::rethrow_exception(failure_); }

private:
    FileReader reader_;
    std::size_t block_size_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool ended_ = false;
    std::exception_ptr failure_;
};

} // namespace onefold::detail
