#pragma once

#include "onefold/define/interval_join.hpp"
#include "onefold/plan/on_fields.hpp"
#include "onefold/plan/stream_plan.hpp"

namespace onefold {

// A struct with `static constexpr auto definition = onefold::interval_join(...)...`.
template <class Def>
concept IntervalDefinition = detail::is_interval_join<std::remove_cvref_t<decltype(Def::definition)>>;

namespace plan {

// The gates of an interval join: its left stream is the first, its right one the second.
template <IntervalDefinition Def>
struct StreamPlan<Def, 0> {
    using definition_type = std::remove_cvref_t<decltype(Def::definition)>;
    using stream_type = typename definition_type::left_type;
    using record = typename stream_type::record;
    static constexpr const auto& stream = Def::definition.left;
    static constexpr std::size_t side_count = 1;
    static constexpr bool closes = false;
    static constexpr std::int64_t reach() { return 0; }
    static constexpr bool has_key(const record& event) {
        return plan::has_key(event, typename definition_type::left_key{});
    }
};
template <IntervalDefinition Def>
struct StreamPlan<Def, 1> {
    using definition_type = std::remove_cvref_t<decltype(Def::definition)>;
    using stream_type = typename definition_type::right_type;
    using record = typename stream_type::record;
    static constexpr const auto& stream = Def::definition.right;
    static constexpr bool closes = false;
    static constexpr std::int64_t reach() { return 0; }
    static constexpr bool has_key(const record& event) {
        return plan::has_key(event, typename definition_type::right_key{});
    }
};

// What both executors of an interval join know of it.
template <IntervalDefinition Def>
struct IntervalPlan {
    using definition_type = std::remove_cvref_t<decltype(Def::definition)>;
    using left_stream = typename definition_type::left_type;
    using right_stream = typename definition_type::right_type;
    using left = typename left_stream::record;
    using right = typename right_stream::record;
    static constexpr std::int64_t first = Def::definition.first, last = Def::definition.last;

    // The state of a key is found by the left record's members.
    using input = left;
    using key_members = typename definition_type::left_key;
    using left_fields = decltype(fields_of(typename definition_type::left_key{}));
    using right_fields = decltype(fields_of(typename definition_type::right_key{}));

    static std::int64_t time(const left& event) { return time_of<left_stream>(event); }
    static std::int64_t time(const right& event) { return time_of<right_stream>(event); }

    // The order of the events of one stream: of those equal in it, the one that arrived first comes first.
    static bool before(const left& a, const left& b) { return ordered_before<left_stream>(a, b); }
    static bool before(const right& a, const right& b) { return ordered_before<right_stream>(a, b); }

    // How long a left event waits for what pairs with it.
    static constexpr std::int64_t left_waits = last > 0 ? last : 0;
    // The last time of a left event that pairs with a right one at t.
    static constexpr std::int64_t last_left(std::int64_t t) { return saturating_subtract(t, first); }

private:
    template <class Stream, class Record>
    static bool ordered_before(const Record& a, const Record& b) {
        if (time(a) != time(b)) return time(a) < time(b);
        if constexpr (Stream::has_id) return total_order(a.*Stream::id_member, b.*Stream::id_member) < 0;
        else return false;
    }
};

// The mistakes in an interval join, each one sentence. Apart from the plan, whose types a mistaken one has as well.
template <IntervalDefinition Def>
struct IntervalCheck {
    using P = IntervalPlan<Def>;
    using definition_type = typename P::definition_type;
    static constexpr bool timed = P::left_stream::has_time && P::right_stream::has_time;
    static constexpr bool told_apart = !std::same_as<typename P::left, typename P::right>;
    static constexpr bool keyed = definition_type::left_key::size > 0 && definition_type::right_key::size > 0;
    static constexpr bool alike = same_key_types(typename P::left_fields{}, typename definition_type::right_key{});
    static constexpr bool bounded = Def::definition.says_interval;
    static constexpr bool ordered = P::first <= P::last;
    static constexpr bool unchanged = !P::left_stream::has_changes && !P::right_stream::has_changes;
    static_assert(timed, "onefold: a stream of the interval join has no event time; write "
                         "stream<T>(\"name\").time<&T::at>()");
    static_assert(told_apart,
                  "onefold: a record's type says which stream it is of; give the two streams of an interval "
                  "join record types of their own");
    static_assert(keyed, "onefold: an interval join needs a key; write .on<&Return::customer>()"
                         ".equal_to<&Purchase::customer>()");
    static_assert(!keyed || alike, "onefold: on<>() and equal_to<>() of an interval join take as many members, of the "
                                   "same types; name one of the right record for each of the left one");
    static_assert(bounded, "onefold: an interval join needs its interval; write .between(-5_min, 0_min), the right "
                           "event's time less the left one's");
    static_assert(ordered, "onefold: the interval holds nothing; between() takes the lower end first: "
                           ".between(-5_min, 0_min)");
    static_assert(unchanged, "onefold: the events of an interval join are not changed once they have come; take "
                             "changes<>() away");
    static constexpr bool passed = unchanged && timed && told_apart && keyed && alike && bounded && ordered;
};

} // namespace plan

// An interval join without a mistake, which has been told if there is one.
template <class Def>
concept CheckedIntervalDefinition = IntervalDefinition<Def> && plan::IntervalCheck<Def>::passed;
// Its mistake has been told, and nothing of it is left.
template <class Def>
concept MistakenIntervalDefinition = requires { Def::definition; } && !IntervalDefinition<Def>;

} // namespace onefold
