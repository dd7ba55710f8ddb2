#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

#include "onefold/core/bytes.hpp"
#include "onefold/core/total_order.hpp"
#include "onefold/core/value_bytes.hpp"

namespace onefold::detail {

// Values with their counts, to be saved in ascending order. A merge sort of its own, because <algorithm> costs every
// includer 100 ms; small values are sorted in place of pointers, which would miss the cache at every comparison.
template <class T>
class SortedEntries {
public:
    explicit SortedEntries(std::size_t capacity) : entries_(new Entry[2 * capacity + 1]), spare_(entries_ + capacity) {}
    SortedEntries(const SortedEntries&) = delete;
    SortedEntries& operator=(const SortedEntries&) = delete;
    ~SortedEntries() { delete[] (entries_ < spare_ ? entries_ : spare_); }

    void append(const T& value, std::uint64_t count) noexcept { entries_[size_++] = Entry{hold(value), count}; }

    void sort() noexcept {
        for (std::size_t run = 1; run < size_; run *= 2) {
            for (std::size_t first = 0; first < size_; first += 2 * run) {
                const auto middle = first + run < size_ ? first + run : size_;
                const auto last = middle + run < size_ ? middle + run : size_;
                auto a = first, b = middle;
                for (auto out = first; out < last; ++out) {
                    const bool left = b == last || (a < middle && !total_less(value(entries_[b]), value(entries_[a])));
                    spare_[out] = left ? entries_[a++] : entries_[b++];
                }
            }
            std::swap(entries_, spare_);
        }
    }

    template <class Visit>
    void for_each(Visit& visit) const {
        for (std::size_t i = 0; i < size_; ++i) visit(value(entries_[i]), entries_[i].count);
    }

private:
    static constexpr bool by_value = std::is_trivially_copyable_v<T> && sizeof(T) <= 16;
    struct Entry {
        std::conditional_t<by_value, T, const T*> held;
        std::uint64_t count;
    };
    static auto hold(const T& value) noexcept {
        if constexpr (by_value) return value;
        else return &value;
    }
    static const T& value(const Entry& entry) noexcept {
        if constexpr (by_value) return entry.held;
        else return *entry.held;
    }

    Entry* entries_;
    Entry* spare_;
    std::size_t size_ = 0;
};

// The one saved form of values with counts: how many, then each with its count, ascending.
template <class T, class ForEach>
void save_entries(ByteWriter& writer, std::size_t distinct, ForEach for_each) {
    writer.put(static_cast<std::uint64_t>(distinct));
    for_each([&writer](const T& value, std::uint64_t count) {
        save_value(writer, value);
        writer.put(count);
    });
}

// Only the bytes that save_entries writes are accepted: canonical values, strictly ascending, with counts above zero
// that add up. Anything else fails the reader and gives an empty container.
template <class Container, class T>
Container load_entries(ByteReader& reader) {
    Container container;
    const auto distinct = reader.get_count(least_value_bytes<T>() + sizeof(std::uint64_t));
    std::uint64_t total = 0;
    T previous{};
    for (std::uint64_t i = 0; i < distinct && reader.ok(); ++i) {
        auto value = load_value<T>(reader);
        const auto count = reader.get<std::uint64_t>();
        const bool overflows = __builtin_add_overflow(total, count, &total);
        if (count == 0 || overflows || !is_canonical(value) || (i != 0 && !total_less(previous, value))) reader.fail();
        if (!reader.ok()) break;
        container.add(value, count);
        previous = std::move(value);
    }
    return reader.ok() ? std::move(container) : Container();
}

} // namespace onefold::detail
