#pragma once

#include <exception>
#include <string>
#include <utility>

namespace onefold {

// What went wrong decides who must act: the data, the person who wrote the command, or the machine.
// The values are the driver's exit codes.
enum class ErrorKind : int { data = 1, usage = 2, environment = 3 };

// One sentence: what, where (file:line:column or a source position), what to do. It never holds an entity key or a
// secret. Thrown by the functions that read and write files; folding an event never throws it.
class Error : public std::exception {
public:
    Error(ErrorKind kind, std::string sentence) : kind_(kind), sentence_(std::move(sentence)) {}
    ErrorKind kind() const noexcept { return kind_; }
    const char* what() const noexcept override { return sentence_.c_str(); }

private:
    ErrorKind kind_;
    std::string sentence_;
};

} // namespace onefold
