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
