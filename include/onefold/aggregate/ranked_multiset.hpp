#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "onefold/aggregate/counted_tree.hpp"
#include "onefold/aggregate/sorted_entries.hpp"
#include "onefold/core/bytes.hpp"

namespace onefold {

// Values in total_order with how often each occurs: the state of an exact quantile, of the median and of top K by
// value. Values are canonical(). A B+-tree whose inner nodes know how many values lie below each child
// (counted_tree.hpp): add, subtract and at_rank are O(log n), also at a million distinct values. Empty it owns no heap.
//
// add may throw std::bad_alloc or what copying a T throws, and then changes nothing; subtract never throws.
template <class T>
class RankedMultiset : private detail::CountedTree<T, detail::TotalCount> {
    using Tree = detail::CountedTree<T, detail::TotalCount>;

public:
    void add(const T& value, std::uint64_t times = 1) { Tree::add(value, times); }

    // Precondition: the value occurs at least that often. A value whose count becomes zero is gone.
    void subtract(const T& value, std::uint64_t times = 1) noexcept { Tree::subtract(value, times); }

    void merge(const RankedMultiset& other) {
        if (this == &other) return merge(RankedMultiset(other));
        other.for_each([this](const T& value, std::uint64_t count) { add(value, count); });
    }
    // Precondition: every value of the other multiset occurs here at least as often.
    void subtract(const RankedMultiset& other) noexcept {
        if (this == &other) Tree::clear();
        else other.for_each([this](const T& value, std::uint64_t count) { subtract(value, count); });
    }

    std::uint64_t size() const noexcept { return Tree::total(); } // each value as often as it occurs
    std::size_t distinct() const noexcept { return Tree::distinct(); }
    bool empty() const noexcept { return size() == 0; }

    // The value with k values before it in ascending order, repeats counted. Precondition: k < size(). The reference
    // is good until the next change. O(log n).
    const T& at_rank(std::uint64_t k) const noexcept {
        assert(k < size() && "onefold: at_rank beyond the size of the multiset");
        const void* node = Tree::root();
        for (auto level = Tree::height(); level > 0; --level) {
            const auto& inner = Tree::as_inner(node);
            std::uint32_t i = 0;
            for (; k >= inner.summary[i]; ++i) k -= inner.summary[i];
            node = inner.child[i];
        }
        const auto& leaf = Tree::as_leaf(node);
        return leaf.values()[leaf.with_counts([k](auto counts) mutable {
            std::size_t i = 0;
            for (; k >= counts[i]; ++i) k -= counts[i];
            return i;
        })];
    }

    // Calls visit(value, count) in ascending or descending order, once per distinct value, until it answers false
    // (it may also answer nothing). The multiset must not change meanwhile.
    template <class Visit>
    void for_each(Visit&& visit) const {
        Tree::for_each(visit);
    }
    template <class Visit>
    void for_each_descending(Visit&& visit) const {
        Tree::for_each_descending(visit);
    }

    // The number of distinct values, then each with its count, ascending: the same bytes whatever the history.
    void save(ByteWriter& writer) const {
        detail::save_entries<T>(writer, distinct(), [&](auto&& visit) { for_each(visit); });
    }
    // Bytes that save could not have written fail the reader and give an empty multiset.
    static RankedMultiset load(ByteReader& reader) { return detail::load_entries<RankedMultiset, T>(reader); }
};

} // namespace onefold
