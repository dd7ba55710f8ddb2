#include "onefold/window/hops.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace onefold;
using namespace onefold::literals;

namespace {

// Every window that holds t, by trying all that could.
std::vector<Interval> windows_of(std::int64_t size, std::int64_t hop, std::int64_t shift, std::int64_t t) {
    std::vector<Interval> found;
    for (std::int64_t n = -200; n <= 200; ++n)
        if (n * hop + shift <= t && t < n * hop + shift + size)
            found.push_back({n * hop + shift, n * hop + shift + size});
    return found;
}

ClosingWindow hopping_by(std::int64_t size, std::int64_t hop, std::int64_t shift) {
    ClosingWindow window;
    window.size = size;
    window.hop = hop;
    window.shift = shift;
    return window;
}

} // namespace

TEST_CASE("hops: the windows of a time are those that hold it, and a slice is in the same windows throughout") {
    for (const std::int64_t size : {1, 4, 6, 10, 12})
        for (const std::int64_t hop : {1, 3, 4, 6, 10, 17})
            for (const std::int64_t shift : {0, 2, -5, 40}) {
                const Hops hops(hopping_by(size, hop, shift));
                for (std::int64_t t = -30; t <= 30; ++t) {
                    const auto expected = windows_of(size, hop, shift, t);
                    std::vector<Interval> actual;
                    for (auto n = hops.first(t); n <= hops.last(t); ++n) actual.push_back(hops.window(n));
                    REQUIRE(actual == expected);
                    if (expected.empty()) continue;
                    const auto slice = hops.slice(t);
                    REQUIRE(slice.holds(t));
                    for (auto s = slice.start; s < slice.end; ++s) REQUIRE(windows_of(size, hop, shift, s) == expected);
                    // As wide as it can be: its neighbours are in other windows.
                    REQUIRE(windows_of(size, hop, shift, slice.start - 1) != expected);
                    REQUIRE(windows_of(size, hop, shift, slice.end) != expected);
                }
            }
}

TEST_CASE("hops: the first window that ends after a time") {
    const Hops hops(hopping_by(10, 4, 1));
    for (std::int64_t x = -40; x <= 40; ++x) {
        const auto n = hops.first_ending_after(x);
        REQUIRE(last_instant(hops.window(n)) > x);
        REQUIRE(last_instant(hops.window(n - 1)) <= x);
    }
}

TEST_CASE("hops: windows are cut off at the ends of time instead of wrapping around") {
    const Hops hops(hopping_by(1'000, 300, 7));
    for (const auto t : {latest - 1, latest - 500, earliest + 1, earliest + 500}) {
        REQUIRE(hops.first(t) <= hops.last(t));
        for (auto n = hops.first(t); n <= hops.last(t); ++n) REQUIRE(hops.window(n).holds(t));
        REQUIRE(hops.slice(t).holds(t));
    }
    REQUIRE(hops.window(hops.last(latest - 1)).end == latest);
    REQUIRE(last_instant(hops.window(hops.last(latest - 1))) == latest);
    REQUIRE(hops.window(hops.first(earliest + 1)).start == earliest);
}
