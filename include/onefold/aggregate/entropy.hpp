#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/aggregate/counted_set.hpp"
#include "onefold/core/tuple.hpp"
#include "onefold/core/wide_integer.hpp"

namespace onefold {
namespace detail {

inline constexpr int log2_fraction_bits = 57;

// log2(count) in steps of 2^-57, within 2^-58 + 2^-124 of it; exact for powers of two. Integers only, one
// implementation on every machine. Precondition: count > 0. O(1): a table below 1024, about 0.2 us above.
std::uint64_t fixed_log2(std::uint64_t count) noexcept;

// (n log2(n) - weights) / n, rounded once, where `weights` is the sum of c fixed_log2(c) over counts c that sum to n.
double exact_entropy(std::uint64_t n, UInt128 weights) noexcept;

} // namespace detail

// How often each value occurs, and how evenly: the state of an entropy. Values are canonical(). A group; add and
// subtract are O(1) expected. It adds up f(c) = c log2(c) of every count c, in integers, so that a count that changes
// takes its old f back exactly.
template <class T>
class EntropyCounts {
public:
    void add(const T& value, std::uint64_t times = 1) {
        counts_.add(value, times);
        const auto now = counts_.count(value);
        total_ += times;
        set(weights() + weight(now) - weight(now - times));
    }
    // Precondition: the value occurs at least that often.
    void subtract(const T& value, std::uint64_t times = 1) noexcept {
        const auto before = counts_.count(value);
        counts_.subtract(value, times);
        total_ -= times;
        set(weights() + weight(before - times) - weight(before));
    }
    void merge(const EntropyCounts& other) {
        if (this == &other) return merge(EntropyCounts(other));
        other.counts_.for_each([this](const T& value, std::uint64_t count) { add(value, count); });
    }
    // Precondition: every value of the other occurs here at least as often.
    void subtract(const EntropyCounts& other) noexcept {
        if (this == &other) *this = EntropyCounts();
        else other.counts_.for_each([this](const T& value, std::uint64_t count) { subtract(value, count); });
    }

    std::uint64_t size() const noexcept { return total_; }
    // In bits, within 2^-56 of the real value before it is rounded to a double; 0 for one value. Not of nothing.
    double bits() const noexcept { return detail::exact_entropy(total_, weights()); }

    // The counts alone, which the rest follows from.
    void save(ByteWriter& to) const { counts_.save(to); }
    static EntropyCounts load(ByteReader& from) {
        EntropyCounts loaded;
        loaded.counts_ = CountedSet<T>::load(from);
        loaded.counts_.for_each([&](const T&, std::uint64_t count) {
            loaded.total_ += count;
            loaded.set(loaded.weights() + weight(count));
        });
        return loaded;
    }

private:
    static detail::UInt128 weight(std::uint64_t count) noexcept {
        return count < 2 ? 0 : detail::multiply_wide(count, detail::fixed_log2(count));
    }
    detail::UInt128 weights() const noexcept { return detail::join_limbs(weights_[1], weights_[0]); }
    void set(detail::UInt128 weights) noexcept {
        weights_[0] = detail::low_limb(weights);
        weights_[1] = detail::high_limb(weights);
    }

    CountedSet<T> counts_;
    std::uint64_t total_ = 0;
    std::uint64_t weights_[2] = {}; // c log2(c) < 2^64 * 2^6 * 2^57
};

namespace accumulate {

template <class V>
struct Entropy : MergedByState<EntropyCounts<V>> {
    static constexpr std::string_view name = "entropy";
    using Value = V;
    static void add(auto& s, const V& v) { s.add(canonical(v)); }
    static void subtract(auto& s, const V& v) { s.subtract(canonical(v)); }
};

} // namespace accumulate

namespace aggregates {

// Shannon's entropy of the values in the window, in bits: -Σ p log2(p) with p the share of each different value. Within
// 2^-56 bits of the real value, then rounded once; exact where every share is a power of two, 0 for one different
// value, null of nothing. Nulls are skipped, NaN is one value, -0.0 is 0.0.
struct Entropy {
    static constexpr std::string_view name = "entropy";
    template <class V> using accumulators = TypeList<accumulate::Entropy<V>>;
    template <class V> static std::optional<double> result(const auto& view) {
        const auto& counts = view.template state<accumulate::Entropy<V>>();
        return counts.size() == 0 ? std::nullopt : std::optional(counts.bits());
    }
};

} // namespace aggregates
} // namespace onefold
