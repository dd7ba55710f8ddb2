#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "onefold/core/bytes.hpp"
#include "onefold/core/time.hpp"
#include "onefold/core/value_bytes.hpp"

// What the tests of the counted containers share: values to draw, the slow twin, and the checks of saved bytes.
namespace multiset_twin {

// The engine's own result type is wider than its 32 bits.
class Random {
public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

private:
    std::mt19937 engine_;
};

enum class Color : std::int16_t { red = -3, green = 0, blue = 700 };

// The order, written again: the library's own must not decide what is right.
struct Less {
    template <class T>
    bool operator()(const T& a, const T& b) const {
        if constexpr (std::is_floating_point_v<T>) return std::isnan(b) ? !std::isnan(a) : !std::isnan(a) && a < b;
        else if constexpr (requires { a.micros; }) return a.micros < b.micros;
        else return a < b;
    }
};
template <class E, std::size_t N>
bool array_less(const std::array<E, N>& a, const std::array<E, N>& b) {
    for (std::size_t i = 0; i < N; ++i) {
        if (Less{}(a[i], b[i])) return true;
        if (Less{}(b[i], a[i])) return false;
    }
    return false;
}
template <class T>
struct OrderOf : Less {};
template <class E, std::size_t N>
struct OrderOf<std::array<E, N>> {
    bool operator()(const std::array<E, N>& a, const std::array<E, N>& b) const { return array_less(a, b); }
};

template <class T>
using Twin = std::map<T, std::uint64_t, OrderOf<T>>;

template <class T>
bool same(const T& a, const T& b) {
    return !OrderOf<T>{}(a, b) && !OrderOf<T>{}(b, a);
}

// The n-th value of a kind: all differ, their order is not that of n, and strings share prefixes on both sides of the
// length that std::string keeps without heap.
template <class T>
T nth(std::uint32_t n) {
    if constexpr (std::is_same_v<T, bool>) return n % 2 == 1;
    else if constexpr (std::is_same_v<T, Color>) return std::array{Color::red, Color::green, Color::blue}[n % 3];
    else if constexpr (std::is_same_v<T, std::string>) {
        const auto digits = std::to_string(n * 2654435761u);
        return n % 5 == 0 ? "a rather long common prefix " + digits : n == 1 ? std::string() : digits + '\0' + "z";
    } else if constexpr (std::is_same_v<T, onefold::Time>) return {static_cast<std::int32_t>(n * 2654435761u)};
    else if constexpr (std::is_floating_point_v<T>) {
        constexpr auto infinity = std::numeric_limits<T>::infinity();
        const std::array special{
            std::numeric_limits<T>::quiet_NaN(), infinity, -infinity, T{0}, std::numeric_limits<T>::max(),
            std::numeric_limits<T>::denorm_min()};
        if (n < special.size()) return special[n];
        return static_cast<T>(static_cast<std::int32_t>(n * 2654435761u)) / T{8};
    } else if constexpr (requires { typename T::value_type; }) {
        T value{};
        for (std::size_t i = 0; i < value.size(); ++i)
            value[i] = nth<typename T::value_type>(i + 1 < value.size() ? n % 3 : n);
        return value;
    } else return static_cast<T>(static_cast<std::int32_t>(n * 2654435761u));
}

template <class T>
void twin_subtract(Twin<T>& twin, const T& value, std::uint64_t times = 1) {
    const auto at = twin.find(value);
    if ((at->second -= times) == 0) twin.erase(at);
}

// The saved form, written again from its description.
template <class T>
std::string twin_bytes(const Twin<T>& twin) {
    onefold::ByteWriter writer;
    writer.put(static_cast<std::uint64_t>(twin.size()));
    for (const auto& [value, count] : twin) {
        onefold::detail::save_value(writer, value);
        writer.put(count);
    }
    return writer.take();
}

template <class Container>
std::string bytes_of(const Container& container) {
    onefold::ByteWriter writer;
    container.save(writer);
    return writer.take();
}

// Whether damaged bytes are refused or are themselves what an accepted container saves: nothing in between.
template <class Container>
bool refused_or_exact(const std::string& bytes) {
    onefold::ByteReader reader(bytes);
    const auto loaded = Container::load(reader);
    if (!reader.ok()) return loaded.distinct() == 0;
    const auto saved = bytes_of(loaded);
    return bytes.compare(0, saved.size(), saved) == 0;
}

// Every truncation, and flips of one to three random bits.
template <class Container>
bool survives_damage(const std::string& bytes, Random& random) {
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        onefold::ByteReader reader(std::string_view(bytes).substr(0, n));
        if (Container::load(reader).distinct() != 0 || reader.ok()) return false;
    }
    for (int round = 0; round < 2000; ++round) {
        auto damaged = bytes;
        for (auto flips = 1 + random() % 3; flips > 0; --flips) {
            auto& byte = damaged[random() % damaged.size()];
            byte = static_cast<char>(byte ^ (1 << random() % 8));
        }
        if (!refused_or_exact<Container>(damaged)) return false;
    }
    return true;
}

// Bytes for an integer container that save would never write.
inline std::vector<std::string> forged_integers() {
    const auto form = [](std::uint64_t n, std::initializer_list<std::pair<std::int64_t, std::uint64_t>> entries) {
        onefold::ByteWriter writer;
        writer.put(n);
        for (const auto& [value, count] : entries) {
            writer.put(value);
            writer.put(count);
        }
        return writer.take();
    };
    return {form(2, {{2, 1}, {1, 1}}),           form(2, {{1, 1}, {1, 1}}),       form(1, {{1, 0}}),
            form(2, {{1, UINT64_MAX}, {2, 1}}),  form(UINT64_MAX, {{1, 1}}),      form(2, {{1, 1}}),
            form(UINT64_MAX / 16 + 2, {{1, 1}}), form(std::uint64_t{1} << 60, {})};
}

// Sizes over time: up and down between two levels, or from empty to full and back. Calls add(n) and subtract(n) on
// which of `values` to change, oldest first as a window does.
template <class Add, class Subtract>
void sawtooth(std::uint32_t low, std::uint32_t high, int teeth, Add add, Subtract subtract) {
    std::uint32_t first = 0, last = 0;
    for (int tooth = 0; tooth < teeth; ++tooth) {
        while (last - first < high) add(last++);
        while (last - first > low) subtract(first++);
    }
}

} // namespace multiset_twin
