#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "onefold/core/error.hpp"
#include "onefold/record/format.hpp"

namespace onefold::detail {

struct FileType {
    TextFormat format;
    bool gzip;
};

// Reads the type off the ending. Throws Error(usage) for an ending it does not know where `format` is not given.
FileType file_type(std::string_view path, std::optional<TextFormat> format);

// The path as sentences name it.
std::string shown_path(std::string_view path);

// `cannot open "x.csv": No space left on device; ...`
Error system_error(ErrorKind kind, std::string_view attempt, std::string_view path, int code, std::string_view advice);

// The same of a file that is written: the error number tells whose fault it is, and what to do.
Error write_error(std::string_view attempt, std::string_view path, int code);

// Makes the name of a new or renamed file durable. 0, or the error number.
int sync_directory_of(const std::string& path);

// Opens a file to read it. Throws Error: usage for a path that cannot be meant, environment for what the machine
// refuses.
int open_to_read(const std::string& path);

// Owns a file descriptor.
class File {
public:
    explicit File(int descriptor = -1, bool owned = true) noexcept : descriptor_(descriptor), owned_(owned) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { close(); }
    int descriptor() const noexcept { return descriptor_; }
    void reset(int descriptor, bool owned) noexcept;
    // 0, or the error number: a network file system reports a failed write as late as here.
    int close() noexcept;

private:
    int descriptor_;
    bool owned_;
};

} // namespace onefold::detail
