#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "onefold/core/fixed_string.hpp"
#include "onefold/core/tuple.hpp"
#include "onefold/record/field.hpp"

namespace onefold {

// What an integer in a column of times counts, since 1970-01-01T00:00:00Z. Text in RFC 3339 form ignores it.
enum class TimeUnit : std::uint8_t { seconds, milliseconds, microseconds, nanoseconds };
inline constexpr TimeUnit seconds = TimeUnit::seconds;
inline constexpr TimeUnit milliseconds = TimeUnit::milliseconds;
inline constexpr TimeUnit microseconds = TimeUnit::microseconds;
inline constexpr TimeUnit nanoseconds = TimeUnit::nanoseconds; // rounded down to a microsecond, before 1970 as after

// An entry of `fields` whose column is named otherwise than the member, or counts another unit than microseconds. An
// empty name means the member's own.
template <auto Member, FixedString Name, TimeUnit Unit>
struct Column {
    using field = Field<Member>;
    using record = typename field::record;
    using value = typename field::value;
    static constexpr auto member = Member;
    static constexpr TimeUnit unit = Unit;
    static constexpr std::string_view name = Name.view().empty() ? field::name : Name.view();
    static_assert(Unit == TimeUnit::microseconds || std::is_same_v<value, Time> ||
                      std::is_same_v<value, std::optional<Time>>,
                  "onefold: only a column of onefold::Time or std::optional<onefold::Time> has a unit of time");
};

template <auto Member, FixedString Name = "", TimeUnit Unit = TimeUnit::microseconds>
inline constexpr Column<Member, Name, Unit> column{};

// The columns of a record type, for sources and sinks that know columns by name:
//     template <> struct onefold::schema<Transaction>
//         : onefold::fields<&Transaction::id, onefold::column<&Transaction::at, "ts", onefold::milliseconds>> {};
// Its columns may be in any order in a file. A file with further columns is refused, unless the schema says
//     static constexpr bool ignore_other_columns = true;
template <class Record> struct schema;

namespace detail {

template <auto Entry> struct ColumnOf {
    using type = std::remove_cv_t<decltype(Entry)>;
};
template <auto Entry>
    requires std::is_member_object_pointer_v<std::remove_cv_t<decltype(Entry)>>
struct ColumnOf<Entry> {
    using type = Column<Entry, "", TimeUnit::microseconds>;
};

template <class Columns> inline constexpr std::array<std::string_view, 0> column_names{};
template <class... C>
inline constexpr std::array<std::string_view, sizeof...(C)> column_names<TypeList<C...>>{C::name...};

template <class Names>
consteval bool are_distinct(const Names& names) {
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (names[i] == names[j]) return false;
    return true;
}

} // namespace detail

template <auto... Entries>
struct fields {
    using columns = TypeList<typename detail::ColumnOf<Entries>::type...>;
    static constexpr auto column_names = detail::column_names<columns>;
    static_assert(sizeof...(Entries) > 0, "onefold: a schema has at least one field, such as fields<&Transaction::id>");
    static_assert(detail::are_distinct(column_names),
                  "onefold: two columns of one schema have the same name; give one another name with "
                  "onefold::column<&Transaction::at, \"ts\">");
};

// True where schema<Record> was written, or record/described.hpp found Boost.Describe's description.
template <class Record>
concept HasSchema = requires { typename schema<Record>::columns; };

template <class Record>
inline constexpr bool ignores_other_columns = [] {
    if constexpr (requires { schema<Record>::ignore_other_columns; }) return bool{schema<Record>::ignore_other_columns};
    else return false;
}();

namespace detail {

// No columns for a record without a schema: whoever asks has said so with a static_assert, and stays quiet after it.
template <class Record> struct SchemaColumns {
    using type = TypeList<>;
};
template <HasSchema Record> struct SchemaColumns<Record> {
    using type = typename schema<Record>::columns;
};

} // namespace detail
template <class Record> using columns_of = typename detail::SchemaColumns<Record>::type;

} // namespace onefold
