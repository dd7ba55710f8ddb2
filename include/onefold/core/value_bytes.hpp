#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "onefold/core/bytes.hpp"
#include "onefold/core/total_order.hpp"

namespace onefold::detail {

template <class T>
concept has_micros = requires(const T& value) {
    { value.micros } -> std::convertible_to<std::int64_t>;
};

// The fewest bytes that save_value writes for a T: what ByteReader::get_count needs to refuse a count that the input
// could not fill.
template <class T>
constexpr std::size_t least_value_bytes() noexcept {
    if constexpr (is_optional<T> || std::is_same_v<T, bool>) return 1;
    else if constexpr (is_array<T>) return std::tuple_size_v<T> * least_value_bytes<typename T::value_type>();
    else if constexpr (is_pair<T>)
        return least_value_bytes<typename T::first_type>() + least_value_bytes<typename T::second_type>();
    else if constexpr (std::is_same_v<T, std::string> || has_micros<T>) return 8;
    else return sizeof(T);
}

// The saved form of one value: numbers and enums little-endian in their own width, Time and Duration as microseconds,
// a string as its 64-bit length and its bytes, an optional as one byte and then the value, an array or a pair as its
// elements.
template <class T>
void save_value(ByteWriter& writer, const T& value) {
    if constexpr (is_optional<T>) {
        writer.put(value.has_value());
        if (value) save_value(writer, *value);
    } else if constexpr (is_array<T>) {
        for (const auto& element : value) save_value(writer, element);
    } else if constexpr (is_pair<T>) {
        save_value(writer, value.first);
        save_value(writer, value.second);
    } else if constexpr (has_micros<T>) {
        writer.put(static_cast<std::int64_t>(value.micros));
    } else if constexpr (std::is_same_v<T, std::string>) {
        writer.put(std::string_view(value));
    } else {
        static_assert(
            std::is_integral_v<T> || std::is_enum_v<T> || std::is_same_v<T, double> || std::is_same_v<T, float>,
            "onefold: a saved value is a number, bool, enum, Time, Duration, std::string, or an optional, array "
            "or pair of these");
        writer.put(value);
    }
}

// Reads what save_value wrote, bit for bit. A byte that is neither 0 nor 1 where a bool stands fails the reader, so
// that every accepted input is the one saved form of its value. After a failure the value is a default one.
template <class T>
T load_value(ByteReader& reader) {
    if constexpr (is_optional<T>) {
        if (!load_value<bool>(reader)) return T{};
        return T{load_value<typename T::value_type>(reader)};
    } else if constexpr (is_array<T>) {
        T value{};
        for (auto& element : value) element = load_value<typename T::value_type>(reader);
        return value;
    } else if constexpr (is_pair<T>) {
        T value{};
        value.first = load_value<typename T::first_type>(reader);
        value.second = load_value<typename T::second_type>(reader);
        return value;
    } else if constexpr (has_micros<T>) {
        T value{};
        value.micros = reader.get<std::int64_t>();
        return value;
    } else if constexpr (std::is_same_v<T, bool>) {
        const auto byte = reader.get<unsigned char>();
        if (byte > 1) reader.fail();
        return byte == 1;
    } else {
        return reader.get<T>();
    }
}

// Whether canonical() would leave every bit as it is. Containers of canonical values refuse to load any other.
template <class T>
constexpr bool is_canonical(const T& value) noexcept {
    if constexpr (is_optional<T>) {
        return !value || is_canonical(*value);
    } else if constexpr (is_array<T>) {
        for (const auto& element : value)
            if (!is_canonical(element)) return false;
        return true;
    } else if constexpr (is_pair<T>) {
        return is_canonical(value.first) && is_canonical(value.second);
    } else if constexpr (std::is_same_v<T, double>) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        return value == value ? bits != std::uint64_t{1} << 63 : bits == 0x7ff8000000000000;
    } else if constexpr (std::is_same_v<T, float>) {
        const auto bits = std::bit_cast<std::uint32_t>(value);
        return value == value ? bits != std::uint32_t{1} << 31 : bits == 0x7fc00000;
    } else {
        return true;
    }
}

} // namespace onefold::detail
