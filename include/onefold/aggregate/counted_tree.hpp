#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

#include "onefold/aggregate/counted_block.hpp"
#include "onefold/core/total_order.hpp"

namespace onefold::detail {

// What an inner node knows of the counts below each child. `raise` and `lower` follow one count that changed;
// `lower` answers whether the summary must be computed again from the child.
struct TotalCount {
    static constexpr std::uint32_t most_per_node = 64;
    static void fold(std::uint64_t& summary, std::uint64_t count) noexcept { summary += count; }
    static void raise(std::uint64_t& summary, std::uint64_t by, std::uint64_t /*now*/) noexcept { summary += by; }
    static bool lower(std::uint64_t& summary, std::uint64_t by, std::uint64_t /*before*/) noexcept {
        summary -= by;
        return false;
    }
};
struct GreatestCount {
    static constexpr std::uint32_t most_per_node = 32; // every read and removal scans whole nodes
    static void fold(std::uint64_t& summary, std::uint64_t count) noexcept {
        if (count > summary) summary = count;
    }
    static void raise(std::uint64_t& summary, std::uint64_t /*by*/, std::uint64_t now) noexcept { fold(summary, now); }
    static bool lower(std::uint64_t& summary, std::uint64_t /*by*/, std::uint64_t before) noexcept {
        return summary == before;
    }
};

// A B+-tree of values with counts in total_order, every child summarised in its parent (Comer: The ubiquitous B-tree,
// ACM Computing Surveys 11, 1979; counted: Knuth, The Art of Computer Programming 3, section 6.2.4). Few values
// are one leaf that grows with them; beyond most_per_node, leaves and inner nodes all have room for that many (large
// values: fewer).
//
// Deletion joins two neighbours of one parent as soon as they fit into 3/4 of a node; otherwise it leaves them. So two
// neighbours always hold at least half a node together, and a join is never undone by the next insertion.
// add, subtract and a search are O(log n); there is no step that grows with n.
template <class T, class Summary>
class CountedTree {
public:
    CountedTree() noexcept = default;
    CountedTree(CountedTree&& other) noexcept { swap(other); }
    CountedTree(const CountedTree& other) : CountedTree() {
        other.for_each([this](const T& value, std::uint64_t count) { add(value, count); });
    }
    CountedTree& operator=(CountedTree other) noexcept {
        swap(other);
        return *this;
    }
    ~CountedTree() {
        if (root_) destroy(root_, height_);
    }

    std::uint64_t total() const noexcept { return total_; }
    std::size_t distinct() const noexcept { return distinct_; }

    // May throw std::bad_alloc or what copying a T throws; the tree then holds what it held.
    void add(const T& value, std::uint64_t times) {
        if (times == 0) return;
        if (!root_) root_ = Leaf::make(1, count_width(times));
        Path path;
        auto* leaf = descend(value, path);
        auto at = lower_bound(leaf->values(), leaf->size, value);
        if (at < leaf->size && total_equal(leaf->values()[at], value)) {
            const auto now = leaf->count(at) + times;
            if (!leaf->fits(now)) leaf = reshape(path, leaf, leaf->capacity(), count_width(now));
            leaf->set_count(at, now);
            raise(path, times, now);
        } else {
            T copy(value);
            if (leaf->size == node_capacity) {
                split_full(path, at == leaf->size);
                leaf = descend(value, path);
                at = lower_bound(leaf->values(), leaf->size, value);
            }
            if (leaf->size == leaf->capacity() || !leaf->fits(times)) {
                const auto wanted = count_width(times) > leaf->width() ? count_width(times) : leaf->width();
                const bool grow = leaf->size == leaf->capacity();
                leaf = reshape(path, leaf, grow ? capacity_for(leaf->size + 1u) : leaf->capacity(), wanted);
            }
            leaf->insert(at, std::move(copy), times);
            raise(path, times, times);
            ++distinct_;
        }
        total_ += times;
    }

    // Precondition: the value occurs at least that often.
    void subtract(const T& value, std::uint64_t times) noexcept {
        if (times == 0) return;
        Path path;
        auto* leaf = root_ ? descend(value, path) : nullptr;
        const auto at = leaf ? lower_bound(leaf->values(), leaf->size, value) : 0;
        const bool found = leaf && at < leaf->size && total_equal(leaf->values()[at], value);
        assert(found && "onefold: subtract of a value that is not in the multiset");
        if (!found) return;
        const auto before = leaf->count(at);
        assert(before >= times && "onefold: subtract of a value more often than it is in the multiset");
        if (times > before) times = before;
        total_ -= times;
        if (times < before) {
            leaf->set_count(at, before - times);
            lower(path, times, before);
            return;
        }
        leaf->remove(at);
        --distinct_;
        lower(path, times, before);
        join_small(path);
        shrink_root();
    }

    void clear() noexcept { *this = CountedTree(); }

    template <class Visit>
    bool for_each(Visit&& visit) const {
        return !root_ || ascend(root_, height_, visit);
    }
    template <class Visit>
    bool for_each_descending(Visit&& visit) const {
        return !root_ || descend_through(root_, height_, visit);
    }

protected:
    using Leaf = CountedBlock<T>;
    static constexpr std::uint32_t node_capacity = sizeof(T) <= 16   ? Summary::most_per_node
                                                   : sizeof(T) <= 64 ? Summary::most_per_node / 2
                                                                     : 16;

    // Shared halves leave a level about four times the nodes of the one above, or more: 2^32. Beyond, add refuses.
    static constexpr std::uint32_t most_levels = 16;

    // Child i holds the values from keys()[i] up to keys()[i + 1]; key 0 is not there: it would be the parent's.
    struct Inner {
        std::uint32_t size = 0;
        void* child[node_capacity];
        std::uint64_t summary[node_capacity];
        alignas(T) unsigned char key_bytes[node_capacity * sizeof(T)];

        T* keys() noexcept { return reinterpret_cast<T*>(key_bytes); }
        const T* keys() const noexcept { return reinterpret_cast<const T*>(key_bytes); }

        void insert(std::uint32_t i, T&& key, void* node, std::uint64_t node_summary) noexcept { // 0 < i
            relocate(keys() + i + 1, keys() + i, size - i);
            ::new (static_cast<void*>(keys() + i)) T(std::move(key));
            relocate(child + i + 1, child + i, size - i);
            relocate(summary + i + 1, summary + i, size - i);
            child[i] = node;
            summary[i] = node_summary;
            ++size;
        }
        void remove(std::uint32_t i) noexcept {
            const auto key = i == 0 ? 1 : i; // without child 0, child 1 becomes the one without a key
            if (size > 1) {
                keys()[key].~T();
                relocate(keys() + key, keys() + key + 1, size - key - 1);
            }
            relocate(child + i, child + i + 1, size - i - 1);
            relocate(summary + i, summary + i + 1, size - i - 1);
            --size;
        }
    };

    static const Leaf& as_leaf(const void* node) noexcept { return *static_cast<const Leaf*>(node); }
    static const Inner& as_inner(const void* node) noexcept { return *static_cast<const Inner*>(node); }

    const void* root() const noexcept { return root_; }
    std::uint32_t height() const noexcept { return height_; } // 0: the root is a leaf

private:
    // The way from the root: at level h it went through child index[h] of node[h]; level 1 holds the leaves' parents.
    struct Path {
        Inner* node[most_levels] = {};
        std::uint8_t index[most_levels] = {};
    };

    // How many of n values, for which `before` holds at the front only, are at the front. The halves do not depend on
    // the answers, and the answers become arithmetic, because every second branch would be mispredicted.
    template <class Before>
    static std::size_t count_before(const T* values, std::size_t n, Before before) noexcept {
        if (n == 0) return 0;
        const auto* first = values;
        while (n > 1) {
            const auto half = n / 2;
            first += half * static_cast<std::size_t>(before(first[half - 1]));
            n -= half;
        }
        return static_cast<std::size_t>(first - values) + static_cast<std::size_t>(before(*first));
    }
    static std::size_t lower_bound(const T* values, std::size_t n, const T& value) noexcept {
        return count_before(values, n, [&](const T& at) { return total_less(at, value); });
    }
    static std::uint32_t child_of(const Inner& inner, const T& value) noexcept {
        const auto not_above = [&](const T& key) { return !total_less(value, key); };
        return static_cast<std::uint32_t>(count_before(inner.keys() + 1, inner.size - 1, not_above));
    }
    Leaf* descend(const T& value, Path& path) const noexcept {
        void* node = root_;
        for (auto level = height_; level > 0; --level) {
            auto* inner = static_cast<Inner*>(node);
            path.node[level] = inner;
            path.index[level] = static_cast<std::uint8_t>(child_of(*inner, value));
            node = inner->child[path.index[level]];
        }
        return static_cast<Leaf*>(node);
    }

    static std::uint64_t summarise(const void* node, std::uint32_t level) noexcept {
        std::uint64_t summary = 0;
        if (level > 0) {
            const auto& inner = as_inner(node);
            for (std::uint32_t i = 0; i < inner.size; ++i) Summary::fold(summary, inner.summary[i]);
            return summary;
        }
        const auto& leaf = as_leaf(node);
        return leaf.with_counts([&](auto counts) {
            for (std::uint32_t i = 0; i < leaf.size; ++i) Summary::fold(summary, counts[i]);
            return summary;
        });
    }
    void raise(Path& path, std::uint64_t by, std::uint64_t now) noexcept {
        for (std::uint32_t level = 1; level <= height_; ++level)
            Summary::raise(path.node[level]->summary[path.index[level]], by, now);
    }
    void lower(Path& path, std::uint64_t by, std::uint64_t before) noexcept {
        for (std::uint32_t level = 1; level <= height_; ++level) {
            auto* inner = path.node[level];
            const std::uint32_t i = path.index[level];
            if (Summary::lower(inner->summary[i], by, before))
                inner->summary[i] = summarise(inner->child[i], level - 1);
        }
    }

    // A root leaf grows through the same steps as a flat CountedSet; any other leaf has node_capacity.
    static std::size_t capacity_for(std::size_t n) noexcept {
        for (std::size_t step = 1; step < node_capacity; step = 2 * step + 1)
            if (n <= step) return step;
        return node_capacity;
    }
    static Leaf* try_reshape(Leaf* leaf, std::size_t capacity, std::uint32_t width) noexcept {
        auto* fresh = Leaf::try_make(capacity, width);
        if (!fresh) return nullptr;
        fresh->take(0, *leaf, 0, leaf->size);
        fresh->size = leaf->size;
        Leaf::release(leaf);
        return fresh;
    }
    Leaf* reshape(Path& path, Leaf* leaf, std::size_t capacity, std::uint32_t width) {
        auto* fresh = try_reshape(leaf, capacity, width);
        if (!fresh) throw std::bad_alloc();
        (height_ == 0 ? root_ : path.node[1]->child[path.index[1]]) = fresh;
        return fresh;
    }

    // Splits the full leaf at the end of the path and the full nodes above it, from the top, so that the tree is whole
    // after every split. At the right edge only the last entry leaves: values that arrive in order fill their nodes.
    void split_full(Path& path, bool at_end) {
        for (auto level = height_; level > 0; --level)
            at_end = at_end && path.index[level] + 1u == path.node[level]->size;
        std::uint32_t top = 1; // the lowest level with room
        while (top <= height_ && path.node[top]->size == node_capacity) ++top;
        if (top > height_) {
            if (height_ + 1 == most_levels) throw std::bad_alloc();
            auto* above = new Inner;
            above->size = 1;
            above->child[0] = root_;
            above->summary[0] = summarise(root_, height_);
            root_ = above;
            top = ++height_;
            path.node[top] = above;
            path.index[top] = 0;
        }
        for (auto level = top; level > 0; --level) {
            auto* parent = path.node[level];
            const std::uint32_t i = path.index[level];
            split_child(*parent, i, level - 1, at_end);
            if (level == 1) break;
            // The next node down may now be in the right half.
            auto* left = static_cast<Inner*>(parent->child[i]);
            if (path.index[level - 1] >= left->size) {
                path.index[level - 1] = static_cast<std::uint8_t>(path.index[level - 1] - left->size);
                path.node[level - 1] = static_cast<Inner*>(parent->child[i + 1]);
            }
        }
    }
    static void split_child(Inner& parent, std::uint32_t i, std::uint32_t level, bool at_end) {
        constexpr auto n = node_capacity;
        const auto keep = at_end ? n - 1 : n / 2;
        if (level == 0) {
            auto& left = *static_cast<Leaf*>(parent.child[i]);
            T key(left.values()[keep]);
            auto* right = Leaf::make(n, left.width());
            right->take(0, left, keep, n);
            right->size = n - keep;
            left.size = keep;
            parent.insert(i + 1, std::move(key), right, summarise(right, 0));
            parent.summary[i] = summarise(&left, 0);
        } else {
            auto& left = *static_cast<Inner*>(parent.child[i]);
            auto* right = new Inner;
            right->size = n - keep;
            relocate(right->child, left.child + keep, n - keep);
            relocate(right->summary, left.summary + keep, n - keep);
            relocate(right->keys() + 1, left.keys() + keep + 1, n - keep - 1);
            left.size = keep;
            parent.insert(i + 1, std::move(left.keys()[keep]), right, summarise(right, level));
            left.keys()[keep].~T();
            parent.summary[i] = summarise(&left, level);
        }
    }

    static std::uint32_t size_of(const void* node, std::uint32_t level) noexcept {
        return level == 0 ? as_leaf(node).size : as_inner(node).size;
    }
    void join_small(Path& path) noexcept {
        for (std::uint32_t level = 1; level <= height_; ++level) {
            auto& parent = *path.node[level];
            const std::uint32_t i = path.index[level];
            const auto size = size_of(parent.child[i], level - 1);
            const auto with = [&](std::uint32_t other) {
                return size + size_of(parent.child[other], level - 1) <= node_capacity / 4 * 3;
            };
            if (size * 2 >= node_capacity) return;
            if (size == 0) {
                level == 1 ? Leaf::release(static_cast<Leaf*>(parent.child[i]))
                           : delete static_cast<Inner*>(parent.child[i]);
                parent.remove(i);
            } else if (i + 1 < parent.size && with(i + 1)) {
                join_children(parent, i, level - 1);
            } else if (i > 0 && with(i - 1)) {
                join_children(parent, i - 1, level - 1);
            } else {
                return;
            }
        }
    }
    // Joins child i + 1 to child i, without memory: of two leaves the one with the wider counts receives.
    static void join_children(Inner& parent, std::uint32_t i, std::uint32_t level) noexcept {
        Summary::fold(parent.summary[i], parent.summary[i + 1]);
        if (level > 0) {
            auto& left = *static_cast<Inner*>(parent.child[i]);
            auto* right = static_cast<Inner*>(parent.child[i + 1]);
            ::new (static_cast<void*>(left.keys() + left.size)) T(std::move(parent.keys()[i + 1]));
            relocate(left.keys() + left.size + 1, right->keys() + 1, right->size - 1);
            relocate(left.child + left.size, right->child, right->size);
            relocate(left.summary + left.size, right->summary, right->size);
            left.size += right->size;
            delete right;
        } else {
            auto* left = static_cast<Leaf*>(parent.child[i]);
            auto* right = static_cast<Leaf*>(parent.child[i + 1]);
            if (left->width() >= right->width()) {
                left->take(left->size, *right, 0, right->size);
                left->size += right->size;
                Leaf::release(right);
            } else {
                right->shift(left->size);
                right->take(0, *left, 0, left->size);
                right->size += left->size;
                Leaf::release(left);
                parent.child[i] = right;
            }
        }
        parent.remove(i + 1);
    }
    void shrink_root() noexcept {
        while (height_ > 0 && as_inner(root_).size <= 1) {
            auto* inner = static_cast<Inner*>(root_);
            root_ = inner->size == 1 ? inner->child[0] : nullptr;
            height_ = inner->size == 1 ? height_ - 1 : 0;
            delete inner;
        }
        if (!root_ || height_ > 0) return;
        auto* leaf = static_cast<Leaf*>(root_);
        if (leaf->size == 0) {
            Leaf::release(leaf);
            root_ = nullptr;
        } else if (leaf->capacity() > 3 && std::size_t{leaf->size} * 4 <= leaf->capacity()) {
            // Giving memory back is optional: without memory for the smaller leaf the larger one stays.
            auto* fresh = try_reshape(leaf, capacity_for(leaf->size + leaf->size / 2 + 1u), leaf->width());
            if (fresh) root_ = fresh;
        }
    }

    template <class Visit>
    static bool ascend(const void* node, std::uint32_t level, Visit& visit) {
        for (std::uint32_t i = 0, n = size_of(node, level); i < n; ++i)
            if (!(level == 0 ? visit_entry(visit, as_leaf(node).values()[i], as_leaf(node).count(i))
                             : ascend(as_inner(node).child[i], level - 1, visit)))
                return false;
        return true;
    }
    template <class Visit>
    static bool descend_through(const void* node, std::uint32_t level, Visit& visit) {
        for (auto i = size_of(node, level); i-- > 0;)
            if (!(level == 0 ? visit_entry(visit, as_leaf(node).values()[i], as_leaf(node).count(i))
                             : descend_through(as_inner(node).child[i], level - 1, visit)))
                return false;
        return true;
    }
    static void destroy(void* node, std::uint32_t level) noexcept {
        if (level == 0) {
            auto* leaf = static_cast<Leaf*>(node);
            for (std::uint32_t i = 0; i < leaf->size; ++i) leaf->values()[i].~T();
            return Leaf::release(leaf);
        }
        auto* inner = static_cast<Inner*>(node);
        for (std::uint32_t i = 0; i < inner->size; ++i) destroy(inner->child[i], level - 1);
        for (std::uint32_t i = 1; i < inner->size; ++i) inner->keys()[i].~T();
        delete inner;
    }
    void swap(CountedTree& other) noexcept {
        std::swap(root_, other.root_);
        std::swap(total_, other.total_);
        std::swap(distinct_, other.distinct_);
        std::swap(height_, other.height_);
    }

    void* root_ = nullptr;
    std::uint64_t total_ = 0;
    std::size_t distinct_ = 0;
    std::uint32_t height_ = 0;
};

} // namespace onefold::detail
