#pragma once

#include "onefold/run/arrivals.hpp"
#include "onefold/run/backfill.hpp"
#include "onefold/run/sharded.hpp"

namespace onefold {

// The served view of the past: what live answered, when it was asked.
template <class Def>
struct ServedHistory {
    // rows[i] is the answer to the i-th event in order of arrival; null, with the reason, where it was not applied.
    std::vector<Served<Def>, run::PageAllocator<Served<Def>>> rows;
    Account account;
    // How many results are null because an exact sum of integers left int64.
    std::uint64_t overflows = 0;
    // The events that have no row, in order of arrival. Punctuations are not among them.
    std::vector<run::Excluded> excluded;
};

// Of windows that close: every answer, in order.
template <ClosingDefinition Def>
struct ServedHistory<Def> {
    std::vector<Fired<Def>> rows;
    Account account;
    std::uint64_t overflows = 0;
    std::vector<run::Excluded> excluded;
};

namespace run {

// Notes the dead letters of an executor that is given the events themselves.
template <class Def>
auto into_excluded(const Arrivals<Def>& arrivals, std::vector<Excluded>& excluded) {
    return [&](const DeadLetter<typename plan::Plan<Def>::record>& letter) {
        excluded.push_back({static_cast<std::uint32_t>(&letter.event - arrivals.events().data()), letter.reason,
                            letter.watermark.micros});
    };
}

// Collects the answers of a Live that is told everything again.
template <class Def>
class ServedRows {
public:
    ServedRows(Live<Def>& live, decltype(ServedHistory<Def>::rows)& rows) : live_(live), rows_(rows) {}
    template <plan::InputRecord<Def> Record>
    void push(const Record& record, Time arrived) {
        if constexpr (std::same_as<Record, typename plan::Plan<Def>::record>)
            rows_[next_++] = live_.push(record, arrived);
        else live_.push(record, arrived);
    }
    void reject() { live_.reject(); }
    void advance_watermark(Time to) { live_.advance_watermark(to); }
    void tick(Time now) { live_.tick(now); }

private:
    Live<Def>& live_;
    decltype(ServedHistory<Def>::rows)& rows_;
    std::size_t next_ = 0;
};

// Who gets in: as live judged it, or everybody that is well-formed, by the time of arrival that was recorded.
template <class Def>
class ArrivalJudge {
public:
    using record = typename plan::Plan<Def>::record;
    ArrivalJudge(Arrival arrival, const std::vector<record>& events)
        : follows_(arrival == Arrival::as_given), intake_(arrival), holding_(events) {}

    void push(const record& event, Time arrived) {
        const auto position = next_++;
        const auto verdict = intake_.judge(event, arrived.micros);
        holding_.judged(position, verdict, intake_);
        if (verdict != Verdict::applied && !intake_.was_punctuation())
            excluded.push_back({position, verdict, intake_.watermark_before()});
    }
    template <plan::InputRecord<Def> Version>
        requires(!std::same_as<Version, record>)
    void push(const Version&, Time) {}
    // Not told to the intake, for which the events alone have places.
    void reject() noexcept { ++rejected_; }
    void advance_watermark(Time to) {
        if (follows_) intake_.watermark().advance_to(to.micros);
    }
    void tick(Time now) {
        if (follows_) intake_.watermark().tick(now.micros);
    }

    std::vector<Excluded> excluded;
    std::vector<std::uint32_t> order() const { return holding_.in_order_of_arrival(); }
    Account account() const noexcept {
        auto all = intake_.account();
        all.in += rejected_;
        all.rejected += rejected_;
        return all;
    }

private:
    bool follows_; // the watermark, by which events are late
    Intake<Def> intake_;
    HoldingEvents<Def> holding_;
    std::uint64_t rejected_ = 0;
    std::uint32_t next_ = 0;
};

template <class Def>
Histories<Def> versions_of(const Arrivals<Def>& arrivals) {
    Histories<Def> versions;
    for_each_index<plan::Plan<Def>::table_count>([&](auto t) {
        using Version = typename plan::TablePlan<Def, decltype(t)::value>::input;
        get<decltype(t)::value>(versions.tables) = arrivals.template records<Version>();
    });
    return versions;
}

// One thread for each shard; what is between the events is told between the batches.
template <class Def>
void serve_sharded(const Arrivals<Def>& arrivals, unsigned threads, ServedHistory<Def>& history) {
    const auto& steps = arrivals.steps();
    std::size_t now = 0;
    LiveOptions<Def> options;
    options.clock = [&] { return steps[now++].time; };
    options.dead_letter = into_excluded(arrivals, history.excluded);
    ShardedLive<Def> live(threads, threads, std::move(options));
    constexpr std::size_t batch_size = 16384;
    while (now < steps.size()) {
        const auto first = now;
        auto end = first;
        while (end < steps.size() && end - first < batch_size && steps[end].what == 0) ++end;
        if (end == first) {
            switch (steps[now++].what) {
            case Arrivals<Def>::rejection: live.reject(); break;
            case Arrivals<Def>::statement: live.advance_watermark(steps[first].time); break;
            default: live.tick(steps[first].time); break;
            }
        } else {
            const auto index = steps[first].index;
            live.push_many(arrivals.events().data() + index, end - first, history.rows.data() + index);
        }
    }
    history.account = live.account();
    history.overflows = live.overflows();
}

} // namespace run

// Reconstructs from a journal every row that live served, bit for bit and in order of arrival: late, repeated, rejected
// and filtered events, watermarks and idle sources included, as everything is judged again by what was recorded then.
// By several threads where the definition has neither tables nor changes; no result depends on their number. (0: as
// many as the machine runs at once.)
template <AsOfDefinition Def>
ServedHistory<Def> served(const Arrivals<Def>& arrivals, unsigned threads = 0) {
    run::check_size(arrivals.events().size());
    ServedHistory<Def> history;
    history.rows.resize(arrivals.events().size());
    if (threads == 0) threads = run::hardware_threads();
    if constexpr (!plan::Plan<Def>::revises_events) {
        // Threads meet at every step that is no event.
        if (threads > 1 && arrivals.steps().size() - arrivals.events().size() < arrivals.events().size() / 1024 + 2) {
            run::serve_sharded(arrivals, threads, history);
            return history;
        }
    }
    LiveOptions<Def> options;
    options.dead_letter = run::into_excluded(arrivals, history.excluded);
    Live<Def> live(std::move(options));
    run::ServedRows<Def> rows(live, history.rows);
    arrivals.replay(rows);
    history.account = live.account();
    history.overflows = live.overflows();
    return history;
}
template <ClosingDefinition Def>
ServedHistory<Def> served(const Arrivals<Def>& arrivals, unsigned = 0) {
    run::check_size(arrivals.events().size());
    ServedHistory<Def> history;
    LiveOptions<Def> options;
    options.dead_letter = run::into_excluded(arrivals, history.excluded);
    options.fired = [&](const Fired<Def>& row) { history.rows.push_back(row); };
    Live<Def> live(std::move(options));
    arrivals.replay(live);
    history.account = live.account();
    history.overflows = live.overflows();
    return history;
}

// The settled view of the same: the truth by event time, over the events that live accepted (Arrival::as_given), or
// over all that arrived, as late as they did (Arrival::any); facts as they were corrected in the end. Every version of
// a table is known from the beginning.
template <AsOfDefinition Def>
Backfill<Def> settled(const Arrivals<Def>& arrivals, const BackfillOptions& options = {}) {
    run::check_size(arrivals.events().size());
    Backfill<Def> result;
    run::ArrivalJudge<Def> judge(options.arrival, arrivals.events());
    arrivals.replay(judge);
    result.order = judge.order();
    result.excluded = std::move(judge.excluded);
    result.account = judge.account();
    run::fold_accepted<Def>(arrivals.events(), run::versions_of(arrivals), {}, options, result);
    return result;
}
// The windows of such a history, each with its last answer. With Arrival::any no recorded time of arrival is looked at.
template <ClosingDefinition Def>
Backfill<Def> settled(const Arrivals<Def>& arrivals, const BackfillOptions& options = {}) {
    if (options.arrival == Arrival::any) return backfill<Def>(arrivals.events(), options);
    run::check_size(arrivals.events().size());
    Backfill<Def> result;
    LiveOptions<Def> live_options;
    live_options.dead_letter = run::into_excluded(arrivals, result.excluded);
    live_options.settled = [&](const Closed<Def>& row) { result.rows.push_back(row); };
    Live<Def> live(std::move(live_options));
    arrivals.replay(live);
    live.finish();
    result.account = live.account();
    result.overflows = live.overflows();
    return result;
}

template <MistakenDefinition Def, class... Arguments>
Silent served(Arguments&&...) {
    return {};
}
template <MistakenDefinition Def, class... Arguments>
Silent settled(Arguments&&...) {
    return {};
}

} // namespace onefold
