#pragma once

#include <optional>
#include <string_view>

#include "onefold/define/clause.hpp"

namespace onefold {

// The spine of a definition: one output row for each of its events.
template <class Record, auto TimeMember, auto IdMember, class Filter>
struct Stream {
    using record = Record;
    using filter_type = Filter;
    static constexpr bool has_time = !std::same_as<decltype(TimeMember), std::nullptr_t>;
    static constexpr bool has_id = !std::same_as<decltype(IdMember), std::nullptr_t>;
    static constexpr auto id_member = IdMember;
    static constexpr auto time_member = TimeMember;

    std::string_view name;
    std::int64_t allowed_lateness = 0;
    std::int64_t idle_after = latest;
    std::int64_t future_limit = latest;
    bool deduplicates = false;
    [[no_unique_address]] Filter filter;

    // The event time; an event whose optional time is null is rejected.
    template <auto Member>
    consteval auto time() const {
        using Value = std::remove_cvref_t<decltype(std::declval<const Record&>().*Member)>;
        constexpr bool ok = std::same_as<Value, Time> || std::same_as<Value, std::optional<Time>>;
        static_assert(ok,
                      "onefold: time<>() takes a member of type onefold::Time; make it one, microseconds since 1970");
        if constexpr (ok)
            return Stream<Record, Member, IdMember, Filter>{name,         allowed_lateness, idle_after,
                                                            future_limit, deduplicates,     filter};
        else return Silent{};
    }

    // The event's identity: it orders events of one time, and an event whose id was accepted before is a duplicate.
    // Null ids are never duplicates. Ids are remembered until the watermark passes their event; a later one is late
    // anyway.
    template <auto Member>
    consteval auto id() const {
        return Stream<Record, TimeMember, Member, Filter>{name,  allowed_lateness, idle_after, future_limit, true,
                                                          filter};
    }
    // The id orders ties, but repeated ids are all kept.
    consteval Stream keep_duplicates() const {
        auto copy = *this;
        copy.deduplicates = false;
        return copy;
    }

    // How far behind the newest event time an event may arrive and still count. The watermark is
    // newest - lateness - 1 microsecond; at or below it an event is late and goes to the dead-letter sink.
    template <any_duration D>
    consteval Stream lateness(D bound) const {
        auto copy = *this;
        copy.allowed_lateness = micros_of(bound);
        return copy;
    }
    // When the injected clock shows that nothing arrived for so long, the watermark follows the clock.
    template <any_duration D>
    consteval Stream idle_timeout(D after) const {
        auto copy = *this;
        copy.idle_after = micros_of(after);
        return copy;
    }
    // Events stamped further ahead of their recorded arrival time than this are rejected, so that one wrong clock does
    // not push the watermark past everybody else.
    template <any_duration D>
    consteval Stream future_guard(D ahead) const {
        auto copy = *this;
        copy.future_limit = micros_of(ahead);
        return copy;
    }
    // Events that do not pass are counted as filtered and have neither a row nor an effect.
    template <class Condition>
    constexpr auto where(Condition condition) const {
        static_assert(std::same_as<Filter, Always>,
                      "onefold: a stream has one where(); join conditions with && instead");
        return Stream<Record, TimeMember, IdMember, Condition>{name,         allowed_lateness, idle_after,
                                                               future_limit, deduplicates,     condition};
    }
};

template <class Record>
consteval auto stream(std::string_view name) {
    return Stream<Record, nullptr, nullptr, Always>{name, 0, latest, latest, false, {}};
}

namespace detail {
template <class T> inline constexpr bool is_stream = false;
template <class R, auto T, auto I, class F> inline constexpr bool is_stream<Stream<R, T, I, F>> = true;
} // namespace detail

} // namespace onefold
