#pragma once

#include "onefold/plan/check.hpp"
#include "onefold/plan/inputs.hpp"
#include "onefold/plan/table_plan.hpp"
#include "onefold/record/schema.hpp"

namespace onefold {
namespace port {

// Whether a member is a column of its record's schema: what is not, a journal would lose.
template <auto Member>
consteval bool is_column() {
    if constexpr (std::is_member_object_pointer_v<decltype(Member)>) {
        using columns = columns_of<typename Field<Member>::record>;
        bool found = false;
        for_each_index<columns::size>([&](auto i) {
            using Column = type_at<decltype(i)::value, columns>;
            found = found || Field<Column::member>::name == Field<Member>::name;
        });
        return found;
    } else return true; // nullptr: the definition has none
}
template <auto... Members>
consteval bool are_columns(KeyMembers<Members...>) {
    return (is_column<Members>() && ...);
}

consteval bool are_columns(NoChanges) { return true; }
template <auto... Members>
consteval bool are_columns(ChangeMembers<Members...>) {
    return (is_column<Members>() && ...);
}

// Whether everything that Def reads by name is in a schema; what a callable reads nobody can know.
template <class Def>
consteval bool reads_columns_only() {
    using All = plan::Plan<Def>;
    using Stream = typename All::stream_type;
    bool all = is_column<Stream::time_member>() && is_column<Stream::id_member>() &&
               is_column<Stream::partition_member>() && is_column<Stream::arrival_member>() &&
               are_columns(typename Stream::change_members{});
    const auto read_by = [&](const auto& expression) {
        static_cast<void>(plan::order_by_fields(expression, [&]<auto M>(const Field<M>&) {
            all = all && is_column<M>();
            return std::strong_ordering::equal;
        }));
    };
    read_by(Def::definition.stream.filter);
    read_by(Def::definition.stream.punctuation);
    for_each_index<All::entity_count>([&](auto g) {
        using E = typename All::template entity<decltype(g)::value>;
        all = all && are_columns(typename E::key_members{});
        for_each_index<E::clause_count>([&](auto c) {
            read_by(E::template clause<decltype(c)::value>().argument);
            read_by(E::template clause<decltype(c)::value>().filter);
        });
    });
    for_each_index<All::derived_count>(
        [&](auto d) { read_by(get<decltype(d)::value>(Def::definition.derived.expressions).expression); });
    for_each_index<All::table_count>([&](auto t) {
        using Table = type_at<decltype(t)::value, typename All::tables_type>;
        all = all && are_columns(typename Table::key_members{}) && are_columns(typename Table::on_members{}) &&
              are_columns(typename Table::tie_break_members{}) && is_column<Table::since_member>() &&
              is_column<Table::tombstone_member>() && are_columns(typename Table::change_members{});
    });
    return all;
}

template <class Records> inline constexpr bool have_schemas = false;
template <class... Record>
inline constexpr bool have_schemas<TypeList<Record...>> = (HasSchema<Record> && ...);

} // namespace port

// A definition of which a journal can be kept.
template <class Def>
concept JournaledDefinition =
    CheckedDefinition<Def> && plan::Plan<Def>::side_count == 0 &&
    port::have_schemas<typename plan::Inputs<Def>::records> && port::reads_columns_only<Def>();

namespace port {

template <class Def>
consteval bool check_journaled() {
    if constexpr (CheckedDefinition<Def>) {
        constexpr bool one_stream = plan::Plan<Def>::side_count == 0;
        static_assert(one_stream,
                      "onefold: a journal is kept of a definition of one stream and its tables, and this one "
                      "has further streams; keep the journal of a definition without them");
        constexpr bool listed = !one_stream || have_schemas<typename plan::Inputs<Def>::records>;
        static_assert(
            listed, "onefold: a journal keeps records by their schema, and one of the definition's has none; list its "
                    "members once: template <> struct onefold::schema<Transaction> : "
                    "onefold::fields<&Transaction::id, &Transaction::at> {};");
        if constexpr (one_stream && listed)
            static_assert(reads_columns_only<Def>(),
                          "onefold: the definition reads a member that is no column of its record's schema<T>, which a "
                          "journal would lose; add it to the schema's fields");
    }
    return true;
}

} // namespace port
} // namespace onefold
