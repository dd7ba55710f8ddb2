#pragma once

#include <utility>
#include <vector>

#include "onefold/engine/entry.hpp"

namespace onefold::engine {

inline constexpr std::uint32_t no_position = UINT32_MAX;

// How family F combines entries of a log: a selection keeps the winner's position, a monoid merges states.
template <class P, std::size_t F>
struct Combine {
    using A = typename P::template accumulator<F>;
    using Partial = typename A::State;
    static Partial nothing() { return {}; }
    template <class Log> static void add_entry(const Log& log, Partial& to, std::uint32_t position) {
        const auto& entry = log[position];
        if (entry.template present<F>()) A::add(to, entry.template value<F>());
    }
    template <class Log> static void add_partial(const Log&, Partial& to, const Partial& newer) { A::merge(to, newer); }
};
template <class P, std::size_t F>
    requires(P::template algebra<F> == plan::Algebra::selection)
struct Combine<P, F> {
    using A = typename P::template accumulator<F>;
    using Partial = std::uint32_t;
    static Partial nothing() { return no_position; }
    template <class Log> static void add_entry(const Log& log, Partial& to, std::uint32_t position) {
        if (log[position].template present<F>()) add_partial(log, to, position);
    }
    template <class Log> static void add_partial(const Log& log, Partial& to, Partial newer) {
        if (newer == no_position) return;
        if (to == no_position || A::dominates(log[newer].template value<F>(), log[to].template value<F>())) to = newer;
    }
};

// Partial results over aligned blocks of the log, and blocks of blocks: a flat tree of fan-out 32 built as far as
// queries need it, so a key that never asks pays nothing. A range of n entries costs O(log n) merges; an event late by
// d makes the blocks behind it be built again, O(d) amortised.
template <class P, std::size_t F, class C = Combine<P, F>>
class RangeIndex {
    using Partial = typename C::Partial;
    static constexpr std::uint32_t fan_out = 32;

public:
    RangeIndex() noexcept = default;
    RangeIndex(RangeIndex&& other) noexcept : levels_(std::exchange(other.levels_, nullptr)) {}
    RangeIndex& operator=(RangeIndex&& other) noexcept {
        std::swap(levels_, other.levels_);
        return *this;
    }
    ~RangeIndex() { delete levels_; }

    // The combination of the entries [low, high), oldest first.
    template <class Log>
    Partial query(const Log& log, std::uint32_t low, std::uint32_t high) {
        Partial result = C::nothing();
        if (high - low < 2 * fan_out) {
            for (auto i = low; i < high; ++i) C::add_entry(log, result, i);
            return result;
        }
        if (!levels_) levels_ = new Levels;
        collect(log, 0, low, high, result);
        return result;
    }
    // Entries from this position on have moved or changed.
    void invalidate(std::uint32_t position) noexcept {
        if (!levels_) return;
        for (auto& level : *levels_) {
            position /= fan_out;
            if (level.size() > position) level.resize(position, C::nothing());
        }
    }

private:
    template <class Log>
    void absorb(const Log& log, std::size_t level, Partial& to, std::uint32_t i) const {
        if (level == 0) C::add_entry(log, to, i);
        else C::add_partial(log, to, (*levels_)[level - 1][i]);
    }
    template <class Log>
    void collect(const Log& log, std::size_t level, std::uint32_t low, std::uint32_t high, Partial& result) {
        const auto first_block = (low + fan_out - 1) / fan_out, last_block = high / fan_out;
        if (first_block >= last_block) {
            for (auto i = low; i < high; ++i) absorb(log, level, result, i);
            return;
        }
        if (levels_->size() == level) levels_->emplace_back();
        build(log, level, last_block);
        for (auto i = low; i < first_block * fan_out; ++i) absorb(log, level, result, i);
        collect(log, level + 1, first_block, last_block, result);
        for (auto i = last_block * fan_out; i < high; ++i) absorb(log, level, result, i);
    }
    template <class Log>
    void build(const Log& log, std::size_t level, std::uint32_t count) {
        while ((*levels_)[level].size() < count) {
            Partial block = C::nothing();
            const auto start = static_cast<std::uint32_t>((*levels_)[level].size()) * fan_out;
            if (level > 0) build(log, level - 1, start + fan_out);
            for (std::uint32_t i = 0; i < fan_out; ++i) absorb(log, level, block, start + i);
            (*levels_)[level].push_back(std::move(block));
        }
    }

    using Levels = std::vector<std::vector<Partial>>;
    // One pointer, because most keys never need it.
    Levels* levels_ = nullptr;
};

// One index per family that is not a group.
template <class P, class Families> struct RangeIndexes;
template <class P, std::size_t... F>
struct RangeIndexes<P, std::index_sequence<F...>> {
    template <std::size_t G> struct Slot {};
    template <std::size_t G>
        requires(P::template algebra<G> != plan::Algebra::group)
    struct Slot<G> {
        RangeIndex<P, G> value;
    };
    using type = Tuple<Slot<F>...>;
};

} // namespace onefold::engine
