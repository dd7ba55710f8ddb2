#pragma once

#include <compare>
#include <concepts>
#include <cstdint>

namespace onefold {

// A length of time in microseconds. Event time never needs calendar knowledge, so this is an integer and not a chrono
// type; <chrono> costs more to compile than the rest of core together, and is accepted where it is included.
struct Duration {
    std::int64_t micros = 0;
    friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
};

// A point in event time: microseconds since 1970-01-01T00:00:00Z, negative before it.
struct Time {
    std::int64_t micros = 0;
    friend constexpr auto operator<=>(const Time&, const Time&) = default;
};

inline constexpr std::int64_t earliest = INT64_MIN;
inline constexpr std::int64_t latest = INT64_MAX;

// Bounds of windows are computed near the ends of time as well; they stop there instead of wrapping around.
constexpr std::int64_t saturating_subtract(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t difference = 0;
    if (!__builtin_sub_overflow(a, b, &difference)) return difference;
    return b > 0 ? earliest : latest;
}

constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(a, b, &sum)) return sum;
    return b > 0 ? latest : earliest;
}

// The greatest multiple of a positive step that is not above the value; the earliest time where that lies before it.
constexpr std::int64_t floor_to(std::int64_t value, std::int64_t step) noexcept {
    const auto rest = value % step;
    return saturating_subtract(value, rest < 0 ? rest + step : rest);
}

// std::chrono durations and Duration alike; a clause that builds no name from the length takes either.
template <class D>
concept any_duration = requires(const D& d) {
    { d.micros } -> std::convertible_to<std::int64_t>;
} || requires(const D& d) {
    d.count();
    typename D::period;
};

template <any_duration D>
constexpr std::int64_t micros_of(const D& d) noexcept {
    if constexpr (requires { d.micros; }) return d.micros;
    else {
        using Period = typename D::period;
        return static_cast<std::int64_t>(d.count()) * Period::num * (1'000'000 / Period::den);
    }
}

} // namespace onefold
