#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "onefold/core/total_order.hpp"

namespace onefold {

// The fixed hash that decides a key's group, and so its shard. It is part of the format of saved state and never
// changes: seed 0 gives the documented value on every machine; tables pass a random seed against crafted keys.
//   integer, bool, enum, Time   mix(seed ^ two's complement, 64 bit)
//   floating point              as the 64 bits of its canonical double (one NaN, no -0.0)
//   string                      fold of 8-byte little-endian words, zero-padded tail, then the length
//   optional                    null is mix(seed ^ 0x9e3779b97f4a7c15); a value is hashed as itself
//   array, composite key        each part seeds the next
// mix is the finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed) noexcept {
    auto h = seed;
    std::size_t i = 0;
    for (; i < text.size(); i += 8) {
        std::uint64_t word = 0;
        for (std::size_t b = 0; b < 8 && i + b < text.size(); ++b)
            word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i + b])) << (8 * b);
        h = mix(h ^ word);
    }
    return mix(h ^ text.size());
}

template <class T>
constexpr std::uint64_t hash_value(const T& value, std::uint64_t seed = 0) noexcept {
    if constexpr (detail::is_optional<T>) {
        return value ? hash_value(*value, seed) : mix(seed ^ 0x9e3779b97f4a7c15);
    } else if constexpr (detail::is_array<T>) {
        auto h = seed;
        for (const auto& element : value) h = hash_value(element, h);
        return h;
    } else if constexpr (std::is_floating_point_v<T>) {
        return mix(seed ^ std::bit_cast<std::uint64_t>(static_cast<double>(canonical(value))));
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        return hash_text(value, seed);
    } else if constexpr (requires { value.micros; }) {
        return mix(seed ^ static_cast<std::uint64_t>(value.micros));
    } else {
        return mix(seed ^ static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
    }
}

} // namespace onefold
