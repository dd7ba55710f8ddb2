#pragma once

#include "onefold/engine/key_table.hpp"
#include "onefold/plan/row.hpp"

namespace onefold {

// A window that takes no more events: its features are final. `start` and `end` bound it, [start, end); of a session
// `end` is the last event's time plus the gap.
template <class Def>
struct Closed : Row<Def> {};

template <ClosingDefinition Def>
struct Closed<Def> : Row<Def> {
    using Key = typename engine::KeyOf<plan::EntityPlan<Def, 0>, typename plan::EntityPlan<Def, 0>::key_members>::Key;
    Key key{};
    Time start;
    Time end;
    const Row<Def>& features() const noexcept { return *this; }

    // Equal in every bit.
    friend bool operator==(const Closed& a, const Closed& b) {
        return a.start == b.start && a.end == b.end && Keys::equal(a.key, b.key) && a.features() == b.features();
    }

private:
    using Keys = engine::KeyOf<plan::EntityPlan<Def, 0>, typename plan::EntityPlan<Def, 0>::key_members>;
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
    std::uint64_t cause = no_cause; // the position of the event that led to it, from 0 in order of arrival
};

namespace engine {

// The order of answers that one cause leads to, and of closed windows: end, start, key.
template <class Def>
std::strong_ordering window_order(const Closed<Def>& a, const Closed<Def>& b) noexcept {
    using P = plan::EntityPlan<Def, 0>;
    if (const auto order = a.end <=> b.end; order != 0) return order;
    if (const auto order = a.start <=> b.start; order != 0) return order;
    return KeyOf<P, typename P::key_members>::order(a.key, b.key);
}

} // namespace engine
} // namespace onefold
