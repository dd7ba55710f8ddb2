#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

#include <stdlib.h>

#include "support/catch.hpp"

// A file with this text that is gone with it.
class TemporaryFile {
public:
    TemporaryFile(const std::string& ending, const std::string& text) {
        path_ = (std::filesystem::temp_directory_path() / ("onefold-test-XXXXXX" + ending)).string();
        const int file = ::mkstemps(path_.data(), static_cast<int>(ending.size()));
        REQUIRE(file >= 0);
        std::FILE* stream = ::fdopen(file, "wb");
        std::fwrite(text.data(), 1, text.size(), stream);
        std::fclose(stream);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { std::filesystem::remove(path_); }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};
