#pragma once

#include <vector>

#include "onefold/engine/table_store.hpp"
#include "onefold/port/ports.hpp"
#include "onefold/run/judge_all.hpp"
#include "onefold/run/key_groups.hpp"
#include "onefold/run/parallel.hpp"
#include "onefold/run/side_sweep.hpp"

namespace onefold {

using run::Arrival;

namespace run {
template <class Tables, class Sides> struct HistoriesOf;
template <class... T, class... S> struct HistoriesOf<Tuple<T...>, Tuple<S...>> {
    struct type {
        type() = default;
        // By value, so that a history that is not needed any more can be moved in.
        explicit type(std::vector<typename T::record>... versions, std::vector<typename S::record>... events)
            requires(sizeof...(T) + sizeof...(S) > 0)
            : tables(onefold::make_tuple(std::move(versions)...)), sides(onefold::make_tuple(std::move(events)...)) {}
        Tuple<std::vector<typename T::record>...> tables;
        Tuple<std::vector<typename S::record>...> sides;
    };
};

// Of a stream beside the spine.
struct SideResult {
    Account account;
    std::vector<Excluded> excluded; // the events that count nowhere, in order of arrival
};
} // namespace run

struct BackfillOptions {
    // 0: as many as the machine runs at once.
    unsigned threads = 0;
    Arrival arrival = Arrival::any;
    // Called from time to time by the calling thread's work with events done and events in all, per entity.
    FunctionRef<void(std::size_t, std::size_t)>* progress = nullptr;
    // Of definitions whose windows close: whether their answers before the last one are wanted too, and whether the end
    // of the events is the end of time, which closes every window.
    bool fires = false;
    bool finishes = true;
};

// What a definition reads beside its spine, each in order of arrival: all versions of its tables, then all events of
// its other streams, both in the order of the definition: Histories<CardRisk>(customers, logins).
template <class Def> using Histories =
    typename run::HistoriesOf<typename plan::Plan<Def>::tables_type,
                              typename plan::Plan<Def>::definition_type::sides_type>::type;
// The same, where there are tables only.
template <class Def> using Versions = Histories<Def>;

// The settled rows of a history, in canonical order: rows[i] belongs to events[order[i]].
template <class Def>
struct Backfill {
    std::vector<std::uint32_t> order;
    std::vector<Settled<Def>, run::PageAllocator<Settled<Def>>> rows;
    Account account;
    // How many results are null because an exact sum of integers left int64.
    std::uint64_t overflows = 0;
    // The events that have no row, in order of arrival.
    std::vector<run::Excluded> excluded;
    // The streams beside the spine; of<Login>() is that of such records.
    std::array<run::SideResult, plan::Plan<Def>::side_count> sides{};
    template <class Side>
        requires(plan::Plan<Def>::template is_beside<Side>)
    const run::SideResult& of() const {
        return sides[plan::Plan<Def>::template stream_of<Side> - 1];
    }
};

namespace run {

// Sorts the accepted events canonically. History is mostly in order: the events that are form one run, and only the
// stragglers are sorted and merged in, from the back, where they have left room.
template <class Def>
void sort_canonically(const std::vector<typename plan::Plan<Def>::input>& events, std::vector<std::uint32_t>& order) {
    using Stream = typename plan::Plan<Def>::stream_type;
    struct Item {
        std::int64_t time;
        std::uint32_t index;
    };
    const auto item = [&](std::uint32_t index) { return Item{engine::time_of<Stream>(events[index]), index}; };
    const auto before = [&](const Item& a, const Item& b) {
        if (a.time != b.time) return a.time < b.time;
        return engine::event_order<Def>(events[a.index], events[b.index]) < 0;
    };
    std::vector<Item> stragglers;
    std::size_t kept = 0;
    Item newest{};
    for (const auto index : order) {
        const auto next = item(index);
        if (kept != 0 && before(next, newest)) stragglers.push_back(next);
        else order[kept++] = (newest = next).index;
    }
    std::sort(stragglers.begin(), stragglers.end(), before);
    for (auto to = order.size(); !stragglers.empty();) {
        if (kept != 0 && before(stragglers.back(), item(order[kept - 1]))) order[--to] = order[--kept];
        else {
            order[--to] = stragglers.back().index;
            stragglers.pop_back();
        }
    }
}

// The features of one entity: each key's events are swept by the same fold that live uses.
template <class Def, std::size_t G>
class EntitySweep {
    using P = plan::EntityPlan<Def, G>;
    using Entry = engine::Entry<P>;
    using input = typename P::input;
    using Rows = decltype(Backfill<Def>::rows);
    using Groups = KeyGroups<P>;

public:
    EntitySweep(const std::vector<input>& events, const std::vector<std::uint32_t>& order, Rows& rows)
        : groups_(events, order), rows_(rows), overflows_(groups_.tasks()) {}

    std::size_t tasks() const noexcept { return groups_.tasks(); }
    std::uint64_t overflows() const noexcept {
        std::uint64_t total = 0;
        for (const auto count : overflows_) total += count;
        return total;
    }

    void sweep(std::size_t task) {
        engine::SortedSlice<P> log;
        groups_.for_each_key(task, [&](Entry* entries, std::uint32_t* rows, std::uint32_t count) {
            if constexpr (G > 0 && P::order_matters) order_ties(entries, rows, count);
            log.assign(entries, count);
            overflows_[task] += sweep_key(log, rows);
        });
    }

private:
    // What this entity's clauses see orders its ties. The order of whole events looks at the entities before it first.
    static void order_ties(Entry* entries, std::uint32_t* rows, std::size_t count) {
        const auto before = [](const Entry& a, const Entry& b) { return canonical_order(a, b) < 0; };
        if (std::is_sorted(entries, entries + count, before)) return;
        std::vector<std::pair<Entry, std::uint32_t>> both;
        both.reserve(count);
        for (std::size_t i = 0; i < count; ++i) both.emplace_back(std::move(entries[i]), rows[i]);
        std::sort(both.begin(), both.end(), [](const auto& a, const auto& b) {
            const auto order = canonical_order(a.first, b.first);
            return order != 0 ? order < 0 : a.second < b.second;
        });
        for (std::size_t i = 0; i < count; ++i) {
            entries[i] = std::move(both[i].first);
            rows[i] = both[i].second;
        }
    }

    std::uint64_t sweep_key(const engine::SortedSlice<P>& log, const std::uint32_t* rows) {
        engine::Frontier<P> frontier;
        std::uint64_t overflows = 0;
        for (std::uint32_t i = 0, row_end = 0; i < log.size(); ++i) {
            // Events equal in everything the clauses see are one: a window that ends at one of them holds them all.
            if (i == row_end)
                for (++row_end; row_end < log.size() && canonical_order(log[i], log[row_end]) == 0;) ++row_end;
            expect_write(rows_[rows[i + Groups::rows_ahead]]);
            frontier.move_to(log, log.time(i), row_end, true);
            overflows += engine::write_results<Def, G>(rows_[rows[i]], frontier, log, &log[i]);
        }
        return overflows;
    }

    Groups groups_;
    Rows& rows_;
    std::vector<std::uint64_t> overflows_; // per task, as each has a thread of its own
};

template <class Def>
void add_all([[maybe_unused]] engine::Joins<Def>& joins, [[maybe_unused]] const Histories<Def>& versions) {
    if constexpr (plan::Plan<Def>::table_count > 0)
        for_each_index<plan::Plan<Def>::table_count>([&](auto t) {
            constexpr std::size_t I = decltype(t)::value;
            joins.template table<I>().add_all(get<I>(versions.tables));
        });
}

// Which records of a history have a row, as a batch comes to know it: of changes, the newest of each fact.
template <class Def>
class HoldingEvents {
    using All = plan::Plan<Def>;
    using record = typename All::record;

public:
    explicit HoldingEvents(const std::vector<record>& events) : events_(events) { holds_.resize(events.size()); }

    // After the intake has judged the i-th one.
    void judged(std::uint32_t i, Verdict verdict, const Intake<Def>& intake) {
        if constexpr (All::stream_type::has_changes) {
            const auto& changes = intake.changes();
            const auto& taken = changes.taken_back();
            if (taken.which == TakenBack::Which::one) holds_[taken.place] = false;
            if (taken.which == TakenBack::Which::all)
                for (std::uint32_t before = 0; before < i; ++before)
                    if (holds_[before] && changes.is_truncated(events_[before])) holds_[before] = false;
        }
        holds_[i] = verdict == Verdict::applied && All::is_fact(events_[i]);
    }
    std::vector<std::uint32_t> in_order_of_arrival() const {
        std::vector<std::uint32_t> order;
        order.reserve(holds_.size());
        for (std::uint32_t i = 0; i < holds_.size(); ++i)
            if (holds_[i]) order.push_back(i);
        return order;
    }

private:
    const std::vector<record>& events_;
    std::vector<bool> holds_;
};

// What the fold reads of each event that has a row: the events themselves without tables, or each with what the tables
// have for it, looked up by all threads.
template <class Def>
decltype(auto) join_all(const std::vector<typename plan::Plan<Def>::record>& events,
                        const std::vector<std::uint32_t>& order, engine::Joins<Def>& joins, unsigned threads) {
    using All = plan::Plan<Def>;
    if constexpr (All::table_count == 0) return (events);
    else {
        std::vector<typename All::input> inputs(events.size());
        constexpr std::size_t chunk = 4096;
        parallel_for((order.size() + chunk - 1) / chunk, threads, [&](std::size_t task) {
            const auto end = std::min(order.size(), (task + 1) * chunk);
            for (auto i = task * chunk; i < end; ++i) inputs[order[i]] = joins.join(events[order[i]]);
        });
        return inputs;
    }
}

// Which events of each stream beside the spine count.
template <class Def> using Fed = std::array<std::vector<std::uint32_t>, plan::Plan<Def>::side_count>;

// Sorts the events that result.order names, folds them with those of the other streams, and writes their rows.
template <class Def>
void fold_accepted(const std::vector<typename plan::Plan<Def>::record>& events, const Histories<Def>& histories,
                   const Fed<Def>& fed, const BackfillOptions& options, Backfill<Def>& result) {
    using All = plan::Plan<Def>;
    const auto threads = options.threads == 0 ? hardware_threads() : options.threads;
    engine::Joins<Def> joins;
    add_all<Def>(joins, histories);
    const auto& inputs = join_all<Def>(events, result.order, joins, threads);
    sort_canonically<Def>(inputs, result.order);
    result.rows.resize(result.order.size());

    for_each_index<All::entity_count>([&](auto g) {
        constexpr std::size_t G = decltype(g)::value;
        const auto run_all = [&](auto&& sweep) {
            parallel_for(sweep.tasks(), threads, [&](std::size_t task) { sweep.sweep(task); });
            result.overflows += sweep.overflows();
        };
        if constexpr (constexpr auto source = All::template entity<G>::source; source == 0)
            run_all(EntitySweep<Def, G>(inputs, result.order, result.rows));
        else
            run_all(SideSweep<Def, G, decltype(result.rows)>(get<source - 1>(histories.sides), fed[source - 1], inputs,
                                                             result.order, result.rows));
        if (options.progress) (*options.progress)(decltype(g)::value + 1, All::entity_count);
    });
    constexpr std::size_t chunk = 4096;
    parallel_for((result.rows.size() + chunk - 1) / chunk, threads, [&](std::size_t task) {
        const auto end = std::min(result.rows.size(), (task + 1) * chunk);
        for (auto i = task * chunk; i < end; ++i) engine::write_derived<Def>(result.rows[i], &inputs[result.order[i]]);
    });
}

} // namespace run

// The batch executor: the settled features of every accepted event of a history, in canonical order. O(n log n) at
// worst, O(n) for history in order; memory is the events and their rows. No result depends on the number of threads.
// Every version of the tables is known from the beginning, so that none is late. Each stream is judged by its own
// order.
template <AsOfDefinition Def>
Backfill<Def> backfill(const std::vector<typename plan::Plan<Def>::record>& events, const Histories<Def>& histories,
                       const BackfillOptions& options = {}) {
    using All = plan::Plan<Def>;
    run::check_size(events.size());
    Backfill<Def> result;
    run::Intake<Def> intake(options.arrival);
    run::HoldingEvents<Def> holding(events);
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto verdict = intake.judge(events[i]);
        holding.judged(static_cast<std::uint32_t>(i), verdict, intake);
        if (verdict != Verdict::applied && !intake.was_punctuation())
            result.excluded.push_back({static_cast<std::uint32_t>(i), verdict, intake.watermark_before()});
    }
    result.order = holding.in_order_of_arrival();
    result.account = intake.account();
    run::Fed<Def> fed;
    for_each_index<All::side_count>([&](auto s) {
        constexpr std::size_t S = decltype(s)::value;
        result.sides[S].account =
            run::judge_all<Def, S + 1>(get<S>(histories.sides), options.arrival, fed[S], result.sides[S].excluded);
    });
    run::fold_accepted<Def>(events, histories, fed, options, result);
    return result;
}
template <AsOfDefinition Def>
    requires(plan::Plan<Def>::reads_spine_only)
Backfill<Def> backfill(const std::vector<typename plan::Plan<Def>::record>& events,
                       const BackfillOptions& options = {}) {
    return backfill<Def>(events, Histories<Def>{}, options);
}

template <MistakenDefinition Def, class... Arguments>
Silent backfill(Arguments&&...) {
    return {};
}

namespace run {

// A source is a Source, or something that opens one for the record, such as csv("events.csv"); sinks likewise.
template <class Record, class From>
decltype(auto) open_source(From& from) {
    if constexpr (Source<From, Record>) return (from);
    else return from.template source<Record>();
}
template <class Def, class To>
decltype(auto) open_sink(To& to) {
    if constexpr (Sink<To, Def>) return (to);
    else return to.template sink<Def>();
}

template <class From, class Record>
concept OpensSource = Source<From, Record> || requires(From& from) { from.template source<Record>(); };
template <class To, class Def>
concept OpensSink = Sink<To, Def> || requires(To& to) { to.template sink<Def>(); };

} // namespace run

// The same from a source to a sink: backfill<CardRisk>(csv("transactions.csv"), csv("features.csv")). Rows are written
// in canonical order and committed at the end. Throws what source and sink throw; nothing is committed then.
template <AsOfDefinition Def, class From, class To>
    requires(plan::Plan<Def>::reads_spine_only && run::OpensSource<From, typename plan::Plan<Def>::record> &&
             run::OpensSink<To, Def>)
Account backfill(From&& from, To&& to, const BackfillOptions& options = {}) {
    using record = typename plan::Plan<Def>::record;
    auto&& source = run::open_source<record>(from);
    auto&& sink = run::open_sink<Def>(to);
    std::vector<record> events;
    for (record event{}; source.next(event);) events.push_back(event);
    const auto result = backfill<Def>(events, options);
    for (std::size_t i = 0; i < result.rows.size(); ++i) sink.write(events[result.order[i]], result.rows[i]);
    sink.commit();
    return result.account;
}

} // namespace onefold

// The same for definitions whose windows close.
#include "onefold/run/backfill_windows.hpp"
