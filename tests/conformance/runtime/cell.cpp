#include "conformance/runtime/cell.hpp"

#include <charconv>
#include <stdexcept>

namespace conformance {
namespace {

std::string text_of(std::monostate) { return "\\N"; }
std::string text_of(Unanswered) { return "(no answer)"; }
std::string text_of(std::int64_t number) { return std::to_string(number); }
std::string text_of(bool flag) { return flag ? "true" : "false"; }
std::string text_of(const std::string& text) { return '"' + text + '"'; }
std::string text_of(double number) {
    char buffer[32];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr};
}
std::string text_of(const std::vector<Scalar>& list) {
    std::string text = "[";
    for (const auto& item : list) {
        if (text.size() > 1) text += ',';
        text += std::visit([](const auto& value) { return text_of(value); }, item);
    }
    return text + ']';
}

} // namespace

onefold::Time Clock::time(std::int64_t milliseconds) const {
    std::int64_t micros = 0;
    if (__builtin_mul_overflow(milliseconds, ticks, &micros))
        throw std::out_of_range("the time " + std::to_string(milliseconds) +
                                " ms leaves int64 in microseconds; the source was generated from another file");
    return {micros};
}

std::string to_text(const Cell& cell) {
    return std::visit([](const auto& value) { return text_of(value); }, cell);
}

bool key_less(const Cell& a, const Cell& b) {
    if (a.index() != b.index()) return a.index() < b.index();
    if (const auto* number = std::get_if<std::int64_t>(&a)) return *number < std::get<std::int64_t>(b);
    if (const auto* flag = std::get_if<bool>(&a)) return *flag < std::get<bool>(b);
    if (const auto* text = std::get_if<std::string>(&a)) return *text < std::get<std::string>(b);
    return false;
}

} // namespace conformance
