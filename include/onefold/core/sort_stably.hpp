#pragma once

#include <algorithm>
#include <vector>

namespace onefold {

// Sorts by order(a, b), which answers like <=>; equal ones stay as they are. Values are mostly in order, which is then
// found out in one pass. (std::stable_sort needs a function of the standard library that C++17 has deprecated.)
template <class T, class Order>
void sort_stably(std::vector<T>& values, Order order) {
    if (std::is_sorted(values.begin(), values.end(), [&](const T& a, const T& b) { return order(a, b) < 0; })) return;
    std::vector<std::size_t> places(values.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
    std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
        const auto by_value = order(values[a], values[b]);
        return by_value != 0 ? by_value < 0 : a < b;
    });
    std::vector<T> sorted;
    sorted.reserve(values.size());
    for (const auto place : places) sorted.push_back(std::move(values[place]));
    values = std::move(sorted);
}

} // namespace onefold
