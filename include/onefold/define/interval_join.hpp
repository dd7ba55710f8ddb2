#pragma once

#include "onefold/define/stream.hpp"

namespace onefold {

// What was said of an interval in numbers, both ends in it: the right event's time less the left one's.
struct IntervalWords {
    std::int64_t first = 0;
    std::int64_t last = 0;
    bool says_interval = false;
};

// Stands for an interval join whose mistake has been told.
struct SilentIntervalJoin {
    template <auto...> consteval SilentIntervalJoin on() const { return {}; }
    template <auto...> consteval SilentIntervalJoin equal_to() const { return {}; }
    template <class Lower, class Upper> consteval SilentIntervalJoin between(Lower, Upper) const { return {}; }
    consteval SilentIntervalJoin excluding_lower() const { return {}; }
    consteval SilentIntervalJoin excluding_upper() const { return {}; }
};

// Two streams joined on a key and a distance in time: there is a pair for each event of the left stream and each one of
// the right stream with the same key, if the right one's time is in [left time + lower, left time + upper].
//     static constexpr auto definition = onefold::interval_join(
//             onefold::stream<Return>("returns").time<&Return::at>().id<&Return::id>().lateness(1_h),
//             onefold::stream<Purchase>("purchases").time<&Purchase::at>().id<&Purchase::id>())
//         .on<&Return::customer, &Return::item>().equal_to<&Purchase::customer, &Purchase::item>()
//         .between(-30_d, 0_d);
// Pairs are in order of (left event, right event), each in order of (event time, id, arrival): give both streams an id,
// and nothing depends on the arrival. run/interval_join.hpp has the executors.
template <class Left, class Right, class LeftKey, class RightKey>
struct IntervalJoin : IntervalWords {
    using left_type = Left;
    using right_type = Right;
    using left_key = LeftKey;
    using right_key = RightKey;
    Left left;
    Right right;

    // The members of the left record that hold the key: integers, bools, enums, strings or times, or optionals of them.
    // Null pairs with nothing, and its event is counted as filtered.
    template <auto... Members>
    consteval auto on() const {
        constexpr bool ok = holds_key<typename Left::record, Members...>();
        static_assert(ok, "onefold: on<>() of an interval join takes members of the left stream's record that are "
                          "integers, bools, enums, strings or times; write .on<&Return::customer>()");
        if constexpr (ok) return IntervalJoin<Left, Right, KeyMembers<Members...>, RightKey>{*this, left, right};
        else return SilentIntervalJoin{};
    }
    // Those of the right record, in the same order.
    template <auto... Members>
    consteval auto equal_to() const {
        constexpr bool ok = holds_key<typename Right::record, Members...>();
        static_assert(ok, "onefold: equal_to<>() of an interval join takes members of the right stream's record that "
                          "are integers, bools, enums, strings or times; write .equal_to<&Purchase::customer>()");
        if constexpr (ok) return IntervalJoin<Left, Right, LeftKey, KeyMembers<Members...>>{*this, left, right};
        else return SilentIntervalJoin{};
    }
    // The right event is at least `lower` and at most `upper` after the left one: between(-5_min, 0_min), both ends in.
    template <any_duration Lower, any_duration Upper>
    consteval IntervalJoin between(Lower lower, Upper upper) const {
        auto copy = *this;
        copy.first = micros_of(lower);
        copy.last = micros_of(upper);
        copy.says_interval = true;
        return copy;
    }
    // Without the ends themselves; after between().
    consteval IntervalJoin excluding_lower() const {
        auto copy = *this;
        ++copy.first;
        return copy;
    }
    consteval IntervalJoin excluding_upper() const {
        auto copy = *this;
        --copy.last;
        return copy;
    }

private:
    template <class Record, auto... Members>
    static consteval bool holds_key() {
        return sizeof...(Members) > 0 && ([] {
                   if constexpr (std::is_member_object_pointer_v<decltype(Members)>) {
                       using Member = detail::MemberPointer<decltype(Members)>;
                       return std::same_as<typename Member::record, Record> &&
                              detail::is_key_type<detail::stripped<typename Member::value>>;
                   } else return false;
               }() && ...);
    }
};

namespace detail {
template <class T> inline constexpr bool is_interval_join = false;
template <class L, class R, class A, class B> inline constexpr bool is_interval_join<IntervalJoin<L, R, A, B>> = true;
} // namespace detail

template <class Left, class Right>
consteval auto interval_join(Left left, Right right) {
    constexpr bool quiet = std::same_as<Left, Silent> || std::same_as<Right, Silent>;
    constexpr bool ok = quiet || (detail::is_stream<Left> && detail::is_stream<Right>);
    static_assert(ok, "onefold: interval_join() takes two streams; write interval_join(stream<Return>(\"returns\")..., "
                      "stream<Purchase>(\"purchases\")...)");
    if constexpr (quiet || !ok) return SilentIntervalJoin{};
    else return IntervalJoin<Left, Right, KeyMembers<>, KeyMembers<>>{{}, left, right};
}

} // namespace onefold
