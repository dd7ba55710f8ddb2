#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

namespace onefold::run {

// Memory for arrays of many megabytes: on huge pages where the system has them, because rows are written in the order
// of keys, all over the array. Throws std::bad_alloc. `bytes` of free_pages is what was asked for.
void* allocate_pages(std::size_t bytes);
void free_pages(void* memory, std::size_t bytes) noexcept;

// For std::vector. Elements that can be copied as bytes are left as they are, because whoever resizes such a vector is
// about to write every one of them in whole.
template <class T>
struct PageAllocator {
    using value_type = T;
    static_assert(alignof(T) <= 64);

    PageAllocator() noexcept = default;
    template <class U> constexpr PageAllocator(const PageAllocator<U>&) noexcept {}

    T* allocate(std::size_t count) {
        if (count > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_array_new_length();
        return static_cast<T*>(allocate_pages(count * sizeof(T)));
    }
    void deallocate(T* memory, std::size_t count) noexcept { free_pages(memory, count * sizeof(T)); }
    template <class U>
    void construct(U* at) {
        if constexpr (!std::is_trivially_copyable_v<U>) ::new (static_cast<void*>(at)) U();
    }
    friend constexpr bool operator==(PageAllocator, PageAllocator) noexcept { return true; }
};

} // namespace onefold::run
