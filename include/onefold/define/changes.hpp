#pragma once

#include "onefold/core/tuple.hpp"
#include "onefold/define/arguments.hpp"
#include "onefold/record/operation.hpp"

namespace onefold {

// Of an input whose records are no changes.
struct NoChanges {
    static constexpr bool any = false;
};

// Of an input whose records are changes, as a type: the member that says what was done, and those that say where the
// source's log has it, compared one after the other. The position and not the arrival orders the changes of a row.
template <auto OperationMember, auto... PositionMembers>
struct ChangeMembers {
    static constexpr bool any = true;

    template <class Record>
    static constexpr Operation operation_of(const Record& change) noexcept {
        return change.*OperationMember;
    }
    // It says what was done, and where.
    template <class Record>
    static constexpr bool is_known(const Record& change) noexcept {
        return !to_text(operation_of(change)).empty() && (detail::has_value(change.*PositionMembers) && ...);
    }
    // The position alone, for who keeps no records. Of changes with is_known() only.
    template <class Record>
    static auto position_of(const Record& change) {
        return onefold::make_tuple(detail::value_of(change.*PositionMembers)...);
    }
    template <class Record> using Position = Tuple<
        detail::stripped<typename detail::MemberPointer<std::remove_const_t<decltype(PositionMembers)>>::value>...>;

    template <class Record>
    static std::strong_ordering order(const Record& a, const Record& b) noexcept {
        auto order = std::strong_ordering::equal;
        ((order = order == 0 ? order_of(detail::value_of(a.*PositionMembers), detail::value_of(b.*PositionMembers))
                             : order),
         ...);
        return order;
    }
    template <class... T>
    static std::strong_ordering order_of(const Tuple<T...>& a, const Tuple<T...>& b) noexcept {
        auto order = std::strong_ordering::equal;
        for_each_index<sizeof...(T)>([&](auto i) {
            if (order == 0) order = order_of(get<decltype(i)::value>(a), get<decltype(i)::value>(b));
        });
        return order;
    }

private:
    // Texts that count on, such as the names of MySQL's logs and Oracle's change numbers, become longer where they need
    // another digit.
    template <class T>
    static std::strong_ordering order_of(const T& a, const T& b) noexcept {
        if constexpr (std::same_as<T, std::string>)
            if (a.size() != b.size()) return a.size() <=> b.size();
        return total_order(a, b);
    }
};

namespace detail {

template <class Record, auto Member>
consteval bool is_operation() {
    if constexpr (std::is_member_object_pointer_v<decltype(Member)>)
        return std::same_as<typename MemberPointer<decltype(Member)>::record, Record> &&
               std::same_as<typename MemberPointer<decltype(Member)>::value, Operation>;
    else return false;
}
template <class Record, auto Member>
consteval bool is_position() {
    if constexpr (std::is_member_object_pointer_v<decltype(Member)>)
        return std::same_as<typename MemberPointer<decltype(Member)>::record, Record> &&
               is_key_type<stripped<typename MemberPointer<decltype(Member)>::value>>;
    else return false;
}

// The members given to changes<>(), or Silent after having said what is wrong with them.
template <class Record, auto OperationMember, auto... PositionMembers>
consteval auto change_members() {
    constexpr bool ok = is_operation<Record, OperationMember>() && sizeof...(PositionMembers) > 0 &&
                        (is_position<Record, PositionMembers>() && ...);
    static_assert(ok, "onefold: changes<>() takes the member of type onefold::Operation, and after it those with the "
                      "change's position in the source's log: integers, strings or times; write "
                      ".changes<&T::op, &T::lsn>()");
    if constexpr (ok) return ChangeMembers<OperationMember, PositionMembers...>{};
    else return Silent{};
}

} // namespace detail
} // namespace onefold
