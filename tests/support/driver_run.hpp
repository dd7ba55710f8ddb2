#pragma once

// Runs the driver of a definition as a shell would, with the standard streams in files.

#include <algorithm>
#include <cstdio>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "onefold/run/driver.hpp"
#include "support/contains.hpp"
#include "support/directory.hpp"

namespace twin {

// Sends a standard stream of this process into a file while it lives.
class Redirect {
public:
    Redirect(std::FILE* stream, const std::string& path, int flags) : stream_(stream), own_(::fileno(stream)) {
        std::fflush(stream);
        saved_ = ::dup(own_);
        const int file = ::open(path.c_str(), flags, 0600);
        REQUIRE(file >= 0);
        ::dup2(file, own_);
        ::close(file);
    }
    ~Redirect() {
        std::fflush(stream_);
        ::dup2(saved_, own_);
        ::close(saved_);
    }

private:
    std::FILE* stream_;
    int own_, saved_;
};

struct Outcome {
    int code;
    std::string out, error;
};

template <class Def>
Outcome run_driver(std::vector<std::string> arguments, const std::string& input = "",
                   const std::string& stdout_path = "") {
    Directory directory;
    const auto out = directory / "out", error = directory / "error", in = directory / "in";
    write(in, input);
    arguments.insert(arguments.begin(), "/somewhere/shops");
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    Outcome outcome;
    {
        const Redirect redirect_in(stdin, in, O_RDONLY), redirect_error(stderr, error, O_CREAT | O_TRUNC | O_WRONLY);
        const Redirect redirect_out(stdout, stdout_path.empty() ? out : stdout_path, O_CREAT | O_TRUNC | O_WRONLY);
        outcome.code = onefold::driver<Def>(static_cast<int>(arguments.size()), argv.data());
    }
    outcome.out = contents(out);
    outcome.error = contents(error);
    return outcome;
}

// A failure is one sentence on one line that begins with the program's name.
inline void require_error(const Outcome& outcome, int code, const std::string& part) {
    INFO(outcome.error);
    REQUIRE(outcome.code == code);
    REQUIRE_THAT(outcome.error, Contains(part));
    REQUIRE(outcome.error.starts_with("shops: "));
    REQUIRE(std::count(outcome.error.begin(), outcome.error.end(), '\n') == 1);
    REQUIRE(outcome.error.ends_with("\n"));
    REQUIRE(outcome.out.empty());
}

} // namespace twin
