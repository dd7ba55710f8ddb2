#pragma once

#include <cstddef>
#include <cstdint>

#include "onefold/aggregate/counted_block.hpp"
#include "onefold/core/hash.hpp"
#include "onefold/core/total_order.hpp"

namespace onefold::detail {

// Open addressing on a CountedBlock: linear probing, where a count of zero marks a free slot, and deletion moves the
// rest of the cluster back (Knuth, The Art of Computer Programming 3, section 6.4, algorithm R), so that a window that
// fills and drains for ever leaves no tombstones. Up to 7 slots the block is flat instead: dense and searched from the
// front, because a scan of so few costs less than a hash.
//
// The high half of the hash scales to the home slot, so any capacity will do and slots stay in order of hash. The seed
// is the block's own address unless the caller shares one: crafted values cannot know it, and a table that is
// filled from another one's slots does not receive them in its own order, which would make one long cluster.
template <class T>
struct CountedTable {
    using Block = CountedBlock<T>;
    static constexpr std::size_t absent = SIZE_MAX;
    static constexpr std::size_t most_flat = 7;

    static bool hashed(const Block& block) noexcept { return block.capacity() > most_flat; }
    static std::size_t slots(const Block& block) noexcept { return hashed(block) ? block.capacity() : block.size; }
    static bool used(const Block& block, std::size_t i) noexcept { return block.count(i) != 0; }
    static std::uint64_t seed_of(const Block& block, std::uint64_t shared) noexcept {
        return shared ? shared : mix(static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&block)));
    }
    // What the other functions take as the value's hash; the flat form needs none.
    static std::uint64_t hash_of(const Block& block, const T& value, std::uint64_t shared_seed) noexcept {
        return hashed(block) ? hash_value(value, seed_of(block, shared_seed)) : 0;
    }
    // The steps of the flat form fill what allocators give for an 8-byte value.
    static std::size_t capacity_for(std::size_t n) noexcept {
        return n <= 1 ? 1 : n <= 3 ? 3 : n <= most_flat ? most_flat : 2 * n;
    }
    static bool full(const Block& block) noexcept {
        return hashed(block) ? (std::size_t{block.size} + 1) * 4 > block.capacity() * 3
                             : block.size == block.capacity();
    }
    static bool sparse(const Block& block) noexcept {
        return block.capacity() > 3 && std::size_t{block.size} * 4 <= block.capacity();
    }

    static std::size_t find(const Block& block, const T& value, std::uint64_t hash) noexcept {
        if (!hashed(block)) {
            for (std::size_t i = 0; i < block.size; ++i)
                if (total_equal(block.values()[i], value)) return i;
            return absent;
        }
        const auto capacity = block.capacity();
        auto i = home(hash, capacity);
        return block.with_counts([&](auto counts) {
            for (; counts[i] != 0; i = i + 1 == capacity ? 0 : i + 1)
                if (total_equal(block.values()[i], value)) return i;
            return absent;
        });
    }

    // Precondition: the value is absent, the block is not full, the count fits.
    static void insert(Block& block, T&& value, std::uint64_t count, std::uint64_t hash) noexcept {
        std::size_t i = block.size;
        if (hashed(block)) {
            const auto capacity = block.capacity();
            i = home(hash, capacity);
            while (used(block, i)) i = i + 1 == capacity ? 0 : i + 1;
        }
        ::new (static_cast<void*>(block.values() + i)) T(std::move(value));
        block.set_count(i, count);
        ++block.size;
    }

    static void erase(Block& block, std::size_t hole, std::uint64_t shared_seed) noexcept {
        auto* values = block.values();
        values[hole].~T();
        --block.size;
        if (!hashed(block)) {
            if (hole != block.size) move_slot(block, hole, block.size);
            block.set_count(block.size, 0);
            return;
        }
        const auto capacity = block.capacity();
        const auto seed = seed_of(block, shared_seed);
        for (auto i = hole;;) {
            i = i + 1 == capacity ? 0 : i + 1;
            if (!used(block, i)) break;
            // A value may fill the hole unless its home lies after the hole, on the way round to where it is.
            const auto from = home(hash_value(values[i], seed), capacity);
            const bool stays = hole < i ? (hole < from && from <= i) : (hole < from || from <= i);
            if (stays) continue;
            move_slot(block, hole, i);
            hole = i;
        }
        block.set_count(hole, 0);
    }

    // Moves everything from `from` into `to`, which has room, is wide enough and holds none of it; `from` is left for
    // release.
    static void pour(Block& to, Block& from, std::uint64_t shared_seed) noexcept {
        for (std::size_t i = 0, n = slots(from); i < n; ++i)
            if (const auto count = from.count(i)) {
                auto& value = from.values()[i];
                const auto hash = hash_of(to, value, shared_seed);
                insert(to, std::move(value), count, hash);
                value.~T();
            }
    }

    // Replaces the block by one of another shape. With no memory it is left as it is, and the answer is false.
    static bool try_rebuild(Block*& block, std::size_t capacity, std::uint32_t width,
                            std::uint64_t shared_seed) noexcept {
        auto* fresh = Block::try_make(capacity, width);
        if (!fresh) return false;
        if (block) {
            pour(*fresh, *block, shared_seed);
            Block::release(block);
        }
        block = fresh;
        return true;
    }

    static std::uint32_t width_needed(const Block& block) noexcept {
        return block.with_counts([&](auto counts) {
            std::uint64_t greatest = 0;
            for (std::size_t i = 0, n = slots(block); i < n; ++i)
                if (counts[i] > greatest) greatest = counts[i];
            return count_width(greatest);
        });
    }

    static void destroy(Block* block) noexcept {
        if (!block) return;
        if constexpr (!std::is_trivially_destructible_v<T>)
            for (std::size_t i = 0, n = slots(*block); i < n; ++i)
                if (used(*block, i)) block->values()[i].~T();
        Block::release(block);
    }

    // Slot by slot, so the two must share a seed unless they are flat. May throw what copying a T throws.
    static Block* copy(const Block* block) {
        if (!block) return nullptr;
        auto* fresh = Block::make(block->capacity(), block->width());
        try {
            for (std::size_t i = 0, n = slots(*block); i < n; ++i)
                if (const auto count = block->count(i)) {
                    ::new (static_cast<void*>(fresh->values() + i)) T(block->values()[i]);
                    fresh->set_count(i, count);
                    ++fresh->size;
                }
        } catch (...) {
            destroy(fresh);
            throw;
        }
        return fresh;
    }

private:
    static std::size_t home(std::uint64_t hash, std::size_t capacity) noexcept {
        return static_cast<std::size_t>(((hash >> 32) * capacity) >> 32);
    }
    static void move_slot(Block& block, std::size_t to, std::size_t from) noexcept {
        relocate(block.values() + to, block.values() + from, 1);
        block.set_count(to, block.count(from));
    }
};

} // namespace onefold::detail
