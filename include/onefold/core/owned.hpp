#pragma once

#include <cstddef>
#include <utility>

namespace onefold::detail {

// What an object has only in some of its life: one pointer, null until make(). std::unique_ptr without the header that
// costs every user a tenth of a second of compile time.
template <class T>
class Owned {
public:
    Owned() noexcept = default;
    Owned(Owned&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Owned() { delete object_; }

    template <class... Parts>
    T& make(Parts&&... parts) {
        reset();
        return *(object_ = new T{std::forward<Parts>(parts)...});
    }
    void reset() noexcept { delete std::exchange(object_, nullptr); }
    explicit operator bool() const noexcept { return object_ != nullptr; }
    T& operator*() const noexcept { return *object_; }
    T* operator->() const noexcept { return object_; }

private:
    T* object_ = nullptr;
};

// The same of an array; its elements begin as zeros.
template <class T>
class Owned<T[]> {
public:
    Owned() noexcept = default;
    Owned(Owned&& other) noexcept : array_(std::exchange(other.array_, nullptr)) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(array_, other.array_);
        return *this;
    }
    ~Owned() { delete[] array_; }

    void make(std::size_t size) {
        reset();
        array_ = new T[size]();
    }
    void reset() noexcept { delete[] std::exchange(array_, nullptr); }
    explicit operator bool() const noexcept { return array_ != nullptr; }
    T& operator[](std::size_t i) const noexcept { return array_[i]; }
    T* get() const noexcept { return array_; }

private:
    T* array_ = nullptr;
};

} // namespace onefold::detail
