#pragma once

#include "onefold/plan/row.hpp"

namespace onefold {
namespace plan {

template <class Members> struct KeyTuple;
template <auto... M> struct KeyTuple<KeyMembers<M...>> {
    using type = Tuple<typename Field<M>::value...>;
    static constexpr std::array<std::string_view, sizeof...(M)> names{Field<M>::name...};
};

} // namespace plan

// A window that takes no more events: its features are final. `key` has the members of by<>() in order; `start` and
// `end` bound the window, [start, end); of a session `end` is the last event's time plus the gap.
template <class Def>
struct Closed : Row<Def> {};

template <ClosingDefinition Def>
struct Closed<Def> : Row<Def> {
    using Key = typename plan::KeyTuple<typename plan::EntityPlan<Def, 0>::key_members>::type;
    Key key{};
    Time start;
    Time end;
    const Row<Def>& features() const noexcept { return *this; }

    // Equal in every bit.
    friend bool operator==(const Closed& a, const Closed& b) {
        bool same = a.start == b.start && a.end == b.end;
        for_each_index<Key::size>([&](auto i) {
            same = same && total_equal(get<decltype(i)::value>(a.key), get<decltype(i)::value>(b.key));
        });
        return same && a.features() == b.features();
    }
};

// Why a window answers before it is closed: the watermark has reached its last instant, or an event came after that.
enum class Pane : std::uint8_t { on_time, late };

constexpr std::string_view to_text(Pane pane) noexcept { return pane == Pane::on_time ? "on_time" : "late"; }

// The answer's cause is no event: the watermark was advanced by the caller or a clock, or the input has ended.
inline constexpr std::uint64_t no_cause = UINT64_MAX;

// An answer of a window that is still open. With accumulating windows it holds all events so far, with discarding ones
// those since its last answer.
template <class Def>
struct Fired : Closed<Def> {
    Pane pane = Pane::on_time;
    Time watermark;                 // as it was then
    std::uint64_t cause = no_cause; // the position of the record that led to it, from 0 in order of arrival
};

} // namespace onefold
