#pragma once

#include "onefold/engine/content.hpp"
#include "onefold/engine/grid.hpp"

namespace onefold::engine {

// What became of an event that was given to the windows of its key. `joined`: it is in, and nothing is due earlier than
// it was. `outside`: it lies in the hole of a large hop.
enum class Placed : std::uint8_t { opened, joined, late, outside };

// The watermark at which windows that end now are released, turned round: a window is released when its last instant is
// not after this. At the end of the input everything is.
constexpr std::int64_t released_up_to(std::int64_t watermark, std::int64_t lateness) noexcept {
    return watermark == latest ? latest : saturating_subtract(watermark, lateness);
}

// What windows hold for one who asks only where they lie.
struct NoContent {
    static constexpr bool can_unmerge = false;
    void add(const auto&) noexcept {}
    void merge(const NoContent&) noexcept {}
    std::uint64_t rows() const noexcept { return 1; }
};

// The hopping or calendar windows of one key that have not closed for good, and their contents. A window [s, e) answers
// on time when the watermark reaches e - 1, again with each event that comes after that, and for the last time, closed,
// when the watermark reaches e - 1 + allowed lateness; then its state is released. (Apache Flink's rules.)
//
// Windows share slices: an event is added once, whatever size / hop is, and a window is the merge of its slices; where
// contents can be taken out again the windows of a key are answered one after the other at two slices each.
//
// Both executors run this code: live as the watermark moves, batch over each key's events in order of arrival. Answers
// are calls of answer(interval, content), in order of (end, start).
template <class P, class Held = Content<P>>
class KeySlices {
    static constexpr const ClosingWindow& rules = P::closing;
    static constexpr bool is_calendar = rules.kind == ClosingWindow::Kind::calendar;
    static constexpr bool slides = Held::can_unmerge && !is_calendar && rules.size > 2 * rules.hop;

    struct Slice : SliceOfTime {
        Held content;
    };
    // The merge of the slices in `covers`, which moves from window to window.
    struct Running {
        Interval covers;
        Held content;
    };
    struct NotRunning {};

public:
    using Grid = std::conditional_t<is_calendar, CalendarGrid, HoppingGrid>;

    static constexpr std::size_t bytes_per_slice = sizeof(Slice);
    // How long after a window's last instant an event may still be of it.
    static constexpr std::int64_t touches = 0;
    // Between the answers of fixed windows only single events come, each answered at once.
    static constexpr bool remembers_answers = false;
    bool empty() const noexcept { return slices_.empty(); }

    // Takes an event; `late` answers the windows that have answered before. O(1) for an event of the newest slice.
    template <class Event, class Answer>
    Placed arrive(const Grid& grid, const Event& entry, std::int64_t watermark, Answer&& late) {
        // Most events are of the newest slice, and nothing in it is late before the watermark reaches it.
        if (!slices_.empty() && slices_.back().span.holds(entry.time) && watermark < slices_.back().span.start) {
            add_to(slices_.back(), entry);
            return Placed::joined;
        }
        const auto slice = grid.slice(entry.time);
        if (!slice) return Placed::outside;
        const auto gone = released_up_to(watermark, rules.lateness);
        if (gone == latest) return Placed::late;
        auto n = gone == earliest ? slice->first : std::max(slice->first, grid.first_ending_after(gone));
        if (n > slice->last) return Placed::late;
        add(*slice, entry);
        for (; n <= slice->last; ++n) {
            const auto window = grid.window(n);
            if (last_instant(window) > watermark) break;
            if constexpr (rules.discards) {
                Held alone;
                alone.add(entry);
                late(window, alone);
            } else with_content(window, late);
        }
        return Placed::opened;
    }

    // The watermark has moved: answers the windows whose last instant it has reached.
    template <class Answer>
    void answer_on_time(const Grid& grid, std::int64_t from, std::int64_t to, Answer&& on_time) {
        answer_between(grid, from, to, on_time);
    }
    // Answers the windows that take no more events, for the last time.
    template <class Answer>
    void close(const Grid& grid, std::int64_t from, std::int64_t to, Answer&& closed) {
        answer_between(grid, released_up_to(from, rules.lateness), released_up_to(to, rules.lateness), closed);
    }
    // Forgets what no later answer can hold.
    void release(const Grid& grid, std::int64_t watermark) {
        const auto gone = released_up_to(watermark, rules.lateness);
        const auto done = gone == latest ? slices_.size() : first_slice_of(grid.first_ending_after(gone));
        if (done == 0) return;
        if constexpr (slides) leave_running(slices_[done - 1].span.end);
        slices_.erase(slices_.begin(), slices_.begin() + static_cast<std::ptrdiff_t>(done));
    }

    // The lowest watermark above this one at which something happens; `latest` if nothing ever does before the end.
    std::int64_t due(const Grid& grid, std::int64_t watermark) const {
        if constexpr (rules.lateness == 0) return next_instant(grid, watermark);
        const auto gone = released_up_to(watermark, rules.lateness);
        return std::min(next_instant(grid, watermark), saturating_add(next_instant(grid, gone), rules.lateness));
    }

    void save(ByteWriter& to) const {
        to.put(static_cast<std::uint64_t>(slices_.size()));
        for (const auto& slice : slices_) {
            to.put(slice.span.start);
            to.put(slice.span.end);
            slice.content.save(to);
        }
    }
    void load(const Grid& grid, ByteReader& from) {
        for (auto count = from.get_count(16); count > 0 && from.ok(); --count) {
            const Interval span{from.get<std::int64_t>(), from.get<std::int64_t>()};
            const auto where = grid.slice(span.start);
            if (!where || where->span != span) return from.fail();
            Slice slice{*where, {}};
            slice.content.load(from);
            slices_.push_back(std::move(slice));
        }
    }

private:
    template <class Event>
    void add(const SliceOfTime& slice, const Event& entry) {
        const auto start = slice.span.start;
        auto at = slices_.size();
        while (at > 0 && slices_[at - 1].span.start > start) --at;
        if (at == 0 || slices_[at - 1].span.start != start)
            slices_.insert(slices_.begin() + static_cast<std::ptrdiff_t>(at++), Slice{slice, {}});
        add_to(slices_[at - 1], entry);
    }
    template <class Event>
    void add_to(Slice& slice, const Event& entry) {
        slice.content.add(entry);
        if constexpr (slides)
            if (running_.covers.holds(entry.time)) running_.content.add(entry);
    }

    // The first slice that is in window n or a later one.
    std::size_t first_slice_of(std::int64_t n) const {
        const auto at =
            std::partition_point(slices_.begin(), slices_.end(), [&](const Slice& slice) { return slice.last < n; });
        return static_cast<std::size_t>(at - slices_.begin());
    }
    // The first window from n on that has something in it.
    std::optional<std::int64_t> next(std::int64_t n) const {
        const auto at = first_slice_of(n);
        if (at == slices_.size()) return std::nullopt;
        return std::max(n, slices_[at].first);
    }
    // The last instant of the first such window that ends after x; at most the end of time.
    std::int64_t next_instant(const Grid& grid, std::int64_t x) const {
        if (x == latest) return latest;
        const auto n = next(grid.first_ending_after(x));
        return n ? last_instant(grid.window(*n)) : latest;
    }
    template <class Answer>
    void answer_between(const Grid& grid, std::int64_t from, std::int64_t to, Answer& answer) {
        if (from == latest) return;
        for (auto n = next(grid.first_ending_after(from)); n; n = next(*n + 1)) {
            const auto window = grid.window(*n);
            if (last_instant(window) > to) break;
            with_content(window, answer);
        }
    }

    std::size_t first_slice(std::int64_t start) const noexcept {
        const auto at = std::lower_bound(slices_.begin(), slices_.end(), start,
                                         [](const Slice& slice, std::int64_t t) { return slice.span.start < t; });
        return static_cast<std::size_t>(at - slices_.begin());
    }
    template <class Answer>
    void with_content(const Interval& window, Answer& answer) {
        const auto low = first_slice(window.start), high = first_slice(window.end);
        if (high - low == 1) return answer(window, slices_[low].content);
        if constexpr (slides)
            if (window.end >= running_.covers.end) {
                run_to(window);
                return answer(window, running_.content);
            }
        Held content;
        for (auto i = low; i < high; ++i) content.merge(slices_[i].content);
        answer(window, content);
    }

    void run_to(const Interval& window) {
        if (window.start >= running_.covers.end || window.start < running_.covers.start) running_ = {};
        if (running_.covers.end == running_.covers.start) running_.covers = {window.start, window.start};
        leave_running(window.start);
        for (auto i = first_slice(running_.covers.end); i < slices_.size() && slices_[i].span.start < window.end; ++i)
            running_.content.merge(slices_[i].content);
        running_.covers.end = window.end;
    }
    void leave_running(std::int64_t until) {
        for (auto i = first_slice(running_.covers.start);
             i < slices_.size() && slices_[i].span.start < std::min(until, running_.covers.end); ++i)
            running_.content.unmerge(slices_[i].content);
        running_.covers.start = std::min(std::max(until, running_.covers.start), running_.covers.end);
    }

    std::vector<Slice> slices_; // in order of time
    [[no_unique_address]] std::conditional_t<slides, Running, NotRunning> running_{};
};

} // namespace onefold::engine
