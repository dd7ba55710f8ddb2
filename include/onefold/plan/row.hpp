#pragma once

#include <bit>

#include "onefold/plan/check.hpp"

namespace onefold {
namespace plan {

template <class P, class Slots> struct RowStorage;
template <class P, std::size_t... S>
struct RowStorage<P, std::index_sequence<S...>> {
    using type = Tuple<std::array<typename P::template value_type<S>, P::template slot_size<S>>...>;
};

// Two results are the same when a program could not tell them apart by their bits.
template <class T>
constexpr bool same_bits(const T& a, const T& b) {
    if constexpr (std::is_floating_point_v<T>)
        return std::bit_cast<std::array<unsigned char, sizeof(T)>>(a) ==
               std::bit_cast<std::array<unsigned char, sizeof(T)>>(b);
    else if constexpr (requires {
                           a.begin();
                           a.end();
                       } && !std::convertible_to<const T&, std::string_view>) {
        if (a.size() != b.size()) return false;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (!same_bits(a[i], b[i])) return false;
        return true;
    } else if constexpr (detail::is_optional<T>) return a && b ? same_bits(*a, *b) : a.has_value() == b.has_value();
    else if constexpr (detail::is_pair<T>) return same_bits(a.first, b.first) && same_bits(a.second, b.second);
    else return total_equal(a, b);
}

} // namespace plan

// One output row of the definition Def: the features of its entities in order of declaration, then the derived ones.
// A count is a plain integer; whatever can be null is an optional. Names, types and order are known at compile time.
template <class Def>
class Row : public plan::Quiet {
    static_assert(
        requires { Def::definition; },
        "onefold: Row<Def> takes a struct with `static constexpr auto definition = onefold::define(...)`");
};

template <CheckedDefinition Def>
class Row<Def> {
    using P = plan::Plan<Def>;
    using Storage = typename plan::RowStorage<P, std::make_index_sequence<P::slot_count>>::type;

public:
    static constexpr std::size_t width = P::width;
    static constexpr const std::array<std::string_view, width>& names = P::names;

    // By name: row["spend_24h"_f]. A name that no feature has is an error that lists those that exist.
    template <FixedString Name>
    constexpr auto get() const {
        constexpr std::size_t column = P::column_of(Name.view());
        if constexpr (column < width) return at<column>();
        else {
            plan::NoSuchFeature<Name, plan::KnownNames<Def>>{};
            return Silent{};
        }
    }
    template <FixedString Name>
    constexpr auto operator[](FeatureName<Name>) const {
        return get<Name>();
    }

    // By position: R, or std::optional<R> where the feature can be null.
    template <std::size_t Column>
    constexpr auto at() const {
        constexpr auto place = P::places[Column];
        const auto& value = onefold::get<place.slot>(values_)[place.position];
        if constexpr (P::template nullable<place.slot>) return is_null(Column) ? std::nullopt : std::optional(value);
        else return value;
    }
    constexpr bool is_null(std::size_t column) const noexcept {
        const auto bit = P::null_bit[column];
        return (nulls_[bit / 64] >> (bit % 64) & 1) != 0;
    }

    // visit(name, value) for every feature in order, where value is R or std::optional<R>.
    constexpr void for_each(auto&& visit) const {
        for_each_index<width>([&](auto i) { visit(names[decltype(i)::value], at<decltype(i)::value>()); });
    }

    // Equal bit for bit: null, NaN, 0.0 and -0.0 are four different things.
    friend constexpr bool operator==(const Row& a, const Row& b) { return a.first_difference(b) == width; }
    constexpr std::size_t first_difference(const Row& other) const {
        std::size_t found = width;
        for_each_index<width>([&](auto i) {
            if (found == width && !same_at<decltype(i)::value>(other)) found = decltype(i)::value;
        });
        return found;
    }
    template <std::size_t Column>
    constexpr bool same_at(const Row& other) const {
        constexpr auto place = P::places[Column];
        if (is_null(Column) || other.is_null(Column)) return is_null(Column) == other.is_null(Column);
        return plan::same_bits(onefold::get<place.slot>(values_)[place.position],
                               onefold::get<place.slot>(other.values_)[place.position]);
    }

    // For the engine: stores a result, R or std::optional<R>.
    template <std::size_t Slot, class Result>
    constexpr void set(std::size_t position, std::size_t column, Result&& result) {
        if constexpr (detail::is_optional<std::remove_cvref_t<Result>>) {
            const auto bit = P::null_bit[column];
            auto& word = nulls_[bit / 64];
            const auto mask = std::uint64_t{1} << (bit % 64);
            word = result ? word & ~mask : word | mask;
            auto& value = onefold::get<Slot>(values_)[position];
            if (result) value = *std::forward<Result>(result);
            else value = {};
        } else {
            onefold::get<Slot>(values_)[position] = std::forward<Result>(result);
        }
    }

    constexpr void set_null(std::size_t column) noexcept {
        nulls_[P::null_bit[column] / 64] |= std::uint64_t{1} << (P::null_bit[column] % 64);
    }
    // The same in two steps: the values, each telling whether it is null, and then their null bits a word at a time, so
    // that a row is only written, never read.
    template <std::size_t Slot, class Result>
    constexpr bool put(std::size_t position, Result&& result) {
        auto& value = onefold::get<Slot>(values_)[position];
        if constexpr (detail::is_optional<std::remove_cvref_t<Result>>) {
            const bool null = !result;
            if (null) value = {};
            else value = *std::forward<Result>(result);
            return null;
        } else {
            value = std::forward<Result>(result);
            return false;
        }
    }
    constexpr void put_nulls(std::size_t word, std::uint64_t bits) noexcept { nulls_[word] = bits; }

private:
    Storage values_{};
    std::array<std::uint64_t, P::null_bit[width - 1] / 64 + 1> nulls_{};
};

} // namespace onefold
