#include "onefold/run/page_allocator.hpp"

#if defined(__unix__)
#include <sys/mman.h>
#endif

namespace onefold::run {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::align_val_t line{64};

// Smaller arrays would waste most of a page, and the allocator keeps them at hand.
constexpr bool is_large(std::size_t bytes) noexcept { return bytes >= 2 * huge_page; }

} // namespace

void* allocate_pages(std::size_t bytes) {
#if defined(__unix__)
    if (is_large(bytes)) {
        bytes = (bytes + huge_page - 1) / huge_page * huge_page;
        void* memory = ::operator new(bytes, std::align_val_t{huge_page});
#if defined(MADV_HUGEPAGE)
        // Advice: where it is not taken, the array works on small pages.
        ::madvise(memory, bytes, MADV_HUGEPAGE);
#endif
        return memory;
    }
#endif
    return ::operator new(bytes, line);
}

void free_pages(void* memory, std::size_t bytes) noexcept {
#if defined(__unix__)
    if (is_large(bytes)) return ::operator delete(memory, std::align_val_t{huge_page});
#endif
    ::operator delete(memory, line);
}

} // namespace onefold::run
