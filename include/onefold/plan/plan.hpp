#pragma once

#include <array>
#include <string_view>

#include "onefold/plan/entity_plan.hpp"

namespace onefold::plan {

// What a result function may ask for; never called, as only its types are needed to lay out the row.
template <class V>
struct TypeView {
    std::int64_t rows() const { __builtin_unreachable(); }
    std::int64_t now() const { __builtin_unreachable(); }
    std::int64_t length() const { __builtin_unreachable(); }
    std::optional<V> current() const { __builtin_unreachable(); }
    // Bodies, because a function of a type in an unnamed namespace may not be without one.
    template <class A> const typename A::State& state() const { __builtin_unreachable(); }
    template <class A> const typename A::Value* selected() const { __builtin_unreachable(); }
    template <class A> std::int64_t selected_time() const { __builtin_unreachable(); }
};

struct ColumnName {
    char text[96]{};
    std::size_t size = 0;
    bool too_long = false;
    constexpr void append(std::string_view more) {
        for (const char c : more) {
            if (size == sizeof(text)) too_long = true;
            else text[size++] = c;
        }
    }
    constexpr std::string_view view() const { return {text, size}; }
};

// Where a column's value lives: a slot is a clause (an array with one value per window) or a derived feature.
struct ColumnPlace {
    std::size_t slot = 0;
    std::size_t position = 0;
};

template <class Def>
struct Plan {
    using definition_type = std::remove_cvref_t<decltype(Def::definition)>;
    using stream_type = typename definition_type::stream_type;
    using record = typename stream_type::record;
    using entities_type = typename definition_type::entities_type;
    using tables_type = typename definition_type::tables_type;
    // What the fold reads (plan/input.hpp).
    using input = InputOf<definition_type>;
    using derived_type = typename definition_type::derived_type::expressions_type;
    static constexpr std::size_t entity_count = entities_type::size;
    static constexpr std::size_t table_count = tables_type::size;
    // The streams beside the spine, and which stream (StreamPlan) is of these records; above side_count: none.
    static constexpr std::size_t side_count = definition_type::sides_type::size;
    template <class Record> static constexpr std::size_t stream_of = plan::stream_of<definition_type, Record>;
    template <class Record> static constexpr bool is_beside = stream_of<Record> != 0 && stream_of<Record> <= side_count;
    // Which table is of these records; table_count: none.
    template <class Version>
    static constexpr std::size_t table_of = [] {
        std::size_t found = table_count;
        for_each_index<table_count>([&](auto i) {
            if (std::same_as<typename type_at<decltype(i)::value, tables_type>::record, Version>) found = i;
        });
        return found;
    }();
    static constexpr bool reads_spine_only = table_count == 0 && side_count == 0;
    // Rows are windows that close, of the one entity, instead of events.
    static constexpr bool closes = StreamPlan<Def, 0>::closes;
    // An event that has been folded may be folded again: a version of a table, or a change of it itself, may come.
    static constexpr bool revises_events = table_count > 0 || stream_type::has_changes;
    // Its state is of keys only, which threads may share out.
    static constexpr bool runs_sharded = !revises_events && side_count == 0;
    // A record of the stream that has a row, if it is applied: not one that says that a fact, or every fact, is gone.
    static constexpr bool is_fact(const record& event) noexcept {
        if constexpr (stream_type::has_changes) {
            const auto done = stream_type::change_members::operation_of(event);
            return done != Operation::remove && done != Operation::truncate;
        } else return static_cast<void>(event), true;
    }
    static constexpr std::size_t derived_count = derived_type::size;
    template <std::size_t G> using entity = EntityPlan<Def, G>;

    // The first slot and the first column of each entity; the last entry is where the derived ones begin.
    static constexpr auto slot_offset = [] {
        std::array<std::size_t, entity_count + 1> at{};
        for_each_index<entity_count>([&](auto g) { at[g + 1] = at[g] + entity<decltype(g)::value>::clause_count; });
        return at;
    }();
    static constexpr auto column_offset = [] {
        std::array<std::size_t, entity_count + 1> at{};
        for_each_index<entity_count>([&](auto g) { at[g + 1] = at[g] + entity<decltype(g)::value>::length_count; });
        return at;
    }();
    // Null bits of different entities lie in different words, because different threads write them.
    static constexpr auto null_bit = [] {
        std::array<std::size_t, column_offset[entity_count] + derived_count + 1> bits{};
        std::size_t column = 0, bit = 0;
        for (std::size_t g = 0; g <= entity_count; ++g) {
            const auto end = g < entity_count ? column_offset[g + 1] : bits.size();
            for (bit = (bit + 63) / 64 * 64; column < end; ++column) bits[column] = bit++;
        }
        return bits;
    }();
    static constexpr std::size_t slot_count = slot_offset[entity_count] + derived_count;
    static constexpr std::size_t width = column_offset[entity_count] + derived_count;

    static constexpr auto column_names = [] {
        std::array<ColumnName, width> names{};
        std::size_t next = 0;
        for_each_index<entity_count>([&](auto g) {
            using E = entity<decltype(g)::value>;
            for_each_index<E::clause_count>([&](auto c) {
                for (const auto& length : E::template clause<decltype(c)::value>().lengths) {
                    auto& name = names[next++];
                    name.append(E::template clause_name<decltype(c)::value>());
                    if (length.label.size != 0) name.append("_");
                    name.append(length.label.view());
                }
            });
        });
        for_each_index<derived_count>(
            [&](auto d) { names[next++].append(get<decltype(d)::value>(Def::definition.derived.expressions).name); });
        return names;
    }();
    static constexpr auto names = [] {
        std::array<std::string_view, width> views{};
        for (std::size_t i = 0; i < width; ++i) views[i] = column_names[i].view();
        return views;
    }();
    static constexpr auto places = [] {
        std::array<ColumnPlace, width> all{};
        std::size_t column = 0, slot = 0;
        for_each_index<entity_count>([&](auto g) {
            using E = entity<decltype(g)::value>;
            for_each_index<E::clause_count>([&](auto c) {
                for (std::size_t i = 0; i < E::template clause_type<decltype(c)::value>::window_count; ++i)
                    all[column++] = {slot, i};
                ++slot;
            });
        });
        for (std::size_t d = 0; d < derived_count; ++d) all[column++] = {slot++, 0};
        return all;
    }();

    // The column of that name, or `width`.
    static constexpr std::size_t column_of(std::string_view wanted) {
        std::size_t i = 0;
        while (i < width && names[i] != wanted) ++i;
        return i;
    }

    template <std::size_t Slot>
    struct SlotType {
        static constexpr std::size_t entity_of_slot = [] {
            std::size_t g = 0;
            while (slot_offset[g + 1] <= Slot) ++g;
            return g;
        }();
        using E = entity<entity_of_slot>;
        static constexpr std::size_t clause = Slot - slot_offset[entity_of_slot];
        using V = typename E::template value_type<clause>;
        using result = typename E::template result_of<clause, TypeView<V>>;
        static constexpr std::size_t size = E::template clause_type<clause>::window_count;
    };

    // Types a derived expression sees: the record's fields and the features before it.
    template <std::size_t D> struct DerivedTypes;
    template <std::size_t Slot> struct AnySlot : SlotType<Slot> {};
    template <std::size_t Slot>
        requires(Slot >= slot_offset[entity_count])
    struct AnySlot<Slot> {
        using E = typename type_at<Slot - slot_offset[entity_count], derived_type>::expression_type;
        using result = std::remove_cvref_t<decltype(detail::evaluate(
            std::declval<const E&>(), std::declval<const DerivedTypes<Slot - slot_offset[entity_count]>&>()))>;
        static constexpr std::size_t size = 1;
    };
    template <std::size_t Slot> using result_type = typename AnySlot<Slot>::result;
    template <std::size_t Slot> using value_type = detail::stripped<result_type<Slot>>;
    template <std::size_t Slot> static constexpr std::size_t slot_size = AnySlot<Slot>::size;
    template <std::size_t Slot> static constexpr bool nullable = detail::is_optional<result_type<Slot>>;
};

// Stands for a value where only its type matters; never called.
template <class T>
T any_value() {
    __builtin_unreachable();
}

template <FixedString... Names> struct TheFeaturesAre;

template <FixedString Wanted, class Known>
struct NoSuchFeature {
    static_assert(sizeof(Known*) == 0, "onefold: no feature has this name; the definition's features are those that "
                                       "the line 'In instantiation of' lists after the name");
};

// Spells the known names into the error's type; only ever instantiated when there is an error.
template <class Def, std::size_t... I>
consteval auto known_names(std::index_sequence<I...>) {
    using P = Plan<Def>;
    return std::type_identity<TheFeaturesAre<detail::fixed_string<P::names[I].size() + 1>(P::names[I])...>>{};
}
template <class Def> using KnownNames =
    typename decltype(known_names<Def>(std::make_index_sequence<Plan<Def>::width>{}))::type;

template <class Def>
template <std::size_t D>
struct Plan<Def>::DerivedTypes {
    template <class F>
    auto field() const {
        static_assert(can_read<F, input>(),
                      "onefold: this field belongs to a record that the definition does not read; use a field of its "
                      "stream<T>() or of one of its table<T>()");
        return any_value<typename FieldIn<F, input>::type>();
    }
    template <class Version>
    bool matched() const {
        return RecordContext<input>{any_value<const input&>()}.template matched<Version>();
    }
    template <class F>
    auto feature() const {
        constexpr std::size_t column = column_of(F::view);
        if constexpr (column == width) {
            NoSuchFeature<detail::fixed_string<F::view.size() + 1>(F::view), KnownNames<Def>>{};
            return Silent{};
        } else {
            constexpr bool before = column < column_offset[entity_count] + D;
            static_assert(before, "onefold: a derived feature uses itself or one that comes after it; define it after "
                                  "those that it uses");
            if constexpr (before) return any_value<result_type<places[column].slot>>();
            else return Silent{};
        }
    }
};

} // namespace onefold::plan
