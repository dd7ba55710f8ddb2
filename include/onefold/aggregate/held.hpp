#pragma once

#include <optional>

#include "onefold/aggregate/accumulator.hpp"
#include "onefold/core/value_bytes.hpp"

namespace onefold::detail {

// What an accumulator of accumulators (one for each sub key, one for each element) holds of A: its state, or the winner
// of its selection, which makes the whole a monoid.
template <class A> struct HeldOf {
    using type = typename A::State;
};
template <SelectionAccumulator A> struct HeldOf<A> {
    using type = std::optional<typename A::Value>;
};

template <class A>
void held_add(typename HeldOf<A>::type& held, const typename A::Value& value) {
    if constexpr (!SelectionAccumulator<A>) A::add(held, value);
    else if (!held || A::dominates(value, *held)) held = value;
}
template <class A>
void held_merge(typename HeldOf<A>::type& held, const typename HeldOf<A>::type& later) {
    if constexpr (!SelectionAccumulator<A>) A::merge(held, later);
    else if (later && (!held || A::dominates(*later, *held))) held = later;
}
template <class A>
void held_save(const typename HeldOf<A>::type& held, ByteWriter& to) {
    if constexpr (SelectionAccumulator<A>) save_value(to, held);
    else A::save(held, to);
}
template <class A>
typename HeldOf<A>::type held_load(ByteReader& from) {
    if constexpr (SelectionAccumulator<A>) return load_value<typename HeldOf<A>::type>(from);
    else return A::load(from);
}

} // namespace onefold::detail
