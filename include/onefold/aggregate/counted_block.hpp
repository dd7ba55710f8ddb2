#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace onefold::detail {

// Moves n values to raw storage and ends their life where they were; the ranges may overlap.
template <class T>
void relocate(T* to, T* from, std::size_t n) noexcept {
    if constexpr (std::is_trivially_copyable_v<T>) {
        if (n != 0) std::memmove(static_cast<void*>(to), static_cast<const void*>(from), n * sizeof(T));
    } else if (to < from) {
        for (std::size_t i = 0; i < n; ++i) {
            ::new (static_cast<void*>(to + i)) T(std::move(from[i]));
            from[i].~T();
        }
    } else if (to > from) {
        for (std::size_t i = n; i-- > 0;) {
            ::new (static_cast<void*>(to + i)) T(std::move(from[i]));
            from[i].~T();
        }
    }
}

// The smallest width, as a power of two of bytes, that holds a count.
constexpr std::uint32_t count_width(std::uint64_t count) noexcept {
    return count < 0x100 ? 0 : count < 0x10000 ? 1 : count < 0x100000000 ? 2 : 3;
}

// Counts of one width, seen as an array. They follow the values without padding, hence the copies.
template <class Count>
struct Counts {
    const unsigned char* at;
    std::uint64_t operator[](std::size_t i) const noexcept {
        Count count;
        std::memcpy(&count, at + i * sizeof(Count), sizeof(Count));
        return count;
    }
};

// One allocation: a header of 8 bytes, room for values, then their counts, all counts of the same width: one byte until
// a count passes 255. So a small set costs little more than its values. It is the flat form, a page of the hash
// table and a leaf of the tree; who holds it knows which slots are in use, and destroys what is in them.
template <class T>
struct CountedBlock {
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__ && std::is_nothrow_move_constructible_v<T>);

    std::uint32_t size = 0;
    std::uint32_t shape = 0; // capacity * 4 + width

    // Null when there is no memory. All counts are zero.
    static CountedBlock* try_make(std::size_t capacity, std::uint32_t width) noexcept {
        const auto count_bytes = capacity << width;
        void* raw = ::operator new(values_at + capacity * sizeof(T) + count_bytes, std::nothrow);
        if (!raw) return nullptr;
        auto* block = ::new (raw) CountedBlock;
        block->shape = static_cast<std::uint32_t>(capacity * 4 + width);
        std::memset(block->counts(), 0, count_bytes);
        return block;
    }
    static CountedBlock* make(std::size_t capacity, std::uint32_t width) {
        auto* block = try_make(capacity, width);
        if (!block) throw std::bad_alloc();
        return block;
    }
    static void release(CountedBlock* block) noexcept { ::operator delete(static_cast<void*>(block)); }

    std::size_t capacity() const noexcept { return shape / 4; }
    std::uint32_t width() const noexcept { return shape % 4; }
    bool fits(std::uint64_t count) const noexcept { return count_width(count) <= width(); }

    T* values() noexcept { return reinterpret_cast<T*>(reinterpret_cast<unsigned char*>(this) + values_at); }
    const T* values() const noexcept {
        return reinterpret_cast<const T*>(reinterpret_cast<const unsigned char*>(this) + values_at);
    }

    // Calls use(counts) with the counts as an array of their width, so that a loop over them decides the width once.
    template <class Use>
    auto with_counts(Use use) const noexcept {
        const auto* at = reinterpret_cast<const unsigned char*>(values() + capacity());
        switch (width()) {
        case 0: return use(Counts<std::uint8_t>{at});
        case 1: return use(Counts<std::uint16_t>{at});
        case 2: return use(Counts<std::uint32_t>{at});
        default: return use(Counts<std::uint64_t>{at});
        }
    }
    std::uint64_t count(std::size_t i) const noexcept {
        return with_counts([i](auto counts) { return counts[i]; });
    }
    void set_count(std::size_t i, std::uint64_t count) noexcept { // precondition: fits(count)
        auto* at = counts() + (i << width());
        switch (width()) {
        case 0: *at = static_cast<unsigned char>(count); break;
        case 1: put(at, static_cast<std::uint16_t>(count)); break;
        case 2: put(at, static_cast<std::uint32_t>(count)); break;
        default: put(at, count); break;
        }
    }

    // The dense form: the first `size` slots are in use.
    void insert(std::size_t i, T&& value, std::uint64_t count) noexcept { // precondition: room, and fits(count)
        relocate(values() + i + 1, values() + i, size - i);
        ::new (static_cast<void*>(values() + i)) T(std::move(value));
        std::memmove(counts() + ((i + 1) << width()), counts() + (i << width()), (size - i) << width());
        ++size;
        set_count(i, count);
    }
    void remove(std::size_t i) noexcept {
        values()[i].~T();
        --size;
        relocate(values() + i, values() + i + 1, size - i);
        std::memmove(counts() + (i << width()), counts() + ((i + 1) << width()), (size - i) << width());
    }
    // Moves what `from` holds in [first, last) to slots [i, ...) of this, which are free and wide enough. Neither size
    // changes.
    void take(std::size_t i, CountedBlock& from, std::size_t first, std::size_t last) noexcept {
        relocate(values() + i, from.values() + first, last - first);
        if (from.width() == width())
            std::memcpy(counts() + (i << width()), from.counts() + (first << width()), (last - first) << width());
        else
            for (auto k = first; k < last; ++k) set_count(i + (k - first), from.count(k));
    }
    // Makes room at the front of the dense form for n values.
    void shift(std::size_t n) noexcept {
        relocate(values() + n, values(), size);
        std::memmove(counts() + (n << width()), counts(), static_cast<std::size_t>(size) << width());
    }

private:
    static constexpr std::size_t values_at = (8 + alignof(T) - 1) / alignof(T) * alignof(T);

    template <class Count>
    static void put(unsigned char* at, Count count) noexcept {
        std::memcpy(at, &count, sizeof(Count));
    }
    unsigned char* counts() noexcept { return reinterpret_cast<unsigned char*>(values() + capacity()); }
};

// A visitor may return nothing, or whether to go on.
template <class Visit, class T>
bool visit_entry(Visit& visit, const T& value, std::uint64_t count) {
    if constexpr (std::is_void_v<decltype(visit(value, count))>) {
        visit(value, count);
        return true;
    } else {
        return visit(value, count);
    }
}

} // namespace onefold::detail
