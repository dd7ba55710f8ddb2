#pragma once

#include <algorithm>

#include "onefold/core/value_bytes.hpp"
#include "onefold/engine/key_table.hpp"
#include "onefold/engine/results.hpp"

namespace onefold::engine {

// The live state of one entity's keys. Its stream's events are applied; the spine's event gets its answer with them,
// or, where another stream feeds, by answer(). Every function takes the watermark as it was before the event: at or
// below it nothing is asked any more, so what only such questions could reach is forgotten when a log would have to
// grow.
template <class Def, std::size_t G>
class EntityStore {
public:
    using P = plan::EntityPlan<Def, G>;
    using input = typename P::input;
    using asking_input = typename P::asking_input;

private:
    struct KeyState {
        LiveLog<P> log;
        Frontier<P> served;
        // The frontier that answers late events, once there were some: `served` stays with the newest.
        struct Late {
            Frontier<P> frontier;
            std::uint32_t far = 0; // how many events it was too far from since it moved
        };
        detail::Owned<Late> late;
        // At most one: the frontier behind the watermark, for those who asked for settled rows.
        std::vector<Frontier<P>> settled;
    };
    using Table = KeyTable<P, KeyState>;

public:
    using Keys = typename Table::Keys;
    using Key = typename Table::Key;
    // What one key takes before its events and what accumulators allocate.
    static constexpr std::size_t bytes_per_key = sizeof(typename Table::Keyed);
    // Of each hop of a window in hops.
    static constexpr std::size_t bytes_per_tile = [] {
        if constexpr (P::hop != 0) return sizeof(typename Tiles<P>::Tile);
        else return 0;
    }();

    explicit EntityStore(bool settles = false, std::uint64_t seed = 0) : settles_(settles), table_(seed) {}

    // Folds the event into its key and, with a row, answers as of the event. One of another stream than the spine has
    // no row, and without a key is nobody's.
    void apply(const input& event, std::int64_t watermark, Row<Def>* row) {
        if constexpr (P::is_beside)
            if (!plan::has_key(event, typename P::key_members{})) return;
        KeyState& key = table_.find_or_add(event).state;
        if (settles_ && key.settled.empty()) key.settled.resize(1);
        auto entry = Entry<P>::of(event);
        if (key.log.full()) make_room(key, watermark);
        const auto position = key.log.upper_bound(entry);
        const auto time = entry.time;
        key.log.insert(position, std::move(entry));
        for_each_frontier(key, [&](Frontier<P>& frontier) { frontier.inserted(key.log, position); });
        if (!row) return;
        answer_at(key, time, position + 1, true, [&](const auto& frontier) {
            overflows_ += write_results<Def, G>(*row, frontier, key.log, &key.log[position]);
        });
    }
    // The row of the spine's event, where another stream feeds.
    void answer(const asking_input& event, Row<Def>& row)
        requires P::is_beside
    {
        overflows_ += answer_asked(event, row);
    }

    // Takes back an event above the watermark: everything is as if it had never come. As dear as an event that is late
    // by as many others.
    void retract(const input& event) {
        KeyState& key = table_.find(event)->state;
        const auto entry = Entry<P>::of(event);
        const auto position = key.log.position_of(entry);
        key.log.erase(position);
        for_each_frontier(key, [&](Frontier<P>& frontier) { frontier.erased(entry, position); });
    }

    // The row of a spine's event that the watermark has passed, with everything that happened by its time.
    void settle(const asking_input& event, Row<Def>& row) {
        if constexpr (P::is_beside) {
            const auto t = asked_time(event);
            KeyState* key = asked_key(event);
            if (!key) return write_nothing(t, nullptr, row);
            auto& frontier = key->settled.front();
            frontier.move_to(key->log, t, key->log.lower_bound(saturating_add(t, 1)), false);
            overflows_ += write_results<Def, G>(row, frontier, key->log, nullptr);
        } else {
            KeyState& key = table_.find(event)->state;
            const auto entry = Entry<P>::of(event);
            auto& frontier = key.settled.front();
            frontier.move_to(key.log, entry.time, key.log.upper_bound(entry), true);
            overflows_ += write_results<Def, G>(row, frontier, key.log, &entry);
        }
    }

    // The features of a key (a Key, or whatever event shows it) as of a time above the watermark, without an event.
    template <class From>
    void read(const From& from, std::int64_t time, Row<Def>& row) {
        if (auto* keyed = table_.find(from)) {
            auto& key = keyed->state;
            key.served.move_to(key.log, time, key.log.lower_bound(saturating_add(time, 1)), false);
            write_results<Def, G>(row, key.served, key.log, nullptr);
        } else write_nothing(time, nullptr, row);
    }
    // The features that this event of the spine would be scored with, had it changed nothing.
    void preview(const asking_input& event, Row<Def>& row) {
        if constexpr (P::is_beside) answer_asked(event, row);
        else {
            const auto entry = Entry<P>::of(event);
            if (auto* keyed = table_.find(event)) {
                auto& key = keyed->state;
                answer_at(key, entry.time, key.log.upper_bound(entry), false,
                          [&](const auto& frontier) { write_results<Def, G>(row, frontier, key.log, &entry); });
            } else write_nothing(entry.time, &entry, row);
        }
    }

    std::size_t keys() const noexcept { return table_.size(); }
    // Results of events' rows that are null because an exact sum of integers left its type.
    std::uint64_t overflows() const noexcept { return overflows_; }

    // The canonical form of a key group as of the watermark: keys in order, each with the events that some later
    // question can still reach and the state of lifetime windows before them. The same set of events gives the same
    // bytes.
    void save(std::uint32_t group, std::int64_t watermark, ByteWriter& to) {
        std::vector<typename Table::Keyed*> members;
        table_.for_each([&](auto& keyed) {
            if (key_group_of(Keys::hash(keyed.key, 0)) != group) return;
            forget(keyed.state, watermark, needed_from(keyed.state.log, watermark));
            if (keyed.state.log.size() != 0 || keyed.state.log.dropped() != 0) members.push_back(&keyed);
        });
        std::sort(members.begin(), members.end(),
                  [](const auto* a, const auto* b) { return Keys::order(a->key, b->key) < 0; });
        to.put(static_cast<std::uint64_t>(members.size()));
        for (auto* keyed : members) {
            Keys::save(keyed->key, to);
            save_log(keyed->state, to);
        }
    }
    // Adds what save wrote to a store that does not hold these keys. False: the bytes are damaged; what was read before
    // the damage may have been added, so the store is to be thrown away.
    bool load(ByteReader& from) {
        const auto count = from.get_count(1);
        for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
            const auto key = Keys::load(from);
            if (!from.ok()) break;
            auto& state = table_.find_or_add(key).state;
            if (settles_ && state.settled.empty()) state.settled.resize(1);
            load_log(state, from);
        }
        return from.ok();
    }

private:
    // What the windows of a key without events are.
    static void write_nothing(std::int64_t t, const Entry<P>* current, Row<Def>& row) {
        Frontier<P> nothing;
        nothing.move_to(LiveLog<P>{}, t, 0, false);
        write_results<Def, G>(row, nothing, LiveLog<P>{}, current);
    }
    static std::int64_t asked_time(const asking_input& event) {
        return time_of<typename plan::StreamPlan<Def, 0>::stream_type>(event);
    }
    // The state that the spine's event asks for, where another stream feeds; null: nothing was fed for its key.
    KeyState* asked_key(const asking_input& event) {
        Key key{};
        if (!plan::read_key(event, key, typename P::on_fields{})) return nullptr;
        auto* keyed = table_.find(key);
        return keyed ? &keyed->state : nullptr;
    }
    std::uint32_t answer_asked(const asking_input& event, Row<Def>& row) {
        const auto t = asked_time(event);
        KeyState* key = asked_key(event);
        std::uint32_t overflows = 0;
        if (!key) write_nothing(t, nullptr, row);
        else
            answer_at(*key, t, key->log.lower_bound(saturating_add(t, 1)), false, [&](const auto& frontier) {
                overflows = write_results<Def, G>(row, frontier, key->log, nullptr);
            });
        return overflows;
    }
    template <class Do>
    static void for_each_frontier(KeyState& key, Do&& act) {
        act(key.served);
        if (key.late) act(key.late->frontier);
        for (auto& frontier : key.settled) act(frontier);
    }
    // Asks a frontier at time t. A step over an entry costs the least, and `served` stays near the newest. Late events
    // are mostly late by about as much, as one slow partition makes them: going back to each and forth again would cost
    // twice as many steps as it is late by, while a frontier that stays behind takes the few from one to the next. It
    // holds a second running state, so it is made when a step back is long. Lateness that jumps about is answered from
    // the log's partial results, if the groups are of that kind; the frontier follows when that has cost as much.
    template <class Answer>
    static void answer_at(KeyState& key, std::int64_t t, std::uint32_t row_end, bool folded, Answer&& answer) {
        constexpr std::uint32_t few = 16;
        if (key.log.size() - row_end < few) {
            key.served.move_to(key.log, t, row_end, folded);
            return answer(key.served);
        }
        if (!key.late) key.late.make(key.served);
        if constexpr (answers_from_ranges<P>)
            if (!is_near(key.log, key.late->frontier.time(), row_end) && ++key.late->far < key.log.size() / steps)
                return answer(RangeFrontier<P, LiveLog<P>>(key.log, t, row_end, folded));
        key.late->far = 0;
        key.late->frontier.move_to(key.log, t, row_end, folded);
        answer(key.late->frontier);
    }
    // As many steps cost about what an answer from partial results does.
    static constexpr std::uint32_t steps = 64;
    static bool is_near(const LiveLog<P>& log, std::int64_t time, std::uint32_t position) {
        return (position < steps || log.time(position - steps) <= time) &&
               (log.size() - position <= steps || time <= log.time(position + steps));
    }

    // The first entry that a question above the watermark can still reach.
    static std::uint32_t needed_from(const LiveLog<P>& log, std::int64_t watermark) {
        if (watermark == earliest) return 0;
        if (watermark == latest) return log.size();
        const auto t = watermark + 1;
        auto needed = log.size();
        for (std::size_t w = 0; w < P::window_count; ++w) {
            const Window& window = P::tables.windows[w];
            // Of windows in hops only what no tile can hold yet: events behind every question's end.
            auto first =
                log.lower_bound(window.rows != 0 || window.unbounded() || P::is_tiled(w) ? std::min(t, window.end(t))
                                                                                         : window.start(t));
            if (window.rows != 0) first = first > window.rows ? first - window.rows : 0;
            if (window.rows != 0 && window.from != latest) first = std::max(first, log.lower_bound(window.start(t)));
            needed = std::min(needed, first);
        }
        return needed;
    }

    // Forgets entries below `until` once every frontier has left them behind.
    void forget(KeyState& key, std::int64_t watermark, std::uint32_t until) {
        const auto leave_behind = [&](Frontier<P>& frontier) {
            if (frontier.time() <= watermark && watermark != latest)
                frontier.move_to(key.log, watermark + 1, key.log.lower_bound(saturating_add(watermark, 1)), false);
            else frontier.catch_up(key.log);
            for (std::size_t w = 0; w < P::window_count; ++w) {
                until = std::min(until, frontier.tail_of_window(w));
                if (!P::tables.windows[w].unbounded() && !P::is_tiled(w)) until = std::min(until, frontier.head(w));
            }
        };
        for_each_frontier(key, leave_behind);
        if (until != 0) {
            key.log.drop_front(until);
            for_each_frontier(key, [&](Frontier<P>& frontier) { frontier.dropped(key.log, until); });
        }
        if constexpr (P::hop != 0)
            if (watermark != earliest && watermark != latest) forget_tiles(key, watermark + 1);
    }

    // Forgets the tiles that no window of a question at t or later holds.
    void forget_tiles(KeyState& key, std::int64_t t) {
        auto gone = key.log.tiles().size();
        for (std::size_t w = 0; w < P::window_count; ++w)
            if (P::is_tiled(w)) gone = std::min(gone, key.log.tiles().lower_bound(P::tables.windows[w].start(t)));
        if (gone == 0) return;
        key.log.tiles().drop_front(gone);
        for_each_frontier(key, [&](Frontier<P>& frontier) { frontier.tiles_dropped(gone); });
    }

    void make_room(KeyState& key, std::int64_t watermark) {
        // Dropping moves what stays, so it pays only when enough goes; otherwise the log grows, which is amortised too.
        const auto needed = needed_from(key.log, watermark);
        if (needed != 0 && needed >= key.log.size() / 4) forget(key, watermark, needed);
    }

    template <std::size_t F>
    static constexpr bool saves_remainder =
        has_lifetime<P, F> && (P::template algebra<F> != plan::Algebra::group || Frontier<P>::template keeps_group<F>);

    static constexpr std::size_t lifetime_window(std::size_t family) {
        for (std::size_t w = 0; w < P::window_count; ++w)
            if (P::tables.windows[w].unbounded() && P::tables.slot_of_window[family][w] != plan::none) return w;
        return plan::none;
    }

    void save_log(const KeyState& key, ByteWriter& to) const {
        to.put(key.log.dropped());
        for_each_index<P::family_count>([&](auto f) {
            constexpr std::size_t F = decltype(f)::value;
            if constexpr (saves_remainder<F>) {
                using A = typename P::template accumulator<F>;
                if constexpr (P::template algebra<F> == plan::Algebra::group) {
                    // What the frontier holds, less what it entered since: the dropped events alone.
                    constexpr auto w = lifetime_window(F);
                    auto state = key.served.template group<F>(w);
                    for (std::uint32_t i = 0; i < key.served.tail_of_window(w); ++i)
                        if (key.log[i].template present<F>()) A::subtract(state, key.log[i].template value<F>());
                    A::save(state, to);
                } else if constexpr (P::template algebra<F> == plan::Algebra::selection) {
                    const auto& winner = key.log.template remainder<F>();
                    to.put(winner.any);
                    to.put(winner.time);
                    detail::save_value(to, winner.value);
                } else A::save(key.log.template remainder<F>(), to);
            }
        });
        if constexpr (P::hop != 0) key.log.tiles().save(to);
        to.put(static_cast<std::uint64_t>(key.log.size()));
        std::vector<const Entry<P>*> entries;
        for (std::uint32_t i = 0; i < key.log.size(); ++i) entries.push_back(&key.log[i]);
        // Where no clause can see the order inside ties, the log has them as they arrived.
        if constexpr (!P::order_matters)
            std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) {
                return a->time != b->time ? a->time < b->time : content_order(*a, *b) < 0;
            });
        for (const auto* entry : entries) entry->save(to);
    }

    void load_log(KeyState& key, ByteReader& from) {
        key.log.set_dropped(from.get<std::uint64_t>());
        for_each_index<P::family_count>([&](auto f) {
            constexpr std::size_t F = decltype(f)::value;
            if constexpr (saves_remainder<F>) {
                using A = typename P::template accumulator<F>;
                if constexpr (P::template algebra<F> == plan::Algebra::group) {
                    const auto state = A::load(from);
                    for (std::size_t w = 0; w < P::window_count; ++w)
                        if (P::tables.windows[w].unbounded() && P::tables.slot_of_window[F][w] != plan::none) {
                            key.served.template group<F>(w) = state;
                            for (auto& frontier : key.settled) frontier.template group<F>(w) = state;
                        }
                } else if constexpr (P::template algebra<F> == plan::Algebra::selection) {
                    auto& winner = key.log.template remainder<F>();
                    winner.any = from.get<bool>();
                    winner.time = from.get<std::int64_t>();
                    winner.value = detail::load_value<typename A::Value>(from);
                } else key.log.template remainder<F>() = A::load(from);
            }
        });
        if constexpr (P::hop != 0) {
            key.log.tiles().load(from);
            key.served.tiles_loaded(key.log.tiles().size());
            for (auto& frontier : key.settled) frontier.tiles_loaded(key.log.tiles().size());
        }
        const auto count = from.get_count(8);
        for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
            auto entry = Entry<P>::load(from);
            if (from.ok()) key.log.insert(key.log.size(), std::move(entry));
        }
    }

    bool settles_;
    std::uint64_t overflows_ = 0;
    Table table_;
};

} // namespace onefold::engine
