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

private:
    // The first of these members of the event that is called as the wanted one; void: none is.
    template <auto Wanted, auto Member, auto... Rest>
    static consteval auto called() {
        constexpr bool same = std::same_as<typename Field<Member>::record, typename All::record> &&
                              Field<Member>::name == Field<Wanted>::name;
        if constexpr (same) return Field<Member>{};
        else if constexpr (sizeof...(Rest) > 0) return called<Wanted, Rest...>();
        else return;
    }
    // The same of the keys of every by<>(), from the G-th on.
    template <auto Wanted, std::size_t G = 0>
    static consteval auto key_called() {
        if constexpr (G == All::entity_count) return;
        else {
            using Found = decltype([]<auto... M>(KeyMembers<M...>) {
                if constexpr (sizeof...(M) > 0) return called<Wanted, M...>();
            }(typename type_at<G, typename All::entities_type>::keys{}));
            if constexpr (std::is_void_v<Found>) return key_called<Wanted, G + 1>();
            else return Found{};
        }
    }
    template <class On, class Keys> struct OnFields;
    template <auto... M, class Keys>
        requires(sizeof...(M) > 0)
    struct OnFields<KeyMembers<M...>, Keys> {
        using type = TypeList<Field<M>...>;
    };
    template <auto... K> struct OnFields<KeyMembers<>, KeyMembers<K...>> {
        using type = TypeList<decltype(key_called<K>())...>;
    };

public:
    using key_members = typename table_type::key_members;
    // The fields of the event that hold the key; void where none was said and none is called so.
    using on_fields = typename OnFields<typename table_type::on_members, typename table_type::key_members>::type;

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
        for_each_index<All::table_count>([&](auto t) {
            [&]<class... F>(TypeList<F...>) {
                (compare(F{}), ...);
            }(typename TablePlan<Def, decltype(t)::value>::on_fields{});
        });
        return order;
    }
};

// How much later than the stream's watermark the rows of a definition settle.
template <class Def>
inline constexpr std::int64_t settle_delay = [] {
    const auto& stream = Def::definition.stream;
    std::int64_t delay =
        stream.correctable > stream.allowed_lateness ? stream.correctable - stream.allowed_lateness : 0;
    for_each_index<Plan<Def>::table_count>([&](auto t) {
        constexpr auto own = TablePlan<Def, decltype(t)::value>::settle_delay();
        if (own > delay) delay = own;
    });
    return delay;
}();

// How far they have settled when the watermark stands there.
template <class Def>
constexpr std::int64_t settled_until(std::int64_t watermark) noexcept {
    return watermark == latest ? latest : saturating_subtract(watermark, settle_delay<Def>);
}

} // namespace onefold::plan
