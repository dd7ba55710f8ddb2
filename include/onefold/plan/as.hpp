#pragma once

#include "onefold/plan/closed.hpp"
#include "onefold/record/schema.hpp"

namespace onefold {
namespace plan {

template <class T, class Feature>
inline constexpr bool takes = [] {
    using Value = detail::stripped<Feature>;
    using Member = detail::stripped<T>;
    // An integer may not become a double nor the other way round: the row and the struct would differ in bits.
    return std::same_as<Value, Member> ||
           (std::is_integral_v<Value> && std::is_integral_v<Member> && sizeof(Member) >= sizeof(Value) &&
            std::is_signed_v<Value> == std::is_signed_v<Member>);
}();

template <class Column, class Def>
void take(typename Column::record& out, const Row<Def>& row) {
    constexpr std::size_t column = Plan<Def>::column_of(Column::name);
    if constexpr (column == Row<Def>::width)
        NoSuchFeature<detail::fixed_string<Column::name.size() + 1>(Column::name), KnownNames<Def>>{};
    else {
        using Feature = decltype(row.template at<column>());
        using Member = typename Column::value;
        constexpr bool same_type = takes<Member, Feature>;
        constexpr bool null_fits = detail::is_optional<Member> || !detail::is_optional<Feature>;
        static_assert(
            same_type,
            "onefold: as<T>() found a member whose type is not its feature's; give it the type that `explain` lists");
        static_assert(!same_type || null_fits, "onefold: as<T>() found a member that cannot hold null while its "
                                               "feature can be null; make it a std::optional");
        if constexpr (same_type && null_fits) out.*Column::member = row.template at<column>();
    }
}

template <class Column, class Def>
void take(typename Column::record& out, const Closed<Def>& window) {
    using Keys = KeyTuple<typename EntityPlan<Def, 0>::key_members>;
    constexpr auto at = [] {
        std::size_t i = 0;
        while (i < Keys::names.size() && Keys::names[i] != Column::name) ++i;
        return i;
    }();
    if constexpr (Column::name == "window_start" || Column::name == "window_end") {
        constexpr bool is_time = std::same_as<typename Column::value, Time>;
        static_assert(is_time, "onefold: as<T>() gives window_start and window_end to members of type onefold::Time");
        if constexpr (is_time) out.*Column::member = Column::name == "window_end" ? window.end : window.start;
    } else if constexpr (at < Keys::names.size()) {
        constexpr bool same_type = std::same_as<typename Column::value, type_at<at, typename Keys::type>>;
        static_assert(same_type, "onefold: as<T>() found a member of a key's name whose type is not the key's");
        if constexpr (same_type) out.*Column::member = get<at>(window.key);
    } else plan::take<Column>(out, window.features());
}

// Each member of T from the row or the window.
template <class T, class Source>
T as_struct(const Source& source) {
    static_assert(HasSchema<T>, "onefold: as<T>() needs the members of T: template <> struct onefold::schema<T> : "
                                "onefold::fields<&T::a, &T::b> {};");
    T out{};
    if constexpr (HasSchema<T>)
        for_each_index<columns_of<T>::size>(
            [&](auto i) { plan::take<type_at<decltype(i)::value, columns_of<T>>>(out, source); });
    return out;
}

} // namespace plan

// The row as the user's own struct, matched by name: `template <> struct onefold::schema<Scored> :
// onefold::fields<...>` lists the members; each takes the feature of its column's name. Missing names, types that
// differ and members that cannot hold a null are errors of the compiler. Lists (top<K>) have no member type; read them
// from the row by name.
template <class T, CheckedDefinition Def>
T as(const Row<Def>& row) {
    return plan::as_struct<T>(row);
}

// A closed window as the user's own struct, likewise: members take a key, window_start, window_end or a feature by
// name.
template <class T, ClosingDefinition Def>
T as(const Closed<Def>& window) {
    return plan::as_struct<T>(window);
}

} // namespace onefold
