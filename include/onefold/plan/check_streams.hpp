#pragma once

#include "onefold/plan/table_plan.hpp"

namespace onefold::plan {

// The checks of a definition with several streams; each is one sentence.
template <class Def>
struct CheckStreams {
    using P = Plan<Def>;

private:
    // test.template operator()<Entity>() for every by<>() that is fed by another stream than the spine, or is not.
    template <bool Beside>
    static constexpr bool every_entity(auto test) {
        bool ok = true;
        for_each_index<P::entity_count>([&](auto g) {
            using E = typename P::template entity<decltype(g)::value>;
            if constexpr (E::is_beside == Beside) ok = ok && test.template operator()<E>();
        });
        return ok;
    }
    template <class E>
    static constexpr bool every_clause(auto test) {
        bool ok = true;
        for_each_index<E::clause_count>([&](auto c) {
            using A = typename E::template clause_type<decltype(c)::value>::aggregate;
            ok = ok && test(std::type_identity<A>{}, E::template clause<decltype(c)::value>().bounds);
        });
        return ok;
    }

public:
    static constexpr bool used = [] {
        bool ok = true;
        for_each_index<P::side_count>([&](auto s) {
            bool feeds = false;
            for_each_index<P::entity_count>([&](auto g) {
                feeds = feeds || P::template entity<decltype(g)::value>::source == decltype(s)::value + 1;
            });
            ok = ok && feeds;
        });
        return ok;
    }();
    static constexpr bool of_one_record = every_entity<true>([]<class E> {
        return []<auto... M>(KeyMembers<M...>) {
            return (std::same_as<typename Field<M>::record, typename E::record> && ...);
        }(typename E::key_members{});
    });
    static constexpr bool found = every_entity<true>([]<class E> {
        return []<class... F>(TypeList<F...>) {
            return ([] {
                if constexpr (std::is_void_v<F>) return false;
                else return can_read<F, typename P::input>();
            }() && ...);
        }(typename E::on_fields{});
    });
    static constexpr bool alike =
        every_entity<true>([]<class E> { return same_key_types(typename E::on_fields{}, typename E::key_members{}); });
    static constexpr bool asked_by_others = every_entity<false>([]<class E> { return !E::entity_type::has_on; });
    static constexpr bool without_current = every_entity<true>([]<class E> {
        return every_clause<E>([](auto, const WindowBounds& bounds) {
            return !bounds.up_to_current_row && bounds.exclude == WindowBounds::Exclude::nothing;
        });
    });
    static constexpr bool compares_nothing = every_entity<true>([]<class E> {
        return every_clause<E>([](auto aggregate, const WindowBounds&) {
            return !requires { decltype(aggregate)::type::needs_current; };
        });
    });
    static constexpr bool unchanged = [] {
        bool ok = true;
        for_each_index<P::side_count>(
            [&](auto s) { ok = ok && !StreamPlan<Def, decltype(s)::value + 1>::stream_type::has_changes; });
        return ok;
    }();
    static constexpr bool open = P::side_count == 0 || !P::closes;

    static_assert(open, "onefold: windows that close are of one stream; write a definition for each stream, or windows "
                        "as of the event, count().over(1_h)");
    static_assert(!open || used, "onefold: a stream beside the first one gives features by its own key; write "
                                 "by<&Login::card>(\"logins\"_f = count().over(10_min)), or take the stream away");
    static_assert(!open || of_one_record,
                  "onefold: the members of one by<>() belong to one stream; write a by<>() for each");
    static_assert(!open || !of_one_record || found,
                  "onefold: no member of the event is said to hold the key of another stream's by<>(); write "
                  "by<&Login::user>(...).on<&Transaction::card>() with members of the first stream's record, or of a "
                  "table");
    static_assert(!open || !found || alike,
                  "onefold: on<>() and the by<>() before it take as many members, of the same types; name the member "
                  "of the event for each member of the key");
    static_assert(asked_by_others,
                  "onefold: on<>() says where the first stream's event has the key of another stream's "
                  "by<>(); take it away from a by<>() of the first stream");
    static_assert(without_current, "onefold: the event being scored is none of another stream's; take away "
                                   "up_to_current_row(), excluding_ties() and excluding_current(), or write "
                                   ".before_current() for what was strictly before it");
    static_assert(compares_nothing,
                  "onefold: zscore() and approx_frequency() compare the event being scored with others "
                  "of its own stream; aggregate the other stream, and compare in derive()");
    static_assert(unchanged,
                  "onefold: facts are changed in the first stream only; take changes<>() away from the others");
    static constexpr bool passed = unchanged && used && of_one_record && found && alike && asked_by_others &&
                                   without_current && compares_nothing && open;
};

} // namespace onefold::plan
