#pragma once

#include <cstdint>
#include <optional>

#include "onefold/core/arithmetic.hpp"
#include "onefold/core/bytes.hpp"
#include "onefold/core/wide_integer.hpp"

namespace onefold {

namespace detail {
struct ExactAccess;
}

// The exact sum of a multiset of int64: 16 bytes, a group, O(1), never allocates. 2^63 additions cannot overflow it.
class ExactIntegerSum {
public:
    void add(std::int64_t x) noexcept { set(value() + extended(x)); }
    void subtract(std::int64_t x) noexcept { set(value() - extended(x)); }
    void merge(const ExactIntegerSum& other) noexcept { set(value() + other.value()); }
    void subtract(const ExactIntegerSum& other) noexcept { set(value() - other.value()); }

    // The sum, or null when it is outside int64.
    std::optional<std::int64_t> exact() const noexcept {
        const auto low = static_cast<std::int64_t>(limb_[0]);
        if (limb_[1] != static_cast<std::uint64_t>(low >> 63)) return std::nullopt;
        return low;
    }
    // The exact sum rounded once, to nearest even; +0.0 for zero.
    double rounded() const noexcept { return detail::round_to_normal(static_cast<detail::Int128>(value()), 0); }

    bool operator==(const ExactIntegerSum&) const noexcept = default;

    // Two's complement, 16 bytes.
    void save(ByteWriter& writer) const {
        for (const auto limb : limb_) writer.put(limb);
    }
    static ExactIntegerSum load(ByteReader& reader) {
        ExactIntegerSum sum;
        for (auto& limb : sum.limb_) limb = reader.get<std::uint64_t>();
        return reader.ok() ? sum : ExactIntegerSum{};
    }

private:
    friend struct detail::ExactAccess;

    // Unsigned, so that damaged state wraps instead of being undefined.
    static constexpr detail::UInt128 extended(std::int64_t x) noexcept {
        return static_cast<detail::UInt128>(static_cast<detail::Int128>(x));
    }
    detail::UInt128 value() const noexcept { return detail::join_limbs(limb_[1], limb_[0]); }
    void set(detail::UInt128 sum) noexcept {
        limb_[0] = detail::low_limb(sum);
        limb_[1] = detail::high_limb(sum);
    }

    // Two limbs instead of one __int128: aligned to 8 bytes, not 16.
    std::uint64_t limb_[2] = {};
};

// The exact sum of x * x over a multiset of int64: 24 bytes, a group, O(1), never allocates. 2^63 additions cannot
// overflow its 192 bits.
class ExactIntegerSquares {
public:
    void add(std::int64_t x) noexcept {
        const auto square = squared(x);
        combine(detail::low_limb(square), detail::high_limb(square), 0);
    }
    void subtract(std::int64_t x) noexcept {
        const auto square = squared(x);
        remove(detail::low_limb(square), detail::high_limb(square), 0);
    }
    void merge(const ExactIntegerSquares& other) noexcept { combine(other.limb_[0], other.limb_[1], other.limb_[2]); }
    void subtract(const ExactIntegerSquares& other) noexcept { remove(other.limb_[0], other.limb_[1], other.limb_[2]); }

    // The sum, or null when it is outside int64.
    std::optional<std::int64_t> exact() const noexcept {
        const auto low = static_cast<std::int64_t>(limb_[0]);
        const auto sign = static_cast<std::uint64_t>(low >> 63);
        if (limb_[1] != sign || limb_[2] != sign) return std::nullopt;
        return low;
    }
    // The exact sum rounded once, to nearest even; +0.0 for zero.
    double rounded() const noexcept;

    bool operator==(const ExactIntegerSquares&) const noexcept = default;

    // Two's complement, 24 bytes.
    void save(ByteWriter& writer) const {
        for (const auto limb : limb_) writer.put(limb);
    }
    static ExactIntegerSquares load(ByteReader& reader) {
        ExactIntegerSquares squares;
        for (auto& limb : squares.limb_) limb = reader.get<std::uint64_t>();
        return reader.ok() ? squares : ExactIntegerSquares{};
    }

private:
    friend struct detail::ExactAccess;

    static constexpr detail::UInt128 squared(std::int64_t x) noexcept {
        const auto size = x < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
        return detail::multiply_wide(size, size);
    }
    void combine(std::uint64_t low, std::uint64_t middle, std::uint64_t high) noexcept {
        const auto term = detail::join_limbs(middle, low);
        const auto sum = detail::join_limbs(limb_[1], limb_[0]) + term;
        limb_[2] += high + (sum < term);
        limb_[1] = detail::high_limb(sum);
        limb_[0] = detail::low_limb(sum);
    }
    void remove(std::uint64_t low, std::uint64_t middle, std::uint64_t high) noexcept {
        const auto term = detail::join_limbs(middle, low);
        const auto held = detail::join_limbs(limb_[1], limb_[0]);
        limb_[2] -= high + (held < term);
        limb_[1] = detail::high_limb(held - term);
        limb_[0] = detail::low_limb(held - term);
    }

    std::uint64_t limb_[3] = {};
};

} // namespace onefold
