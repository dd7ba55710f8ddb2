#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "onefold/core/owned.hpp"
#include "onefold/engine/entry.hpp"

namespace onefold::engine {

inline constexpr std::uint32_t no_position = UINT32_MAX;
inline constexpr std::size_t any_window = SIZE_MAX;

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

// Partial results over blocks of the log, and blocks of blocks: a flat tree of fan-out 32 built as far as queries need
// it, so a key that never asks pays nothing. A range of n entries costs O(log n) merges. A block grows by the entries
// that are put into it and is halved at 64, so that an event late by d spoils one block and those above it, and moves
// the numbers of the blocks behind it: d / 32 additions in a row. A window that slides has two stacks besides, over
// blocks (Tangwongsan, Hirzel, Schneider: Low-latency sliding-window aggregation in worst-case constant time, 2017,
// tell of them), and merges twice wherever it stands.
template <class P, std::size_t F, class C = Combine<P, F>>
class RangeIndex {
    using Partial = typename C::Partial;
    static constexpr std::uint32_t fan_out = 32;
    static constexpr bool holds_positions = P::template algebra<F> == plan::Algebra::selection;
    // Selections slide by a queue of candidates, and groups by subtracting.
    static constexpr bool slides = P::template algebra<F> == plan::Algebra::monoid;

public:
    // The same without an index, which is as good where a range is short.
    static bool is_short(std::uint32_t low, std::uint32_t high) noexcept { return high - low < 2 * fan_out; }
    template <class Log>
    static Partial scan(const Log& log, std::uint32_t low, std::uint32_t high) {
        Partial result = C::nothing();
        for (auto i = low; i < high; ++i) C::add_entry(log, result, i);
        return result;
    }
    // The combination of the entries [low, high), oldest first. Questions that name the same `window` are expected to
    // move on together, as a window does: they then cost O(1) amortised, and wherever they do not, as much as others.
    template <class Log>
    Partial query(const Log& log, std::uint32_t low, std::uint32_t high, std::size_t window = any_window) {
        if (is_short(low, high)) return scan(log, low, high);
        Partial result = C::nothing();
        if (!tree_) tree_.make();
        auto& ends = tree_->ends;
        while (built() + fan_out <= high) append_block();
        const auto first = low == 0 ? 0 : block_of(low - 1) + 1, last = blocks_until(high);
        if (first >= last) return scan(log, low, high);
        if constexpr (slides)
            if (window != any_window)
                if (auto* stacks = stacks_of(log, window, first, last)) {
                    result = scan(log, low, start_of(first));
                    C::add_partial(log, result, stacks->front[first - stacks->from]);
                    add_back(log, *stacks, last, high, result);
                    return result;
                }
        for (auto i = low; i < start_of(first); ++i) C::add_entry(log, result, i);
        collect(log, 0, first, last, result);
        for (auto i = ends[last - 1]; i < high; ++i) C::add_entry(log, result, i);
        return result;
    }
    // An entry has been put at this position; those from there on stand one further.
    void inserted(std::uint32_t position) {
        if (!tree_) return;
        auto& [ends, levels, windows] = *tree_;
        // A window's back goes further than what is built.
        if (position >= built()) {
            for (auto& stacks : windows)
                if (position < stacks.back_end) stacks.back_is_whole = false;
            return;
        }
        const auto block = block_of(position);
        for (auto i = block; i < ends.size(); ++i) ++ends[i];
        spoil(block);
        if constexpr (holds_positions) {
            auto i = block;
            for (auto& level : levels) {
                for (auto k = i; k < level.partials.size(); ++k)
                    if (level.partials[k] >= position && level.partials[k] != no_position) ++level.partials[k];
                i /= fan_out;
            }
        }
        for (auto& stacks : windows) {
            if (block < stacks.to) stacks.whole = false;
            else if (position < stacks.back_end) stacks.back_is_whole = false;
        }
        const auto start = start_of(block);
        if (ends[block] - start < 2 * fan_out) return;
        ends.insert(ends.begin() + block, start + fan_out);
        // The blocks behind have another number, and so stand in other blocks above.
        if (!levels.empty() && block < levels[0].partials.size()) levels[0].insert(block);
        for (std::size_t l = 1, k = block / fan_out; l < levels.size(); ++l, k /= fan_out) levels[l].keep(k);
    }
    // Entries from this position on have moved or changed.
    void invalidate(std::uint32_t position) noexcept {
        if (!tree_) return;
        auto& [ends, levels, windows] = *tree_;
        for (auto& stacks : windows) stacks.whole = false;
        auto block = position < built() ? block_of(position) : static_cast<std::uint32_t>(ends.size());
        ends.resize(block);
        for (auto& level : levels) {
            level.keep(block);
            block /= fan_out;
        }
    }

private:
    struct Level {
        std::vector<Partial> partials;
        std::vector<std::uint8_t> spoilt; // is to be built again before it is used

        void keep(std::size_t count) noexcept {
            if (count >= partials.size()) return;
            partials.erase(partials.begin() + static_cast<std::ptrdiff_t>(count), partials.end());
            spoilt.resize(count);
        }
        void insert(std::uint32_t block) {
            partials.insert(partials.begin() + block, C::nothing());
            spoilt.insert(spoilt.begin() + block, 1);
        }
    };
    // The two stacks of one window: for each block [from, to) what it and those up to `to` combine to, and the entries
    // behind them up to `back_end`. A window that slides takes from the front and adds to the back; when it has left
    // the front behind, the stacks are turned: everything becomes front, for a merge per block.
    struct Stacks {
        std::vector<Partial> front;
        Partial back = C::nothing();
        std::uint32_t from = 0, to = 0, back_end = 0;
        std::uint32_t questions = 0;               // since they were turned: these pay for the next turn
        bool whole = false, back_is_whole = false; // nothing was put into them since
    };
    struct Tree {
        // Where each block ends; blocks have 32 to 63 entries.
        std::vector<std::uint32_t> ends;
        std::vector<Level> levels;
        std::vector<Stacks> windows;
    };

    // The stacks, if they can answer for these blocks; turned, if that is due.
    template <class Log>
    Stacks* stacks_of(const Log& log, std::size_t window, std::uint32_t first, std::uint32_t last) {
        if (tree_->windows.size() <= window) tree_->windows.resize(window + 1);
        auto& stacks = tree_->windows[window];
        if (stacks.questions < UINT32_MAX) ++stacks.questions;
        const bool fits = stacks.whole && stacks.from <= first && first < stacks.to && stacks.to <= last;
        if (fits && stacks.back_is_whole) return &stacks;
        if (stacks.questions < last - first) return fits ? &stacks : nullptr;
        build(log, 0, last);
        stacks.front.assign(last - first, C::nothing());
        for (auto k = last; k > first; --k) {
            auto& combined = stacks.front[k - 1 - first];
            combined = partial(log, 0, k - 1);
            if (k < last) C::add_partial(log, combined, stacks.front[k - first]);
        }
        stacks.from = first;
        stacks.to = last;
        stacks.back = C::nothing();
        stacks.back_end = start_of(last);
        stacks.questions = 0;
        stacks.whole = stacks.back_is_whole = true;
        return &stacks;
    }
    // What lies behind the front, up to `high`; `last` blocks end there or before.
    template <class Log>
    void add_back(const Log& log, Stacks& stacks, std::uint32_t last, std::uint32_t high, Partial& result) {
        if (stacks.back_is_whole && stacks.back_end <= high) {
            for (; stacks.back_end < high; ++stacks.back_end) C::add_entry(log, stacks.back, stacks.back_end);
            C::add_partial(log, result, stacks.back);
            return;
        }
        if (stacks.to < last) collect(log, 0, stacks.to, last, result);
        for (auto i = start_of(last); i < high; ++i) C::add_entry(log, result, i);
    }

    std::uint32_t built() const noexcept { return tree_->ends.empty() ? 0 : tree_->ends.back(); }
    std::uint32_t start_of(std::uint32_t block) const noexcept { return block == 0 ? 0 : tree_->ends[block - 1]; }
    void append_block() { tree_->ends.push_back(built() + fan_out); }
    // How many blocks end at or before a position, searched from where it would be if no block had grown.
    std::uint32_t blocks_until(std::uint32_t position) const noexcept {
        const auto& ends = tree_->ends;
        auto high = std::min(position / fan_out, static_cast<std::uint32_t>(ends.size()));
        std::uint32_t step = 1, low = high;
        while (low > 0 && ends[low - 1] > position) {
            high = low - 1;
            low = low > step ? low - step : 0;
            step *= 2;
        }
        while (low < high) {
            const auto middle = (low + high) / 2;
            if (ends[middle] > position) high = middle;
            else low = middle + 1;
        }
        return low;
    }
    std::uint32_t block_of(std::uint32_t position) const noexcept { return blocks_until(position); }

    void spoil(std::uint32_t block) noexcept {
        for (auto& level : tree_->levels) {
            if (block < level.spoilt.size()) level.spoilt[block] = 1;
            block /= fan_out;
        }
    }
    // Block i of a level as it is now.
    template <class Log>
    const Partial& partial(const Log& log, std::size_t level, std::uint32_t i) {
        if (tree_->levels[level].spoilt[i]) {
            auto fresh = combined(log, level, i);
            auto& [partials, spoilt] = tree_->levels[level];
            partials[i] = std::move(fresh);
            spoilt[i] = 0;
        }
        return tree_->levels[level].partials[i];
    }
    template <class Log>
    Partial combined(const Log& log, std::size_t level, std::uint32_t i) {
        Partial block = C::nothing();
        if (level == 0)
            for (auto k = start_of(i); k < tree_->ends[i]; ++k) C::add_entry(log, block, k);
        else
            for (auto k = i * fan_out; k < (i + 1) * fan_out; ++k)
                C::add_partial(log, block, partial(log, level - 1, k));
        return block;
    }
    // Blocks [low, high) of a level.
    template <class Log>
    void collect(const Log& log, std::size_t level, std::uint32_t low, std::uint32_t high, Partial& result) {
        build(log, level, high);
        const auto first = (low + fan_out - 1) / fan_out, last = high / fan_out;
        const bool climbs = first < last;
        for (auto i = low; i < (climbs ? first * fan_out : high); ++i)
            C::add_partial(log, result, partial(log, level, i));
        if (!climbs) return;
        collect(log, level + 1, first, last, result);
        for (auto i = last * fan_out; i < high; ++i) C::add_partial(log, result, partial(log, level, i));
    }
    template <class Log>
    void build(const Log& log, std::size_t level, std::uint32_t count) {
        if (tree_->levels.size() == level) tree_->levels.emplace_back();
        while (tree_->levels[level].partials.size() < count) {
            const auto i = static_cast<std::uint32_t>(tree_->levels[level].partials.size());
            if (level > 0) build(log, level - 1, (i + 1) * fan_out);
            auto fresh = combined(log, level, i);
            tree_->levels[level].partials.push_back(std::move(fresh));
            tree_->levels[level].spoilt.push_back(0);
        }
    }

    // One pointer, because most keys never need it.
    detail::Owned<Tree> tree_;
};

// Family F is asked over a window without a start.
template <class P, std::size_t F>
inline constexpr bool has_lifetime = [] {
    for (std::size_t w = 0; w < P::window_count; ++w)
        if (P::tables.windows[w].unbounded() && P::tables.slot_of_window[F][w] != plan::none) return true;
    return false;
}();

// Any moment can be answered from partial results: every group merges fast, and none remembers dropped entries in its
// running state alone.
template <class P>
inline constexpr bool answers_from_ranges = []<std::size_t... F>(std::index_sequence<F...>) {
    return P::hop == 0 && ((P::template algebra<F> != plan::Algebra::group ||
                            (merges_fast<typename P::template accumulator<F>> && !has_lifetime<P, F>)) &&
                           ...);
}(std::make_index_sequence<P::family_count>{});

// One index per family that is not a group, or that is answered as one that is not.
template <class P, class Families> struct RangeIndexes;
template <class P, std::size_t... F>
struct RangeIndexes<P, std::index_sequence<F...>> {
    template <std::size_t G> struct Slot {};
    template <std::size_t G>
        requires(P::template algebra<G> != plan::Algebra::group || answers_from_ranges<P>)
    struct Slot<G> {
        RangeIndex<P, G> value;
    };
    using type = Tuple<Slot<F>...>;
};

} // namespace onefold::engine
