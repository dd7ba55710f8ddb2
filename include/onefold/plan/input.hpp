#pragma once

#include "onefold/define/define.hpp"

namespace onefold::plan {

// An event with the version of each table that holds as of it; null where the table has none for it.
template <class Record, class... Versions>
struct Joined {
    const Record* event = nullptr;
    Tuple<const Versions*...> versions{};

    friend bool operator==(const Joined&, const Joined&) = default;

    template <class Version>
    const Version* version() const noexcept {
        const Version* found = nullptr;
        for_each_index<sizeof...(Versions)>([&](auto i) {
            if constexpr (std::same_as<type_at<decltype(i)::value, Tuple<Versions...>>, Version>)
                found = get<decltype(i)::value>(versions);
        });
        return found;
    }
    template <class T> static constexpr bool holds = (std::same_as<T, Versions> || ...);
};

template <class T> inline constexpr bool is_joined = false;
template <class R, class... V> inline constexpr bool is_joined<Joined<R, V...>> = true;

// What the fold reads: the stream's record itself, or joined with the tables' rows.
template <class Record, class Tables> struct InputWith {
    using type = Record;
};
template <class Record, class First, class... Rest>
struct InputWith<Record, Tuple<First, Rest...>> {
    using type = Joined<Record, typename First::record, typename Rest::record...>;
};
template <class Definition> using InputOf =
    typename InputWith<typename Definition::stream_type::record, typename Definition::tables_type>::type;

template <class Record>
constexpr const Record& event_of(const Record& event) noexcept {
    return event;
}
template <class Record, class... Versions>
constexpr const Record& event_of(const Joined<Record, Versions...>& joined) noexcept {
    return *joined.event;
}

// The type of a field where it is read: what a table may not have is an optional.
template <class F, class Input>
struct FieldIn {
    using type = typename F::value;
};
template <class F, class Record, class... Versions>
    requires(Joined<Record, Versions...>::template holds<typename F::record>)
struct FieldIn<F, Joined<Record, Versions...>> {
    using type = std::optional<detail::stripped<typename F::value>>;
};

// A field of the event, or of a table's version: null where that is missing.
template <class F, class Input>
constexpr decltype(auto) read_field(const Input& input) {
    if constexpr (std::same_as<typename F::record, Input>) return F::read(input);
    else if constexpr (Input::template holds<typename F::record>) {
        const auto* version = input.template version<typename F::record>();
        using Value = typename FieldIn<F, Input>::type;
        return version ? Value(F::read(*version)) : Value();
    } else return F::read(*input.event);
}

template <class F, class Input>
consteval bool can_read() {
    if constexpr (is_joined<Input>)
        return Input::template holds<typename F::record> ||
               std::same_as<typename F::record, std::remove_cvref_t<decltype(*std::declval<Input>().event)>>;
    else return std::same_as<typename F::record, Input>;
}

// Whether the table of these records has a row for the event.
template <class Version, class Input>
constexpr bool has_version(const Input& input) noexcept {
    if constexpr (is_joined<Input>) return input.template version<Version>() != nullptr;
    else return static_cast<void>(input), false;
}

// Reads an event for expressions; a definition's expressions may name fields of its stream's record and of its tables'.
template <class Input>
struct RecordContext {
    const Input& record;
    template <class F>
    constexpr decltype(auto) field() const {
        static_assert(can_read<F, Input>(),
                      "onefold: this field belongs to a record that the definition does not read; use a field of its "
                      "stream<T>() or of one of its table<T>()");
        if constexpr (can_read<F, Input>()) return read_field<F>(record);
        else return typename F::value{};
    }
    template <class F>
    constexpr Silent feature() const {
        static_assert(
            sizeof(F) == 0,
            "onefold: a feature cannot be aggregated or filtered by; use it in derive(), or aggregate the field");
        return {};
    }
    template <class Version>
    constexpr bool matched() const {
        constexpr bool ok = [] {
            if constexpr (is_joined<Input>) return Input::template holds<Version>;
            else return false;
        }();
        static_assert(ok, "onefold: matched<T>() takes the record of a table of the definition; write "
                          "table<T>(\"name\") into it");
        return has_version<Version>(record);
    }
};

// compare(Field) of the fields that an expression reads, one after the other, until one answers.
template <class E, class Compare>
constexpr std::strong_ordering order_by_fields(const E& expression, const Compare& compare) {
    if constexpr (detail::is_field<E>) return compare(expression);
    else if constexpr (requires { expression.operands; }) {
        auto order = std::strong_ordering::equal;
        for_each_index<std::remove_cvref_t<decltype(expression.operands)>::size>([&](auto i) {
            if (order == 0) order = plan::order_by_fields(get<decltype(i)::value>(expression.operands), compare);
        });
        return order;
    } else return std::strong_ordering::equal;
}

// A condition that passes() takes; what is wrong with a field inside it is said by the field.
template <class Condition, class Record>
consteval bool is_condition() {
    if constexpr (std::same_as<Condition, Always> || std::same_as<Condition, Never>) return true;
    else if constexpr (Expression<Condition>) {
        using Result = detail::stripped<decltype(detail::evaluate(std::declval<const Condition&>(),
                                                                  std::declval<const RecordContext<Record>&>()))>;
        return std::same_as<Result, bool> || std::same_as<Result, Silent>;
    } else return RecordPredicate<Condition, Record>;
}

template <class Stream, class Input>
constexpr std::int64_t time_of(const Input& input) {
    const auto& time = event_of(input).*Stream::time_member;
    if constexpr (detail::is_optional<std::remove_cvref_t<decltype(time)>>) return time->micros;
    else return time.micros;
}

// Reads an event for the arguments of clauses, which may look at its time as well (define/approximate.hpp).
template <class Stream, class Input>
struct EventContext : RecordContext<Input> {
    constexpr std::int64_t time() const { return time_of<Stream>(this->record); }
};

template <class Condition, class Input>
constexpr bool passes(const Condition& condition, const Input& input) {
    if constexpr (std::same_as<Condition, Always>) return true;
    else if constexpr (Expression<Condition>) {
        const auto result = detail::evaluate(condition, RecordContext<Input>{input});
        constexpr bool ok = std::same_as<detail::stripped<decltype(result)>, bool>;
        static_assert(ok || std::same_as<std::remove_cvref_t<decltype(result)>, Silent>,
                      "onefold: where() takes a condition; compare the field with something, where(amount > 0.0)");
        if constexpr (ok) return detail::has_value(result) && detail::value_of(result);
        else return false;
    } else {
        using Record = std::remove_cvref_t<decltype(event_of(input))>;
        constexpr bool ok = RecordPredicate<Condition, Record>;
        static_assert(ok, "onefold: where() takes a comparison of fields or a callable from the event to bool: "
                          "[](const T& event) { ... }");
        if constexpr (ok) return condition(event_of(input));
        else return false;
    }
}

} // namespace onefold::plan
