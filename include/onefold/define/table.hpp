#pragma once

#include "onefold/define/changes.hpp"
#include "onefold/define/stream.hpp"

namespace onefold {

// What was said of a table in numbers.
struct TableWords {
    std::string_view name;
    std::int64_t allowed_lateness = 0;
    std::int64_t oldest = latest;    // how old a version may be and still hold
    bool leaves_current_out = false; // versions since the very time of the event
    bool looks_forward = false;
    bool last_arrived = false;
};

namespace detail {

template <auto Member, class Record> inline constexpr bool is_member_of = [] {
    if constexpr (std::is_member_object_pointer_v<decltype(Member)>)
        return std::same_as<typename MemberPointer<decltype(Member)>::record, Record>;
    else return false;
}();
template <auto Member, class Record> inline constexpr bool is_table_key = [] {
    if constexpr (is_member_of<Member, Record>)
        return is_key_type<stripped<typename MemberPointer<decltype(Member)>::value>>;
    else return false;
}();

} // namespace detail

// A table of versions, joined with each event as of the event's time: the event finds the version of its key that was
// in force then. Where there is none, every field of the table is null, and matched<T>() is false.
//
// With changes<>() its records are the changes that a database's log tells of: of those that have been made by a time
// the one that is last in the log holds, in whatever order they arrive.
template <class Record, class Key, class On, auto SinceMember, class TieBreak, auto TombstoneMember,
          class Changes = NoChanges>
struct Table : TableWords {
    using record = Record;
    using key_members = Key;
    using on_members = On;
    using tie_break_members = TieBreak;
    using change_members = Changes;
    static constexpr bool has_changes = Changes::any;
    static constexpr bool has_key = Key::size > 0;
    static constexpr bool has_since = !std::same_as<decltype(SinceMember), std::nullptr_t>;
    static constexpr bool has_tombstone = !std::same_as<decltype(TombstoneMember), std::nullptr_t>;
    static constexpr auto since_member = SinceMember;
    static constexpr auto tombstone_member = TombstoneMember;

    // Whose version it is: integers, bools, enums, strings or times, or optionals of them. A version whose key has a
    // null in it is found by nobody and counted as filtered.
    template <auto... Members>
    consteval auto key() const {
        constexpr bool ok = sizeof...(Members) > 0 && (detail::is_table_key<Members, Record> && ...);
        static_assert(ok, "onefold: key<>() of a table takes members of its record that are integers, bools, enums, "
                          "strings or times; write table<T>(\"name\").key<&T::id>()");
        if constexpr (ok)
            return Table<Record, KeyMembers<Members...>, On, SinceMember, TieBreak, TombstoneMember, Changes>{words()};
        else return Silent{};
    }
    // Where the event has that key, in the same order: members of the stream's record, or of a table before this one.
    // Without it, the members of the definition's by<>() that are called as the table's. Null finds nothing.
    template <auto... Members>
    consteval auto on() const {
        constexpr bool ok = sizeof...(Members) > 0 && (std::is_member_object_pointer_v<decltype(Members)> && ...);
        static_assert(ok, "onefold: on<>() takes the members of the event that hold the table's key; write "
                          ".on<&Event::customer>()");
        if constexpr (ok)
            return Table<Record, Key, KeyMembers<Members...>, SinceMember, TieBreak, TombstoneMember, Changes>{words()};
        else return Silent{};
    }
    // The event time from which the version holds; a version whose time is null is rejected.
    template <auto Member>
    consteval auto since() const {
        constexpr bool ok = detail::is_time_member<Record, Member>;
        static_assert(ok,
                      "onefold: since<>() takes a member of type onefold::Time; make it one, microseconds since 1970");
        if constexpr (ok) return Table<Record, Key, On, Member, TieBreak, TombstoneMember, Changes>{words()};
        else return Silent{};
    }
    // Of versions of one key and time the greatest in these members holds, compared in this order, null lowest. Without
    // it, the greatest in what the definition reads of the table, field by field.
    template <auto... Members>
    consteval auto tie_break() const {
        constexpr bool ok = sizeof...(Members) > 0 && (detail::is_member_of<Members, Record> && ...);
        static_assert(ok, "onefold: tie_break<>() takes members of the table's record; write "
                          ".tie_break<&T::created>()");
        if constexpr (ok)
            return Table<Record, Key, On, SinceMember, KeyMembers<Members...>, TombstoneMember, Changes>{words()};
        else return Silent{};
    }
    // Of versions that are equal in all that, the one that arrived last holds. Results then depend on the order in
    // which the source gives such versions, and on nothing else of it.
    consteval Table last_arrived_wins() const {
        auto copy = *this;
        copy.last_arrived = true;
        return copy;
    }
    // True in a version that says that the key has no row any more, until its next version.
    template <auto Member>
    consteval auto tombstone() const {
        constexpr bool ok = std::same_as<detail::stripped<detail::MemberOf<Record, Member>>, bool>;
        static_assert(ok, "onefold: tombstone<>() takes a bool of the table's record; write .tombstone<&T::deleted>()");
        if constexpr (ok) return Table<Record, Key, On, SinceMember, TieBreak, Member, Changes>{words()};
        else return Silent{};
    }
    // The records are changes of the table's rows: the members with the operation and with the position in the source's
    // log, .changes<&T::op, &T::lsn>(). Of one key the change of the greatest position holds, of those since the
    // event's time; deleted and truncated rows are none. A change of a key and position that is known is a duplicate.
    // One whose operation or position is not known is rejected.
    template <auto OperationMember, auto... PositionMembers>
    consteval auto changes() const {
        using Members = decltype(detail::change_members<Record, OperationMember, PositionMembers...>());
        if constexpr (std::same_as<Members, Silent>) return Silent{};
        else return Table<Record, Key, On, SinceMember, TieBreak, TombstoneMember, Members>{words()};
    }
    // The version in force strictly before the event; without it, one since the event's own time is in force.
    consteval Table strictly() const {
        auto copy = *this;
        copy.leaves_current_out = true;
        return copy;
    }
    // The first version at or after the event's time instead of the last one at or before it; strictly() then means
    // after it. Takes a time_to_live, as rows settle that much later.
    consteval Table forward() const {
        auto copy = *this;
        copy.looks_forward = true;
        return copy;
    }
    // A version further from the event than this is none.
    template <any_duration D>
    consteval Table time_to_live(D longest) const {
        auto copy = *this;
        copy.oldest = micros_of(longest);
        return copy;
    }
    // How far behind the newest event of the stream a version may arrive and still be seen by every row it concerns:
    // rows settle that much later. What arrives later still is counted as late, and is in force for the rows that have
    // not settled.
    template <any_duration D>
    consteval Table lateness(D bound) const {
        auto copy = *this;
        copy.allowed_lateness = micros_of(bound);
        return copy;
    }

    constexpr TableWords words() const { return *this; }

    // Of a version with a time.
    static std::int64_t since_of(const Record& version) { return detail::value_of(version.*SinceMember).micros; }
    // It says that its key has no row.
    static bool is_tombstone(const Record& version) {
        if constexpr (Changes::any)
            if (const auto done = Changes::operation_of(version);
                done == Operation::remove || done == Operation::truncate)
                return true;
        if constexpr (has_tombstone) {
            const auto& gone = version.*TombstoneMember;
            return detail::has_value(gone) && detail::value_of(gone);
        } else return false;
    }
    // A change of every row.
    static bool is_truncation(const Record& version) {
        if constexpr (Changes::any) return Changes::operation_of(version) == Operation::truncate;
        else return static_cast<void>(version), false;
    }
    // Its time, and for a change what it does and where, are known.
    static bool is_well_formed(const Record& version) {
        if constexpr (Changes::any)
            if (!Changes::is_known(version)) return false;
        return detail::has_value(version.*SinceMember);
    }
    // Null is nobody's key; a truncation is about all of them.
    static bool has_owner(const Record& version) {
        return is_truncation(version) || []<auto... M>(const Record& of, KeyMembers<M...>) {
            return (detail::has_value(of.*M) && ...);
        }(version, Key{});
    }
};

template <class Record>
consteval auto table(std::string_view name) {
    return Table<Record, KeyMembers<>, KeyMembers<>, nullptr, KeyMembers<>, nullptr>{{name}};
}

namespace detail {

template <class T> inline constexpr bool is_table = false;
template <class R, class K, class O, auto S, class B, auto D, class C>
inline constexpr bool is_table<Table<R, K, O, S, B, D, C>> = true;

} // namespace detail

// A condition: the table of these records has a version for the event. Tells a missing row from one with nulls.
template <class Version> struct Matched {
    template <class Context> constexpr bool evaluate(const Context& context) const {
        return context.template matched<Version>();
    }
};
template <class Version> inline constexpr bool detail::is_node<Matched<Version>> = true;

template <class Version>
constexpr Matched<Version> matched() {
    return {};
}

} // namespace onefold
