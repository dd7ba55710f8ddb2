#pragma once

#include "onefold/plan/input.hpp"

namespace onefold::plan {

// The first of these members of the event that is called as the wanted one; void: none is.
template <class Record, auto Wanted, auto Member, auto... Rest>
consteval auto called() {
    constexpr bool same =
        std::same_as<typename Field<Member>::record, Record> && Field<Member>::name == Field<Wanted>::name;
    if constexpr (same) return Field<Member>{};
    else if constexpr (sizeof...(Rest) > 0) return called<Record, Wanted, Rest...>();
    else return;
}
// The same of the keys of every by<>(), from the G-th on.
template <class Definition, auto Wanted, std::size_t G = 0>
consteval auto key_called() {
    if constexpr (G == Definition::entities_type::size) return;
    else {
        using Found = decltype([]<auto... M>(KeyMembers<M...>) {
            if constexpr (sizeof...(M) > 0) return called<typename Definition::stream_type::record, Wanted, M...>();
        }(typename type_at<G, typename Definition::entities_type>::keys{}));
        if constexpr (std::is_void_v<Found>) return key_called<Definition, Wanted, G + 1>();
        else return Found{};
    }
}

template <class Definition, class On, class Keys> struct OnFieldsOf;
template <class Definition, auto... M, class Keys>
    requires(sizeof...(M) > 0)
struct OnFieldsOf<Definition, KeyMembers<M...>, Keys> {
    using type = TypeList<Field<M>...>;
};
template <class Definition, auto... K>
struct OnFieldsOf<Definition, KeyMembers<>, KeyMembers<K...>> {
    using type = TypeList<decltype(key_called<Definition, K>())...>;
};

// The fields by which the spine's event finds what another input has: those that on<>() names, else the members of the
// definition's by<>() that are called as the key's; void where none was said and none is called so.
template <class Definition, class On, class Keys> using OnFields = typename OnFieldsOf<Definition, On, Keys>::type;

template <auto... M>
consteval auto fields_of(KeyMembers<M...>) {
    return TypeList<Field<M>...>{};
}

// They are as many as the key's members, of the same types.
template <class... F, auto... K>
consteval bool same_key_types(TypeList<F...>, KeyMembers<K...>) {
    if constexpr (sizeof...(F) != sizeof...(K)) return false;
    else if constexpr ((std::is_void_v<F> || ...)) return true;
    else return (std::same_as<detail::stripped<typename F::value>, detail::stripped<typename Field<K>::value>> && ...);
}

// No part of the record's key is null.
template <class Record, auto... M>
constexpr bool has_key(const Record& record, KeyMembers<M...>) {
    return (detail::has_value(record.*M) && ...);
}

// Reads the key from these fields of the event; false where one is null, which finds nothing.
template <class Input, class Key, class... F>
constexpr bool read_key(const Input& input, Key& key, TypeList<F...>) {
    bool known = true;
    for_each_index<sizeof...(F)>([&](auto i) {
        const auto& value = read_field<type_at<decltype(i)::value, TypeList<F...>>>(input);
        if (!detail::has_value(value)) known = false;
        else get<decltype(i)::value>(key) = detail::value_of(value);
    });
    return known;
}

} // namespace onefold::plan
