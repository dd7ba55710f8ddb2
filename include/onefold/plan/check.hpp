#pragma once

#include "onefold/plan/check_closing.hpp"
#include "onefold/plan/check_streams.hpp"
#include "onefold/plan/check_tables.hpp"

namespace onefold::plan {

template <class A> inline constexpr bool needs_before_current = requires { A::needs_before_current; };
template <class A> inline constexpr bool needs_length = requires { A::needs_length; };

// The checks that need a definition's values, not only its types. Each is one sentence; a definition that fails one is
// treated as silent by what follows.
template <class Def>
struct Check {
    using P = Plan<Def>;

    static constexpr bool names_unique = [] {
        for (std::size_t i = 0; i < P::width; ++i)
            for (std::size_t j = i + 1; j < P::width; ++j)
                if (P::names[i] == P::names[j]) return false;
        return true;
    }();
    static constexpr bool names_short = [] {
        for (const auto& name : P::column_names)
            if (name.too_long) return false;
        return true;
    }();
    // test(type_identity<Aggregate>, bounds, length) for every window of every clause, or of those that the spine
    // feeds.
    template <bool OfSpine = false, class Test>
    static constexpr bool every_clause(Test test) {
        bool ok = true;
        for_each_index<P::entity_count>([&](auto g) {
            using E = typename P::template entity<decltype(g)::value>;
            if constexpr (OfSpine && E::is_beside) return;
            for_each_index<E::clause_count>([&](auto c) {
                using C = typename E::template clause_type<decltype(c)::value>;
                const auto& clause = E::template clause<decltype(c)::value>();
                for (const auto& length : clause.lengths)
                    ok = ok && test(std::type_identity<typename C::aggregate>{}, clause.bounds, length);
            });
        });
        return ok;
    }
    static constexpr bool positive_windows = every_clause([](auto, const WindowBounds&, const WindowLength& length) {
        return length.micros > 0 && !(length.micros == latest && length.rows == 0 && length.label.view() != "lifetime");
    });
    static constexpr bool before_current =
        P::closes || every_clause<true>([](auto aggregate, const WindowBounds& bounds, const WindowLength&) {
            using A = typename decltype(aggregate)::type;
            if constexpr (needs_before_current<A>) return bounds.before_current;
            else return true;
        });
    static constexpr bool has_length =
        every_clause([](auto aggregate, const WindowBounds&, const WindowLength& length) {
            using A = typename decltype(aggregate)::type;
            if constexpr (needs_length<A>) return length.micros != latest;
            else return true;
        });

    static constexpr bool capped_by_rows = every_clause(
        [](auto, const WindowBounds& bounds, const WindowLength&) { return bounds.most_rows != UINT32_MAX; });
    // Which of its ties the current event pushes out of a capped window is only known where the window ends with it.
    static constexpr bool capped_with_current =
        every_clause([](auto, const WindowBounds& bounds, const WindowLength& length) {
            return bounds.exclude != WindowBounds::Exclude::current || bounds.most_rows == 0 || length.rows != 0 ||
                   bounds.up_to_current_row || bounds.before_current || bounds.delay != 0;
        });
    static constexpr bool hops_in_time = every_clause([](auto, const WindowBounds& bounds, const WindowLength& length) {
        return bounds.hop == 0 || (bounds.hop > 0 && length.rows == 0);
    });

    // A hop that leaves a window is taken out as one state.
    static constexpr bool hops_unmerge = [] {
        bool ok = true;
        for_each_index<P::entity_count>([&](auto g) {
            using E = typename P::template entity<decltype(g)::value>;
            for_each_index<E::family_count>([&](auto f) {
                constexpr std::size_t F = decltype(f)::value;
                using A = typename E::template accumulator<F>;
                for (std::size_t w = 0; w < E::window_count; ++w)
                    ok = ok && (!E::is_tiled(w) || E::tables.slot_of_window[F][w] == none || !GroupAccumulator<A> ||
                                UnmergeableAccumulator<A>);
            });
        });
        return ok;
    }();
    static constexpr bool one_hop = [] {
        bool ok = true;
        for_each_index<P::entity_count>([&](auto g) {
            using E = typename P::template entity<decltype(g)::value>;
            for (std::size_t w = 0; w < E::window_count; ++w)
                ok = ok && (E::tables.windows[w].hop <= 0 || E::tables.windows[w].hop == E::hop || E::hop == 0);
        });
        return ok;
    }();

    // What is wrong with a derived feature has been said where its type was worked out.
    static constexpr bool derived_typed = [] {
        bool ok = true;
        for_each_index<P::derived_count>([&](auto d) {
            using Result = typename P::template result_type<P::slot_offset[P::entity_count] + decltype(d)::value>;
            ok = ok && !std::same_as<detail::stripped<Result>, Silent>;
        });
        return ok;
    }();

    using Stream = typename P::stream_type;
    static constexpr const auto& stream = Def::definition.stream;
    static constexpr bool some_partitions = !Stream::has_partitions || stream.partition_count > 0;
    static constexpr bool punctuated_alone = !Stream::has_punctuations || !stream.says_lateness;
    static constexpr bool punctuation_is_condition =
        is_condition<typename Stream::punctuation_type, typename Stream::record>();

    static constexpr bool changes_by_id = !Stream::has_changes || (Stream::has_id && stream.deduplicates);
    static constexpr bool changes_as_of = !Stream::has_changes || !P::closes;
    static constexpr bool correctable = stream.correctable == 0 || (Stream::has_changes && stream.correctable > 0);

    static_assert(changes_by_id,
                  "onefold: changes<>() are of facts with an id, of which the newest change holds; write "
                  "stream<T>(\"name\").time<&T::at>().id<&T::id>().changes<&T::op, &T::lsn>()");
    static_assert(changes_as_of,
                  "onefold: windows that close take no fact back; take changes<>() away, or give the rows of a "
                  "definition whose windows are as of the event to this one with into<T>()");
    static_assert(correctable, "onefold: correctable_for() is how long the facts of a stream with changes<>() may be "
                               "changed; write .changes<&T::op, &T::lsn>().correctable_for(7_d)");
    static_assert(some_partitions,
                  "onefold: partitioned_by<&T::partition>(2) takes the number of partitions, at least 1");
    static_assert(punctuated_alone,
                  "onefold: punctuated_by() and lateness() exclude each other: the source's punctuations say which "
                  "events are late; take lateness() away");
    static_assert(punctuation_is_condition,
                  "onefold: punctuated_by() takes a comparison of fields or a callable from the record to bool: "
                  "punctuated_by(kind == \"heartbeat\")");
    static_assert(names_unique, "onefold: two features of this definition have one name; rename one of them");
    static_assert(names_short, "onefold: a feature's name with its window is longer than 96 characters; shorten it");
    static_assert(positive_windows, "onefold: a window has length 0; write at least .over(1_us) or .over(1_rows)");
    static_assert(
        before_current,
        "onefold: time_since_last() of a window that holds the current event is always 0; add .before_current()");
    static_assert(has_length,
                  "onefold: rate() needs a window with a length in time; write .over(1_h) instead of lifetime or rows");
    static_assert(capped_by_rows, "onefold: at_most() takes a number of rows; write .at_most(100_rows)");
    static_assert(capped_with_current, "onefold: at_most() without the current event needs a window that ends with it; "
                                       "add .up_to_current_row(), or remove .excluding_current()");
    static_assert(hops_in_time, "onefold: in_hops_of() takes a length of time above 0, for windows with a length in "
                                "time; write .over(90_d).in_hops_of(1_h)");
    static_assert(one_hop,
                  "onefold: the windows of one by<>() move in hops of one length; put the others into a second "
                  "by<>() of the same key");
    static_assert(hops_unmerge,
                  "onefold: a window in hops takes out the merged state of a whole hop; give your aggregate "
                  "static void unmerge(State&, const State&), or remove its subtract()");
    static constexpr bool passed = hops_unmerge && one_hop && capped_by_rows && capped_with_current && hops_in_time &&
                                   some_partitions && changes_by_id && changes_as_of && correctable &&
                                   punctuated_alone && punctuation_is_condition && names_unique && names_short &&
                                   positive_windows && before_current && has_length && derived_typed &&
                                   CheckClosing<Def>::passed && CheckTables<Def>::passed && CheckStreams<Def>::passed;
};

} // namespace onefold::plan

namespace onefold {

// The definition is well-formed, which has been said if it is not.
template <class Def>
concept CheckedDefinition = FeatureDefinition<Def> && plan::Check<Def>::passed;

// Its rows are windows that close, or events.
template <class Def>
concept ClosingDefinition = CheckedDefinition<Def> && plan::Plan<Def>::closes;
template <class Def>
concept AsOfDefinition = CheckedDefinition<Def> && !plan::Plan<Def>::closes;

// A definition whose mistake has been told: everything made from it stays quiet.
template <class Def>
concept MistakenDefinition = requires { Def::definition; } && !CheckedDefinition<Def>;

namespace plan {

// Stands for the executors and rows of a mistaken definition.
struct Quiet {
    template <class... A> constexpr Quiet(A&&...) {}
    template <class... A> Silent push(A&&...) { return {}; }
    template <class... A> Silent push_many(A&&...) { return {}; }
    template <class... A> Silent read(A&&...) { return {}; }
    template <class... A> Silent preview(A&&...) { return {}; }
    template <class... A> Silent advance_watermark(A&&...) { return {}; }
    Silent finish() { return {}; }
    Silent account() const { return {}; }
    template <FixedString> constexpr Silent get() const { return {}; }
    template <class N> constexpr Silent operator[](N) const { return {}; }
    template <class V> constexpr void for_each(V&&) const {}
};

} // namespace plan

} // namespace onefold
