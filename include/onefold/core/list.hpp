#pragma once

#include <array>
#include <compare>
#include <cstddef>

#include "onefold/core/total_order.hpp"

namespace onefold {

// A short list inside the row itself: the result of top<K> needs no allocation per event. Never longer than N.
template <class T, std::size_t N>
class List {
public:
    using value_type = T;
    constexpr const T* begin() const noexcept { return items_.data(); }
    constexpr const T* end() const noexcept { return items_.data() + size_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool full() const noexcept { return size_ == N; }
    constexpr const T& operator[](std::size_t i) const noexcept { return items_[i]; }
    constexpr void push_back(const T& item) { items_[size_++] = item; }
    friend constexpr bool operator==(const List& a, const List& b) noexcept {
        if (a.size_ != b.size_) return false;
        for (std::size_t i = 0; i < a.size_; ++i)
            if (!total_equal(a.items_[i], b.items_[i])) return false;
        return true;
    }

private:
    std::array<T, N> items_{};
    std::size_t size_ = 0;
};

} // namespace onefold
