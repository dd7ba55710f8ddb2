#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "onefold/core/time.hpp"

namespace onefold {

// The part of a feature's name that tells its window: "24h", "7d", "lifetime", "10rows".
struct WindowLabel {
    char text[24]{};
    std::uint8_t size = 0;
    constexpr void append(std::string_view more) {
        for (const char c : more) text[size++] = c;
    }
    constexpr std::string_view view() const { return {text, size}; }
    friend constexpr bool operator==(const WindowLabel& a, const WindowLabel& b) { return a.view() == b.view(); }
};

// What `.over(...)` takes: how far a window reaches back. 24_h, lifetime, 10_rows.
struct WindowLength {
    std::int64_t micros = latest;
    std::uint32_t rows = 0;
    WindowLabel label;
};

// Backwards in time: tumbling(24_h).offset(-8_h).
consteval Duration operator-(const WindowLength& length) { return {-length.micros}; }

// A window in the form the engine uses. For the question asked at t it holds the events s with
//     t - from <= s.time < t - to
// and of those, when rows is not 0, the newest `rows`. Every closed or open bound and every delay is one such pair of
// integers, so the engine knows a single comparison. `stop` can end the window at the event itself, in canonical order,
// instead of after its ties; `own` tells what is special about the event itself.
struct Window {
    enum class Stop : std::uint8_t { time, row, before_row };
    enum class Own : std::uint8_t { usual, added, removed };
    std::int64_t from = latest;
    std::int64_t to = -1;
    std::int64_t hop = 0; // above 0: the start is rounded down to a multiple of it
    std::uint32_t rows = 0;
    Stop stop = Stop::time;
    Own own = Own::usual;
    friend constexpr bool operator==(const Window&, const Window&) = default;

    constexpr std::int64_t start(std::int64_t t) const noexcept {
        if (from == latest) return earliest;
        const auto exact = saturating_subtract(t, from);
        return hop == 0 ? exact : floor_to(exact, hop);
    }
    constexpr std::int64_t end(std::int64_t t) const noexcept { return saturating_subtract(t, to); }
    constexpr bool unbounded() const noexcept { return from == latest && rows == 0; }
    constexpr bool same_end(const Window& other) const noexcept { return to == other.to && stop == other.stop; }
};

// The words that a clause may add to its windows; see define/clause.hpp.
struct WindowBounds {
    enum class Start : std::uint8_t { usual, closed, open };
    enum class Exclude : std::uint8_t { nothing, ties, current };
    bool before_current = false;
    bool up_to_current_row = false;
    Start start = Start::usual;
    Exclude exclude = Exclude::nothing;
    std::uint32_t most_rows = 0; // 0: no cap
    std::int64_t hop = 0;
    std::int64_t delay = 0;
    friend constexpr bool operator==(const WindowBounds&, const WindowBounds&) = default;
};

// The default is (t - W, t]; before_current gives [t - W, t). Either start can be written out.
constexpr Window window_of(const WindowLength& length, const WindowBounds& bounds) noexcept {
    const bool closed_start = bounds.start == WindowBounds::Start::usual ? bounds.before_current
                                                                         : bounds.start == WindowBounds::Start::closed;
    Window window;
    if (length.micros != latest) window.from = saturating_add(length.micros - (closed_start ? 0 : 1), bounds.delay);
    window.to = bounds.delay - (bounds.before_current ? 0 : 1);
    window.hop = length.micros == latest ? 0 : bounds.hop;
    window.rows = length.rows == 0                                          ? bounds.most_rows
                  : bounds.most_rows != 0 && bounds.most_rows < length.rows ? bounds.most_rows
                                                                            : length.rows;
    // A window that ends before the event has no place for words about the event and its ties.
    if (bounds.before_current || bounds.delay != 0) return window;
    if (length.rows != 0 || bounds.up_to_current_row) window.stop = Window::Stop::row;
    if (bounds.exclude == WindowBounds::Exclude::ties) {
        // What lies strictly before, and the event; which takes one of the rows.
        window.stop = Window::Stop::time;
        window.own = Window::Own::added;
        window.to = 0;
        // Of one row nothing is left, not even what a start rounded down to a hop would take in.
        if (window.rows == 1) window.from = window.hop = 0;
        if (window.rows != 0) --window.rows;
    } else if (bounds.exclude == WindowBounds::Exclude::current) {
        if (window.stop == Window::Stop::row) window.stop = Window::Stop::before_row;
        else window.own = Window::Own::removed;
    }
    return window;
}

namespace detail {

consteval std::int64_t parse_digits(std::string_view digits) {
    std::int64_t n = 0;
    for (const char c : digits)
        if (c != '\'') n = n * 10 + (c - '0');
    return n;
}

consteval WindowLength length_literal(std::string_view digits, std::int64_t unit, std::string_view suffix) {
    WindowLength length;
    length.micros = unit == 0 ? latest : parse_digits(digits) * unit;
    length.rows = unit == 0 ? static_cast<std::uint32_t>(parse_digits(digits)) : 0;
    for (const char c : digits)
        if (c != '\'') length.label.append({&c, 1});
    length.label.append(suffix);
    return length;
}

consteval WindowLength lifetime_length() {
    WindowLength length;
    length.label.append("lifetime");
    return length;
}

template <char... C> struct Digits {
    static constexpr char text[]{C...};
    static constexpr std::string_view view{text, sizeof...(C)};
};

} // namespace detail

// Everything since the first event.
inline constexpr WindowLength lifetime = detail::lifetime_length();

inline namespace literals {
template <char... C> consteval auto operator""_us() {
    return detail::length_literal(detail::Digits<C...>::view, 1, "us");
}
template <char... C> consteval auto operator""_ms() {
    return detail::length_literal(detail::Digits<C...>::view, 1'000, "ms");
}
template <char... C> consteval auto operator""_s() {
    return detail::length_literal(detail::Digits<C...>::view, 1'000'000, "s");
}
template <char... C> consteval auto operator""_min() {
    return detail::length_literal(detail::Digits<C...>::view, 60'000'000, "min");
}
template <char... C> consteval auto operator""_h() {
    return detail::length_literal(detail::Digits<C...>::view, 3'600'000'000, "h");
}
template <char... C> consteval auto operator""_d() {
    return detail::length_literal(detail::Digits<C...>::view, 86'400'000'000, "d");
}
// The newest N events, the current one among them.
template <char... C> consteval auto operator""_rows() {
    return detail::length_literal(detail::Digits<C...>::view, 0, "rows");
}
} // namespace literals

} // namespace onefold
