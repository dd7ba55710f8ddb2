#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

namespace onefold::engine {

// A double-ended queue of positions in a log: the candidates of a selection, oldest first. Expected length is the
// harmonic number of the window (about 6 at 160 events), so the first few live in the object itself.
class PositionQueue {
    static constexpr std::uint32_t inline_capacity = 4;

public:
    PositionQueue() noexcept = default;
    PositionQueue(const PositionQueue& other) { assign(other); }
    PositionQueue(PositionQueue&& other) noexcept { steal(other); }
    PositionQueue& operator=(const PositionQueue& other) {
        if (this != &other) {
            release();
            assign(other);
        }
        return *this;
    }
    PositionQueue& operator=(PositionQueue&& other) noexcept {
        if (this != &other) {
            release();
            steal(other);
        }
        return *this;
    }
    ~PositionQueue() { release(); }

    std::uint32_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    std::uint32_t operator[](std::uint32_t i) const noexcept { return data()[(first_ + i) & (capacity_ - 1)]; }
    std::uint32_t& operator[](std::uint32_t i) noexcept { return data()[(first_ + i) & (capacity_ - 1)]; }
    std::uint32_t front() const noexcept { return (*this)[0]; }
    std::uint32_t back() const noexcept { return (*this)[size_ - 1]; }
    void pop_front() noexcept {
        first_ = (first_ + 1) & (capacity_ - 1);
        --size_;
    }
    void pop_back() noexcept { --size_; }
    void push_back(std::uint32_t position) {
        if (size_ == capacity_) grow();
        ++size_;
        (*this)[size_ - 1] = position;
    }
    // O(elements behind i): a late event's candidate.
    void insert(std::uint32_t i, std::uint32_t position) {
        push_back(position);
        for (auto k = size_ - 1; k > i; --k) (*this)[k] = (*this)[k - 1];
        (*this)[i] = position;
    }
    void erase(std::uint32_t from, std::uint32_t to) noexcept {
        for (auto k = to; k < size_; ++k) (*this)[from + k - to] = (*this)[k];
        size_ -= to - from;
    }
    void clear() noexcept { size_ = 0; }

    // The index of the first element that is not below `position`.
    std::uint32_t lower_bound(std::uint32_t position) const noexcept {
        std::uint32_t low = 0, high = size_;
        while (low < high) {
            const auto middle = (low + high) / 2;
            if ((*this)[middle] < position) low = middle + 1;
            else high = middle;
        }
        return low;
    }

private:
    const std::uint32_t* data() const noexcept { return capacity_ == inline_capacity ? inline_ : heap_; }
    std::uint32_t* data() noexcept { return capacity_ == inline_capacity ? inline_ : heap_; }

    void grow() {
        if (capacity_ < inline_capacity) __builtin_unreachable(); // the compiler would warn of a queue without room
        auto* bigger = new std::uint32_t[std::size_t{2} * capacity_];
        for (std::uint32_t i = 0; i < size_; ++i) bigger[i] = (*this)[i];
        release();
        heap_ = bigger;
        capacity_ *= 2;
        first_ = 0;
    }
    void release() noexcept {
        if (capacity_ != inline_capacity) delete[] heap_;
    }
    void assign(const PositionQueue& other) {
        first_ = 0;
        size_ = 0;
        capacity_ = inline_capacity;
        for (std::uint32_t i = 0; i < other.size_; ++i) push_back(other[i]);
    }
    void steal(PositionQueue& other) noexcept {
        first_ = other.first_;
        size_ = other.size_;
        capacity_ = other.capacity_;
        std::memcpy(inline_, other.inline_, sizeof(inline_));
        other.capacity_ = inline_capacity;
        other.first_ = other.size_ = 0;
    }

    std::uint32_t first_ = 0;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = inline_capacity;
    union {
        std::uint32_t inline_[inline_capacity];
        std::uint32_t* heap_;
    };
};

} // namespace onefold::engine
