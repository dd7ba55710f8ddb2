#pragma once

#include "onefold/core/hash.hpp"
#include "onefold/plan/on_fields.hpp"
#include "onefold/plan/stream_plan.hpp"
#include "onefold/plan/tables.hpp"

namespace onefold::plan {

// A callable has no fingerprint that another clause could share, so it gets its clause's number.
template <class Condition>
constexpr std::uint64_t filter_fingerprint(const Condition& condition, std::size_t clause) {
    if constexpr (std::same_as<Condition, Always>) return 0;
    else if constexpr (Expression<Condition>) return detail::fingerprint(condition) | 1;
    else return 2 * (clause + 1);
}

// A result of A can depend on the order of events of one time. Groups have none, and of two equal least (or greatest)
// values it is all the same which one is found. A monoid may say of itself that it `ignores_order`.
template <class A> inline constexpr bool sees_order = !GroupAccumulator<A> && !requires { A::ignores_order; };
template <class V> inline constexpr bool sees_order<accumulate::Least<V>> = false;
template <class V> inline constexpr bool sees_order<accumulate::Greatest<V>> = false;

// Which stream feeds a by<>() of these keys: the spine, unless one is a member of another stream's record.
template <class Definition, auto... M>
consteval std::size_t source_of(KeyMembers<M...>) {
    std::size_t source = 0;
    ((source = source == 0 && stream_of<Definition, typename Field<M>::record> <= Definition::sides_type::size
                   ? stream_of<Definition, typename Field<M>::record>
                   : source),
     ...);
    return source;
}

// What one stream of Def gives to the fold: the spine's events come with the rows that the tables had for them.
template <class Def, std::size_t I>
struct FedBy {
    using type = typename StreamPlan<Def, I>::record;
};
template <class Def>
struct FedBy<Def, 0> {
    using type = InputOf<typename StreamPlan<Def, 0>::definition_type>;
};

// The compile-time plan of the features of one entity of Def. An entity is fed by the records of one stream, and asked
// by the spine's events; where these feed it as well, an event asks after it was folded.
template <class Def, std::size_t G>
struct EntityPlan {
    using definition_type = std::remove_cvref_t<decltype(Def::definition)>;
    using entity_type = type_at<G, typename definition_type::entities_type>;
    using clauses_type = typename entity_type::clauses_type;
    static constexpr std::size_t clause_count = clauses_type::size;

    using key_members = typename entity_type::keys;
    static constexpr std::size_t source = source_of<definition_type>(key_members{});
    // Fed by another stream than the one that asks.
    static constexpr bool is_beside = source != 0;
    using stream_type = typename StreamPlan<Def, source>::stream_type;
    using record = typename stream_type::record;
    // What feeds it.
    using input = typename FedBy<Def, source>::type;
    // What asks it, and the fields by which that finds the key.
    using asking_input = InputOf<definition_type>;
    using on_fields =
        typename std::conditional_t<is_beside,
                                    OnFieldsOf<definition_type, typename entity_type::on_members, key_members>,
                                    std::type_identity<TypeList<>>>::type;

    template <std::size_t C> using clause_type = typename type_at<C, clauses_type>::clause_type;
    template <std::size_t C> static constexpr const clause_type<C>& clause() {
        return get<C>(get<G>(Def::definition.entities).clauses).clause;
    }
    template <std::size_t C> static constexpr std::string_view clause_name() {
        return get<C>(get<G>(Def::definition.entities).clauses).name;
    }

    // What the clause's accumulators see: the argument's type, without null where nulls are skipped.
    template <std::size_t C> using argument_type =
        std::remove_cvref_t<decltype(detail::evaluate(std::declval<const typename clause_type<C>::argument_type&>(),
                                                      std::declval<const EventContext<stream_type, input>&>()))>;
    template <std::size_t C> static constexpr bool keeps_nulls =
        requires { requires clause_type<C>::aggregate::keeps_nulls; };
    template <std::size_t C> using value_type =
        std::conditional_t<keeps_nulls<C>, argument_type<C>, detail::stripped<argument_type<C>>>;
    template <std::size_t C> static constexpr bool skips_nulls =
        detail::is_optional<argument_type<C>> && !keeps_nulls<C>;

    template <std::size_t C, class = void> struct AccumulatorsOf {
        using type = typename clause_type<C>::aggregate::template accumulators<value_type<C>>;
    };
    template <std::size_t C> using accumulators = typename AccumulatorsOf<C>::type;

    static constexpr std::size_t request_count = []<std::size_t... C>(std::index_sequence<C...>) {
        return (accumulators<C>::size + ... + 0);
    }(std::make_index_sequence<clause_count>{});
    static constexpr std::size_t length_count = []<std::size_t... C>(std::index_sequence<C...>) {
        return (clause_type<C>::window_count + ... + 0);
    }(std::make_index_sequence<clause_count>{});

private:
    template <std::size_t C>
    static constexpr std::uint64_t presence() {
        const auto filter = filter_fingerprint(clause<C>().filter, C);
        const auto nulls = skips_nulls<C> ? detail::fingerprint(clause<C>().argument) : 0;
        return filter == 0 && nulls == 0 ? 0 : detail::combine_fingerprints(filter, nulls) | 1;
    }

    static constexpr auto requests_ = [] {
        std::array<Request, request_count == 0 ? 1 : request_count> all{};
        std::size_t next = 0;
        for_each_index<clause_count>([&](auto c) {
            constexpr std::size_t C = decltype(c)::value;
            for_each_index<accumulators<C>::size>([&](auto a) {
                using A = type_at<decltype(a)::value, accumulators<C>>;
                Request& request = all[next++];
                request.clause = C;
                request.position = decltype(a)::value;
                request.accumulator = detail::type_fingerprint<A>;
                request.argument = detail::combine_fingerprints(detail::fingerprint(clause<C>().argument),
                                                                detail::type_fingerprint<value_type<C>>);
                request.filter = filter_fingerprint(clause<C>().filter, C);
                request.presence = presence<C>();
                request.algebra = GroupAccumulator<A>       ? Algebra::group
                                  : SelectionAccumulator<A> ? Algebra::selection
                                                            : Algebra::monoid;
                request.sees_order = sees_order<A>;
                if constexpr (requires { A::needs_value; }) request.needs_value = A::needs_value;
            });
        });
        return all;
    }();

public:
    static constexpr auto tables = [] {
        std::array<Window, length_count> asked{};
        std::array<std::size_t, clause_count> lengths{};
        std::array<std::uint64_t, clause_count> presences{};
        std::size_t next = 0;
        for_each_index<clause_count>([&](auto c) {
            constexpr std::size_t C = decltype(c)::value;
            lengths[C] = clause_type<C>::window_count;
            presences[C] = presence<C>();
            for (const auto& length : clause<C>().lengths) {
                asked[next] = window_of(length, clause<C>().bounds);
                // The asking event has no place among the events of another stream, so a window of rows ends in time.
                if (is_beside) asked[next].stop = Window::Stop::time;
                ++next;
            }
        });
        return make_tables<clause_count, request_count, length_count>(asked, lengths, presences, requests_);
    }();

    static constexpr std::size_t window_count = tables.window_count;
    static constexpr std::size_t end_count = tables.end_count;
    static constexpr std::size_t family_count = tables.family_count;

    static constexpr std::size_t clause_of_request(std::size_t r) { return requests_[r].clause; }

    // Families by number.
    template <std::size_t F> static constexpr Request family_request = requests_[tables.request_of_family[F]];
    template <std::size_t F> using accumulator =
        type_at<family_request<F>.position, accumulators<family_request<F>.clause>>;
    template <std::size_t F> static constexpr Algebra algebra = family_request<F>.algebra;
    static constexpr Algebra family_algebra(std::size_t f) { return requests_[tables.request_of_family[f]].algebra; }
    template <std::size_t C, class A>
    static constexpr std::size_t family_of = [] {
        std::size_t found = none;
        for (std::size_t r = 0; r < request_count; ++r)
            if (requests_[r].clause == C && requests_[r].accumulator == detail::type_fingerprint<A>)
                found = tables.family_of_request[r];
        return found;
    }();

    // Columns of the log, and what an event puts into them.
    template <std::size_t K> static constexpr std::size_t clause_of_column =
        requests_[tables.request_of_column[K]].clause;
    template <std::size_t K> using column_type = value_type<clause_of_column<K>>;
    using columns_type = decltype([]<std::size_t... K>(std::index_sequence<K...>) {
        return std::type_identity<Tuple<column_type<K>...>>{};
    }(std::make_index_sequence<tables.column_count>{}))::type;

    template <std::size_t K>
    static column_type<K> read_column(const input& event) {
        constexpr std::size_t C = clause_of_column<K>;
        const auto& value = detail::evaluate(clause<C>().argument, EventContext<stream_type, input>{{event}});
        if constexpr (skips_nulls<C>) return value ? column_type<K>(*value) : column_type<K>{};
        else return value;
    }
    template <std::size_t B>
    static bool read_bit(const input& event) {
        constexpr std::size_t C = requests_[tables.request_of_bit[B]].clause;
        if constexpr (skips_nulls<C>)
            if (!detail::has_value(detail::evaluate(clause<C>().argument, EventContext<stream_type, input>{{event}})))
                return false;
        return plan::passes(clause<C>().filter, event);
    }

    // The result of clause C in one window, as its aggregate declares it: R, or std::optional<R>.
    template <std::size_t C, class View> using result_of =
        decltype(clause_type<C>::aggregate::template result<value_type<C>>(std::declval<const View&>()));

    // A window whose old events are kept as one sum per hop. One that counts rows needs the events themselves.
    static constexpr bool is_tiled(std::size_t w) { return tables.windows[w].hop > 0 && tables.windows[w].rows == 0; }
    // The hop of those windows, which plan/check.hpp asks to be one; 0 without such a window.
    static constexpr std::int64_t hop = [] {
        for (std::size_t w = 0; w < window_count; ++w)
            if (is_tiled(w)) return tables.windows[w].hop;
        return std::int64_t{0};
    }();

    // Some window is about the event itself and not only about its time.
    static constexpr bool has_own_windows = [] {
        for (std::size_t w = 0; w < window_count; ++w)
            if (tables.windows[w].own != Window::Own::usual) return true;
        return false;
    }();

    // Of an entity whose windows close.
    static constexpr const auto& closing = get<G>(Def::definition.entities).windows;

    // The order of events inside ties is needed only where somebody looks at positions.
    static constexpr bool order_matters = [] {
        bool matters = false;
        for (std::size_t w = 0; w < window_count; ++w)
            matters = matters || tables.windows[w].rows != 0 || tables.windows[w].stop != Window::Stop::time ||
                      tables.windows[w].own == Window::Own::removed;
        for (std::size_t r = 0; r < request_count; ++r) matters = matters || requests_[r].sees_order;
        return matters;
    }();
};

} // namespace onefold::plan
