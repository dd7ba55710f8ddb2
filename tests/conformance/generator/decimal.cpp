#include "conformance/generator/decimal.hpp"

#include <charconv>

namespace conformance {

std::optional<std::string> quantile_literal(std::string_view text) {
    std::string digits; // the number is 0.digits shifted left by `point`
    std::int64_t point = 0;
    bool fraction = false, any = false;
    std::size_t i = 0;
    if (i < text.size() && text[i] == '+') ++i;
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.' && !fraction) fraction = true;
        else if (text[i] >= '0' && text[i] <= '9') {
            any = true;
            digits += text[i];
            if (!fraction) ++point;
        } else return {};
    }
    if (!any) return {};
    if (i < text.size()) {
        std::int64_t exponent = 0;
        const auto* first = text.data() + i + 1;
        if (first != text.data() + text.size() && *first == '+') ++first;
        const auto result = std::from_chars(first, text.data() + text.size(), exponent);
        if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return {};
        if (exponent < -400 || exponent > 400) return {};
        point += exponent;
    }
    while (digits.size() > 0 && digits.front() == '0') {
        digits.erase(0, 1);
        --point;
    }
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (digits.empty()) return "0.0";
    if (digits == "1" && point == 1) return "1.0";
    if (point > 0) return {};
    const auto decimals = digits.size() + static_cast<std::size_t>(-point);
    if (decimals > 12) return {};
    return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
}

} // namespace conformance
