#pragma once

#include "onefold/plan/check_closing.hpp"

namespace onefold::plan {

template <class A> inline constexpr bool needs_before_current = requires { A::needs_before_current; };
template <class A> inline constexpr bool needs_length = requires { A::needs_length; };

// The checks that need a definition's values, not only its types. Each is one sentence; a definition that fails one is
// treated as silent by what follows.
template <class Def>
struct Check {
    using P = Plan<Def>;

    static constexpr bool names_unique = [] {
        for (std::size_t i = 0; i < P::width; ++i)
            for (std::size_t j = i + 1; j < P::width; ++j)
                if (P::names[i] == P::names[j]) return false;
        return true;
    }();
    static constexpr bool names_short = [] {
        for (const auto& name : P::column_names)
            if (name.too_long) return false;
        return true;
    }();
    // test(type_identity<Aggregate>, bounds, length) for every window of every clause.
    template <class Test>
    static constexpr bool every_clause(Test test) {
        bool ok = true;
        for_each_index<P::entity_count>([&](auto g) {
            using E = typename P::template entity<decltype(g)::value>;
            for_each_index<E::clause_count>([&](auto c) {
                using C = typename E::template clause_type<decltype(c)::value>;
                const auto& clause = E::template clause<decltype(c)::value>();
                for (const auto& length : clause.lengths)
                    ok = ok && test(std::type_identity<typename C::aggregate>{}, clause.bounds, length);
            });
        });
        return ok;
    }
    static constexpr bool positive_windows = every_clause([](auto, const WindowBounds&, const WindowLength& length) {
        return length.micros > 0 && !(length.micros == latest && length.rows == 0 && length.label.view() != "lifetime");
    });
    static constexpr bool before_current =
        P::closes || every_clause([](auto aggregate, const WindowBounds& bounds, const WindowLength&) {
            using A = typename decltype(aggregate)::type;
            if constexpr (needs_before_current<A>) return bounds.before_current;
            else return true;
        });
    static constexpr bool has_length =
        every_clause([](auto aggregate, const WindowBounds&, const WindowLength& length) {
            using A = typename decltype(aggregate)::type;
            if constexpr (needs_length<A>) return length.micros != latest;
            else return true;
        });

    // What is wrong with a derived feature has been said where its type was worked out.
    static constexpr bool derived_typed = [] {
        bool ok = true;
        for_each_index<P::derived_count>([&](auto d) {
            using Result = typename P::template result_type<P::slot_offset[P::entity_count] + decltype(d)::value>;
            ok = ok && !std::same_as<detail::stripped<Result>, Silent>;
        });
        return ok;
    }();

    static_assert(names_unique, "onefold: two features of this definition have one name; rename one of them");
    static_assert(names_short, "onefold: a feature's name with its window is longer than 96 characters; shorten it");
    static_assert(positive_windows, "onefold: a window has length 0; write at least .over(1_us) or .over(1_rows)");
    static_assert(
        before_current,
        "onefold: time_since_last() of a window that holds the current event is always 0; add .before_current()");
    static_assert(has_length,
                  "onefold: rate() needs a window with a length in time; write .over(1_h) instead of lifetime or rows");
    static constexpr bool passed =
        names_unique && names_short && positive_windows && before_current && has_length && derived_typed && CheckClosing<Def>::passed;
};

} // namespace onefold::plan

namespace onefold {

// The definition is well-formed, which has been said if it is not.
template <class Def>
concept CheckedDefinition = FeatureDefinition<Def> && plan::Check<Def>::passed;

// Its rows are windows that close, or events.
template <class Def>
concept ClosingDefinition = CheckedDefinition<Def> && plan::Plan<Def>::closes;
template <class Def>
concept AsOfDefinition = CheckedDefinition<Def> && !plan::Plan<Def>::closes;

// A definition whose mistake has been told: everything made from it stays quiet.
template <class Def>
concept MistakenDefinition = requires { Def::definition; } && !CheckedDefinition<Def>;

namespace plan {

// Stands for the executors and rows of a mistaken definition.
struct Quiet {
    template <class... A> constexpr Quiet(A&&...) {}
    template <class... A> Silent push(A&&...) { return {}; }
    template <class... A> Silent push_many(A&&...) { return {}; }
    template <class... A> Silent read(A&&...) { return {}; }
    template <class... A> Silent preview(A&&...) { return {}; }
    template <class... A> Silent advance_watermark(A&&...) { return {}; }
    Silent finish() { return {}; }
    Silent account() const { return {}; }
    template <FixedString> constexpr Silent get() const { return {}; }
    template <class N> constexpr Silent operator[](N) const { return {}; }
    template <class V> constexpr void for_each(V&&) const {}
};

} // namespace plan

} // namespace onefold
