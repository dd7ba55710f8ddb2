#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/aggregate/counted_set.hpp"
#include "onefold/core/hash.hpp"
#include "onefold/core/tuple.hpp"
#include "onefold/core/wide_integer.hpp"

namespace onefold {
namespace accumulate {

// A count-min sketch (Cormode, Muthukrishnan: An improved data stream summary, 2005): Depth rows of Width counters, of
// which every value raises one in each row, chosen by mix(documented hash of the value + row) of core/hash.hpp. Only
// counters above zero are kept, so that a small window costs what its values cost, at most 12 bytes for each of Depth
// counters, and a large one at most Width * Depth of them. Counters, so that a value can leave again.
template <class V, std::uint32_t Width, std::uint32_t Depth>
struct CountMin {
    static constexpr std::string_view name = "count-min";
    using Value = V;
    using State = CountedSet<std::uint32_t>; // counters by row * Width + column
    static void add(State& s, const V& v) {
        for_each_counter(v, [&s](std::uint32_t counter) { s.add(counter); });
    }
    static void subtract(State& s, const V& v) {
        for_each_counter(v, [&s](std::uint32_t counter) { s.subtract(counter); });
    }
    static void merge(State& s, const State& other) { s.merge(other); }
    static void unmerge(State& s, const State& other) { s.subtract(other); }
    // The number of counters above zero, then each with its count, ascending.
    static void save(const State& s, ByteWriter& to) { s.save(to); }
    static State load(ByteReader& from) {
        auto s = State::load(from);
        bool known = true;
        s.for_each([&known](std::uint32_t counter, std::uint64_t) { known = known && counter < Width * Depth; });
        if (known) return s;
        from.fail();
        return {};
    }

    // How often the value was added, or more. O(Depth).
    static std::uint64_t estimate(const State& s, const V& v) noexcept {
        std::uint64_t least = UINT64_MAX;
        for_each_counter(v, [&](std::uint32_t counter) {
            const auto count = s.count(counter);
            least = count < least ? count : least;
        });
        return least;
    }

private:
    template <class Visit>
    static void for_each_counter(const V& v, Visit visit) {
        const auto hash = hash_value(v);
        for (std::uint32_t row = 0; row < Depth; ++row)
            visit(row * Width +
                  static_cast<std::uint32_t>(detail::high_limb(detail::multiply_wide(mix(hash + row), Width))));
    }
};

} // namespace accumulate

namespace aggregates {

// About how many events of the window have the value of the event being scored: never fewer than there are, and more
// than e / Width of the window's values too many with a probability of at most e^-Depth. NaN is one value and -0.0
// equals 0.0. Null without a current value that passes the clause's `where`.
template <std::uint32_t Width, std::uint32_t Depth>
struct ApproxFrequency {
    static constexpr std::string_view name = "approx_frequency";
    static constexpr std::int64_t parameters[] = {Width, Depth};
    static constexpr bool needs_current = true;
    template <class V> using accumulators = TypeList<accumulate::CountMin<V, Width, Depth>>;
    template <class V> static std::optional<std::int64_t> result(const auto& view) {
        using Counters = accumulate::CountMin<V, Width, Depth>;
        const std::optional<V> current = view.current();
        if (!current) return std::nullopt;
        return static_cast<std::int64_t>(Counters::estimate(view.template state<Counters>(), *current));
    }
};

} // namespace aggregates
} // namespace onefold
