#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/core/list.hpp"
#include "onefold/core/tuple.hpp"
#include "onefold/core/value_bytes.hpp"

namespace onefold {

// The oldest N values of a sequence, oldest first. add and merge are O(1) a value; the second of two is the later one.
// Empty it owns no heap, and it never holds more than it was given.
template <class V, std::size_t N>
class OldestValues {
public:
    void add(const V& value) {
        if (values_.size() < N) values_.push_back(value);
    }
    void merge(const OldestValues& later) {
        for (std::size_t i = 0, n = later.size(); i < n; ++i) add(later[i]);
    }
    std::size_t size() const noexcept { return values_.size(); }
    // By value where V is bool, whose vector has no references.
    typename std::vector<V>::const_reference operator[](std::size_t i) const noexcept { return values_[i]; }

private:
    std::vector<V> values_;
};

// The newest N values of a sequence, oldest of them first: a ring that overwrites its oldest.
template <class V, std::size_t N>
class NewestValues {
public:
    void add(const V& value) {
        if (values_.size() < N) values_.push_back(value);
        else {
            values_[oldest_] = value;
            oldest_ = (oldest_ + 1) % N;
        }
    }
    void merge(const NewestValues& later) {
        if (this == &later) return merge(NewestValues(later));
        for (std::size_t i = 0, n = later.size(); i < n; ++i) add(later[i]);
    }
    std::size_t size() const noexcept { return values_.size(); }
    bool full() const noexcept { return values_.size() == N; }
    typename std::vector<V>::const_reference operator[](std::size_t i) const noexcept {
        return values_[(oldest_ + i) % values_.size()];
    }

private:
    std::vector<V> values_;
    std::size_t oldest_ = 0;
};

namespace accumulate {

// A window that moves loses its oldest value and must find what follows it, which a list of N has forgotten: monoids.
template <class V, class Values, std::size_t N>
struct EndOfSequence {
    using Value = V;
    using State = Values;
    static void add(State& s, const V& v) { s.add(v); }
    static void merge(State& s, const State& later) { s.merge(later); }
    // How many, then the values, oldest first.
    static void save(const State& s, ByteWriter& to) {
        to.put(static_cast<std::uint64_t>(s.size()));
        for (std::size_t i = 0; i < s.size(); ++i) detail::save_value(to, s[i]);
    }
    static State load(ByteReader& from) {
        State s;
        const auto count = from.get_count(detail::least_value_bytes<V>());
        if (count > N) from.fail();
        for (std::uint64_t i = 0; i < count && from.ok(); ++i) s.add(detail::load_value<V>(from));
        return from.ok() ? std::move(s) : State();
    }
};
template <class V, std::size_t N>
struct OldestN : EndOfSequence<V, OldestValues<V, N>, N> {
    static constexpr std::string_view name = "oldest values";
};
template <class V, std::size_t N>
struct NewestN : EndOfSequence<V, NewestValues<V, N>, N> {
    static constexpr std::string_view name = "newest values";
};

} // namespace accumulate

namespace aggregates {

// The first (last) N values of the window that are not null, oldest first in canonical order; fewer if there are fewer.
template <std::size_t N, bool FromStart>
struct EndValues {
    static constexpr std::string_view name = FromStart ? "first_n" : "last_n";
    static constexpr std::int64_t parameters[] = {N};
    template <class V>
    using Ends = std::conditional_t<FromStart, accumulate::OldestN<V, N>, accumulate::NewestN<V, N>>;
    template <class V> using accumulators = TypeList<Ends<V>>;
    template <class V> static List<V, N> result(const auto& view) {
        const auto& values = view.template state<Ends<V>>();
        List<V, N> list;
        for (std::size_t i = 0; i < values.size(); ++i) list.push_back(values[i]);
        return list;
    }
};
template <std::size_t N> using FirstN = EndValues<N, true>;
template <std::size_t N> using LastN = EndValues<N, false>;

// The value N events before the newest of the window, in canonical order: lag<0> is last. A null value is answered as
// null, and so is a window of N events or fewer.
template <std::size_t N>
struct Lag {
    static constexpr std::string_view name = "lag";
    static constexpr std::int64_t parameters[] = {N};
    static constexpr bool keeps_nulls = true;
    template <class V> using accumulators = TypeList<accumulate::NewestN<V, N + 1>>;
    template <class V> static auto result(const auto& view) {
        using Result = std::conditional_t<detail::is_optional<V>, V, std::optional<V>>;
        const auto& newest = view.template state<accumulate::NewestN<V, N + 1>>();
        return newest.full() ? Result(newest[0]) : Result();
    }
};

} // namespace aggregates
} // namespace onefold
