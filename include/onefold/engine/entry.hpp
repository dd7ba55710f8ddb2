#pragma once

#include "onefold/core/value_bytes.hpp"
#include "onefold/plan/plan.hpp"

namespace onefold::engine {

struct Nothing {
    friend constexpr bool operator==(Nothing, Nothing) = default;
};

template <class Stream>
struct IdOf {
    using type = Nothing;
    template <class Input> static constexpr Nothing read(const Input&) { return {}; }
};
template <class Stream>
    requires(Stream::has_id)
struct IdOf<Stream> {
    using type = typename Field<Stream::id_member>::value;
    template <class Input> static const type& read(const Input& event) {
        return plan::event_of(event).*Stream::id_member;
    }
};

using plan::time_of;

// NaN is one value: no payload reaches a state, its saved bytes or a user's aggregate.
template <class T>
constexpr T with_one_nan(T value) {
    if constexpr (std::is_floating_point_v<T>) return value == value ? value : canonical(value);
    else {
        if constexpr (detail::is_array<T>)
            for (auto& element : value) element = with_one_nan(element);
        if constexpr (detail::is_pair<T>)
            return T{with_one_nan(std::move(value.first)), with_one_nan(std::move(value.second))};
        if constexpr (detail::is_optional<T>)
            if (value) *value = with_one_nan(std::move(*value));
        return value;
    }
}

// What a key keeps of an event: its time, the columns and presence bits its clauses need, and its id if the order
// inside ties can be seen.
template <class P>
struct Entry {
    using Stream = typename P::stream_type;
    using Id = std::conditional_t<P::order_matters, typename IdOf<Stream>::type, Nothing>;
    using Bits = std::conditional_t<P::tables.bit_count <= 8, std::uint8_t, std::uint64_t>;
    static_assert(
        P::tables.bit_count <= 64,
        "onefold: one by<>() has more than 64 different conditions; split it into two by<>() of the same key");
    static constexpr bool has_bits = P::tables.bit_count > 0;

    std::int64_t time = 0;
    [[no_unique_address]] typename P::columns_type columns{};
    [[no_unique_address]] Id id{};
    // An empty type of its own: two members of one empty type must have two addresses.
    struct NoBits {};
    [[no_unique_address]] std::conditional_t<has_bits, Bits, NoBits> bits{};

    static Entry of(const typename P::input& event) {
        Entry entry;
        entry.time = engine::time_of<Stream>(event);
        if constexpr (!std::same_as<Id, Nothing>) entry.id = IdOf<Stream>::read(event);
        for_each_index<P::tables.column_count>([&](auto k) {
            get<decltype(k)::value>(entry.columns) = with_one_nan(P::template read_column<decltype(k)::value>(event));
        });
        if constexpr (has_bits)
            for_each_index<P::tables.bit_count>([&](auto b) {
                if (P::template read_bit<decltype(b)::value>(event))
                    entry.bits = static_cast<Bits>(entry.bits | Bits{1} << decltype(b)::value);
            });
        return entry;
    }

    template <std::size_t F>
    bool present() const noexcept {
        constexpr std::size_t bit = P::tables.bit_of_family[F];
        if constexpr (bit == plan::none) return true;
        else return (bits >> bit & 1) != 0;
    }
    // The value family F folds; families that look at presence only get a value of no meaning.
    template <std::size_t F>
    const auto& value() const noexcept {
        constexpr std::size_t column = P::tables.column_of_family[F];
        if constexpr (column == plan::none) {
            static const typename P::template accumulator<F>::Value any{};
            return any;
        } else return get<column>(columns);
    }

    void save(ByteWriter& to) const {
        to.put(time);
        for_each_index<P::tables.column_count>(
            [&](auto k) { detail::save_value(to, get<decltype(k)::value>(columns)); });
        if constexpr (!std::same_as<Id, Nothing>) detail::save_value(to, id);
        if constexpr (has_bits) to.put(bits);
    }
    static Entry load(ByteReader& from) {
        Entry entry;
        entry.time = from.get<std::int64_t>();
        for_each_index<P::tables.column_count>([&](auto k) {
            auto& column = get<decltype(k)::value>(entry.columns);
            column = detail::load_value<std::remove_cvref_t<decltype(column)>>(from);
        });
        if constexpr (!std::same_as<Id, Nothing>) entry.id = detail::load_value<Id>(from);
        if constexpr (has_bits) entry.bits = from.get<Bits>();
        return entry;
    }

    // The canonical order: event time, then id, then content. Entries equal in it are the same event to every clause.
    friend std::strong_ordering canonical_order(const Entry& a, const Entry& b) noexcept {
        if (a.time != b.time) return a.time <=> b.time;
        if constexpr (!P::order_matters) return std::strong_ordering::equal;
        else {
            if constexpr (!std::same_as<Id, Nothing>)
                if (const auto order = total_order(a.id, b.id); order != 0) return order;
            return content_order(a, b);
        }
    }
    friend std::strong_ordering content_order(const Entry& a, const Entry& b) noexcept {
        auto order = std::strong_ordering::equal;
        for_each_index<P::tables.column_count>([&](auto k) {
            if (order == 0) order = total_order(get<decltype(k)::value>(a.columns), get<decltype(k)::value>(b.columns));
        });
        if constexpr (has_bits)
            if (order == 0) order = a.bits <=> b.bits;
        return order;
    }
};

} // namespace onefold::engine
