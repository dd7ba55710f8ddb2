#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "onefold/record/format.hpp"

namespace onefold {

struct TextSinkOptions {
    std::optional<TextFormat> format; // from the path's ending where not given; "-" is CSV
    std::size_t block_size = std::size_t{256} << 10;
    int gzip_level = 6;
};

// Writes a text file that appears whole or not at all: bytes go to a temporary file in the same directory, and commit()
// makes it durable and moves it over the final name. Without commit() the destructor removes the temporary file; an
// older file of that name stays as it was. Standard output ("-"), and a path that exists and is no regular file (a
// device, a pipe), are written directly. A path that ends in `.gz` is compressed, the same bytes for the same text.
// Throws Error: usage for a path that cannot be meant, environment for what the machine refuses (full disk,
// permission).
class TextSink {
public:
    explicit TextSink(std::string path, TextSinkOptions options = {});
    TextSink(TextSink&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
    TextSink& operator=(TextSink&& other) noexcept {
        std::swap(impl_, other.impl_);
        return *this;
    }
    ~TextSink();

    TextFormat format() const noexcept;
    // Appends. After an error every further call throws it again.
    void write(std::string_view text);
    // Hands what was written so far to the operating system, so that the reader of a pipe sees it.
    void flush();
    // Flushes, fsyncs, renames, fsyncs the directory; nothing can be written after it. A second call does nothing.
    void commit();

private:
    class Impl;
    Impl* impl_;
};

} // namespace onefold
