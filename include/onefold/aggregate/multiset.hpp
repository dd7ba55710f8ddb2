#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/aggregate/counted_set.hpp"
#include "onefold/aggregate/frequency_index.hpp"
#include "onefold/aggregate/ranked_multiset.hpp"
#include "onefold/core/list.hpp"
#include "onefold/core/tuple.hpp"

namespace onefold {
namespace accumulate {

// The multiset of the window's values itself, with counts, so that a value can leave again. Values are made canonical
// first: NaN is one value and -0.0 equals 0.0.
template <class V, template <class> class Container>
struct Multiset : MergedByState<Container<V>> {
    static constexpr std::string_view name = std::is_same_v<Container<V>, CountedSet<V>>       ? "distinct values"
                                             : std::is_same_v<Container<V>, RankedMultiset<V>> ? "ranked values"
                                                                                               : "frequencies";
    using Value = V;
    static void add(auto& s, const V& v) { s.add(canonical(v)); }
    static void subtract(auto& s, const V& v) { s.subtract(canonical(v)); }
};
template <class V> using Distinct = Multiset<V, CountedSet>;
template <class V> using Ranked = Multiset<V, RankedMultiset>;
template <class V> using Frequent = Multiset<V, FrequencyIndex>;

} // namespace accumulate

namespace aggregates {

// The number of different values, exactly.
struct Distinct {
    static constexpr std::string_view name = "distinct";
    template <class V> using accumulators = TypeList<accumulate::Distinct<V>>;
    template <class V> static std::int64_t result(const auto& view) {
        return static_cast<std::int64_t>(view.template state<accumulate::Distinct<V>>().distinct());
    }
};

// Nearest rank: of n values in order, the one at position max(1, ceil(Q n)). Q = Numerator / Denominator exactly, so
// that 0.9 of ten values is the ninth, whatever 0.9 is in binary.
template <std::int64_t Numerator, std::int64_t Denominator>
struct Quantile {
    static constexpr std::string_view name = "quantile";
    static constexpr std::int64_t parameters[] = {Numerator, Denominator};
    template <class V> using accumulators = TypeList<accumulate::Ranked<V>>;
    template <class V> static std::optional<V> result(const auto& view) {
        const auto& values = view.template state<accumulate::Ranked<V>>();
        const std::uint64_t n = values.size();
        if (n == 0) return std::nullopt;
        __extension__ using Wide = unsigned __int128;
        const auto rank = static_cast<std::uint64_t>((Wide{n} * Numerator + (Denominator - 1)) / Denominator);
        return values.at_rank(rank == 0 ? 0 : rank - 1);
    }
};

// The K largest values with repeats, descending; of nothing, an empty list.
template <std::size_t K>
struct Top {
    static constexpr std::string_view name = "top";
    static constexpr std::int64_t parameters[] = {K};
    template <class V> using accumulators = TypeList<accumulate::Ranked<V>>;
    template <class V> static List<V, K> result(const auto& view) {
        List<V, K> list;
        view.template state<accumulate::Ranked<V>>().for_each_descending([&](const V& value, std::uint64_t count) {
            for (; count != 0 && !list.full(); --count) list.push_back(value);
            return !list.full();
        });
        return list;
    }
};

// The K most frequent values, most frequent first, the smaller of equally frequent ones first.
template <std::size_t K>
struct MostFrequent {
    static constexpr std::string_view name = "most_frequent";
    static constexpr std::int64_t parameters[] = {K};
    template <class V> using accumulators = TypeList<accumulate::Frequent<V>>;
    template <class V> static List<V, K> result(const auto& view) {
        List<V, K> list;
        view.template state<accumulate::Frequent<V>>().for_each_most_frequent([&](const V& value, std::uint64_t) {
            list.push_back(value);
            return !list.full();
        });
        return list;
    }
};

// The most frequent value, of equally frequent ones the smallest; null of nothing.
struct Mode {
    static constexpr std::string_view name = "mode";
    template <class V> using accumulators = TypeList<accumulate::Frequent<V>>;
    template <class V> static std::optional<V> result(const auto& view) {
        std::optional<V> mode;
        view.template state<accumulate::Frequent<V>>().for_each_most_frequent([&](const V& value, std::uint64_t) {
            mode = value;
            return false;
        });
        return mode;
    }
};

} // namespace aggregates
} // namespace onefold
