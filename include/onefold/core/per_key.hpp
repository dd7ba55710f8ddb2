#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "onefold/core/pair.hpp"
#include "onefold/core/total_order.hpp"

namespace onefold {

// The result of an aggregate per sub key: a pair (key, result) for every sub key that has an event in the window, in
// total order of the keys, null first. R is what the aggregate answers, an optional where that can be null.
template <class K, class R>
class PerKey {
public:
    using key_type = K;
    using result_type = R;
    using value_type = Pair<K, R>;

    const value_type* begin() const noexcept { return pairs_.data(); }
    const value_type* end() const noexcept { return pairs_.data() + pairs_.size(); }
    std::size_t size() const noexcept { return pairs_.size(); }
    bool empty() const noexcept { return pairs_.empty(); }
    const value_type& operator[](std::size_t i) const noexcept { return pairs_[i]; }

    // The result of this key, or null if none of its events is in the window. O(log size).
    const R* find(const K& key) const noexcept {
        std::size_t low = 0, high = pairs_.size();
        while (low < high) {
            const auto middle = (low + high) / 2;
            if (total_less(pairs_[middle].first, key)) low = middle + 1;
            else high = middle;
        }
        return low < pairs_.size() && total_equal(pairs_[low].first, key) ? &pairs_[low].second : nullptr;
    }

    void reserve(std::size_t count) { pairs_.reserve(count); }
    // For whoever makes a result: the keys must come in ascending order.
    void push_back(K key, R result) { pairs_.push_back({std::move(key), std::move(result)}); }

private:
    std::vector<value_type> pairs_;
};

namespace detail {
template <class T> inline constexpr bool is_per_key = false;
template <class K, class R> inline constexpr bool is_per_key<PerKey<K, R>> = true;
} // namespace detail

} // namespace onefold
