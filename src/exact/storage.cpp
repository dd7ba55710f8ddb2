#include "onefold/aggregate/exact_storage.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace onefold::detail {

// Followed in the same allocation by `size` limbs.
struct WideBlock {
    NonFinite counts;
    int low;
    int size;

    std::uint64_t* limbs() noexcept { return reinterpret_cast<std::uint64_t*>(this + 1); }
    int high() const noexcept { return low + size; }

    static WideBlock* create(int low, int size) {
        void* memory = ::operator new(sizeof(WideBlock) + sizeof(std::uint64_t) * static_cast<std::size_t>(size));
        return new (memory) WideBlock{{}, low, size};
    }
};

namespace {

// An addition could carry out of this highest limb.
bool is_full(std::uint64_t highest) noexcept { return ((highest ^ (highest << 1)) >> 63) != 0; }

std::uint64_t sign_limb(std::uint64_t highest) noexcept { return std::uint64_t{0} - (highest >> 63); }

// Without the limbs that say nothing: zeros at the bottom, copies of the sign at the top. Zero has no limbs.
LimbView trimmed(LimbView value) noexcept {
    while (value.size > 0 && value.limb[0] == 0) {
        ++value.limb;
        ++value.low;
        --value.size;
    }
    while (value.size > 1 && value.limb[value.size - 1] == sign_limb(value.limb[value.size - 2])) --value.size;
    if (value.size == 0) value.low = 0;
    return value;
}

std::uint64_t limb_at(const LimbView& value, int index) noexcept {
    if (value.size == 0 || index < value.low) return 0;
    if (index >= value.low + value.size) return sign_limb(value.limb[value.size - 1]);
    return value.limb[index - value.low];
}

} // namespace

template <int N>
WideBlock* ExactStorage<N>::block() const noexcept {
    return reinterpret_cast<WideBlock*>(static_cast<std::uintptr_t>(limb[0]));
}

template <int N>
void ExactStorage<N>::set_block(WideBlock* block) noexcept {
    clear_limbs();
    limb[0] = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(block));
    limb[N - 1] = wide_mark;
}

template <int N>
void ExactStorage<N>::release() noexcept {
    ::operator delete(block());
}

template <int N>
LimbView ExactStorage<N>::view() const noexcept {
    if (is_wide()) return trimmed({block()->limbs(), block()->low, block()->size});
    return trimmed({limb, first, N});
}

template <int N>
NonFinite ExactStorage<N>::non_finite() const noexcept {
    return is_wide() ? block()->counts : NonFinite{};
}

template <int N>
void ExactStorage<N>::copy_wide(const ExactStorage& other) {
    const auto value = other.view();
    auto* copy = WideBlock::create(value.low, value.size);
    copy->counts = other.block()->counts;
    std::copy_n(value.limb, value.size, copy->limbs());
    set_block(copy);
}

// Makes *this wide, with limbs [low, high) at least (none when high <= low) and room for the carry of one addition.
template <int N>
WideBlock& ExactStorage<N>::widen(int low, int high) {
    high = std::min(high, capacity);
    const bool was_wide = is_wide();
    LimbView value = was_wide ? LimbView{block()->limbs(), block()->low, block()->size} : view();
    if (value.size > 0) {
        const int room = is_full(value.limb[value.size - 1]) ? 1 : 0;
        low = std::min(low, value.low);
        high = std::max(high, std::min(value.low + value.size + room, capacity));
    }
    high = std::max(high, low);
    if (was_wide && low == value.low && high == value.low + value.size) return *block();
    auto* wider = WideBlock::create(low, high - low);
    for (int i = low; i < high; ++i) wider->limbs()[i - low] = limb_at(value, i);
    if (was_wide) {
        wider->counts = block()->counts;
        release();
    }
    set_block(wider);
    return *wider;
}

template <int N>
void ExactStorage<N>::add_limbs(const LimbView& other, bool negative) {
    if (other.size == 0) return;
    auto& wide = widen(other.low, other.low + other.size + 1);
    // x - y is x + ~y + 1, with y extended by its sign to the highest limb of x. Below other.low, ~y + 1 is zero.
    const std::uint64_t flip = negative ? ~std::uint64_t{0} : 0;
    const std::uint64_t extension = sign_limb(other.limb[other.size - 1]) ^ flip;
    std::uint64_t carry = negative ? 1 : 0;
    auto* target = wide.limbs() + (other.low - wide.low);
    const int length = wide.high() - other.low;
    for (int i = 0; i < length; ++i) {
        if (i >= other.size && extension == std::uint64_t{0} - carry) break;
        const std::uint64_t term = i < other.size ? other.limb[i] ^ flip : extension;
        const UInt128 sum = static_cast<UInt128>(target[i]) + term + carry;
        target[i] = low_limb(sum);
        carry = high_limb(sum);
    }
}

// The same when the block already covers the number and its carry, and stays wide: the common case for a column whose
// values are all finer than the inline grid.
template <int N>
bool ExactStorage<N>::add_in_place(const std::uint64_t (&parts)[3], int position, bool negative) noexcept {
    auto& wide = *block();
    const int offset = position - wide.low;
    const int used = parts[2] != 0 ? 3 : 2;
    if (offset < 0 || offset + used >= wide.size || is_full(wide.limbs()[wide.size - 1])) return false;
    auto* target = wide.limbs() + offset;
    std::uint64_t carry = 0;
    for (int i = 0; i < used; ++i) {
        const UInt128 held = target[i];
        const UInt128 sum = negative ? held - parts[i] - carry : held + parts[i] + carry;
        target[i] = low_limb(sum);
        carry = high_limb(sum) & 1;
    }
    for (int i = used; carry != 0 && offset + i < wide.size; ++i) {
        const std::uint64_t held = target[i];
        target[i] = negative ? held - 1 : held + 1;
        carry = held == (negative ? 0 : ~std::uint64_t{0}) ? 1 : 0;
    }
    shrink();
    return true;
}

template <int N>
void ExactStorage<N>::add_natural(const std::uint64_t (&parts)[3], int position, bool negative) {
    if (is_wide() && add_in_place(parts, position, negative)) return;
    // One zero limb on top keeps the number from being read as a negative one.
    const std::uint64_t number[4] = {parts[0], parts[1], parts[2], 0};
    const auto value = trimmed({number, position, std::min(4, capacity - position)});
    // Numbers just outside what the fast path tests for may still be on the inline grid: 2^-20, say.
    if (ExactStorage term; !is_wide() && term.assign_inline(value))
        if (negative ? combine<true>(term) : combine<false>(term)) return;
    add_limbs(value, negative);
    shrink();
}

template <int N>
void ExactStorage<N>::add_non_finite(std::int64_t nan, std::int64_t positive, std::int64_t negative) {
    auto& counts = widen(capacity, 0).counts;
    counts.nan += static_cast<std::uint64_t>(nan);
    counts.positive_infinity += static_cast<std::uint64_t>(positive);
    counts.negative_infinity += static_cast<std::uint64_t>(negative);
    shrink();
}

template <int N>
void ExactStorage<N>::combine_wide(const ExactStorage& other, bool negative) {
    if (this == &other) {
        const ExactStorage copy(other);
        combine_wide(copy, negative);
        return;
    }
    const auto theirs = other.non_finite();
    add_limbs(other.view(), negative);
    if (theirs.any()) {
        auto& counts = widen(capacity, 0).counts;
        const std::uint64_t sign = negative ? ~std::uint64_t{0} : 1;
        counts.nan += sign * theirs.nan;
        counts.positive_infinity += sign * theirs.positive_infinity;
        counts.negative_infinity += sign * theirs.negative_infinity;
    }
    shrink();
}

template <int N>
bool ExactStorage<N>::assign_inline(const LimbView& value) noexcept {
    if (value.size > 0 && (value.low < first || value.low + value.size > first + N)) return false;
    if (!holds(limb_at(value, first + N - 1))) return false;
    std::uint64_t result[N];
    for (int i = 0; i < N; ++i) result[i] = limb_at(value, first + i);
    std::copy_n(result, N, limb);
    return true;
}

// Back to the inline form when the value fits, so that a number that left a window leaves no cost behind either.
template <int N>
void ExactStorage<N>::shrink() noexcept {
    if (!is_wide()) return;
    auto* wide = block();
    if (wide->counts.any() || (wide->low < first && wide->size > 0 && wide->limbs()[0] != 0)) return;
    if (assign_inline(view())) ::operator delete(wide);
}

template <int N>
bool ExactStorage<N>::operator==(const ExactStorage& other) const noexcept {
    const auto a = view();
    const auto b = other.view();
    return a.low == b.low && a.size == b.size && std::equal(a.limb, a.limb + a.size, b.limb) &&
           non_finite() == other.non_finite();
}

template <int N>
void ExactStorage<N>::save(ByteWriter& writer) const {
    const auto value = view();
    const auto counts = non_finite();
    writer.put(static_cast<std::uint8_t>(value.size));
    writer.put(static_cast<std::uint8_t>(value.low));
    writer.put(static_cast<std::uint8_t>(counts.any() ? 1 : 0));
    for (int i = 0; i < value.size; ++i) writer.put(value.limb[i]);
    if (!counts.any()) return;
    writer.put(counts.nan);
    writer.put(counts.positive_infinity);
    writer.put(counts.negative_infinity);
}

template <int N>
ExactStorage<N> ExactStorage<N>::load(ByteReader& reader) {
    std::uint64_t limbs[capacity] = {};
    const int size = reader.get<std::uint8_t>();
    const int low = reader.get<std::uint8_t>();
    const auto flag = reader.get<std::uint8_t>();
    if (low + size > capacity || flag > 1) {
        reader.fail();
        return {};
    }
    for (int i = 0; i < size; ++i) limbs[i] = reader.get<std::uint64_t>();
    NonFinite counts;
    if (flag == 1) {
        counts.nan = reader.get<std::uint64_t>();
        counts.positive_infinity = reader.get<std::uint64_t>();
        counts.negative_infinity = reader.get<std::uint64_t>();
    }
    // Only the canonical form is read, or two files with one meaning could differ.
    const auto value = trimmed({limbs, low, size});
    if (!reader.ok() || value.size != size || value.low != low || counts.any() != (flag == 1)) {
        reader.fail();
        return {};
    }
    ExactStorage result;
    if (counts.any() || !result.assign_inline(value)) {
        auto* wide = WideBlock::create(low, size);
        wide->counts = counts;
        std::copy_n(limbs, size, wide->limbs());
        result.set_block(wide);
    }
    return result;
}

template class ExactStorage<2>;
template class ExactStorage<4>;

} // namespace onefold::detail
