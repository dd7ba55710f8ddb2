#pragma once

#include "onefold/engine/key_sessions.hpp"
#include "onefold/engine/key_table.hpp"
#include "onefold/engine/results.hpp"
#include "onefold/plan/closed.hpp"

namespace onefold::engine {

// The windows of one key.
template <class P, class Held> struct KeyWindowsOf {
    using type = KeySlices<P, Held>;
};
template <class P, class Held>
    requires(P::closing.kind == ClosingWindow::Kind::session)
struct KeyWindowsOf<P, Held> {
    using type = KeySessions<P, Held>;
};
template <class P, class Held = Content<P>> using KeyWindows = typename KeyWindowsOf<P, Held>::type;

// The order of answers that one cause leads to, and of closed windows: end, start, key.
template <class Def>
std::strong_ordering window_order(const Closed<Def>& a, const Closed<Def>& b) noexcept {
    using P = plan::EntityPlan<Def, 0>;
    if (const auto order = a.end <=> b.end; order != 0) return order;
    if (const auto order = a.start <=> b.start; order != 0) return order;
    return KeyOf<P, typename P::key_members>::order(a.key, b.key);
}

// Turns what the windows of a key hold into rows: the answers of one run, which its caller sorts and hands out.
template <class Def>
class WindowAnswers {
public:
    using P = plan::EntityPlan<Def, 0>;
    using Windows = KeyWindows<P>;
    using Grid = typename Windows::Grid;
    using Key = typename Closed<Def>::Key;

    // What nobody asks for is not computed.
    bool wants_fired = true;
    bool wants_closed = true;
    std::vector<Fired<Def>> fired;
    std::vector<Closed<Def>> closed;
    // Features that are null because an exact sum of integers left int64.
    std::uint64_t overflows = 0;

    Placed arrive(Windows& windows, const Grid& grid, const Key& key, const Entry<P>& entry, std::int64_t watermark,
                  std::uint64_t cause) {
        return windows.arrive(grid, entry, watermark, [&](const Interval& window, const Content<P>& content) {
            if (wants_fired) fire(key, window, content, Pane::late, watermark, cause);
        });
    }
    // The watermark moves. Nothing else may happen between `from` and `to`.
    void advance(Windows& windows, const Grid& grid, const Key& key, std::int64_t from, std::int64_t to,
                 std::uint64_t cause) {
        if (wants_fired || Windows::remembers_answers)
            windows.answer_on_time(grid, from, to, [&](const Interval& window, const Content<P>& content) {
                if (wants_fired) fire(key, window, content, Pane::on_time, to, cause);
            });
        if (wants_closed)
            windows.close(grid, from, to, [&](const Interval& window, const Content<P>& content) {
                write(closed.emplace_back(), key, window, content);
            });
        windows.release(grid, to);
    }

    // A window as a row.
    void write(Closed<Def>& row, const Key& key, const Interval& window, const Content<P>& content) {
        row.key = key;
        row.start = {window.start};
        row.end = {window.end};
        overflows += write_clauses<Def, 0>(
            row, [&]<std::size_t C>(std::size_t, std::int64_t) { return ContentView<P, C>(content, window); });
        write_derived<Def>(row, nullptr);
    }

    // In the order in which answers of one cause are handed out.
    void sort() {
        std::sort(closed.begin(), closed.end(), [](const auto& a, const auto& b) { return window_order(a, b) < 0; });
        std::sort(fired.begin(), fired.end(), [](const auto& a, const auto& b) {
            if (a.cause != b.cause) return a.cause < b.cause;
            if (a.pane != b.pane) return a.pane == Pane::late; // the event first, then what its time moves
            return window_order<Def>(a, b) < 0;
        });
    }

private:
    void fire(const Key& key, const Interval& window, const Content<P>& content, Pane pane, std::int64_t watermark,
              std::uint64_t cause) {
        auto& row = fired.emplace_back();
        write(row, key, window, content);
        row.pane = pane;
        row.watermark = {watermark};
        row.cause = cause;
    }
};

} // namespace onefold::engine
