#pragma once

#include "onefold/engine/window_answers.hpp"
#include "onefold/run/backfill.hpp"

namespace onefold {

// The windows of a history, closed, in order of (end, start, key); and, where they were asked for, their answers before
// that, in order of the events that led to them.
template <ClosingDefinition Def>
struct Backfill<Def> {
    std::vector<Closed<Def>> rows;
    std::vector<Fired<Def>> fired;
    Account account;
    // How many features are null because an exact sum of integers left int64.
    std::uint64_t overflows = 0;
    // The events that are in no window, in order of arrival.
    std::vector<run::Excluded> excluded;
};

namespace run {

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

// Events are partitioned by the key's documented hash, and each partition is swept in order of arrival. The watermark's
// way is known, so a key is brought up to it only when one of its own events comes, or at the end.
template <class Def>
class WindowSweep {
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

    WindowSweep(const std::vector<record>& events, const std::vector<std::uint32_t>& order,
                const WatermarkHistory& watermarks, const BackfillOptions& options)
        : events_(events), watermarks_(watermarks), options_(options) {
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
        answers.wants_fired = options_.fires;
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
            if (options_.finishes)
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
    const BackfillOptions& options_;
    unsigned bits_ = 4;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> members_;
};

} // namespace run

// The batch executor of a definition whose windows close. With Arrival::any every event counts; with as_given the
// events are judged, and the windows answer, as live would have in this order of arrival. O(n log n); memory is the
// events, the open windows and the answers. No result depends on the number of threads. Throws Error(usage) for an
// unknown time zone.
template <ClosingDefinition Def>
Backfill<Def> backfill(const std::vector<typename plan::Plan<Def>::record>& events,
                       const BackfillOptions& options = {}) {
    run::check_size(events.size());
    Backfill<Def> result;
    run::Intake<Def> intake(options.arrival);
    run::WatermarkHistory watermarks;
    watermarks.reserve(events.size());
    std::vector<std::uint32_t> order;
    order.reserve(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto verdict = intake.judge(events[i]);
        if (verdict == Verdict::applied) order.push_back(static_cast<std::uint32_t>(i));
        else if (!intake.was_punctuation())
            result.excluded.push_back({static_cast<std::uint32_t>(i), verdict, intake.watermark_before()});
        watermarks.append(intake.watermark().value());
    }

    run::WindowSweep<Def> sweep(events, order, watermarks, options);
    run::parallel_for(sweep.parts.size(), options.threads == 0 ? run::hardware_threads() : options.threads,
                      [&](std::size_t part) { sweep.sweep(part); });
    engine::WindowAnswers<Def> answers;
    for (auto& part : sweep.parts) {
        std::move(part.answers.closed.begin(), part.answers.closed.end(), std::back_inserter(answers.closed));
        std::move(part.answers.fired.begin(), part.answers.fired.end(), std::back_inserter(answers.fired));
        result.overflows += part.answers.overflows;
        for (const auto& [position, reason] : part.excluded) {
            intake.revise(reason);
            result.excluded.push_back({position, reason, watermarks.before(position)});
        }
        part = {};
    }
    answers.sort();
    result.rows = std::move(answers.closed);
    result.fired = std::move(answers.fired);
    result.account = intake.account();
    std::sort(result.excluded.begin(), result.excluded.end(),
              [](const auto& a, const auto& b) { return a.position < b.position; });
    return result;
}

// Such a definition has no tables.
template <ClosingDefinition Def>
Backfill<Def> backfill(const std::vector<typename plan::Plan<Def>::record>& events, const Versions<Def>&,
                       const BackfillOptions& options = {}) {
    return backfill<Def>(events, options);
}

} // namespace onefold
