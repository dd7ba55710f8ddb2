#pragma once

#include "onefold/plan/plan.hpp"

namespace onefold::plan {

template <class A> inline constexpr bool needs_event =
    requires { A::needs_before_current; } || requires { A::needs_current; };

template <class E> inline constexpr bool names_field = detail::is_field<E>;
template <class O, class... A> inline constexpr bool names_field<detail::Node<O, A...>> = (names_field<A> || ...);

// The checks of a definition whose windows close; each is one sentence. Others pass.
template <class Def>
struct CheckClosing {
    static constexpr bool passed = true;
};

template <class Def>
    requires(Plan<Def>::closes)
struct CheckClosing<Def> {
    using P = Plan<Def>;
    using E = typename P::template entity<0>;
    static constexpr const ClosingWindow& window = E::closing;
    static constexpr bool hops = window.kind == ClosingWindow::Kind::hopping;
    static constexpr bool is_calendar = window.kind == ClosingWindow::Kind::calendar;

    static constexpr bool sized = is_calendar || (window.size > 0 && window.size != latest &&
                                                  (!hops || (window.hop > 0 && window.hop != latest)));
    static constexpr bool forward = window.lateness >= 0;
    static constexpr bool shifted = hops || window.shift == 0;
    static constexpr bool apart = window.kind == ClosingWindow::Kind::session || window.touching_merges;
    static constexpr bool unbounded = [] {
        bool ok = true;
        for_each_index<E::clause_count>(
            [&](auto c) { ok = ok && E::template clause<decltype(c)::value>().bounds == WindowBounds{}; });
        return ok;
    }();
    static constexpr bool eventless = [] {
        bool ok = true;
        for_each_index<E::clause_count>(
            [&](auto c) { ok = ok && !needs_event<typename E::template clause_type<decltype(c)::value>::aggregate>; });
        return ok;
    }();
    static constexpr bool fieldless = [] {
        bool ok = true;
        for_each_index<P::derived_count>([&](auto d) {
            ok = ok && !names_field<typename type_at<decltype(d)::value, typename P::derived_type>::expression_type>;
        });
        return ok;
    }();

    static constexpr bool named = [] {
        for (const auto name : P::names)
            if (name == "window_start" || name == "window_end" || name == "pane") return false;
        return true;
    }();

    static_assert(named, "onefold: the rows of windows that close have columns window_start, window_end and pane of "
                         "their own; give the feature another name");
    static_assert(sized, "onefold: a window that closes needs a length and a hop above 0; write tumbling(1_h), "
                         "hopping(1_h, 15_min) or session(30_min)");
    static_assert(forward, "onefold: allowed_lateness() is a time that a window stays open, not a negative one");
    static_assert(shifted, "onefold: only tumbling() and hopping() windows have an offset(); remove it");
    static_assert(apart, "onefold: only session() windows have excluding_touch(); remove it");
    static_assert(unbounded, "onefold: a window that closes has no current event; remove .before_current(), .delayed() "
                             "and the other words about a window's bounds");
    static_assert(eventless, "onefold: this aggregate is about the event being scored, which a window that closes does "
                             "not have; give it a window as of an event, .over(1_h)");
    static_assert(fieldless, "onefold: derive() over windows that close uses features only, as no event belongs to the "
                             "row; aggregate the field first");
    static constexpr bool passed = named && sized && forward && shifted && apart && unbounded && eventless && fieldless;
};

} // namespace onefold::plan
