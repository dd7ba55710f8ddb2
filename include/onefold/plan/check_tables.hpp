#pragma once

#include "onefold/plan/table_plan.hpp"

namespace onefold::plan {

// The checks of a definition's tables; each is one sentence.
template <class Def>
struct CheckTables {
    using P = Plan<Def>;

private:
    // A member of the event, or of a table before this one.
    template <std::size_t I, class F>
    static consteval bool reads_before() {
        if constexpr (std::is_void_v<F>) return false;
        else
            return std::same_as<typename F::record, typename P::record> || P::template table_of<typename F::record> < I;
    }
    // test.template operator()<I>() for every table.
    static constexpr bool every_table(auto test) {
        bool ok = true;
        for_each_index<P::table_count>([&](auto t) { ok = ok && test.template operator()<decltype(t)::value>(); });
        return ok;
    }

public:
    static constexpr bool found = every_table([]<std::size_t I> {
        return []<class... F>(TypeList<F...>) {
            return (reads_before<I, F>() && ...);
        }(typename TablePlan<Def, I>::on_fields{});
    });
    static constexpr bool alike = every_table([]<std::size_t I> {
        using T = TablePlan<Def, I>;
        return same_key_types(typename T::on_fields{}, typename T::key_members{});
    });
    static constexpr bool bounded = every_table([]<std::size_t I> {
        return !TablePlan<Def, I>::table.looks_forward || TablePlan<Def, I>::table.oldest != latest;
    });
    static constexpr bool measured = every_table([]<std::size_t I> {
        return TablePlan<Def, I>::table.oldest >= 0 && TablePlan<Def, I>::table.allowed_lateness >= 0;
    });
    static constexpr bool placed = every_table([]<std::size_t I> {
        using T = typename TablePlan<Def, I>::table_type;
        constexpr const auto& table = TablePlan<Def, I>::table;
        return !T::has_changes || (!table.looks_forward && !table.last_arrived && T::tie_break_members::size == 0);
    });
    static constexpr bool open = P::table_count == 0 || !P::closes;

    static_assert(found, "onefold: no member of the event is said to hold the table's key; write .on<&Event::card>() "
                         "with members of the stream's record, or of a table before this one");
    static_assert(alike, "onefold: on<>() and key<>() of a table take as many members, of the same types; name the "
                         "member of the event for each member of the key");
    static_assert(bounded, "onefold: forward() needs a time_to_live(1_h), for so long rows wait for a version to come");
    static_assert(measured, "onefold: time_to_live() and lateness() of a table are lengths of time, not negative ones");
    static_assert(placed, "onefold: the changes of a table are ordered by their position in the source's log, and are "
                          "known once they are made; take forward(), tie_break<>() and last_arrived_wins() away");
    static_assert(open, "onefold: windows that close are of one stream; join the tables in a definition of its own and "
                        "give its rows to this one with into<T>()");
    static constexpr bool passed = found && alike && bounded && measured && placed && open;
};

} // namespace onefold::plan
