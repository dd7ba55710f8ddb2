#pragma once

#include "onefold/plan/row.hpp"
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

} // namespace plan

// The row as the user's own struct, matched by name: `template <> struct onefold::schema<Scored> :
// onefold::fields<...>` lists the members; each takes the feature of its column's name. Missing names, types that
// differ and members that cannot hold a null are errors of the compiler. Lists (top<K>) have no member type; read them
// from the row by name.
template <class T, CheckedDefinition Def>
T as(const Row<Def>& row) {
    static_assert(HasSchema<T>, "onefold: as<T>() needs the members of T: template <> struct onefold::schema<T> : "
                                "onefold::fields<&T::a, &T::b> {};");
    T out{};
    if constexpr (HasSchema<T>)
        for_each_index<columns_of<T>::size>(
            [&](auto i) { plan::take<type_at<decltype(i)::value, columns_of<T>>>(out, row); });
    return out;
}

} // namespace onefold
