#pragma once

#include <concepts>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/core/tuple.hpp"

namespace onefold {

// A user's own aggregate is a type with
//     struct State { ... };                                   default state = of nothing
//     static void add(State&, const V&);
//     static void merge(State&, const State&);                associative; the right side holds the later events
//     static R result(const State&);                          R or std::optional<R>
// and, where the algebra allows it,
//     static void subtract(State&, const V&);                 undoes add exactly: keep integers, not doubles
//     static void unmerge(State&, const State&);              undoes merge exactly, where there is a subtract
// and, unless State is integers without padding,
//     static void save(const State&, ByteWriter&);  static State load(ByteReader&);   the same bytes for the same set
// Optionally `static constexpr std::string_view name`, as `explain` and the fingerprint call it; else the type's name.
// No base class and no registration; nothing else in the library knows it.
template <class G, class V>
concept AggregateOf = std::default_initializable<typename G::State> && std::copyable<typename G::State> &&
                      requires(typename G::State& s, const typename G::State& other, const V& v) {
                          G::add(s, v);
                          G::merge(s, other);
                          G::result(other);
                      };

namespace detail {

// `static constexpr std::string_view name` where G has one, else the type's own name without its namespaces and
// arguments, which compilers spell alike.
template <class G>
consteval std::string_view own_name() {
    if constexpr (requires { std::string_view(G::name); }) return G::name;
    else {
        std::string_view text = __PRETTY_FUNCTION__;
        text.remove_prefix(text.find("G = ") + 4);
        text = text.substr(0, text.find_first_of("<;]"));
        return text.substr(text.rfind(':') + 1);
    }
}

} // namespace detail

namespace accumulate {

template <class G, class V>
struct User {
    static constexpr std::string_view name = detail::own_name<G>();
    using Value = V;
    using State = typename G::State;
    static void add(State& s, const V& v) { G::add(s, v); }
    static void subtract(State& s, const V& v)
        requires requires { G::subtract(s, v); }
    {
        G::subtract(s, v);
    }
    static void merge(State& s, const State& other) { G::merge(s, other); }
    static void unmerge(State& s, const State& other)
        requires requires { G::unmerge(s, other); }
    {
        G::unmerge(s, other);
    }
    static void save(const State& s, ByteWriter& to) {
        if constexpr (requires { G::save(s, to); }) G::save(s, to);
        else {
            static_assert(std::has_unique_object_representations_v<State>,
                          "onefold: the bytes of this aggregate's State are not canonical (padding, floating point or "
                          "pointers); give it "
                          "static void save(const State&, ByteWriter&) and static State load(ByteReader&)");
            char bytes[sizeof(State)];
            std::memcpy(bytes, &s, sizeof(State));
            to.put(std::string_view(bytes, sizeof(State)));
        }
    }
    static State load(ByteReader& from) {
        if constexpr (requires { G::load(from); }) return G::load(from);
        else {
            State s{};
            const auto bytes = from.get_text();
            if (bytes.size() == sizeof(State)) std::memcpy(&s, bytes.data(), sizeof(State));
            else from.fail();
            return s;
        }
    }
};

} // namespace accumulate

namespace aggregates {

template <class G>
struct User {
    static constexpr std::string_view name = detail::own_name<G>();
    template <class V>
        requires AggregateOf<G, V>
    using accumulators = TypeList<accumulate::User<G, V>>;
    template <class V> static auto result(const auto& view) {
        return G::result(view.template state<accumulate::User<G, V>>());
    }
};

} // namespace aggregates
} // namespace onefold
