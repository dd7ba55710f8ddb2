#pragma once

#include "onefold/core/callback.hpp"
#include "onefold/core/error.hpp"
#include "onefold/engine/entity_store.hpp"
#include "onefold/port/journal_sink.hpp"
#include "onefold/run/sides.hpp"
#include "onefold/run/waiting.hpp"

namespace onefold {

// A version of a table that is not in force, or came too late for rows that have settled, and why. `position` counts
// the table's versions from 0 in order of arrival.
struct DeadVersion {
    std::string_view table;
    Verdict reason;
    Time watermark;
    std::uint64_t position;
};

namespace run {
template <class Sides> struct DeadLettersOf;
template <class... S> struct DeadLettersOf<Tuple<S...>> {
    using type = Tuple<Callback<void(const DeadLetter<typename S::record>&)>...>;
};
} // namespace run

// How a live executor runs; every part of it is optional. (Of definitions whose windows close: run/live_windows.hpp.)
template <class Def>
struct LiveOptions {
    using record = typename plan::Plan<Def>::record;
    // Called with each event and its settled row, in canonical order, when the watermark passes it. Without it no
    // settled state is kept.
    Callback<void(const record&, const Settled<Def>&)> settled;
    // Called with each event that is not applied.
    Callback<void(const DeadLetter<record>&)> dead_letter;
    // The same for a stream beside the spine: options.dead_letter_of<Login>() = ...
    typename run::DeadLettersOf<typename plan::Plan<Def>::definition_type::sides_type>::type side_dead_letters{};
    template <class Side>
        requires(plan::Plan<Def>::template is_beside<Side>)
    auto& dead_letter_of() {
        return get<plan::Plan<Def>::template stream_of<Side> - 1>(side_dead_letters);
    }
    // Called with each version of a table that is rejected, is nobody's, is late, or repeats a change.
    Callback<void(const DeadVersion&)> dead_version;
    // The current time, for the future guard and the idle time-out. The library never looks at a clock of its own.
    Callback<Time()> clock;
    // Told of everything that comes, before it is folded: a journal, from which the served rows can be had again bit
    // for bit (run/served.hpp).
    JournalRef<Def> journal;
    // False: push answers no features, for those who want settled rows only.
    bool serves = true;
    // Makes the places of keys in hash tables unpredictable to who chooses the keys; no result depends on it. 0: taken
    // from where the executor lies in memory, which differs from process to process.
    std::uint64_t seed = 0;
};

namespace run {

template <class Def>
std::uint64_t seed_of(const LiveOptions<Def>& options) noexcept {
    return options.seed != 0 ? options.seed
                             : mix(static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&options)));
}

[[noreturn]] inline void refuse_state() {
    throw Error(ErrorKind::usage, "state cannot be loaded into an executor with a journal, which would not hold what "
                                  "came before; load it into one without, or replay the journal it came from");
}

template <class Def, class Entities> struct StoresOf;
template <class Def, std::size_t... G>
struct StoresOf<Def, std::index_sequence<G...>> {
    using type = Tuple<engine::EntityStore<Def, G>...>;
    static type make([[maybe_unused]] bool settles, [[maybe_unused]] std::uint64_t seed) {
        return onefold::make_tuple(engine::EntityStore<Def, G>(settles, seed)...);
    }
};
template <class Def> using Stores = StoresOf<Def, std::make_index_sequence<plan::Plan<Def>::entity_count>>;

} // namespace run

// The incremental executor: one call, one answer, in the caller's thread. Not safe to share between threads; see
// run/sharded.hpp for a layer that uses several.
template <class Def>
class Live : public plan::Quiet {
    static_assert(
        requires { Def::definition; },
        "onefold: Live<Def> takes a struct with `static constexpr auto definition = onefold::define(...)`");

public:
    using plan::Quiet::Quiet;
};

template <AsOfDefinition Def>
class Live<Def> {
    using All = plan::Plan<Def>;

public:
    using record = typename All::record;

    explicit Live(LiveOptions<Def> options = {})
        : options_(std::move(options)),
          stores_(run::Stores<Def>::make(static_cast<bool>(options_.settled), run::seed_of(options_))),
          joins_(run::seed_of(options_)), intake_(run::Arrival::as_given, run::seed_of(options_)),
          sides_(run::seed_of(options_)) {}

    // Folds the event and answers its features as of its own time, over everything that has arrived. In order it costs
    // amortised O(1) per window. Late by d events of its key it moves at most 512 of them and one of every 256 more,
    // and is answered by a step for each event between it and the late one before, however late both are, or in O(log
    // d): whichever is less, but where an entity keeps multisets, per-key states or groups over a lifetime, by those
    // steps. An event that is not applied has a null row and a verdict. A punctuation of the stream moves the watermark
    // and has a null row with the verdict `filtered`, but is in no account and no dead letter.
    // A change of a fact, of a stream with changes<>(), takes the fact back and folds what it says now, and is answered
    // as of that; one that deletes has a null row. It costs what an event that is as late does.
    Served<Def> push(const record& event) { return push(event, options_.clock ? options_.clock() : Time{earliest}); }
    // The same with the recorded time of arrival, so that a replay is judged as the original was. Where the stream
    // declares arrival<>(), its member is used instead.
    Served<Def> push(const record& event, Time arrived) {
        if (options_.journal) options_.journal.push(event, arrived);
        Served<Def> row;
        const auto settled = settled_until(promised());
        sides_.heard(0, run::EventClock<Def>::arrival_of(event, arrived.micros));
        row.verdict = intake_.judge(event, arrived.micros);
        if constexpr (All::stream_type::has_changes) take_back(event);
        if (row.verdict == Verdict::applied && !All::is_fact(event)) run::make_null<Def>(row);
        else if (row.verdict == Verdict::applied) {
            const auto& input = joins_.join(event);
            apply(input, settled, options_.serves ? &row : nullptr);
            if (options_.serves) engine::write_derived<Def>(row, &input);
            else run::make_null<Def>(row);
            if (options_.settled || All::revises_events) waiting_.push(event);
        } else {
            run::make_null<Def>(row);
            if (options_.dead_letter && !intake_.was_punctuation())
                options_.dead_letter({event, row.verdict, Time{intake_.watermark_before()}, intake_.records() - 1});
        }
        settle();
        return row;
    }

    // Many, in order; rows, if not null, has room for as many.
    void push_many(const record* events, std::size_t count, Served<Def>* rows) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto row = push(events[i]);
            if (rows) rows[i] = row;
        }
    }

    // An event of the stream beside the spine that has such records. Rows that were served stay as they are; those that
    // have not settled hold it.
    template <class Side>
        requires(All::template is_beside<Side>)
    Verdict push(const Side& event) {
        return push(event, options_.clock ? options_.clock() : Time{earliest});
    }
    template <class Side>
        requires(All::template is_beside<Side>)
    Verdict push(const Side& event, Time arrived) {
        constexpr auto I = All::template stream_of<Side>;
        auto& intake = sides_.template intake<I>();
        const auto settled = settled_until(promised());
        sides_.heard(I, run::EventClock<Def, I>::arrival_of(event, arrived.micros));
        const auto verdict = intake.judge(event, arrived.micros);
        if (verdict == Verdict::applied)
            for_each_index<All::entity_count>([&](auto g) {
                if constexpr (All::template entity<decltype(g)::value>::source == I)
                    get<decltype(g)::value>(stores_).apply(event, settled, nullptr);
            });
        else if (auto& letter = options_.template dead_letter_of<Side>(); letter && !intake.was_punctuation())
            letter({event, verdict, Time{intake.watermark_before()}, intake.records() - 1});
        settle();
        return verdict;
    }

    // A version of the table of such records. What has settled stays; every row after it is as if the version had been
    // there from its time on: the events that it concerns are taken back and folded again, which costs what as many
    // late events do. Late is a version that came after rows it concerns have settled. Its time of arrival is for the
    // journal; nothing is judged by it.
    template <class Version>
        requires(All::template table_of<Version> < All::table_count)
    Verdict push(const Version& version) {
        return push(version, options_.journal && options_.clock ? options_.clock() : Time{earliest});
    }
    template <class Version>
        requires(All::template table_of<Version> < All::table_count)
    Verdict push(const Version& version, Time arrived) {
        if (options_.journal) options_.journal.push(version, arrived);
        constexpr auto I = All::template table_of<Version>;
        using Table = plan::TablePlan<Def, I>;
        auto& account = table_accounts_[I];
        const auto settled = settled_until(promised());
        const auto verdict = judge<I>(version);
        account.count(verdict);
        if (verdict != Verdict::applied && options_.dead_version)
            options_.dead_version({Table::table.name, verdict, watermark(), account.in});
        ++account.in;
        if (verdict != Verdict::applied && verdict != Verdict::late) return verdict;

        auto& table = joins_.template table<I>();
        std::vector<const record*> concerned;
        const auto [first, last] = Table::times_that_find(version);
        waiting_.for_each_between(first, last, [&](const record& event) {
            if (!joins_.template looks_up<I>(event, version)) return;
            retract(joins_.join(event));
            concerned.push_back(&event);
        });
        table.add(version, saturating_add(settled, 1));
        for (const auto* event : concerned) apply(joins_.join(*event), settled, nullptr);
        return verdict;
    }

    // Counts a record that could not be decoded, so that the account stays whole.
    void reject() {
        if (options_.journal) options_.journal.reject();
        intake_.reject();
    }
    template <class Side>
        requires(All::template is_beside<Side>)
    void reject() noexcept {
        sides_.template intake<All::template stream_of<Side>>().reject();
    }

    // Says that no event at or before this time will come, of any stream: settles everything up to it. A lower one is
    // ignored.
    void advance_watermark(Time to) {
        if (options_.journal) options_.journal.advance_watermark(to);
        intake_.watermark().advance_to(to.micros);
        sides_.advance_to(to.micros);
        settle();
    }
    // Tells the time to the idle time-out.
    void tick(Time now) {
        if (options_.journal) options_.journal.tick(now);
        intake_.watermark().tick(now.micros);
        sides_.tick(now.micros);
        settle();
    }
    // The end of a bounded input: everything settles, and whatever follows is late.
    void finish() { advance_watermark(Time{latest}); }

    // The features as of a time above the watermark, without an event: one key per by<>(), in order of declaration.
    // Derived features that read fields are null. At or below the watermark the answer is late and null.
    template <class... Key>
    Served<Def> read(Time at, const Key&... keys) {
        static_assert(sizeof...(Key) == All::entity_count,
                      "onefold: read(at, keys...) takes one key for each by<>() of the definition");
        Served<Def> row;
        if (!open(at.micros, row)) return row;
        read_keys(at.micros, onefold::make_tuple(keys...), row);
        engine::write_derived<Def>(row, nullptr);
        return row;
    }
    // The features that this event would see, without folding it: its keys, its time, and its fields as request-time
    // values of derived features.
    Served<Def> preview(const record& request) {
        Served<Def> row;
        if constexpr (detail::is_optional<std::remove_cvref_t<decltype(request.*All::stream_type::time_member)>>)
            if (!(request.*All::stream_type::time_member)) {
                row.verdict = Verdict::rejected;
                run::make_null<Def>(row);
                return row;
            }
        const auto at = engine::time_of<typename All::stream_type>(request);
        if (!open(at, row)) return row;
        const auto& input = joins_.join(request);
        for_each_index<All::entity_count>([&](auto g) { get<decltype(g)::value>(stores_).preview(input, row); });
        engine::write_derived<Def>(row, &input);
        return row;
    }

    // The least of the streams' own.
    Time watermark() const noexcept { return Time{promised()}; }
    const Account& account() const noexcept { return intake_.account(); }
    // Of the table of such records.
    template <class Version>
        requires(All::template table_of<Version> < All::table_count)
    const Account& account() const noexcept {
        return table_accounts_[All::template table_of<Version>];
    }
    // Of the stream beside the spine that has such records.
    template <class Side>
        requires(All::template is_beside<Side>)
    const Account& account() const noexcept {
        return sides_.template intake<All::template stream_of<Side>>().account();
    }
    // How many records have come, punctuations among them: the position of the next dead letter's event.
    std::uint64_t records() const noexcept { return intake_.records(); }
    // How many results, of served and settled rows together, are null because an exact sum of integers left int64.
    std::uint64_t overflows() const noexcept {
        std::uint64_t total = 0;
        for_each_index<All::entity_count>([&](auto g) { total += get<decltype(g)::value>(stores_).overflows(); });
        return total;
    }

    // The state of one of engine::key_groups key groups in canonical form: the same events give the same bytes.
    std::string save(std::uint32_t key_group) {
        static_assert(All::table_count == 0, "onefold: the state of a definition with tables cannot be saved, as it is "
                                             "not of one key; keep the source of the tables and push it again");
        static_assert(
            !All::stream_type::has_changes,
            "onefold: the state of a stream with changes<>() cannot be saved, as its facts are not in it; keep "
            "the source and push it again");
        ByteWriter bytes;
        for_each_index<All::entity_count>(
            [&](auto g) { get<decltype(g)::value>(stores_).save(key_group, settled_until(promised()), bytes); });
        return bytes.take();
    }
    // Takes over a key group into an executor that holds none of its keys. Throws Error for damaged bytes, and for an
    // executor with a journal, which begins with nothing.
    void load(std::string_view bytes) {
        if (options_.journal) run::refuse_state();
        ByteReader reader(bytes);
        bool ok = true;
        for_each_index<All::entity_count>([&](auto g) { ok = ok && get<decltype(g)::value>(stores_).load(reader); });
        if (!ok || !reader.at_end())
            throw Error(ErrorKind::data, "the saved state of a key group is damaged; restore it from another copy");
    }

private:
    template <class Given>
    void read_keys(std::int64_t at, const Given& keys, Row<Def>& row) {
        for_each_index<All::entity_count>([&](auto g) {
            auto& store = get<decltype(g)::value>(stores_);
            using Wanted = typename std::remove_cvref_t<decltype(store)>::Key;
            if constexpr (std::same_as<type_at<decltype(g)::value, Given>, Wanted>)
                store.read(get<decltype(g)::value>(keys), at, row);
            else {
                static_assert(Wanted::size == 1,
                              "onefold: the key of a by<>() of several members is onefold::make_tuple(a, b)");
                Wanted key{};
                get<0>(key) = get<decltype(g)::value>(keys);
                store.read(key, at, row);
            }
        });
    }
    bool open(std::int64_t at, Served<Def>& row) {
        if (at > promised()) return true;
        row.verdict = Verdict::late;
        run::make_null<Def>(row);
        return false;
    }
    void settle() {
        sides_.follow(intake_);
        const auto until = settled_until(promised());
        if (!options_.settled) {
            if constexpr (All::revises_events) waiting_.forget(until);
            return;
        }
        waiting_.release(until, joins_, [&](const record& event, const typename All::input& input) {
            Settled<Def> row;
            for_each_index<All::entity_count>([&](auto g) { get<decltype(g)::value>(stores_).settle(input, row); });
            engine::write_derived<Def>(row, &input);
            options_.settled(event, row);
        });
    }
    // The facts that a change replaces or deletes: everything is as if they had never come.
    void take_back(const record& change) {
        const auto& taken = intake_.changes().taken_back();
        if (taken.which == run::TakenBack::Which::one)
            retract(joins_.join(waiting_.take(taken.time, engine::IdOf<typename All::stream_type>::read(change))));
        else if (taken.which == run::TakenBack::Which::all)
            waiting_.take_if([&](const record& fact) { return intake_.changes().is_truncated(fact); },
                             [&](const record& fact) { retract(joins_.join(fact)); });
    }
    void retract(const typename All::input& input) {
        for_each_index<All::entity_count>([&](auto g) {
            if constexpr (!All::template entity<decltype(g)::value>::is_beside)
                get<decltype(g)::value>(stores_).retract(input);
        });
    }
    void apply(const typename All::input& input, std::int64_t settled, Row<Def>* row) {
        for_each_index<All::entity_count>([&](auto g) {
            auto& store = get<decltype(g)::value>(stores_);
            if constexpr (!All::template entity<decltype(g)::value>::is_beside) store.apply(input, settled, row);
            else if (row) store.answer(input, *row);
        });
    }
    std::int64_t promised() const noexcept { return sides_.watermark(intake_); }
    static std::int64_t settled_until(std::int64_t watermark) noexcept { return plan::settled_until<Def>(watermark); }
    template <std::size_t I>
    Verdict judge(const typename plan::TablePlan<Def, I>::input& version) {
        using Table = plan::TablePlan<Def, I>;
        if (!Table::table_type::is_well_formed(version)) return Verdict::rejected;
        if (!Table::table_type::has_owner(version)) return Verdict::filtered;
        if (joins_.template table<I>().knows(version)) return Verdict::duplicate;
        // What settled rows hold of an event is more than their own, where windows look ahead.
        const auto held = plan::held_until<Def>(promised());
        return held != earliest && Table::times_that_find(version).first <= held ? Verdict::late : Verdict::applied;
    }

    LiveOptions<Def> options_;
    typename run::Stores<Def>::type stores_;
    engine::Joins<Def> joins_;
    run::Intake<Def> intake_;
    run::Sides<Def> sides_;
    run::Waiting<Def> waiting_;
    std::array<Account, All::table_count> table_accounts_{};
};

} // namespace onefold

// The same for definitions whose windows close.
#include "onefold/run/live_windows.hpp"
