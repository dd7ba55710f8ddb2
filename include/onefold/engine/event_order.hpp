#pragma once

#include "onefold/engine/entry.hpp"
#include "onefold/engine/results.hpp"

namespace onefold::engine {

template <class Input, class... F>
std::strong_ordering order_by_fields(TypeList<F...>, const Input& a, const Input& b) {
    auto order = std::strong_ordering::equal;
    ((order = order == 0 ? total_order(plan::read_field<F>(a), plan::read_field<F>(b)) : order), ...);
    return order;
}

// The canonical order of whole events of the spine: (event time, id, content), where content is everything that the
// definition reads of them. Two events equal in it have equal rows, so their order among themselves cannot be seen.
template <class Def>
std::strong_ordering event_order(const typename plan::Plan<Def>::input& a, const typename plan::Plan<Def>::input& b) {
    using All = plan::Plan<Def>;
    using Stream = typename All::stream_type;
    if (const auto order = engine::time_of<Stream>(a) <=> engine::time_of<Stream>(b); order != 0) return order;
    auto order = std::strong_ordering::equal;
    if constexpr (Stream::has_id) order = total_order(IdOf<Stream>::read(a), IdOf<Stream>::read(b));
    for_each_index<All::entity_count>([&](auto g) {
        using P = typename All::template entity<decltype(g)::value>;
        // Of other streams' events only the key is the event's own.
        if constexpr (P::is_beside) {
            if (order == 0) order = engine::order_by_fields(typename P::on_fields{}, a, b);
            return;
        } else {
            if (order == 0) order = engine::order_by_fields(plan::fields_of(typename P::key_members{}), a, b);
            for_each_index<P::tables.column_count>([&](auto k) {
                if (order == 0)
                    order = total_order(P::template read_column<decltype(k)::value>(a),
                                        P::template read_column<decltype(k)::value>(b));
            });
            for_each_index<P::tables.bit_count>([&](auto k) {
                if (order == 0)
                    order = P::template read_bit<decltype(k)::value>(a) <=> P::template read_bit<decltype(k)::value>(b);
            });
        }
    });
    for_each_index<All::derived_count>([&](auto d) {
        if (order == 0)
            order = plan::order_by_fields(
                get<decltype(d)::value>(Def::definition.derived.expressions).expression,
                [&]<class F>(const F&) { return total_order(plan::read_field<F>(a), plan::read_field<F>(b)); });
    });
    return order;
}

} // namespace onefold::engine
