#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "onefold/core/owned.hpp"

namespace onefold::engine {

// An array that is cheap to insert into far from its end: a tiered vector in one piece of memory. Its blocks of 256
// items are rings, so that an item put into one moves at most that block's items and one item of every block behind it.
// Access is O(1), and as long as nothing was inserted far from the end it is that of a plain array.
template <class T>
class BlockArray {
    static constexpr std::uint32_t block = 256; // a place in a block wraps around as a std::uint8_t does

public:
    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(items_.size()); }
    std::size_t capacity() const noexcept { return items_.capacity(); }
    const T& operator[](std::uint32_t i) const noexcept { return items_[place(i)]; }

    void push_back(T&& item) { items_.push_back(std::move(item)); }

    // Everything from `position` on stands one further. O(block + items behind / block).
    void insert(std::uint32_t position, T&& item) {
        const auto last = size() / block;
        auto b = position / block;
        // The last block is not full and no ring; near it a plain array's way is the shortest.
        if (b == last || (b >= rings_ && last - b == 1)) {
            items_.insert(items_.begin() + position, std::move(item));
            return;
        }
        make_rings(last);
        auto* ring = items_.data() + std::size_t{b} * block;
        auto carried = std::move(ring[static_cast<std::uint8_t>(starts_[b] + block - 1)]);
        make_gap(ring, starts_[b], position % block);
        ring[static_cast<std::uint8_t>(starts_[b] + position)] = std::move(item);
        for (++b; b < last; ++b) std::swap(items_[std::size_t{b} * block + --starts_[b]], carried);
        items_.insert(items_.begin() + last * std::ptrdiff_t{block}, std::move(carried));
    }

    // Everything behind `position` stands one nearer. As dear as putting it there.
    void erase(std::uint32_t position) {
        auto b = position / block;
        if (b >= rings_) {
            items_.erase(items_.begin() + position);
            return;
        }
        for (auto i = position; i % block != block - 1; ++i) items_[place(i)] = std::move(items_[place(i + 1)]);
        // Each ring gives its first item to the one before, and its place is the ring's last then.
        for (; b + 1 < rings_; ++b) {
            items_[place(b * block + block - 1)] = std::move(items_[place((b + 1) * block)]);
            ++starts_[b + 1];
        }
        const auto rest = rings_ * block;
        if (size() > rest) {
            items_[place(rest - 1)] = std::move(items_[rest]);
            items_.erase(items_.begin() + rest);
            return;
        }
        // Nothing is behind the last ring, which is not full any more and so none.
        const auto ring = items_.begin() + b * std::ptrdiff_t{block};
        std::rotate(ring, ring + starts_[b], ring + block);
        starts_[b] = 0;
        --rings_;
        items_.pop_back();
    }

    // O(size): who drops much at a time pays a constant for each item.
    void drop_front(std::uint32_t count) {
        for (std::uint32_t b = 0; b < rings_; ++b) {
            const auto ring = items_.begin() + b * std::ptrdiff_t{block};
            std::rotate(ring, ring + starts_[b], ring + block);
        }
        rings_ = 0;
        starts_.reset();
        items_.erase(items_.begin(), items_.begin() + count);
    }

private:
    std::size_t place(std::uint32_t i) const noexcept {
        const auto b = i / block;
        if (b >= rings_) return i;
        return std::size_t{b} * block + static_cast<std::uint8_t>(starts_[b] + i);
    }

    // The first `count` blocks, all of them full.
    void make_rings(std::uint32_t count) {
        if (count <= rings_) return;
        if (!starts_ || count > room_) {
            room_ = static_cast<std::uint32_t>(items_.capacity() / block + 1);
            detail::Owned<std::uint8_t[]> starts;
            starts.make(room_);
            std::copy_n(starts_.get(), rings_, starts.get());
            starts_ = std::move(starts);
        }
        rings_ = count;
    }

    // Moves a ring's items from the one at `from` on up by one, over the last.
    static void make_gap(T* ring, std::uint32_t start, std::uint32_t from) {
        const auto wrap = block - start; // the item that stands at the array's first place; of an unrotated ring none
        if (from >= wrap) {
            std::move_backward(ring + (from - wrap), ring + (start - 1), ring + start);
            return;
        }
        if (start != 0) {
            std::move_backward(ring, ring + (start - 1), ring + start);
            ring[0] = std::move(ring[block - 1]);
        }
        std::move_backward(ring + start + from, ring + block - 1, ring + block);
    }

    std::vector<T> items_;
    // Where each ring begins; blocks from `rings_` on are none.
    detail::Owned<std::uint8_t[]> starts_;
    std::uint32_t rings_ = 0, room_ = 0;
};

} // namespace onefold::engine
