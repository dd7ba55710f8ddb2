#pragma once

#include "onefold/engine/log.hpp"
#include "onefold/engine/position_queue.hpp"

namespace onefold::engine {

// A moment in a key's history, and every accumulator as of that moment: the one fold of the library.
//
// The frontier stands at a time and keeps, per distinct window end, how far the log has entered (tail) and, per window,
// what has left (head). Moving it forward adds what enters and subtracts what leaves; because accumulators are exact,
// moving it back undoes that without a trace, so going back by d events costs O(d) and never O(window). Families whose
// algebra is a selection share one queue of candidates per window end (SlickDeque); where the frontier has stepped
// behind what a queue describes, and for monoids, the log's range index answers in O(log window).
//
// The log is a template parameter: blocks of live state, or a slice of sorted history. Both executors run this code.
template <class P>
class Frontier {
    static constexpr auto& tables = P::tables;
    static constexpr std::size_t windows = P::window_count;
    static constexpr std::size_t ends = P::end_count;

    // Presence without a condition is the distance of two cursors and needs no state.
    template <std::size_t F>
    static constexpr bool counted_by_cursors = [] {
        if constexpr (requires { P::template accumulator<F>::needs_value; })
            return tables.bit_of_family[F] == plan::none;
        else return false;
    }();
    template <std::size_t F>
    static constexpr bool has_group_state = P::template algebra<F> == plan::Algebra::group && !counted_by_cursors<F>;

    template <std::size_t F> struct State {};
    template <std::size_t F>
        requires has_group_state<F>
    struct State<F> {
        std::array<typename P::template accumulator<F>::State, tables.slot_count[F]> slots{};
    };
    template <std::size_t F>
        requires(P::template algebra<F> == plan::Algebra::selection)
    struct State<F> {
        std::array<PositionQueue, ends> candidates{};
    };
    template <class Families> struct States;
    template <std::size_t... F>
    struct States<std::index_sequence<F...>> {
        using type = Tuple<State<F>...>;
    };

    template <std::size_t F, std::size_t E>
    static constexpr bool used_at_end = [] {
        for (std::size_t w = 0; w < windows; ++w)
            if (tables.end_of_window[w] == E && tables.slot_of_window[F][w] != plan::none) return true;
        return false;
    }();
    static constexpr bool has_selections = [] {
        for (std::size_t r = 0; r < P::family_count; ++r)
            if (P::family_algebra(r) == plan::Algebra::selection) return true;
        return false;
    }();

public:
    std::int64_t time() const noexcept { return time_; }
    // Where the event asked about stands in the log, or no_position.
    std::uint32_t own() const noexcept { return own_; }
    std::uint32_t head(std::size_t window) const noexcept { return heads_[window]; }
    std::uint32_t tail_of_window(std::size_t window) const noexcept { return tails_[tables.end_of_window[window]]; }

    // Goes to time t, in either direction. row_end: how many entries of the log stand up to and including the event
    // asked about, for the windows that end at it. folded: that event is in the log, the last of them.
    template <class Log>
    void move_to(const Log& log, std::int64_t t, std::uint32_t row_end, bool folded) {
        time_ = t;
        own_ = folded ? row_end - 1 : no_position;
        for_each_index<ends>([&](auto e) { move_tail<decltype(e)::value>(log, t, row_end); });
        for_each_index<windows>([&](auto w) { move_head<decltype(w)::value>(log, t); });
        if constexpr (has_selections) trim();
    }

    // Takes in what was put into the log at its tails since it came here, which it would at its next move.
    template <class Log>
    void catch_up(const Log& log) {
        for_each_index<ends>([&](auto e) {
            if constexpr (tables.ends[decltype(e)::value].stop == Window::Stop::time)
                move_tail<decltype(e)::value>(log, time_, 0);
        });
        for_each_index<windows>([&](auto w) { move_head<decltype(w)::value>(log, time_); });
        if constexpr (has_selections) trim();
    }

    // The log has put an entry at this position; everything from there on stands one further.
    template <class Log>
    void inserted(const Log& log, std::uint32_t position) {
        const auto& entry = log[position];
        for_each_index<ends>([&](auto e) {
            constexpr std::size_t E = decltype(e)::value;
            if constexpr (has_selections) {
                if (position < anchors_[E]) {
                    ++anchors_[E];
                    for_each_selection<E>([&](auto f) { insert_candidate<decltype(f)::value, E>(log, position); });
                    if (position < trimmed_[E]) ++trimmed_[E];
                }
            }
            if (position >= tails_[E]) return;
            ++tails_[E];
            for_each_index<windows>([&](auto w) {
                constexpr std::size_t W = decltype(w)::value;
                if constexpr (tables.end_of_window[W] == E) {
                    constexpr const Window& window = tables.windows[W];
                    const bool before = position < heads_[W] || (position == heads_[W] && !window.unbounded() &&
                                                                 entry.time < window.start(time_));
                    if (before) ++heads_[W];
                    else fold_window<W, true>(entry);
                }
            });
        });
    }

    // The log has taken out this entry, which stood at this position; everything behind it stands one nearer. What an
    // erased candidate of a selection had kept from being one is not known any more: the queue describes only what
    // follows it, and the range index answers for the rest.
    void erased(const Entry<P>& entry, std::uint32_t position) {
        for_each_index<ends>([&](auto e) {
            constexpr std::size_t E = decltype(e)::value;
            if constexpr (has_selections)
                if (position < anchors_[E]) {
                    --anchors_[E];
                    if (position < trimmed_[E]) --trimmed_[E];
                    bool was_candidate = false;
                    for_each_selection<E>([&](auto f) {
                        was_candidate = erase_candidate<decltype(f)::value, E>(position) || was_candidate;
                    });
                    if (was_candidate) describe_from<E>(position);
                }
            if (position >= tails_[E]) return;
            --tails_[E];
            for_each_index<windows>([&](auto w) {
                constexpr std::size_t W = decltype(w)::value;
                if constexpr (tables.end_of_window[W] == E) {
                    if (position < heads_[W]) --heads_[W];
                    else fold_window<W, false>(entry);
                }
            });
        });
    }

    // The log has forgotten its first entries; no window may reach into them any more, but one in hops, for which they
    // have become tiles.
    template <class Log>
    void dropped(const Log& log, std::uint32_t count) {
        for (auto& tail : tails_) tail -= count;
        for_each_index<windows>([&](auto w) {
            constexpr std::size_t W = decltype(w)::value;
            if constexpr (P::is_tiled(W)) {
                if (heads_[W] < count) tile_rows_[W] += count - heads_[W];
                heads_[W] = heads_[W] > count ? heads_[W] - count : 0;
                tile_heads_[W] = tile_head<W>(log);
            } else if constexpr (!tables.windows[W].unbounded()) heads_[W] -= count;
        });
        if constexpr (has_selections)
            for_each_index<ends>([&](auto e) {
                constexpr std::size_t E = decltype(e)::value;
                anchors_[E] -= count;
                trimmed_[E] = trimmed_[E] > count ? trimmed_[E] - count : 0;
                for_each_selection<E>([&](auto f) {
                    auto& queue = get<decltype(f)::value>(states_).candidates[E];
                    while (!queue.empty() && queue.front() < count) queue.pop_front();
                    for (std::uint32_t i = 0; i < queue.size(); ++i) queue[i] -= count;
                });
            });
    }

    // The log has forgotten its first tiles, which no window holds; or has just been loaded with these, and none is in
    // a window before the first question.
    void tiles_dropped(std::uint32_t count) noexcept {
        for (auto& head : tile_heads_) head -= count;
    }
    void tiles_loaded(std::uint32_t count) noexcept {
        for (auto& head : tile_heads_) head = count;
    }
    // The first tile of a window in hops.
    std::uint32_t tile_head(std::size_t window) const noexcept { return tile_heads_[window]; }

    // What the results read.
    template <class Log>
    std::int64_t rows(const Log& log, std::size_t window) const noexcept {
        const auto tail = static_cast<std::int64_t>(tail_of_window(window));
        if (tables.windows[window].unbounded()) return tail + static_cast<std::int64_t>(log.dropped());
        if constexpr (P::hop != 0) return tail - heads_[window] + tile_rows_[window];
        return tail - heads_[window];
    }
    template <std::size_t F>
    const auto& group(std::size_t window) const noexcept {
        return get<F>(states_).slots[tables.slot_of_window[F][window]];
    }
    template <std::size_t F>
    auto& group(std::size_t window) noexcept {
        return get<F>(states_).slots[tables.slot_of_window[F][window]];
    }
    template <std::size_t F> static constexpr bool keeps_group = has_group_state<F>;

    // The winning entry of selection F in a window: its position, or no_position.
    template <std::size_t F, class Log>
    std::uint32_t selected(const Log& log, std::size_t window) const {
        const auto end = tables.end_of_window[window];
        const auto low = tables.windows[window].unbounded() ? 0 : heads_[window];
        if (tails_[end] != anchors_[end] || low < trimmed_[end]) return log.template range<F>(low, tails_[end]);
        const auto& queue = get<F>(states_).candidates[end];
        const auto i = queue.empty() || queue.front() >= low ? 0 : queue.lower_bound(low);
        return i < queue.size() ? queue[i] : no_position;
    }

private:
    // A function of its own, so that only a window in hops makes the compiler look for tiles.
    template <std::size_t W, class Log>
    auto tile_head(const Log& log) const {
        return log.tiles().lower_bound(tables.windows[W].start(time_));
    }

    template <std::size_t E, class F>
    static constexpr void for_each_selection(F&& f) {
        for_each_index<P::family_count>([&](auto family) {
            if constexpr (P::template algebra<decltype(family)::value> == plan::Algebra::selection &&
                          used_at_end<decltype(family)::value, E>)
                f(family);
        });
    }

    // Adds or subtracts one entry in every group family of one window.
    template <std::size_t W, bool Add>
    void fold_window(const Entry<P>& entry) {
        for_each_index<P::family_count>([&](auto f) {
            constexpr std::size_t F = decltype(f)::value;
            constexpr std::size_t slot = tables.slot_of_window[F][W];
            if constexpr (has_group_state<F> && slot != plan::none) {
                if (!entry.template present<F>()) return;
                using A = typename P::template accumulator<F>;
                auto& state = get<F>(states_).slots[slot];
                if constexpr (Add) A::add(state, entry.template value<F>());
                else A::subtract(state, entry.template value<F>());
            }
        });
    }

    template <std::size_t E, class Log>
    void move_tail(const Log& log, std::int64_t t, std::uint32_t row_end) {
        constexpr Window end = tables.ends[E];
        auto& tail = tails_[E];
        if constexpr (end.stop != Window::Stop::time) {
            if (end.stop == Window::Stop::before_row && own_ != no_position) row_end = own_;
            while (tail < row_end) enter<E>(log, tail++);
            while (tail > row_end) leave<E>(log, --tail);
        } else {
            const auto limit = end.end(t);
            while (tail < log.size() && log.time(tail) < limit) enter<E>(log, tail++);
            while (tail > 0 && log.time(tail - 1) >= limit) leave<E>(log, --tail);
        }
    }

    template <std::size_t E, class Log>
    void enter(const Log& log, std::uint32_t position) {
        const auto& entry = log[position];
        for_each_index<windows>([&](auto w) {
            if constexpr (tables.end_of_window[decltype(w)::value] == E) fold_window<decltype(w)::value, true>(entry);
        });
        if constexpr (has_selections) {
            if (position < anchors_[E]) return;
            anchors_[E] = position + 1;
            for_each_selection<E>([&](auto f) {
                constexpr std::size_t F = decltype(f)::value;
                if (!entry.template present<F>()) return;
                using A = typename P::template accumulator<F>;
                auto& queue = get<F>(states_).candidates[E];
                while (!queue.empty() && A::dominates(entry.template value<F>(), log[queue.back()].template value<F>()))
                    queue.pop_back();
                queue.push_back(position);
            });
        }
    }

    template <std::size_t E, class Log>
    void leave(const Log& log, std::uint32_t position) {
        const auto& entry = log[position];
        for_each_index<windows>([&](auto w) {
            constexpr std::size_t W = decltype(w)::value;
            if constexpr (tables.end_of_window[W] == E) {
                // An entry before the head has been subtracted already.
                if (position >= heads_[W]) fold_window<W, false>(entry);
                else heads_[W] = position;
            }
        });
    }

    template <std::size_t W, class Log>
    void move_head(const Log& log, std::int64_t t) {
        constexpr Window window = tables.windows[W];
        if constexpr (!window.unbounded()) {
            auto& head = heads_[W];
            const auto tail = tails_[tables.end_of_window[W]];
            const auto start = window.start(t);
            const auto outside = [&](std::uint32_t position) {
                if constexpr (window.rows != 0)
                    if (tail - position > window.rows) return true;
                return window.from != latest && log.time(position) < start;
            };
            while (head < tail && outside(head)) fold_window<W, false>(log[head++]);
            while (head > 0 && !outside(head - 1)) fold_window<W, true>(log[--head]);
            if constexpr (P::is_tiled(W) && requires { log.tiles(); }) {
                const auto& tiles = log.tiles();
                auto& first = tile_heads_[W];
                while (first < tiles.size() && tiles[first].start < start) fold_tile<W, false>(tiles[first++]);
                while (first > 0 && tiles[first - 1].start >= start) fold_tile<W, true>(tiles[--first]);
            }
        }
    }

    // The same for the events of a tile at once.
    template <std::size_t W, bool Add, class Tile>
    void fold_tile(const Tile& tile) {
        if constexpr (Add) tile_rows_[W] += tile.rows;
        else tile_rows_[W] -= tile.rows;
        for_each_index<P::family_count>([&](auto f) {
            constexpr std::size_t F = decltype(f)::value;
            constexpr std::size_t slot = tables.slot_of_window[F][W];
            if constexpr (has_group_state<F> && slot != plan::none) {
                using A = typename P::template accumulator<F>;
                auto& state = get<F>(states_).slots[slot];
                if constexpr (Add) A::merge(state, get<F>(tile.parts).state);
                else A::unmerge(state, get<F>(tile.parts).state);
            }
        });
    }

    // Candidates that every window has left behind make room; the queue then describes the log from `trimmed_` on.
    void trim() {
        for_each_index<ends>([&](auto e) {
            constexpr std::size_t E = decltype(e)::value;
            if (tails_[E] != anchors_[E]) return;
            auto least = tails_[E];
            for_each_index<windows>([&](auto w) {
                if constexpr (tables.end_of_window[decltype(w)::value] == E) {
                    if constexpr (tables.windows[decltype(w)::value].unbounded()) least = 0;
                    else if (heads_[decltype(w)::value] < least) least = heads_[decltype(w)::value];
                }
            });
            if (least > trimmed_[E]) describe_from<E>(least);
        });
    }
    template <std::size_t E>
    void describe_from(std::uint32_t position) {
        trimmed_[E] = position;
        for_each_selection<E>([&](auto f) {
            auto& queue = get<decltype(f)::value>(states_).candidates[E];
            while (!queue.empty() && queue.front() < position) queue.pop_front();
        });
    }

    // A late entry inside what the queue describes: it is a candidate unless the best one behind it wins anyway.
    template <std::size_t F, std::size_t E, class Log>
    void insert_candidate(const Log& log, std::uint32_t position) {
        using A = typename P::template accumulator<F>;
        auto& queue = get<F>(states_).candidates[E];
        auto i = queue.size();
        for (; i > 0 && queue[i - 1] >= position; --i) ++queue[i - 1];
        const auto& entry = log[position];
        if (!entry.template present<F>() || position < trimmed_[E]) return;
        if (i < queue.size() && A::dominates(log[queue[i]].template value<F>(), entry.template value<F>())) return;
        auto from = i;
        while (from > 0 && A::dominates(entry.template value<F>(), log[queue[from - 1]].template value<F>())) --from;
        queue.erase(from, i);
        queue.insert(from, position);
    }

    // Whether the entry at this position, which is gone, was a candidate.
    template <std::size_t F, std::size_t E>
    bool erase_candidate(std::uint32_t position) {
        auto& queue = get<F>(states_).candidates[E];
        const auto i = queue.lower_bound(position);
        const bool found = i < queue.size() && queue[i] == position;
        if (found) queue.erase(i, i + 1);
        for (auto k = i; k < queue.size(); ++k) --queue[k];
        return found;
    }

    std::int64_t time_ = earliest;
    std::uint32_t own_ = no_position;
    std::array<std::uint32_t, windows> heads_{};
    std::array<std::uint32_t, ends> tails_{};
    // How far the queues describe the log: [trimmed_, anchors_) per window end.
    std::array<std::uint32_t, has_selections ? ends : 0> anchors_{};
    std::array<std::uint32_t, has_selections ? ends : 0> trimmed_{};
    // Of windows in hops: the first tile that they hold, and the events in those.
    std::array<std::uint32_t, P::hop != 0 ? windows : 0> tile_heads_{}, tile_rows_{};
    [[no_unique_address]] typename States<FamilyIndices<P>>::type states_{};
};

} // namespace onefold::engine
