#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "onefold/aggregate/counted_tree.hpp"
#include "onefold/aggregate/sorted_entries.hpp"
#include "onefold/core/bytes.hpp"

namespace onefold {

// How often each value occurs, found most frequent first and, of equally frequent ones, smallest first: the state of
// the mode and of top K by frequency. Values are canonical().
//
// A B+-tree in total_order whose inner nodes know the greatest count below each child (counted_tree.hpp), read as a
// tournament (Knuth, The Art of Computer Programming 3, section 5.4.1): each value is held once, a change is one way
// from the root, O(log n), and the first K cost O(K log n). Empty it owns no heap.
//
// add may throw std::bad_alloc or what copying a T throws, and then changes nothing; subtract never throws.
template <class T>
class FrequencyIndex : private detail::CountedTree<T, detail::GreatestCount> {
    using Tree = detail::CountedTree<T, detail::GreatestCount>;

public:
    void add(const T& value, std::uint64_t times = 1) { Tree::add(value, times); }

    // Precondition: the value occurs at least that often. A value whose count becomes zero is gone.
    void subtract(const T& value, std::uint64_t times = 1) noexcept { Tree::subtract(value, times); }

    void merge(const FrequencyIndex& other) {
        if (this == &other) return merge(FrequencyIndex(other));
        other.for_each([this](const T& value, std::uint64_t count) { add(value, count); });
    }
    // Precondition: every value of the other index occurs here at least as often.
    void subtract(const FrequencyIndex& other) noexcept {
        if (this == &other) Tree::clear();
        else other.for_each([this](const T& value, std::uint64_t count) { subtract(value, count); });
    }

    std::uint64_t size() const noexcept { return Tree::total(); } // each value as often as it occurs
    std::size_t distinct() const noexcept { return Tree::distinct(); }
    bool empty() const noexcept { return size() == 0; }

    // Calls visit(value, count), most frequent first, ties by ascending value, until it answers false. The first value
    // is found on the way down alone; memory is used only for a visit of more than about ten values. The index must
    // not change meanwhile. May throw std::bad_alloc or what visit throws.
    template <class Visit>
    void for_each_most_frequent(Visit&& visit) const {
        if (empty()) return;
        Pending pending;
        auto next = best_of(Tree::root(), Tree::height(), nullptr, nullptr);
        for (;;) {
            // The best of all lies below the best child of each node on the way: no other candidate can come before.
            Candidate way[Tree::most_levels];
            way[next.level] = next;
            for (auto level = next.level; level > 0; --level) {
                const auto& above = way[level];
                way[level - 1] = best_of(Tree::as_inner(above.node).child[above.index], level - 1, above.low, nullptr);
            }
            const auto& leaf = Tree::as_leaf(way[0].node);
            if (!detail::visit_entry(visit, leaf.values()[way[0].index], way[0].count)) return;
            for (std::uint32_t level = 0; level <= next.level; ++level) {
                const auto rest = best_of(way[level].node, level, way[level].node_low, &way[level]);
                if (rest.count != 0) pending.push(rest);
            }
            if (pending.empty()) return;
            next = pending.pop();
        }
    }

    // Calls visit(value, count) in ascending order of value until it answers false (it may also answer nothing).
    template <class Visit>
    void for_each(Visit&& visit) const {
        Tree::for_each(visit);
    }

    // The number of distinct values, then each with its count, ascending: the same bytes whatever the history.
    void save(ByteWriter& writer) const {
        detail::save_entries<T>(writer, distinct(), [&](auto&& visit) { for_each(visit); });
    }
    // Bytes that save could not have written fail the reader and give an empty index.
    static FrequencyIndex load(ByteReader& reader) { return detail::load_entries<FrequencyIndex, T>(reader); }

private:
    // An entry of a node that no visit has passed yet, and the best of those: a value of a leaf, or a child. `low` is
    // at most the values below it and above those of every entry before it (null: nothing is before it), so two
    // candidates, which never overlap, compare by it.
    struct Candidate {
        std::uint64_t count; // 0: there is none
        const T* low;
        const void* node;
        const T* node_low;
        std::uint32_t level;
        std::uint32_t index;

        bool before(const Candidate& other) const noexcept {
            if (count != other.count) return count > other.count;
            return other.low && (!low || total_less(*low, *other.low));
        }
    };

    // The best entry of the node that comes after another one of it, or the best of all.
    static Candidate best_of(const void* node, std::uint32_t level, const T* node_low,
                             const Candidate* after) noexcept {
        Candidate best{0, nullptr, node, node_low, level, 0};
        // Count and place in one number, the place reversed, make "the greatest below" a loop without branches.
        constexpr std::uint32_t places = 64;
        const auto scan = [&](auto counts, std::uint32_t n) {
            const auto rank = [&](std::uint32_t i) { return counts[i] * places + (places - 1 - i); };
            std::uint64_t greatest = 0;
            if (!after) {
                for (std::uint32_t i = 0; i < n; ++i) greatest = counts[i] > greatest ? counts[i] : greatest;
                best.count = greatest;
                while (counts[best.index] != greatest) ++best.index;
            } else if (after->count < UINT64_MAX / places) {
                const auto limit = rank(after->index);
                for (std::uint32_t i = 0; i < n; ++i) {
                    // A greater count was visited before; its rank may not even fit.
                    const auto candidate = counts[i] > after->count ? 0 : rank(i);
                    const auto counted = candidate < limit ? candidate : 0;
                    greatest = counted > greatest ? counted : greatest;
                }
                best.count = greatest / places;
                best.index = greatest == 0 ? 0 : places - 1 - static_cast<std::uint32_t>(greatest % places);
            } else {
                for (std::uint32_t i = 0; i < n; ++i) {
                    const std::uint64_t count = counts[i];
                    if (count > after->count || (count == after->count && i <= after->index)) continue;
                    if (count > best.count) best.count = count, best.index = i;
                }
            }
        };
        if (level == 0) {
            const auto& leaf = Tree::as_leaf(node);
            leaf.with_counts([&](auto counts) { scan(counts, leaf.size); });
            best.low = leaf.values() + best.index;
        } else {
            const auto& inner = Tree::as_inner(node);
            scan(inner.summary, inner.size);
            best.low = best.index > 0 ? inner.keys() + best.index : node_low;
        }
        return best;
    }

    // A binary heap, the best candidate first. A visit leaves one candidate per level behind, so the first few values
    // need no memory.
    class Pending {
    public:
        Pending() noexcept {} // the room stays uninitialised
        Pending(const Pending&) = delete;
        Pending& operator=(const Pending&) = delete;
        ~Pending() {
            if (heap_ != room_) delete[] heap_;
        }
        bool empty() const noexcept { return size_ == 0; }
        void push(const Candidate& candidate) {
            if (size_ == capacity_) grow();
            auto i = size_++;
            for (; i > 0 && candidate.before(heap_[(i - 1) / 2]); i = (i - 1) / 2) heap_[i] = heap_[(i - 1) / 2];
            heap_[i] = candidate;
        }
        Candidate pop() noexcept {
            const auto best = heap_[0];
            const auto last = heap_[--size_];
            std::size_t i = 0;
            for (;;) {
                auto child = 2 * i + 1;
                if (child >= size_) break;
                if (child + 1 < size_ && heap_[child + 1].before(heap_[child])) ++child;
                if (!heap_[child].before(last)) break;
                heap_[i] = heap_[child];
                i = child;
            }
            heap_[i] = last;
            return best;
        }

    private:
        void grow() {
            auto* larger = new Candidate[capacity_ * 2];
            for (std::size_t i = 0; i < size_; ++i) larger[i] = heap_[i];
            if (heap_ != room_) delete[] heap_;
            heap_ = larger;
            capacity_ *= 2;
        }

        Candidate room_[40];
        Candidate* heap_ = room_;
        std::size_t size_ = 0;
        std::size_t capacity_ = 40;
    };
};

} // namespace onefold
