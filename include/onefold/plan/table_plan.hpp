#pragma once

#include "onefold/plan/plan.hpp"

namespace onefold::plan {

// The compile-time plan of table I of Def: who finds which of its versions.
template <class Def, std::size_t I>
struct TablePlan {
    using All = Plan<Def>;
    using table_type = type_at<I, typename All::tables_type>;
    using input = typename table_type::record;
    static constexpr const auto& table = get<I>(Def::definition.tables);

    using key_members = typename table_type::key_members;
    // The fields of the event that hold the key.
    using on_fields = OnFields<typename All::definition_type, typename table_type::on_members, key_members>;

    static std::int64_t since(const input& version) { return table_type::since_of(version); }
    static bool is_tombstone(const input& version) { return table_type::is_tombstone(version); }

    // The first and the last event time that could find this version, were there no other, or find another one for it.
    static std::pair<std::int64_t, std::int64_t> times_that_find(const input& version) {
        const std::int64_t at = since(version), aside = table.leaves_current_out ? 1 : 0;
        // A change takes the place of those before it in the log, and so hides also those whose time is a later one.
        if (table_type::has_changes) return {saturating_add(at, aside), latest};
        if (table.looks_forward) return {saturating_subtract(at, table.oldest), saturating_subtract(at, aside)};
        return {saturating_add(at, aside), saturating_add(at, table.oldest)};
    }

    // How much later than the stream's watermark rows settle for this table: as far as a version may be behind the
    // stream's events, and as far as one is looked for ahead of them.
    static constexpr std::int64_t settle_delay() {
        const auto behind = table.allowed_lateness > Def::definition.stream.allowed_lateness
                                ? table.allowed_lateness - Def::definition.stream.allowed_lateness
                                : 0;
        return table.looks_forward ? saturating_add(behind, table.oldest) : behind;
    }

    // The order of versions of one key: since, the declared members, then what the definition reads of them. Of equal
    // ones the last that arrived is the greatest where that was asked for; otherwise nobody can tell them apart.
    static std::strong_ordering order(const input& a, const input& b) {
        if (const auto order = since(a) <=> since(b); order != 0) return order;
        auto order = std::strong_ordering::equal;
        [&]<auto... M>(KeyMembers<M...>) {
            ((order = order == 0 ? total_order(a.*M, b.*M) : order), ...);
        }(typename table_type::tie_break_members{});
        if (table.last_arrived || order != 0) return order;
        return content_order(a, b);
    }

private:
    static std::strong_ordering content_order(const input& a, const input& b) {
        auto order = is_tombstone(a) <=> is_tombstone(b);
        const auto compare = [&](const auto& expression) {
            if (order != 0) return;
            order = plan::order_by_fields(expression, [&]<class F>(const F&) {
                if constexpr (std::same_as<typename F::record, input>) return total_order(F::read(a), F::read(b));
                else return std::strong_ordering::equal;
            });
        };
        for_each_index<All::entity_count>([&](auto g) {
            using E = typename All::template entity<decltype(g)::value>;
            [&]<auto... M>(KeyMembers<M...>) { (compare(Field<M>{}), ...); }(typename E::key_members{});
            for_each_index<E::clause_count>([&](auto c) {
                compare(E::template clause<decltype(c)::value>().argument);
                compare(E::template clause<decltype(c)::value>().filter);
            });
        });
        for_each_index<All::derived_count>(
            [&](auto d) { compare(get<decltype(d)::value>(Def::definition.derived.expressions).expression); });
        const auto compare_all = [&]<class... F>(TypeList<F...>) { (compare(F{}), ...); };
        for_each_index<All::entity_count>(
            [&](auto g) { compare_all(typename All::template entity<decltype(g)::value>::on_fields{}); });
        for_each_index<All::table_count>(
            [&](auto t) { compare_all(typename TablePlan<Def, decltype(t)::value>::on_fields{}); });
        return order;
    }
};

// How far the windows of the entities that the spine feeds, or that other streams feed, look ahead of the event.
template <class Def, bool Beside>
inline constexpr std::int64_t ahead_of_event = [] {
    std::int64_t ahead = 0;
    for_each_index<Plan<Def>::entity_count>([&](auto g) {
        using E = typename Plan<Def>::template entity<decltype(g)::value>;
        for (std::size_t w = 0; w < E::window_count && E::is_beside == Beside && !Plan<Def>::closes; ++w)
            if (const auto own = saturating_subtract(-1, E::tables.windows[w].to); own > ahead) ahead = own;
    });
    return ahead;
}();

// How much later than the watermark nothing of an event can change any more: its tables have its versions, and it has
// not been corrected.
template <class Def>
inline constexpr std::int64_t revision_delay = [] {
    const auto& stream = Def::definition.stream;
    std::int64_t delay =
        stream.correctable > stream.allowed_lateness ? stream.correctable - stream.allowed_lateness : 0;
    for_each_index<Plan<Def>::table_count>([&](auto t) {
        constexpr auto own = TablePlan<Def, decltype(t)::value>::settle_delay();
        if (own > delay) delay = own;
    });
    return delay;
}();

// How much later than the watermark of its streams the rows of a definition settle: a row waits for all events in its
// windows.
template <class Def>
inline constexpr std::int64_t settle_delay = [] {
    const auto own = saturating_add(revision_delay<Def>, ahead_of_event<Def, false>);
    return own > ahead_of_event<Def, true> ? own : ahead_of_event<Def, true>;
}();

// How far they have settled when the watermark stands there, and up to where events can change no more.
template <class Def>
constexpr std::int64_t settled_until(std::int64_t watermark) noexcept {
    return watermark == latest ? latest : saturating_subtract(watermark, settle_delay<Def>);
}
template <class Def>
constexpr std::int64_t held_until(std::int64_t watermark) noexcept {
    return watermark == latest ? latest : saturating_subtract(watermark, revision_delay<Def>);
}

} // namespace onefold::plan
