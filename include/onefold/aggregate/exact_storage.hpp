#pragma once

#include <cstdint>

#include "onefold/core/bytes.hpp"
#include "onefold/core/wide_integer.hpp"

namespace onefold::detail {

// A two's complement integer of 64-bit limbs, lowest first; limb 0 has the weight of limb `low` of its grid.
struct LimbView {
    const std::uint64_t* limb;
    int low;
    int size;
};

// How many NaNs and infinities are in the set. Counted, not summed, so that each can leave again.
struct NonFinite {
    std::uint64_t nan = 0;
    std::uint64_t positive_infinity = 0;
    std::uint64_t negative_infinity = 0;
    bool any() const noexcept { return (nan | positive_infinity | negative_infinity) != 0; }
    bool operator==(const NonFinite&) const = default;
};

struct WideBlock;

// An integer on a fixed grid plus the non-finite counts: what ExactSum (N = 2) and ExactSquares (N = 4) hold.
//
// The grid has `capacity` limbs, which cover every sum of doubles (of squares) with more than 64 bits of headroom:
// limb i weighs 2^(64 i - 544 N). N of them, from `first` on, are held inline; a value outside moves to a heap block
// with just the limbs that it needs, and comes back when it fits again. Both denote the same integer, and nothing but
// `is_wide` can tell them apart.
//
// The highest inline limb stays within [-2^62, 2^62). A wide value keeps -2^63 there: adding a number below 2^61 to
// either leaves that range exactly when the fast path must not be taken, so one comparison checks both.
template <int N>
class ExactStorage {
public:
    static constexpr int first = 8 * N;
    static constexpr int capacity = 17 * N + 1;
    static constexpr std::uint64_t wide_mark = std::uint64_t{1} << 63;

    ExactStorage() noexcept = default;
    ExactStorage(const ExactStorage& other) {
        if (other.is_wide()) copy_wide(other);
        else take_limbs(other);
    }
    ExactStorage(ExactStorage&& other) noexcept {
        take_limbs(other);
        other.clear_limbs();
    }
    ExactStorage& operator=(const ExactStorage& other) {
        if (this != &other) {
            ExactStorage copy(other);
            swap(copy);
        }
        return *this;
    }
    ExactStorage& operator=(ExactStorage&& other) noexcept {
        if (this != &other) {
            if (is_wide()) release();
            take_limbs(other);
            other.clear_limbs();
        }
        return *this;
    }
    ~ExactStorage() {
        if (is_wide()) release();
    }

    bool is_wide() const noexcept { return limb[N - 1] == wide_mark; }
    static constexpr bool holds(std::uint64_t highest) noexcept {
        return static_cast<std::int64_t>(highest + (std::uint64_t{1} << 62)) >= 0;
    }

    // O(limbs). `other` may be *this.
    void merge(const ExactStorage& other) {
        if (is_wide() || other.is_wide() || !combine<false>(other)) combine_wide(other, false);
    }
    void subtract(const ExactStorage& other) {
        if (is_wide() || other.is_wide() || !combine<true>(other)) combine_wide(other, true);
    }
    bool operator==(const ExactStorage& other) const noexcept;

    // Adds (or subtracts) the natural number parts[0..2] * 2^(64 position); the general path behind the inline one.
    void add_natural(const std::uint64_t (&parts)[3], int position, bool negative);
    void add_non_finite(std::int64_t nan, std::int64_t positive_infinity, std::int64_t negative_infinity);

    // Size, lowest limb, flag (one byte each), the limbs without redundant ones, the three counts if the flag is 1.
    void save(ByteWriter& writer) const;
    // Fails the reader, and gives zero, on any bytes that save cannot have written.
    static ExactStorage load(ByteReader& reader);

    LimbView view() const noexcept;
    NonFinite non_finite() const noexcept;

    std::uint64_t limb[N] = {};

private:
    template <bool negative>
    bool combine(const ExactStorage& other) noexcept {
        UInt128 result[N / 2];
        bool carry = false;
        for (int i = 0; i < N / 2; ++i) {
            const UInt128 mine = join_limbs(limb[2 * i + 1], limb[2 * i]);
            const UInt128 theirs = join_limbs(other.limb[2 * i + 1], other.limb[2 * i]);
            const UInt128 sum = negative ? mine - theirs : mine + theirs;
            result[i] = negative ? sum - carry : sum + carry;
            // With two halves at most, no carry enters the one that this leaves.
            carry = negative ? mine < theirs : sum < mine;
        }
        if (!holds(high_limb(result[N / 2 - 1]))) return false;
        for (int i = 0; i < N / 2; ++i) {
            limb[2 * i] = low_limb(result[i]);
            limb[2 * i + 1] = high_limb(result[i]);
        }
        return true;
    }
    void take_limbs(const ExactStorage& other) noexcept {
        for (int i = 0; i < N; ++i) limb[i] = other.limb[i];
    }
    void clear_limbs() noexcept {
        for (int i = 0; i < N; ++i) limb[i] = 0;
    }
    void swap(ExactStorage& other) noexcept {
        for (int i = 0; i < N; ++i) {
            const auto held = limb[i];
            limb[i] = other.limb[i];
            other.limb[i] = held;
        }
    }
    WideBlock* block() const noexcept;
    void set_block(WideBlock* block) noexcept;
    void release() noexcept;
    void copy_wide(const ExactStorage& other);
    void combine_wide(const ExactStorage& other, bool negative);
    WideBlock& widen(int low, int high);
    bool add_in_place(const std::uint64_t (&parts)[3], int position, bool negative) noexcept;
    void add_limbs(const LimbView& other, bool negative);
    bool assign_inline(const LimbView& value) noexcept;
    void shrink() noexcept;
};

extern template class ExactStorage<2>;
extern template class ExactStorage<4>;

// Lets the statistics read the integers behind the public types; defined in src/exact/access.hpp.
struct ExactAccess;

} // namespace onefold::detail
