#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onefold {

// A string literal as a template argument, so that a feature's name is part of a type and a misspelt one is an error.
template <std::size_t N>
struct FixedString {
    char text[N]{};
    constexpr FixedString() = default;
    consteval FixedString(const char (&literal)[N]) {
        for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
    }
    constexpr std::string_view view() const { return {text, N - 1}; }
};

namespace detail {

// The literal of a name of known size; N counts the terminating zero.
template <std::size_t N>
consteval FixedString<N> fixed_string(std::string_view text) {
    FixedString<N> literal;
    for (std::size_t i = 0; i + 1 < N; ++i) literal.text[i] = text[i];
    return literal;
}

// FNV-1a, 64 bit: turns names and constants into the fingerprint of a definition at compile time.
constexpr std::uint64_t fingerprint_of(std::string_view text, std::uint64_t h = 0xcbf29ce484222325) noexcept {
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return h;
}

constexpr std::uint64_t combine_fingerprints(std::uint64_t a, std::uint64_t b) noexcept {
    return (a * 0x9e3779b97f4a7c15 + b) ^ (a >> 29);
}

// The type's name as the compiler spells it. Two compilers spell some types differently, so it identifies a type within
// one program only and is never stored.
template <class T>
consteval std::string_view spelled() {
    return __PRETTY_FUNCTION__;
}

template <class T> inline constexpr std::uint64_t type_fingerprint = fingerprint_of(spelled<T>());

} // namespace detail
} // namespace onefold
