#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "onefold/core/list.hpp"
#include "onefold/core/time.hpp"

// The values of a case, its tables and its results, without any template of the library: what is compiled once for all
// cases works on these.
namespace conformance {

// The column types of the format. A time is an integer, milliseconds since 1970.
enum class Type : std::uint8_t { integer, real, text, boolean, time };

struct Column {
    std::string name;
    Type type;
};

// Something that an executor does not answer: it equals whatever is expected.
struct Unanswered {};
using Scalar = std::variant<std::monostate, std::int64_t, double, bool, std::string>;
using Cell = std::variant<std::monostate, std::int64_t, double, bool, std::string, std::vector<Scalar>, Unanswered>;
using Row = std::vector<Cell>;

// How many of the library's ticks one millisecond of the case is: 1000, as a tick is a microsecond; 1 where a case has
// times whose microseconds leave int64, so that its milliseconds stand for microseconds throughout.
struct Clock {
    std::int64_t ticks = 1000;

    // The ends of time stay what they are; a watermark stands 1 tick before a millisecond and is rounded down.
    constexpr std::int64_t milliseconds(onefold::Time time) const noexcept {
        if (time.micros == onefold::earliest || time.micros == onefold::latest) return time.micros;
        const auto quotient = time.micros / ticks;
        return quotient - (time.micros % ticks < 0 ? 1 : 0);
    }
    // Throws std::out_of_range if int64 does not hold it.
    onefold::Time time(std::int64_t milliseconds) const;
};

template <class Result, class T>
Result cell_of(Clock clock, const T& value) {
    if constexpr (requires { value.has_value(); }) {
        if (!value) return std::monostate();
        return cell_of<Result>(clock, *value);
    } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) return value;
    else if constexpr (std::is_integral_v<T>) return static_cast<std::int64_t>(value);
    else if constexpr (std::is_floating_point_v<T>) return static_cast<double>(value);
    else if constexpr (std::is_same_v<T, onefold::Time>) return clock.milliseconds(value);
    else {
        std::vector<Scalar> list;
        for (const auto& item : value) list.push_back(cell_of<Scalar>(clock, item));
        return list;
    }
}

// As messages show it: null as \N, text in quotes, a double as the shortest text that round-trips.
std::string to_text(const Cell& cell);

// The order of keys: null first, text by its bytes, numbers by value.
bool key_less(const Cell& a, const Cell& b);

} // namespace conformance
