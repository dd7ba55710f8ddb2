#include "file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onefold::detail {

FileType file_type(std::string_view path, std::optional<TextFormat> format) {
    if (path == "-") return {format.value_or(TextFormat::csv), false};
    std::string ending(path.substr(path.size() - (path.size() < 10 ? path.size() : 10)));
    for (char& c : ending)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    std::string_view rest = ending;
    const bool gzip = rest.ends_with(".gz");
    if (gzip) rest.remove_suffix(3);
    if (format) return {*format, gzip};
    if (rest.ends_with(".csv")) return {TextFormat::csv, gzip};
    if (rest.ends_with(".jsonl") || rest.ends_with(".ndjson")) return {TextFormat::jsonl, gzip};
    throw Error(ErrorKind::usage,
                "the format of " + shown_path(path) +
                    " is not known; let its name end in .csv, .jsonl or .ndjson, or one of these and .gz");
}

std::string shown_path(std::string_view path) {
    if (path == "-") return "\"-\" (the standard stream)";
    std::string shown;
    append_json_text(shown, path);
    return shown;
}

Error system_error(ErrorKind kind, std::string_view attempt, std::string_view path, int code, std::string_view advice) {
    std::string sentence("cannot ");
    sentence.append(attempt).append(" ").append(shown_path(path)).append(": ");
    sentence.append(std::generic_category().message(code)).append("; ").append(advice);
    return Error(kind, std::move(sentence));
}

Error write_error(std::string_view attempt, std::string_view path, int code) {
    const bool wrong_path = code == ENOENT || code == ENOTDIR || code == ENAMETOOLONG || code == ELOOP;
    const std::string_view advice = wrong_path ? "check that its directory exists"
                                    : code == ENOSPC || code == EDQUOT || code == EFBIG ? "make room"
                                    : code == EPIPE                                     ? "its reader is gone"
                                    : code == EACCES || code == EPERM || code == EROFS
                                        ? "check that this process may write there"
                                        : "check the device it is on";
    return system_error(wrong_path ? ErrorKind::usage : ErrorKind::environment, attempt, path, code, advice);
}

int sync_directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const File opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // A directory that may be written but not read cannot be synced by anyone but its owner: not an error.
    if (opened.descriptor() < 0) return 0;
    return ::fsync(opened.descriptor()) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : errno;
}

int open_to_read(const std::string& path) {
    int descriptor = -1;
    do descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) {
        const int code = errno;
        const bool wrong_path = code == ENOENT || code == ENOTDIR || code == ENAMETOOLONG || code == ELOOP;
        throw system_error(wrong_path ? ErrorKind::usage : ErrorKind::environment, "open", path, code,
                           wrong_path ? "check the path" : "check that this process may read it");
    }
    struct stat status{};
    if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        ::close(descriptor);
        throw Error(ErrorKind::usage, shown_path(path) + " is a directory; name a file in it");
    }
    return descriptor;
}

void File::reset(int descriptor, bool owned) noexcept {
    close();
    descriptor_ = descriptor;
    owned_ = owned;
}

int File::close() noexcept {
    const int descriptor = std::exchange(descriptor_, -1);
    if (descriptor < 0 || !owned_) return 0;
    // Not repeated after EINTR: Linux has closed the descriptor by then, and another thread may own its number.
    return ::close(descriptor) == 0 || errno == EINTR ? 0 : errno;
}

} // namespace onefold::detail
