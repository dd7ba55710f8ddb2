#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "onefold/aggregate/held.hpp"
#include "onefold/aggregate/numeric.hpp"
#include "onefold/core/per_key.hpp"
#include "onefold/core/tuple.hpp"
#include "onefold/core/value_bytes.hpp"

namespace onefold {
namespace detail {

// Where A stands in a list of accumulators; the list's length if it does not.
template <class A, class... All>
inline constexpr std::size_t index_in = [] {
    std::size_t at = 0;
    static_cast<void>(((std::is_same_v<A, All> || (++at, false)) || ...));
    return at;
}();

} // namespace detail

namespace accumulate {

// The accumulators A... of an aggregate once more for every sub key, under V = Pair<key, argument>: a group if all of
// them are, else a monoid. A null argument counts as an event of its sub key and, where the aggregate skips nulls, is
// not accumulated. A sub key is there while it has events.
//
// A sorted vector: an event costs O(log keys), one that brings or takes the last of a sub key O(keys), which is what
// every answer of the window costs anyway.
template <class V, bool KeepsNulls, class... A>
struct PerKey {
    using Value = V;
    using Key = typename V::first_type;
    using Argument = typename V::second_type;
    struct Entry {
        Key key{};
        std::uint64_t events = 0;
        [[no_unique_address]] Tuple<typename detail::HeldOf<A>::type...> held{};
    };
    using State = std::vector<Entry>;
    static constexpr bool is_group = (GroupAccumulator<A> && ...);
    static constexpr auto name_text = [] {
        struct Text {
            char text[((std::string_view(A::name).size() + 5) + ...) + 7]{};
            std::size_t size = 0;
            constexpr void append(std::string_view more) {
                for (const char c : more) text[size++] = c;
            }
        } text;
        ((text.append(text.size == 0 ? "" : " and "), text.append(A::name)), ...);
        text.append(" per key");
        return text;
    }();
    static constexpr std::string_view name{name_text.text, name_text.size};

    static void add(State& s, const V& v) {
        auto at = lower_bound(s, v.first);
        if (at == s.size() || total_less(v.first, s[at].key)) {
            Entry fresh;
            fresh.key = v.first;
            s.insert(s.begin() + static_cast<std::ptrdiff_t>(at), std::move(fresh));
        }
        ++s[at].events;
        if (const auto* value = value_of(v))
            each([&]<class B>(auto& held, std::type_identity<B>) { detail::held_add<B>(held, *value); }, s[at].held);
    }
    static void subtract(State& s, const V& v)
        requires is_group
    {
        const auto at = lower_bound(s, v.first);
        const bool found = at < s.size() && !total_less(v.first, s[at].key);
        assert(found && "onefold: subtract of an event whose sub key has none");
        if (!found) return;
        if (--s[at].events == 0) {
            s.erase(s.begin() + static_cast<std::ptrdiff_t>(at));
            if (s.size() * 4 <= s.capacity()) s.shrink_to_fit();
        } else if (const auto* value = value_of(v))
            each([&]<class B>(auto& held, std::type_identity<B>) { B::subtract(held, *value); }, s[at].held);
    }
    static void merge(State& s, const State& later) {
        if (s.empty()) s = later;
        else if (!later.empty()) s = merged(std::move(s), &s == &later ? State(later) : later);
    }
    static void unmerge(State& s, const State& other)
        requires(UnmergeableAccumulator<A> && ...)
    {
        if (&s == &other) return s.clear();
        std::size_t at = 0, kept = 0;
        for (const auto& entry : other) {
            for (; at < s.size() && total_less(s[at].key, entry.key); ++at) keep(s, kept, at);
            const bool found = at < s.size() && !total_less(entry.key, s[at].key);
            assert(found && "onefold: unmerge of a sub key that has no events");
            if (!found) continue;
            if ((s[at].events -= entry.events) != 0) {
                each([]<class B>(auto& held, const auto& out, std::type_identity<B>) { B::unmerge(held, out); },
                     s[at].held, entry.held);
                keep(s, kept, at);
            }
            ++at;
        }
        for (; at < s.size(); ++at) keep(s, kept, at);
        s.resize(kept);
        if (s.size() * 4 <= s.capacity()) s.shrink_to_fit();
    }

    // How many sub keys, then each with its events and what it holds, ascending.
    static void save(const State& s, ByteWriter& to) {
        to.put(static_cast<std::uint64_t>(s.size()));
        for (const auto& entry : s) {
            detail::save_value(to, entry.key);
            to.put(entry.events);
            each([&]<class B>(const auto& held, std::type_identity<B>) { detail::held_save<B>(held, to); }, entry.held);
        }
    }
    static State load(ByteReader& from) {
        State s;
        const auto count = from.get_count(detail::least_value_bytes<Key>() + sizeof(std::uint64_t));
        for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
            Entry entry;
            entry.key = detail::load_value<Key>(from);
            entry.events = from.get<std::uint64_t>();
            if (entry.events == 0 || (i != 0 && !total_less(s.back().key, entry.key))) from.fail();
            each([&]<class B>(auto& held, std::type_identity<B>) { held = detail::held_load<B>(from); }, entry.held);
            s.push_back(std::move(entry));
        }
        return from.ok() ? std::move(s) : State();
    }

private:
    static std::size_t lower_bound(const State& s, const Key& key) noexcept {
        std::size_t low = 0, high = s.size();
        while (low < high) {
            const auto middle = (low + high) / 2;
            if (total_less(s[middle].key, key)) low = middle + 1;
            else high = middle;
        }
        return low;
    }
    // What the accumulators see of the argument, or null if they do not.
    static auto value_of(const V& v) noexcept {
        if constexpr (detail::is_optional<Argument> && !KeepsNulls) return v.second ? &*v.second : nullptr;
        else return &v.second;
    }
    // visit(held..., std::type_identity<A>) for every accumulator.
    template <class Visit, class... Held>
    static void each(Visit visit, Held&... held) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (
                [&]<std::size_t J, class B>(std::integral_constant<std::size_t, J>, std::type_identity<B> type) {
                    visit(get<J>(held)..., type);
                }(std::integral_constant<std::size_t, I>{}, std::type_identity<A>{}),
                ...);
        }(std::index_sequence_for<A...>{});
    }
    static void keep(State& s, std::size_t& kept, std::size_t at) {
        if (kept != at) s[kept] = std::move(s[at]);
        ++kept;
    }
    static State merged(State&& s, const State& later) {
        State both;
        both.reserve(s.size() + later.size());
        auto at = s.begin();
        for (const auto& entry : later) {
            for (; at != s.end() && total_less(at->key, entry.key); ++at) both.push_back(std::move(*at));
            if (at == s.end() || total_less(entry.key, at->key)) {
                both.push_back(entry);
                continue;
            }
            at->events += entry.events;
            each([]<class B>(auto& held, const auto& newer,
                             std::type_identity<B>) { detail::held_merge<B>(held, newer); },
                 at->held, entry.held);
            both.push_back(std::move(*at++));
        }
        for (; at != s.end(); ++at) both.push_back(std::move(*at));
        return both;
    }
};

} // namespace accumulate

namespace detail {

// One sub key of a window, as an aggregate's result function sees it.
template <class Whole, class Entry, class V, class... A>
struct SubKeyView {
    const Whole& whole;
    const Entry& entry;

    std::int64_t rows() const {
        constexpr auto present = index_in<accumulate::Present<V>, A...>;
        if constexpr (present < sizeof...(A)) return static_cast<std::int64_t>(get<present>(entry.held));
        else return static_cast<std::int64_t>(entry.events);
    }
    std::int64_t now() const { return whole.now(); }
    std::int64_t length() const { return whole.length(); }
    template <class B> const typename B::State& state() const { return get<index_in<B, A...>>(entry.held); }
    template <class B> const typename B::Value* selected() const {
        const auto& winner = get<index_in<B, A...>>(entry.held);
        return winner ? &*winner : nullptr;
    }
};

template <class V, class Aggregate>
struct PerKeyTypes {
    static constexpr bool keeps_nulls = requires { requires Aggregate::keeps_nulls; };
    using Argument = typename V::second_type;
    using Inner = typename std::conditional_t<is_optional<Argument> && !keeps_nulls, Argument,
                                              std::optional<Argument>>::value_type;
    template <class List> struct Of;
    template <class... A> struct Of<TypeList<A...>> {
        using accumulator = accumulate::PerKey<V, keeps_nulls, A...>;
        template <class Whole> using view = SubKeyView<Whole, typename accumulator::Entry, Inner, A...>;
    };
    using All = Of<typename Aggregate::template accumulators<Inner>>;
    using Accumulator = typename All::accumulator;
    template <class Whole> using View = typename All::template view<Whole>;
    template <class Whole> using Result =
        onefold::PerKey<typename V::first_type,
                        decltype(Aggregate::template result<Inner>(std::declval<const View<Whole>&>()))>;
};

// What an aggregate says about itself that stays true of it per sub key.
template <class Aggregate> struct ParametersOf {};
template <class Aggregate>
    requires requires { Aggregate::parameters; }
struct ParametersOf<Aggregate> {
    static constexpr const auto& parameters = Aggregate::parameters;
};
template <class Aggregate> struct LengthNeededBy {};
template <class Aggregate>
    requires requires { Aggregate::needs_length; }
struct LengthNeededBy<Aggregate> {
    static constexpr bool needs_length = true;
};

} // namespace detail

namespace aggregates {

// Another aggregate for every sub key that has an event in the window (after the clause's `where`), in total order of
// the sub keys: null is one of them and the first. Each result is what the aggregate alone would answer over the events
// of its sub key. Of nothing the list is empty.
template <class Aggregate>
struct PerKey : detail::ParametersOf<Aggregate>, detail::LengthNeededBy<Aggregate> {
    static constexpr std::string_view name = Aggregate::name;
    template <class V> using Types = detail::PerKeyTypes<V, Aggregate>;
    template <class V> using accumulators = TypeList<typename Types<V>::Accumulator>;

    template <class V, class View> static typename Types<V>::template Result<View> result(const View& view) {
        typename Types<V>::template Result<View> list;
        const auto& entries = view.template state<typename Types<V>::Accumulator>();
        list.reserve(entries.size());
        for (const auto& entry : entries) list.push_back(entry.key, result_of<V>(view, entry));
        return list;
    }

    template <class V> static constexpr bool can_overflow = detail::can_overflow<Aggregate, typename Types<V>::Inner>;
    // How many sub keys' results are null because they left their type.
    template <class V, class View, class Results>
    static std::uint32_t overflows(const View& view, const Results& results) {
        std::uint32_t count = 0;
        const auto& entries = view.template state<typename Types<V>::Accumulator>();
        for (std::size_t i = 0; i < results.size(); ++i)
            count += detail::count_overflows<Aggregate, typename Types<V>::Inner>(
                typename Types<V>::template View<View>{view, entries[i]}, results[i].second);
        return count;
    }

private:
    template <class V, class View, class Entry> static auto result_of(const View& view, const Entry& entry) {
        return Aggregate::template result<typename Types<V>::Inner>(
            typename Types<V>::template View<View>{view, entry});
    }
};

} // namespace aggregates
} // namespace onefold
