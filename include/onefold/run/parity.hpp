#pragma once

#include <span>
#include <string>

#include "onefold/record/format.hpp"
#include "onefold/run/backfill.hpp"
#include "onefold/run/parity_feeds.hpp"
#include "onefold/run/sharded.hpp"

namespace onefold {

struct ParityOptions {
    unsigned threads = 0;
    unsigned shards = 3;
    // Rows, per entity, whose windows are computed once more from their own events only.
    unsigned samples = 32;
    // Orders of arrival tried besides the recorded one, each within the declared lateness.
    unsigned shuffles = 2;
    std::uint64_t seed = 1;
    // Reruns that shrinking a counterexample may take.
    unsigned shrink_budget = 400;
    // Called with the name of each run as it ends.
    Callback<void(std::string_view)> finished;
};

// What check_parity found. Comparisons are of settled rows with the batch's, and of sharded served rows with Live's.
template <class Def>
struct ParityReport {
    std::uint64_t events = 0;
    std::size_t features = Row<Def>::width;
    std::uint64_t rows = 0;
    std::uint64_t mismatches = 0;
    Account account;
    // Empty, or: which run differed where, both values in text and in hex, and the key it belongs to.
    std::string difference;
    // The fewest events found that still differ, in order of arrival.
    std::vector<typename plan::Plan<Def>::record> smallest;

    bool ok() const noexcept { return mismatches == 0; }
    explicit operator bool() const noexcept { return ok(); }
};

namespace run {

template <class T>
std::string show_value(const T& value) {
    std::string text;
    if constexpr (detail::is_optional<T>) return value ? show_value(*value) : "null";
    else {
        detail::append_json(text, value);
        if constexpr (std::is_floating_point_v<T> || std::is_integral_v<T>) {
            std::uint64_t bits = 0;
            if constexpr (std::is_floating_point_v<T>) bits = std::bit_cast<std::uint64_t>(static_cast<double>(value));
            else bits = static_cast<std::uint64_t>(value);
            text += " (0x";
            for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[bits >> shift & 15];
            text += ")";
        }
        return text;
    }
}

// One comparison of the executors over one list of events; counts differing rows and describes the first.
template <class Def>
class Comparison {
public:
    using All = plan::Plan<Def>;
    using record = typename All::record;

    std::uint64_t mismatches = 0;
    std::string difference;

    void rows(std::string_view run, const record& event, const Row<Def>& expected, const Row<Def>& actual) {
        const auto column = expected.first_difference(actual);
        if (column != Row<Def>::width) values(run, event, column, expected, actual);
    }
    void values(std::string_view run, const record& event, std::size_t column, const Row<Def>& expected,
                const Row<Def>& actual) {
        if (mismatches++ != 0) return;
        difference = std::string(run) + " differs in " + std::string(Row<Def>::names[column]) + " of the event at " +
                     std::to_string(engine::time_of<typename All::stream_type>(event)) + " us" + keys(event) +
                     ": expected " + show(expected, column) + ", got " + show(actual, column);
    }
    void differ(std::string sentence) {
        if (mismatches++ == 0) difference = std::move(sentence);
    }

    // Windows in order, each with its bounds, key and features.
    void windows(std::string_view run, std::span<const Closed<Def>> expected, std::span<const Closed<Def>> actual) {
        if (expected.size() != actual.size())
            return differ(std::string(run) + " has " + std::to_string(actual.size()) + " answers instead of " +
                          std::to_string(expected.size()));
        for (std::size_t i = 0; i < expected.size(); ++i) window(run, expected[i], actual[i]);
    }
    void window(std::string_view run, const Closed<Def>& expected, const Closed<Def>& actual) {
        if (expected == actual) return;
        if (mismatches++ != 0) return;
        difference = std::string(run) + " differs in the window [" + std::to_string(expected.start.micros) + ", " +
                     std::to_string(expected.end.micros) + ") us";
        using Keys = plan::KeyTuple<typename All::template entity<0>::key_members>;
        for_each_index<Keys::names.size()>([&](auto i) {
            constexpr std::size_t I = decltype(i)::value;
            difference += ", " + std::string(Keys::names[I]) + " = " + show_value(get<I>(expected.key));
        });
        const auto column = expected.first_difference(actual);
        if (column == Row<Def>::width) difference += ": another window was answered";
        else
            difference += ": expected " + std::string(Row<Def>::names[column]) + " " + show(expected, column) +
                          ", got " + show(actual, column);
    }

private:
    static std::string show(const Row<Def>& row, std::size_t wanted) {
        std::string text;
        std::size_t column = 0;
        row.for_each([&](std::string_view, const auto& value) {
            if (column++ == wanted) text = show_value(value);
        });
        return text;
    }
    static std::string keys(const record& event) {
        std::string text;
        for_each_index<All::entity_count>([&](auto g) {
            [&]<auto... M>(KeyMembers<M...>) {
                (
                    [&] {
                        if constexpr (std::same_as<typename Field<M>::record, record>)
                            text += ", " + std::string(Field<M>::name) + " = " + show_value(event.*M);
                    }(),
                    ...);
            }(typename All::template entity<decltype(g)::value>::key_members{});
        });
        return text;
    }
};

// Nobody could tell the two from one another, by all that is known of them without the tables.
template <class Def>
bool same_event(const typename plan::Plan<Def>::record& a, const typename plan::Plan<Def>::record& b) {
    using Stream = typename plan::Plan<Def>::stream_type;
    if constexpr (plan::Plan<Def>::table_count == 0) return engine::event_order<Def>(a, b) == 0;
    else
        return engine::time_of<Stream>(a) == engine::time_of<Stream>(b) &&
               total_equal(engine::IdOf<Stream>::read(a), engine::IdOf<Stream>::read(b));
}

// Feeds the events to a live executor and compares each settled row with the batch's row of the same place.
template <class Def, class Feed>
void compare_settled(std::string_view run, const std::vector<typename plan::Plan<Def>::record>& events,
                     const Backfill<Def>& batch, Comparison<Def>& comparison, bool serves, Feed feed) {
    using record = typename plan::Plan<Def>::record;
    std::size_t next = 0;
    LiveOptions<Def> options;
    options.serves = serves;
    options.settled = [&](const record& event, const Settled<Def>& row) {
        const auto i = next++;
        if (i >= batch.rows.size()) return;
        if (!same_event<Def>(events[batch.order[i]], event)) {
            comparison.differ(std::string(run) + " settles another event than the batch at row " + std::to_string(i));
            return;
        }
        comparison.rows(run, event, batch.rows[i], row);
    };
    const Account account = feed(std::move(options));
    if (next != batch.rows.size())
        comparison.differ(std::string(run) + " settled " + std::to_string(next) + " rows, the batch has " +
                          std::to_string(batch.rows.size()));
    if (!account.balances()) comparison.differ(std::string(run) + ": the account of events does not balance");
}

// Whether the event is of some key of the entity.
template <class P>
bool is_fed(const typename P::input& event) {
    if constexpr (P::is_beside) return plan::has_key(event, typename P::key_members{});
    else return static_cast<void>(event), true;
}

// The features of some rows once more, each from nothing but the events that its window holds: nothing enters that has
// to leave again, so an aggregate whose subtract does not undo its add is found, even if all executors agree on it.
// events: those of the stream that feeds the entity, of which `fed` count; questions: the spine's.
template <class Def, std::size_t G, class Event>
void compare_from_scratch(const std::vector<Event>& events, const std::vector<std::uint32_t>& fed,
                          const std::vector<typename plan::Plan<Def>::input>& questions, const Backfill<Def>& batch,
                          std::size_t samples, Comparison<Def>& comparison) {
    using All = plan::Plan<Def>;
    using P = typename All::template entity<G>;
    using Keys = engine::KeyOf<P, typename P::key_members>;
    using Entry = engine::Entry<P>;
    const auto step = batch.rows.size() / (samples == 0 ? 1 : samples) + 1;
    for (std::size_t row = step - 1; row < batch.rows.size(); row += step) {
        const auto& question = questions[batch.order[row]];
        const auto t = engine::time_of<typename All::stream_type>(question);
        typename Keys::Key key{};
        bool known = true;
        std::optional<Entry> current; // of an event that feeds as well
        if constexpr (P::is_beside) known = plan::read_key(question, key, typename P::on_fields{});
        else {
            key = Keys::make(question);
            current = Entry::of(question);
        }
        std::vector<Entry> history;
        if (known)
            for (const auto index : fed)
                if (is_fed<P>(events[index]) && Keys::equal(key, events[index]))
                    history.push_back(Entry::of(events[index]));
        std::sort(history.begin(), history.end(),
                  [](const Entry& a, const Entry& b) { return canonical_order(a, b) < 0; });
        for (std::size_t w = 0; w < P::window_count; ++w) {
            const Window& window = P::tables.windows[w];
            std::vector<Entry> entries;
            std::uint32_t up_to_current = 0;
            for (const auto& entry : history) {
                const bool before = current ? canonical_order(entry, *current) <= 0 : entry.time <= t;
                // Of a window that ends before the event, that one alone comes along, for what is said of it.
                const bool inside = window.stop != Window::Stop::time
                                        ? before
                                        : entry.time < window.end(t) || (window.own == Window::Own::added && before);
                if (entry.time < window.start(t) || !inside) continue;
                entries.push_back(entry);
                if (before) ++up_to_current;
            }
            engine::SortedSlice<P> log;
            log.assign(entries.data(), static_cast<std::uint32_t>(entries.size()));
            engine::Frontier<P> frontier;
            frontier.move_to(log, t, up_to_current, current.has_value());
            Row<Def> again;
            engine::write_results<Def, G>(again, frontier, log, current ? &*current : nullptr);
            for_each_index<P::clause_count>([&](auto c) {
                constexpr std::size_t C = decltype(c)::value;
                for_each_index<P::template clause_type<C>::window_count>([&](auto i) {
                    constexpr std::size_t length = P::tables.clause_offset[C] + decltype(i)::value;
                    if (P::tables.window_of[length] == w &&
                        !batch.rows[row].template same_at<All::column_offset[G] + length>(again))
                        comparison.values("the window computed from scratch", plan::event_of(question),
                                          All::column_offset[G] + length, again, batch.rows[row]);
                });
            });
        }
    }
}

// An event, when it arrives, and what orders it among those that arrive with it.
struct Arriving {
    std::int64_t at;
    std::uint64_t tie;
    std::uint32_t index;
};
// Up to the lateness of stream I after `time`.
template <class Def, std::size_t I = 0>
Arriving arriving(std::int64_t time, std::uint32_t index, Shuffle& random) {
    const auto lateness = plan::StreamPlan<Def, I>::stream.allowed_lateness;
    const auto delay = random.below(static_cast<std::uint64_t>(lateness) + 1);
    return {saturating_add(time, static_cast<std::int64_t>(delay)), random.below(UINT64_MAX), index};
}
template <class Record>
std::vector<Record> in_order_of_arrival(const std::vector<Record>& events, std::vector<Arriving> order) {
    std::sort(order.begin(), order.end(),
              [](const Arriving& a, const Arriving& b) { return a.at != b.at ? a.at < b.at : a.tie < b.tie; });
    std::vector<Record> result;
    result.reserve(order.size());
    for (const auto& one : order) result.push_back(events[one.index]);
    return result;
}

// An order of arrival in which no event of stream I is late: each arrives up to `lateness` after its own time.
template <class Def, std::size_t I = 0, class Record>
std::vector<Record> shuffled(const std::vector<Record>& events, const std::vector<std::uint32_t>& accepted,
                             std::uint64_t seed) {
    using Stream = typename plan::StreamPlan<Def, I>::stream_type;
    Shuffle random{seed};
    std::vector<Arriving> order;
    for (const auto index : accepted)
        order.push_back(arriving<Def, I>(engine::time_of<Stream>(events[index]), index, random));
    return in_order_of_arrival(events, std::move(order));
}

// Another order of arrival of changes: each as much later as an event may be, from when it did arrive. What is late or
// repeated is so by the order, and so the batch that such a run is compared with is one of that order.
template <class Def>
std::vector<typename plan::Plan<Def>::record>
shuffled_changes(const std::vector<typename plan::Plan<Def>::record>& changes, std::uint64_t seed) {
    using Stream = typename plan::Plan<Def>::stream_type;
    std::vector<Arriving> order;
    Shuffle random{seed};
    auto clock = earliest;
    for (const auto& change : changes) {
        if (EventClock<Def>::believes(change, earliest)) clock = std::max(clock, engine::time_of<Stream>(change));
        order.push_back(arriving<Def>(clock, static_cast<std::uint32_t>(order.size()), random));
    }
    return in_order_of_arrival(changes, std::move(order));
}

// The batch that all other runs are compared with; the report, if there is one, tells of it.
template <class Def>
Backfill<Def> batch_of_all(const std::vector<typename plan::Plan<Def>::record>& events, const Histories<Def>& histories,
                           const ParityOptions& options, Comparison<Def>& comparison, ParityReport<Def>* report) {
    BackfillOptions batch_options;
    batch_options.threads = options.threads;
    batch_options.arrival = Arrival::as_given;
    batch_options.fires = true;
    auto batch = backfill<Def>(events, histories, batch_options);
    if (!batch.account.balances()) comparison.differ("batch: the account of events does not balance");
    if (report) {
        report->rows = batch.rows.size();
        report->account = batch.account;
    }
    return batch;
}

// All runs of the check over one list of events. (Of definitions whose windows close: run/parity_windows.hpp.)
template <class Def>
struct AllRuns {
    static Comparison<Def> compare(const std::vector<typename plan::Plan<Def>::record>& events,
                                   const Histories<Def>& histories, const ParityOptions& options,
                                   ParityReport<Def>* report);
};

template <class Def>
Comparison<Def> AllRuns<Def>::compare(const std::vector<typename plan::Plan<Def>::record>& events,
                                      const Histories<Def>& histories, const ParityOptions& options,
                                      ParityReport<Def>* report) {
    using record = typename plan::Plan<Def>::record;
    Comparison<Def> comparison;
    const auto done = [&](std::string_view name) {
        if (report && options.finished) options.finished(name);
    };
    const auto batch = batch_of_all<Def>(events, histories, options, comparison, report);
    done("batch");

    engine::Joins<Def> joins;
    add_all<Def>(joins, histories);
    const auto& inputs = join_all<Def>(events, batch.order, joins, 1);
    const auto accepted = accepted_of_sides<Def>(histories, batch);
    for_each_index<plan::Plan<Def>::entity_count>([&](auto g) {
        constexpr std::size_t G = decltype(g)::value;
        if constexpr (constexpr auto source = plan::EntityPlan<Def, G>::source; source == 0)
            compare_from_scratch<Def, G>(inputs, batch.order, inputs, batch, options.samples, comparison);
        else
            compare_from_scratch<Def, G>(get<source - 1>(histories.sides), accepted[source - 1], inputs, batch,
                                         options.samples, comparison);
    });
    done("from scratch");

    compare_settled<Def>("live", events, batch, comparison, true, [&](LiveOptions<Def> live_options) {
        Live<Def> live(std::move(live_options));
        push_all<Def>(live, histories);
        SideFeed<Def> sides(histories, options.seed);
        for (const auto& event : events) {
            sides.push_some(live);
            live.push(event);
        }
        sides.push_rest(live);
        live.finish();
        if (!(live.account() == batch.account)) comparison.differ("live accepted other events than the batch");
        if (!SideFeed<Def>::same_accounts(live, batch))
            comparison.differ("live accepted other events of a stream beside the spine than the batch");
        return live.account();
    });
    done("live");

    if constexpr (plan::Plan<Def>::runs_sharded) {
        compare_settled<Def>("sharded live", events, batch, comparison, true, [&](LiveOptions<Def> live_options) {
            constexpr std::size_t size = 1000;
            Live<Def> one_by_one;
            ShardedLive<Def> sharded(options.shards, options.threads, std::move(live_options));
            std::vector<Served<Def>> served(size);
            for (std::size_t start = 0; start < events.size(); start += size) {
                const auto count = std::min(size, events.size() - start);
                sharded.push_many(&events[start], count, served.data());
                for (std::size_t i = 0; i < count; ++i)
                    comparison.rows("sharded live, served,", events[start + i], one_by_one.push(events[start + i]),
                                    served[i]);
            }
            sharded.finish();
            return sharded.account();
        });
        done("sharded live");
    }

    for (unsigned s = 0; s < options.shuffles; ++s) {
        auto others = histories;
        for_each_index<plan::Plan<Def>::side_count>([&](auto side) {
            constexpr std::size_t S = decltype(side)::value;
            get<S>(others.sides) = shuffled<Def, S + 1>(get<S>(histories.sides), accepted[S], options.seed + s);
        });
        constexpr bool changes = plan::Plan<Def>::stream_type::has_changes;
        std::vector<record> order;
        if constexpr (changes) order = shuffled_changes<Def>(events, options.seed + s);
        else order = shuffled<Def>(events, batch.order, options.seed + s);
        BackfillOptions other;
        other.threads = s % 2 == 0 ? 1 : options.threads + 1;
        other.arrival = changes ? Arrival::as_given : Arrival::any;
        const auto again = backfill<Def>(order, others, other);
        compare_settled<Def>("live in another order of arrival", changes ? order : events, changes ? again : batch,
                             comparison, s % 2 == 0, [&](LiveOptions<Def> live_options) {
                                 Live<Def> live(std::move(live_options));
                                 VersionFeed<Def> feed(others, options.seed + s);
                                 SideFeed<Def> sides(others, options.seed + s);
                                 for (const auto& event : order) {
                                     feed.push_before(event, live);
                                     sides.push_some(live);
                                     live.push(event);
                                 }
                                 feed.push_rest(live);
                                 sides.push_rest(live);
                                 live.finish();
                                 if (changes && !(live.account() == again.account))
                                     comparison.differ("live in another order accepted other changes than the batch");
                                 return live.account();
                             });
        done("live in another order of arrival");
        if constexpr (!changes) {
            if (again.rows.size() != batch.rows.size())
                comparison.differ("batch in another order of arrival has another number of rows");
            else
                for (std::size_t i = 0; i < batch.rows.size(); ++i)
                    comparison.rows("batch in another order of arrival", order[again.order[i]], batch.rows[i],
                                    again.rows[i]);
        }
        done("batch in another order of arrival");
    }
    return comparison;
}

} // namespace run

// Runs the definition over the events, in order of arrival, in batch and live (in the recorded order, in other orders
// within the lateness, sharded) and compares every feature bit for bit. For a user's own test:
//     const auto report = onefold::check_parity<CardRisk>(events);
//     INFO(report.difference);
//     REQUIRE(report.ok());
// On a mismatch it looks for a smallest list of events that still differs (delta debugging; Zeller, Hildebrandt:
// Simplifying and isolating failure-inducing input, 2002).
//
// With tables, their versions are known before the first event, and in the other orders of arrival come at any time at
// which nothing that they concern has settled. Other streams' events come anywhere among the spine's.
template <CheckedDefinition Def>
ParityReport<Def> check_parity(const std::vector<typename plan::Plan<Def>::record>& events,
                               const Histories<Def>& histories, const ParityOptions& options = {}) {
    ParityReport<Def> report;
    auto comparison = run::AllRuns<Def>::compare(events, histories, options, &report);
    report.events = report.account.in; // punctuations are none
    report.mismatches = comparison.mismatches;
    if (report.ok()) return report;

    auto smallest = events;
    auto budget = options.shrink_budget;
    for (std::size_t chunk = (smallest.size() + 1) / 2; chunk > 0 && budget > 0;) {
        bool shrunk = false;
        for (std::size_t start = 0; start < smallest.size() && smallest.size() > 1 && budget > 0; --budget) {
            auto fewer = smallest;
            const auto end = std::min(smallest.size(), start + chunk);
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(start),
                        fewer.begin() + static_cast<std::ptrdiff_t>(end));
            auto again = run::AllRuns<Def>::compare(fewer, histories, options, nullptr);
            if (again.mismatches == 0) {
                start = end;
                continue;
            }
            smallest = std::move(fewer);
            comparison = std::move(again);
            shrunk = true;
        }
        // Single events are tried again for as long as one of them could go.
        if (chunk > 1) chunk = std::min(chunk, smallest.size() + 1) / 2;
        else if (!shrunk) chunk = 0;
    }
    report.difference = comparison.difference + "; " + std::to_string(smallest.size()) + " events are enough to see it";
    report.smallest = std::move(smallest);
    return report;
}

template <CheckedDefinition Def>
    requires(plan::Plan<Def>::reads_spine_only)
ParityReport<Def> check_parity(const std::vector<typename plan::Plan<Def>::record>& events,
                               const ParityOptions& options = {}) {
    return check_parity<Def>(events, Histories<Def>{}, options);
}

template <MistakenDefinition Def, class... Arguments>
Silent check_parity(Arguments&&...) {
    return {};
}

} // namespace onefold

// The same for definitions whose windows close.
#include "onefold/run/parity_windows.hpp"
