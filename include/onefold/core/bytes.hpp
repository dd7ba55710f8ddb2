#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace onefold {

// Signed numbers near zero as unsigned ones near zero, for put_varint: 0, -1, 1, -2 become 0, 1, 2, 3.
constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t bits) noexcept {
    return static_cast<std::int64_t>((bits >> 1) ^ (0 - (bits & 1)));
}

// Writes the canonical form of state: little-endian, no padding, the same bytes for the same value on every machine.
class ByteWriter {
public:
    template <class T>
        requires(std::is_integral_v<T> || std::is_enum_v<T>)
    void put(T value) {
        using Bits = std::make_unsigned_t<std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>>;
        const auto bits = static_cast<Bits>(value);
        for (std::size_t i = 0; i < sizeof(Bits); ++i) bytes_.push_back(static_cast<char>((bits >> (8 * i)) & 0xff));
    }
    void put(double value) { put(std::bit_cast<std::uint64_t>(value)); }
    void put(float value) { put(std::bit_cast<std::uint32_t>(value)); }
    void put(std::string_view text) {
        put(static_cast<std::uint64_t>(text.size()));
        bytes_.append(text);
    }
    // In as few bytes as it needs, seven bits in each, the lowest first: one below 128, ten at most.
    void put_varint(std::uint64_t value) {
        for (; value >= 128; value >>= 7) bytes_.push_back(static_cast<char>(value | 128));
        bytes_.push_back(static_cast<char>(value));
    }
    // As they are, without their number.
    void put_bytes(std::string_view bytes) { bytes_.append(bytes); }

    std::size_t size() const noexcept { return bytes_.size(); }
    // Takes back everything after the first `size` bytes; the memory stays.
    void truncate(std::size_t size) noexcept { bytes_.resize(size); }
    std::string_view view() const noexcept { return bytes_; }
    std::string take() noexcept { return std::move(bytes_); }

private:
    std::string bytes_;
};

// Reads what ByteWriter wrote. The bytes may come from a damaged file or a stranger: a read past the end yields zeros
// and is remembered, so that a loader checks ok() once, at its end, instead of after every field.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) noexcept : rest_(bytes) {}

    template <class T>
    T get() {
        if constexpr (std::is_same_v<T, double>) return std::bit_cast<double>(get<std::uint64_t>());
        else if constexpr (std::is_same_v<T, float>) return std::bit_cast<float>(get<std::uint32_t>());
        else if constexpr (std::is_same_v<T, std::string>) return std::string(get_text());
        else {
            using Bits = std::make_unsigned_t<std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>>;
            if (rest_.size() < sizeof(Bits)) {
                fail();
                return T{};
            }
            Bits bits = 0;
            for (std::size_t i = 0; i < sizeof(Bits); ++i)
                bits = static_cast<Bits>(
                    bits | static_cast<Bits>(static_cast<Bits>(static_cast<unsigned char>(rest_[i])) << (8 * i)));
            rest_.remove_prefix(sizeof(Bits));
            return static_cast<T>(bits);
        }
    }

    std::string_view get_text() { return get_bytes(get<std::uint64_t>()); }

    // What put_varint wrote; no other spelling of the number is accepted.
    std::uint64_t get_varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = get<unsigned char>();
            value |= static_cast<std::uint64_t>(byte & 127u) << shift;
            if (byte < 128) {
                if ((byte == 0 && shift != 0) || (shift == 63 && byte > 1)) break;
                return value;
            }
        }
        fail();
        return 0;
    }
    std::string_view get_bytes(std::uint64_t size) {
        if (size > rest_.size()) {
            fail();
            return {};
        }
        const auto bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return bytes;
    }

    // A count of items that take at least `least_bytes` each: a damaged count cannot ask for memory that the input
    // could not fill.
    std::uint64_t get_count(std::size_t least_bytes) {
        const auto count = get<std::uint64_t>();
        if (least_bytes != 0 && count > rest_.size() / least_bytes) {
            fail();
            return 0;
        }
        return count;
    }

    void fail() noexcept {
        ok_ = false;
        rest_ = {};
    }
    bool ok() const noexcept { return ok_; }
    bool at_end() const noexcept { return rest_.empty(); }
    std::size_t left() const noexcept { return rest_.size(); }

private:
    std::string_view rest_;
    bool ok_ = true;
};

} // namespace onefold
