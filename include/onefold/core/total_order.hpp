#pragma once

#include <array>
#include <bit>
#include <compare>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "onefold/core/pair.hpp"

namespace onefold {

// The one order that min, max, quantile, ties and keys use, so that a result never depends on which of two
// equal-looking values came first. Null is lowest; NaN is one value, the greatest; -0.0 is below 0.0; strings by their
// UTF-8 bytes; false below true; enums by their number; arrays and pairs lexicographically.
template <class T>
constexpr std::strong_ordering total_order(const T& a, const T& b) noexcept;

namespace detail {

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_array = false;
template <class T, std::size_t N> inline constexpr bool is_array<std::array<T, N>> = true;

// Maps a double to an integer of the same order. NaNs of every sign and payload become the greatest.
constexpr std::int64_t ordered_bits(double x) noexcept {
    if (x != x) return INT64_MAX;
    const auto bits = std::bit_cast<std::int64_t>(x);
    return bits ^ static_cast<std::int64_t>(static_cast<std::uint64_t>(bits >> 63) >> 1);
}

} // namespace detail

template <class T>
constexpr std::strong_ordering total_order(const T& a, const T& b) noexcept {
    if constexpr (detail::is_optional<T>) {
        if (!a || !b) return a.has_value() <=> b.has_value();
        return total_order(*a, *b);
    } else if constexpr (std::is_floating_point_v<T>) {
        return detail::ordered_bits(static_cast<double>(a)) <=> detail::ordered_bits(static_cast<double>(b));
    } else if constexpr (std::is_enum_v<T>) {
        return static_cast<std::underlying_type_t<T>>(a) <=> static_cast<std::underlying_type_t<T>>(b);
    } else if constexpr (detail::is_array<T>) {
        for (std::size_t i = 0; i < a.size(); ++i)
            if (const auto order = total_order(a[i], b[i]); order != 0) return order;
        return std::strong_ordering::equal;
    } else if constexpr (detail::is_pair<T>) {
        const auto order = total_order(a.first, b.first);
        return order != 0 ? order : total_order(a.second, b.second);
    } else if constexpr (std::same_as<T, std::string>) {
        const int order = a.compare(b);
        return order <=> 0;
    } else {
        return a <=> b;
    }
}

template <class T>
constexpr bool total_less(const T& a, const T& b) noexcept {
    return total_order(a, b) < 0;
}

template <class T>
constexpr bool total_equal(const T& a, const T& b) noexcept {
    return total_order(a, b) == 0;
}

// Equality for distinct, mode and keys: as SQL groups, NaN equals NaN and -0.0 equals 0.0. Replacing a value by its
// canonical one first makes this the total order's equality.
template <class T>
constexpr T canonical(T value) noexcept {
    if constexpr (std::is_floating_point_v<T>) {
        if (value != value) return std::bit_cast<double>(std::uint64_t{0x7ff8000000000000});
        return value == T{0} ? T{0} : value;
    } else if constexpr (detail::is_optional<T>) {
        if (value) *value = canonical(std::move(*value));
        return value;
    } else if constexpr (detail::is_array<T>) {
        for (auto& element : value) element = canonical(std::move(element));
        return value;
    } else if constexpr (detail::is_pair<T>) {
        return {canonical(std::move(value.first)), canonical(std::move(value.second))};
    } else {
        return value;
    }
}

} // namespace onefold
