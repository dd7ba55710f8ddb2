#pragma once

#include "onefold/run/served.hpp"
#include "onefold/run/view_difference.hpp"

namespace onefold {

struct CompareOptions {
    unsigned threads = 0; // as in BackfillOptions
    // What the truth is: the events that live accepted, or all that arrived.
    Arrival arrival = Arrival::as_given;
    std::size_t events = 10; // how many late events are named
};

namespace run {

// Which features of which rows differ, a bit for each.
template <class Def>
class DifferenceBits {
    static constexpr std::size_t words = (Row<Def>::width + 63) / 64;

public:
    explicit DifferenceBits(std::size_t rows) : bits_(rows * words) {}
    void set(std::size_t row, std::size_t column) noexcept {
        bits_[row * words + column / 64] |= std::uint64_t{1} << (column % 64);
    }
    bool at(std::size_t row, std::size_t column) const noexcept {
        return (bits_[row * words + column / 64] >> (column % 64) & 1) != 0;
    }
    bool any(std::size_t row) const noexcept {
        for (std::size_t w = 0; w < words; ++w)
            if (bits_[row * words + w] != 0) return true;
        return false;
    }

private:
    std::vector<std::uint64_t> bits_;
};

// The events of each key of entity G in order of arrival, to find those that came after a row that they belong to.
template <class Def, std::size_t G>
class LateEvents {
    using All = plan::Plan<Def>;
    using P = plan::EntityPlan<Def, G>;
    using input = typename P::input;

    struct Arrived {
        std::uint32_t event;
        std::int64_t time;
        std::int64_t newest; // of this one and all before it
        std::int64_t oldest; // of this one and all after it
    };
    struct KeyState {
        std::vector<Arrived> events;
    };

public:
    // Events that have no settled row belong to none: `settles` is false for them.
    template <class Settles>
    LateEvents(const std::vector<input>& inputs, Settles settles) : inputs_(inputs), places_(inputs.size()) {
        for (std::uint32_t i = 0; i < inputs.size(); ++i) {
            if (!settles(i)) continue;
            auto& events = table_.find_or_add(inputs[i]).state.events;
            const auto time = engine::time_of<typename All::stream_type>(inputs[i]);
            places_[i] = events.size();
            events.push_back({i, time, events.empty() ? time : std::max(time, events.back().newest), time});
        }
        table_.for_each([](auto& keyed) {
            auto& events = keyed.state.events;
            for (auto i = events.size() - 1; i > 0; --i)
                events[i - 1].oldest = std::min(events[i - 1].time, events[i].oldest);
        });
    }

    bool is_late(std::uint32_t event) {
        const auto& events = table_.find(inputs_[event])->state.events;
        const auto place = places_[event];
        return place != 0 && events[place - 1].newest >= events[place].time;
    }
    // changed(row) for each event of the key that was served without this one and is not before it in time, if a
    // feature of its row differs of which the window holds this event. Without it were served those that arrived before
    // it, and where live dropped it, those that arrived after it as well. O(the events of the key between it and the
    // furthest such one).
    template <class Changed>
    void for_each_changed(std::uint32_t event, bool dropped, const DifferenceBits<Def>& different, Changed changed) {
        const auto& events = table_.find(inputs_[event])->state.events;
        const auto place = places_[event];
        const auto time = events[place].time;
        const auto seen = seen_by_clauses(inputs_[event]);
        const auto look_at = [&](const Arrived& row) {
            if (row.time >= time && different.any(row.event) && is_changed(row.event, row.time, time, seen, different))
                changed(row.event);
        };
        for (auto i = place; i != 0 && events[i - 1].newest >= time; --i) look_at(events[i - 1]);
        if (dropped)
            for (auto i = place + 1; i < events.size() && some_window_reaches(events[i].oldest, time); ++i)
                look_at(events[i]);
    }

private:
    // Whether a window at `row_time` begins at `time` or before; then so does one at any earlier time.
    static bool some_window_reaches(std::int64_t row_time, std::int64_t time) {
        for (std::size_t w = 0; w < P::window_count; ++w)
            if (P::tables.windows[w].start(row_time) <= time) return true;
        return false;
    }

    using Seen = std::array<bool, P::clause_count>;

    // Which clauses count the event at all.
    static Seen seen_by_clauses(const input& event) {
        Seen seen{};
        for_each_index<P::clause_count>([&](auto c) {
            constexpr std::size_t C = decltype(c)::value;
            seen[C] = plan::passes(P::template clause<C>().filter, event);
            if constexpr (P::template skips_nulls<C>) {
                using Context = plan::EventContext<typename P::stream_type, input>;
                seen[C] =
                    seen[C] && detail::has_value(detail::evaluate(P::template clause<C>().argument, Context{{event}}));
            }
        });
        return seen;
    }
    static bool is_changed(std::size_t row, std::int64_t row_time, std::int64_t time, const Seen& seen,
                           const DifferenceBits<Def>& different) {
        const auto& tables = P::tables;
        for (std::size_t c = 0, i = 0; c < P::clause_count; ++c)
            for (const auto end = c + 1 < P::clause_count ? tables.clause_offset[c + 1] : P::length_count; i < end;
                 ++i) {
                const Window& window = tables.windows[tables.window_of[i]];
                // Of a number of rows it takes one, seen or not.
                if ((seen[c] || window.rows != 0) && window.start(row_time) <= time && time < window.end(row_time) &&
                    different.at(row, All::column_offset[G] + i))
                    return true;
            }
        return false;
    }

    const std::vector<input>& inputs_;
    std::vector<std::size_t> places_;
    engine::KeyTable<P, KeyState> table_;
};

template <class Def, class Indices> struct AllLateEvents;
template <class Def, std::size_t... G>
struct AllLateEvents<Def, std::index_sequence<G...>> {
    template <class Settles>
    static auto make(const std::vector<typename plan::Plan<Def>::input>& inputs, Settles settles) {
        return onefold::make_tuple(LateEvents<Def, G>(inputs, settles)...);
    }
};

template <class T>
concept MeasuredResult = std::is_arithmetic_v<T> && !std::same_as<T, bool>;

template <class T>
double distance_of(const T& a, const T& b) {
    if constexpr (std::is_floating_point_v<T>) return distance(static_cast<double>(a), static_cast<double>(b));
    else if constexpr (std::is_signed_v<T>) return distance(std::int64_t{a}, std::int64_t{b});
    else return distance(std::uint64_t{a}, std::uint64_t{b});
}

// One feature of all rows; settled_row[event] is the number of its settled row, or `none`.
template <std::size_t Column, class Def>
FeatureDifference compare_feature(const ServedHistory<Def>& served, const Backfill<Def>& settled,
                                  const std::vector<std::uint32_t>& settled_row, std::uint32_t none,
                                  DifferenceBits<Def>& different) {
    FeatureDifference result;
    result.name = Row<Def>::names[Column];
    std::vector<double> distances;
    for (std::size_t i = 0; i < settled_row.size(); ++i) {
        if (settled_row[i] == none) continue;
        const auto& then = served.rows[i];
        const auto& truth = settled.rows[settled_row[i]];
        if (then.template same_at<Column>(truth)) continue;
        different.set(i, Column);
        ++result.rows;
        const auto a = then.template at<Column>(), b = truth.template at<Column>();
        if (detail::has_value(a) != detail::has_value(b)) ++result.nulls;
        else if constexpr (MeasuredResult<detail::stripped<decltype(a)>>)
            distances.push_back(distance_of(detail::value_of(a), detail::value_of(b)));
        else if constexpr (detail::has_micros<detail::stripped<decltype(a)>>)
            distances.push_back(distance_of(detail::value_of(a).micros, detail::value_of(b).micros));
    }
    result.numbers = distances.size();
    summarize(distances, result);
    return result;
}

// Where in the source each event of the stream stood, counting what could not be read.
template <class Def>
std::vector<std::uint64_t> positions_of(const Arrivals<Def>& arrivals) {
    std::vector<std::uint64_t> positions;
    positions.reserve(arrivals.events().size());
    std::uint64_t next = 0;
    for (const auto& step : arrivals.steps()) {
        if (step.what == 0) positions.push_back(next);
        next += step.what == 0 || step.what == Arrivals<Def>::rejection ? 1u : 0u;
    }
    return positions;
}

} // namespace run

// Compares what was served with what settled, row by row, of all that arrived: how often and how far each feature
// differs, and the late events that did it. A late event counts for each row that was served before it came (any row,
// where live dropped it), whose time it is not after, and of which a feature differs whose window holds it; where
// several do, each counts. Costs the two views, and for each late event the events of its keys that it comes after.
template <AsOfDefinition Def>
ViewDifference compare_views(const Arrivals<Def>& arrivals, const CompareOptions& options = {}) {
    using All = plan::Plan<Def>;
    constexpr auto none = UINT32_MAX;
    const auto history = served<Def>(arrivals, options.threads);
    BackfillOptions truth_options;
    truth_options.threads = options.threads;
    truth_options.arrival = options.arrival;
    const auto truth = settled<Def>(arrivals, truth_options);

    const auto& events = arrivals.events();
    std::vector<std::uint32_t> settled_row(events.size(), none);
    std::vector<bool> settles(events.size());
    ViewDifference result;
    result.account = history.account;
    for (std::uint32_t r = 0; r < truth.order.size(); ++r) {
        const auto i = truth.order[r];
        settles[i] = true;
        if (!history.rows[i].applied()) continue;
        settled_row[i] = r;
        ++result.rows;
    }

    run::DifferenceBits<Def> different(events.size());
    for_each_index<All::width>([&](auto column) {
        result.features.push_back(
            run::compare_feature<decltype(column)::value>(history, truth, settled_row, none, different));
    });
    std::vector<bool> unexplained(events.size());
    for (std::size_t i = 0; i < events.size(); ++i)
        if (different.any(i)) {
            unexplained[i] = true;
            ++result.different;
        }

    engine::Joins<Def> joins;
    run::add_all<Def>(joins, run::versions_of(arrivals));
    const auto& inputs = run::join_all<Def>(events, truth.order, joins, 1);
    auto late = run::AllLateEvents<Def, std::make_index_sequence<All::entity_count>>::make(
        inputs, [&](std::uint32_t i) { return settles[i]; });
    const auto positions = run::positions_of(arrivals);
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < events.size(); ++i) {
        if (!settles[i]) continue;
        const bool dropped = !history.rows[i].applied();
        bool is_late = false;
        rows.clear();
        for_each_index<All::entity_count>([&](auto g) {
            auto& entity = get<decltype(g)::value>(late);
            if (!dropped && !entity.is_late(i)) return;
            is_late = true;
            entity.for_each_changed(i, dropped, different, [&](std::uint32_t row) { rows.push_back(row); });
        });
        result.late += is_late ? 1u : 0u;
        if (rows.empty()) continue;
        std::sort(rows.begin(), rows.end());
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
        for (const auto row : rows) unexplained[row] = false;
        ++result.causes;
        result.events.push_back(
            {positions[i], Time{engine::time_of<typename All::stream_type>(events[i])}, rows.size()});
    }
    result.otherwise = static_cast<std::uint64_t>(std::count(unexplained.begin(), unexplained.end(), true));
    std::sort(result.events.begin(), result.events.end(), [](const LateEvent& a, const LateEvent& b) {
        return a.rows != b.rows ? a.rows > b.rows : a.position < b.position;
    });
    if (result.events.size() > options.events) result.events.resize(options.events);
    return result;
}

template <MistakenDefinition Def, class... Arguments>
ViewDifference compare_views(Arguments&&...) {
    return {};
}

} // namespace onefold
