#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "onefold/core/time.hpp"
#include "onefold/core/total_order.hpp"

namespace onefold {

namespace detail {

template <class T> struct MemberPointer;
template <class R, class V> struct MemberPointer<V R::*> {
    using record = R;
    using value = V;
};

// The name of the member as the compiler spells it at the end of "... [with auto M = &Record::member; ...]" (g++) or
// "... [M = &Record::member]" (clang). Brackets are counted because a record's own template arguments may hold a ']'.
template <auto M>
consteval std::string_view member_name() {
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("M = ") + 4);
    std::size_t end = 0;
    for (int depth = 0; end < text.size(); ++end) {
        const char c = text[end];
        if (depth == 0 && (c == ';' || c == ']')) break;
        if (c == '<' || c == '[' || c == '(' || c == '{') ++depth;
        if (c == '>' || c == ']' || c == ')' || c == '}') --depth;
    }
    text = text.substr(0, end);
    return text.substr(text.rfind(':') + 1);
}

// Character types are left out: whether a char is a number or a letter is a guess that a file format must not make.
template <class T>
concept IntegerField =
    std::is_integral_v<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t> && sizeof(T) <= 8;
template <class T>
concept FloatField = std::same_as<T, float> || std::same_as<T, double>;
template <class T>
concept ScalarField = IntegerField<T> || FloatField<T> || std::same_as<T, bool> || std::is_enum_v<T> ||
                      std::same_as<T, std::string> || std::same_as<T, Time>;
template <class T>
concept ElementField = IntegerField<T> || FloatField<T> || std::same_as<T, bool>;

template <class T> inline constexpr bool is_field_type = ScalarField<T>;
template <class T> inline constexpr bool is_field_type<std::optional<T>> = ScalarField<T>;
template <class T, std::size_t N> inline constexpr bool is_field_type<std::array<T, N>> = ElementField<T>;
template <class T, std::size_t N> inline constexpr bool is_field_type<std::optional<std::array<T, N>>> =
    ElementField<T>;

} // namespace detail

// The types a field may have: integers of 8 to 64 bits, float, double, bool, enumerations, std::string, Time,
// std::array of numbers, and std::optional of each. A field that is no std::optional is never null.
template <class T>
concept FieldType = detail::is_field_type<T>;

// One field of a record, named by its member pointer. It holds nothing, so naming a field costs nothing at run time.
template <auto Member>
struct Field {
    using record = typename detail::MemberPointer<decltype(Member)>::record;
    using value = typename detail::MemberPointer<decltype(Member)>::value;
    static constexpr std::string_view name = detail::member_name<Member>();
    static constexpr const value& read(const record& r) noexcept { return r.*Member; }
    // Last, because clang drops the members that follow a failed assertion, and each would be a second error.
    static_assert(
        FieldType<value>,
        "onefold: the type of this member cannot be a field; use an integer of 8 to 64 bits (not char), float, "
        "double, bool, an enumeration, std::string, onefold::Time, std::array of numbers, or std::optional of one");
};

// `onefold::field<&Transaction::amount>` is the field itself, as clauses and expressions take it.
template <auto Member>
    requires std::is_member_object_pointer_v<decltype(Member)>
inline constexpr Field<Member> field{};

} // namespace onefold
