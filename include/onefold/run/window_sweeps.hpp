#pragma once

#include "onefold/engine/window_answers.hpp"
#include "onefold/run/closed_order.hpp"
#include "onefold/run/intake.hpp"
#include "onefold/run/key_groups.hpp"

namespace onefold::run {

// The watermark at every moment of a history.
class WatermarkHistory {
public:
    void reserve(std::size_t events) { after_.reserve(events); }
    void append(std::int64_t watermark) { after_.push_back(watermark); }
    std::int64_t before(std::size_t event) const noexcept { return event == 0 ? earliest : after_[event - 1]; }
    std::int64_t after(std::size_t event) const noexcept { return after_[event]; }
    std::int64_t last() const noexcept { return after_.empty() ? earliest : after_.back(); }
    // The first event that moved it to this value or above; there is one.
    std::size_t reached(std::int64_t watermark) const noexcept {
        return static_cast<std::size_t>(std::lower_bound(after_.begin(), after_.end(), watermark) - after_.begin());
    }

private:
    std::vector<std::int64_t> after_;
};

// The windows of events in their order of arrival, with the answers that live would have given on the way. Events are
// partitioned by the key's documented hash. The watermark's way is known, so a key is brought up to it only when one of
// its own events comes, or at the end.
template <class Def>
class ArrivalSweep {
    using P = plan::EntityPlan<Def, 0>;
    using Windows = engine::KeyWindows<P>;
    using record = typename P::record;
    using Keys = engine::KeyOf<P, typename P::key_members>;

    struct KeyState {
        Windows windows;
        std::int64_t watermark = earliest; // how far it has been brought
        std::int64_t due = latest;
    };
    using Table = engine::KeyTable<P, KeyState>;

public:
    struct Part {
        engine::WindowAnswers<Def> answers;
        std::vector<std::pair<std::uint32_t, Verdict>> excluded;
    };
    std::vector<Part> parts;

    ArrivalSweep(const std::vector<record>& events, const std::vector<std::uint32_t>& order,
                 const WatermarkHistory& watermarks, bool fires, bool finishes)
        : events_(events), watermarks_(watermarks), fires_(fires), finishes_(finishes) {
        constexpr std::size_t partition_size = 16384;
        while (order.size() >> bits_ > partition_size && bits_ < 10) ++bits_;
        parts.resize(std::size_t{1} << bits_);
        starts_.resize(parts.size() + 1);
        for (const auto index : order) ++starts_[partition_of(events[index]) + 1];
        for (std::size_t p = 0; p < parts.size(); ++p) starts_[p + 1] += starts_[p];
        members_.resize(order.size());
        auto next = starts_;
        for (const auto index : order) members_[next[partition_of(events[index])]++] = index;
    }

    void sweep(std::size_t p) {
        auto& [answers, excluded] = parts[p];
        answers.wants_fired = fires_;
        const typename Windows::Grid grid(P::closing);
        Table table;
        for (auto m = starts_[p]; m < starts_[p + 1]; ++m) {
            const auto index = members_[m];
            const auto watermark = watermarks_.before(index);
            auto& keyed = table.find_or_add(events_[index]);
            bring_to(keyed, grid, watermark, answers);
            const auto entry = engine::Entry<P>::of(events_[index]);
            const auto placed = answers.arrive(keyed.state.windows, grid, keyed.key, entry, watermark, index);
            if (placed == engine::Placed::opened) keyed.state.due = keyed.state.windows.due(grid, watermark);
            if (const auto verdict = verdict_of(placed); verdict != Verdict::applied)
                excluded.emplace_back(index, verdict);
        }
        table.for_each([&](auto& keyed) {
            bring_to(keyed, grid, watermarks_.last(), answers);
            if (finishes_)
                answers.advance(keyed.state.windows, grid, keyed.key, keyed.state.watermark, latest, no_cause);
        });
    }

private:
    void bring_to(typename Table::Keyed& keyed, const typename Windows::Grid& grid, std::int64_t watermark,
                  engine::WindowAnswers<Def>& answers) {
        auto& state = keyed.state;
        while (state.due <= watermark && state.due != latest) {
            const auto cause = watermarks_.reached(state.due);
            const auto reached = watermarks_.after(cause);
            answers.advance(state.windows, grid, keyed.key, state.watermark, reached, cause);
            state.watermark = reached;
            state.due = state.windows.due(grid, reached);
        }
        state.watermark = watermark;
    }
    std::size_t partition_of(const record& event) const noexcept {
        return static_cast<std::size_t>(Keys::hash(event, 0) >> (64 - bits_));
    }

    const std::vector<record>& events_;
    const WatermarkHistory& watermarks_;
    bool fires_, finishes_;
    unsigned bits_ = 4;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> members_;
};

// The windows of a history that is complete, closed. Each key's events come in order of time, so that what lies before
// its next event closes at once: few windows of a key are open at any time, whatever the length of the history. First
// only the windows are listed, which tells each one's place among those of all keys; then it is filled in there.
template <class Def>
class HistorySweep {
    using P = plan::EntityPlan<Def, 0>;
    using Entry = engine::Entry<P>;
    using Keys = engine::KeyOf<P, typename P::key_members>;
    struct Moment {
        std::int64_t time;
    };

public:
    struct Part {
        std::vector<Interval> windows;       // a key's stand together, in order of time
        std::vector<KeyWindowRun<Def>> keys; // and where each key's begin
        std::vector<std::uint32_t> outside;  // events in no window, by their place in the order given
        std::uint64_t overflows = 0;
    };
    std::vector<Part> parts;

    HistorySweep(const std::vector<typename P::input>& events, const std::vector<std::uint32_t>& order)
        : groups_(events, order) {
        parts.resize(groups_.tasks());
    }

    void list(std::size_t task) {
        auto& part = parts[task];
        engine::KeyWindows<P, engine::NoContent> windows;
        groups_.for_each_key(
            task, [](const Entry& entry) { return Moment{entry.time}; },
            [&](const Moment* moments, const std::uint32_t* rows, std::uint32_t count) {
                part.keys.push_back({Keys::make(groups_.event(rows[0])), part.windows.size(), 0});
                sweep_key(
                    windows, moments, count, [&](std::uint32_t i) { part.outside.push_back(rows[i]); },
                    [&](const Interval& window, const engine::NoContent&) { part.windows.push_back(window); });
                part.keys.back().count = part.windows.size() - part.keys.back().first;
            });
    }
    // places[i]: where the i-th window that the part has listed stands in `rows`.
    void fill(std::size_t task, const std::uint32_t* places, ClosedWindows<Def>& rows) {
        engine::WindowAnswers<Def> answers;
        engine::KeyWindows<P> windows;
        std::size_t next = 0, k = 0;
        const auto count_all = parts[task].windows.size();
        groups_.for_each_key(task, [&](const Entry* entries, const std::uint32_t*, std::uint32_t count) {
            const auto& key = parts[task].keys[k++].key;
            sweep_key(
                windows, entries, count, [](std::uint32_t) {},
                [&](const Interval& window, const engine::Content<P>& content) {
                    if (next + rows_ahead < count_all) expect_write(rows[places[next + rows_ahead]]);
                    answers.write(rows[places[next++]], key, window, content);
                });
        });
        parts[task].overflows = answers.overflows;
    }

private:
    static constexpr std::size_t rows_ahead = 8;

    // The fold of one key: outside(i) for each event in no window, closed(window, content) for each window.
    template <class Windows, class Event, class Outside, class Closing>
    static void sweep_key(Windows& windows, const Event* events, std::uint32_t count, Outside outside, Closing closed) {
        const typename Windows::Grid grid(P::closing);
        const auto nobody = [](const Interval&, const auto&) {};
        auto watermark = earliest, due = latest;
        const auto advance = [&](std::int64_t to) {
            if constexpr (Windows::remembers_answers) windows.answer_on_time(grid, watermark, to, nobody);
            windows.close(grid, watermark, to, closed);
            windows.release(grid, to);
            watermark = to;
        };
        for (std::uint32_t i = 0; i < count; ++i) {
            // What this event cannot belong to any more.
            const auto passed = saturating_subtract(events[i].time, 1 + Windows::touches);
            const bool closes = due <= passed;
            if (closes) advance(passed);
            const auto placed = windows.arrive(grid, events[i], watermark, nobody);
            if (placed == engine::Placed::outside) outside(i);
            if (closes || placed == engine::Placed::opened) due = windows.due(grid, watermark);
        }
        advance(latest);
    }

    KeyGroups<P> groups_;
};

} // namespace onefold::run
