#pragma once

#include <optional>
#include <string_view>

#include "onefold/define/changes.hpp"
#include "onefold/define/clause.hpp"

namespace onefold {

// Members of a record, as a type: the keys of a by<>() or of a table, in order.
template <auto... Members> struct KeyMembers {
    static constexpr std::size_t size = sizeof...(Members);
};

namespace detail {

template <class Record, auto Member> using MemberOf =
    std::remove_cvref_t<decltype(std::declval<const Record&>().*Member)>;

template <class Record, auto Member> inline constexpr bool is_time_member =
    std::same_as<MemberOf<Record, Member>, Time> || std::same_as<MemberOf<Record, Member>, std::optional<Time>>;

template <class Record, auto Member> inline constexpr bool is_partition_member =
    std::is_integral_v<MemberOf<Record, Member>> || std::is_enum_v<MemberOf<Record, Member>> ||
    std::same_as<MemberOf<Record, Member>, std::string>;

} // namespace detail

// What was said of a stream in numbers.
struct StreamWords {
    std::string_view name;
    std::int64_t allowed_lateness = 0;
    std::int64_t idle_after = latest;
    std::int64_t future_limit = latest;
    std::int32_t partition_count = 0;
    bool deduplicates = false;
    bool says_lateness = false;
    std::int64_t correctable = 0; // how far behind the newest event a change of a fact may come
};

// No record is a punctuation.
struct Never {};

// The spine of a definition: one output row for each of its events.
template <class Record, auto TimeMember, auto IdMember, class Filter, auto PartitionMember = nullptr,
          auto ArrivalMember = nullptr, class Punctuation = Never, class Changes = NoChanges>
struct Stream : StreamWords {
    using record = Record;
    using filter_type = Filter;
    using punctuation_type = Punctuation;
    using change_members = Changes;
    static constexpr bool has_changes = Changes::any;
    static constexpr bool has_time = !std::same_as<decltype(TimeMember), std::nullptr_t>;
    static constexpr bool has_id = !std::same_as<decltype(IdMember), std::nullptr_t>;
    static constexpr bool has_partitions = !std::same_as<decltype(PartitionMember), std::nullptr_t>;
    static constexpr bool has_arrival = !std::same_as<decltype(ArrivalMember), std::nullptr_t>;
    static constexpr bool has_punctuations = !std::same_as<Punctuation, Never>;
    static constexpr auto id_member = IdMember;
    static constexpr auto time_member = TimeMember;
    static constexpr auto partition_member = PartitionMember;
    static constexpr auto arrival_member = ArrivalMember;

    [[no_unique_address]] Filter filter;
    [[no_unique_address]] Punctuation punctuation;

    // The event time; an event whose optional time is null is rejected.
    template <auto Member>
    consteval auto time() const {
        constexpr bool ok = detail::is_time_member<Record, Member>;
        static_assert(ok,
                      "onefold: time<>() takes a member of type onefold::Time; make it one, microseconds since 1970");
        if constexpr (ok)
            return Stream<Record, Member, IdMember, Filter, PartitionMember, ArrivalMember, Punctuation, Changes>{
                words(), filter, punctuation};
        else return Silent{};
    }

    // The event's identity: it orders events of one time, and an event whose id was accepted before is a duplicate.
    // Null ids are never duplicates. Ids are remembered until the watermark passes their event; a later one is late
    // anyway.
    template <auto Member>
    consteval auto id() const {
        auto said = words();
        said.deduplicates = true;
        return Stream<Record, TimeMember, Member, Filter, PartitionMember, ArrivalMember, Punctuation, Changes>{
            said, filter, punctuation};
    }
    // The id orders ties, but repeated ids are all kept.
    consteval Stream keep_duplicates() const {
        auto copy = *this;
        copy.deduplicates = false;
        return copy;
    }

    // The records are changes of facts: a fact is what the newest change of its id says it is, the newest by the
    // position in the source's log, .changes<&T::op, &T::lsn>(), and one that was deleted or truncated has never been.
    // A change of an id that is not known is a new fact. One whose position is not newer is a duplicate. Deleting what
    // is not known is counted as filtered. A change that comes when the row of its fact has settled is late, and
    // changes nothing.
    template <auto OperationMember, auto... PositionMembers>
    consteval auto changes() const {
        using Members = decltype(detail::change_members<Record, OperationMember, PositionMembers...>());
        if constexpr (std::same_as<Members, Silent>) return Silent{};
        else
            return Stream<Record, TimeMember, IdMember, Filter, PartitionMember, ArrivalMember, Punctuation, Members>{
                words(), filter, punctuation};
    }
    // How far behind the newest event a change of a fact may come, where that is further than lateness(): rows settle
    // that much later, and for so long every fact is kept. Served rows have every change at once.
    template <any_duration D>
    consteval Stream correctable_for(D bound) const {
        auto copy = *this;
        copy.correctable = micros_of(bound);
        return copy;
    }

    // How far behind the newest event time an event may arrive and still count. The watermark is
    // newest - lateness - 1 microsecond; at or below it an event is late and goes to the dead-letter sink.
    // Not together with punctuated_by(), where the source itself says it.
    template <any_duration D>
    consteval Stream lateness(D bound) const {
        auto copy = *this;
        copy.allowed_lateness = micros_of(bound);
        copy.says_lateness = true;
        return copy;
    }
    // When the injected clock shows that nothing arrived for so long, the watermark follows the clock. Of a partitioned
    // stream a partition that was silent for so long is left out, and the clock followed when all were.
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
    // The source has this many partitions, each in an order of its own; the member says which one a record is from. The
    // watermark is the least of the partitions' own, and stays at the beginning of time until so many have been heard
    // of. More than were declared take part as well; each takes the memory of a few words for as long as the executor.
    template <auto Member>
    consteval auto partitioned_by(std::int32_t count) const {
        constexpr bool ok = detail::is_partition_member<Record, Member>;
        static_assert(ok, "onefold: partitioned_by<&T::partition>(2) takes a member that is an integer, an enum or a "
                          "string, and the number of partitions");
        if constexpr (ok) {
            auto said = words();
            said.partition_count = count;
            return Stream<Record, TimeMember, IdMember, Filter, Member, ArrivalMember, Punctuation, Changes>{
                said, filter, punctuation};
        } else return Silent{};
    }
    // The member that holds when the record arrived, as the clock said then; null or INT64_MIN: not known. Both
    // executors judge by it, instead of by a clock, so that they and every replay judge alike.
    template <auto Member>
    consteval auto arrival() const {
        constexpr bool ok = detail::is_time_member<Record, Member>;
        static_assert(ok, "onefold: arrival<>() takes a member of type onefold::Time; make it one, microseconds since "
                          "1970");
        if constexpr (ok)
            return Stream<Record, TimeMember, IdMember, Filter, PartitionMember, Member, Punctuation, Changes>{
                words(), filter, punctuation};
        else return Silent{};
    }
    // A record that passes, by a comparison of fields or a callable from the record to bool, is a punctuation and no
    // event: the source says that no event at or before its time will come any more, of its partition if there are
    // several. Nothing else moves the watermark then. Punctuations are looked for before anything else is asked, are
    // not counted, and are never dead letters; one without a time, or one that the future guard does not believe, says
    // nothing.
    template <class Condition>
    constexpr auto punctuated_by(Condition condition) const {
        static_assert(!has_punctuations, "onefold: a stream has one punctuated_by(); join conditions with || instead");
        if constexpr (has_punctuations || std::same_as<Condition, Silent>) return Silent{};
        else
            return Stream<Record, TimeMember, IdMember, Filter, PartitionMember, ArrivalMember, Condition, Changes>{
                words(), filter, condition};
    }
    // Events that do not pass are counted as filtered and have neither a row nor an effect.
    template <class Condition>
    constexpr auto where(Condition condition) const {
        static_assert(std::same_as<Filter, Always>,
                      "onefold: a stream has one where(); join conditions with && instead");
        return Stream<Record, TimeMember, IdMember, Condition, PartitionMember, ArrivalMember, Punctuation, Changes>{
            words(), condition, punctuation};
    }

    constexpr StreamWords words() const { return *this; }
};

template <class Record>
consteval auto stream(std::string_view name) {
    return Stream<Record, nullptr, nullptr, Always>{{name}, {}, {}};
}

namespace detail {
template <class T> inline constexpr bool is_stream = false;
template <class R, auto T, auto I, class F, auto P, auto A, class X, class C>
inline constexpr bool is_stream<Stream<R, T, I, F, P, A, X, C>> = true;
} // namespace detail

} // namespace onefold
