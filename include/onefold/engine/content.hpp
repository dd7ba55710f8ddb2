#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

#include "onefold/engine/entry.hpp"
#include "onefold/plan/row.hpp"
#include "onefold/window/hops.hpp"

namespace onefold::engine {

// The accumulators of one entity over a set of events that only grows: what a window that closes, or a part of one,
// keeps instead of its events. Groups keep their state and selections the winning entry; a monoid is a function of the
// canonical order, so where there is one the entries themselves are kept. Events may be added in any order, and
// contents merged: the set alone decides.
template <class P>
class Content {
    static constexpr auto& tables = P::tables;

    template <std::size_t F>
    static constexpr bool counts_events = [] {
        if constexpr (requires { P::template accumulator<F>::needs_value; })
            return tables.bit_of_family[F] == plan::none;
        else return false;
    }();
    // A monoid that does not see the order of its values is merged as a group is.
    template <std::size_t F>
    static constexpr bool keeps_state = P::template algebra<F> == plan::Algebra::monoid
                                            ? !plan::sees_order<typename P::template accumulator<F>>
                                            : P::template algebra<F> == plan::Algebra::group && !counts_events<F>;
    static constexpr bool keeps_entries = []<std::size_t... F>(std::index_sequence<F...>) {
        return ((P::template algebra<F> == plan::Algebra::monoid && !keeps_state<F>) || ...);
    }(std::make_index_sequence<P::family_count>{});

    template <std::size_t F> struct Part {};
    template <std::size_t F>
        requires keeps_state<F>
    struct Part<F> {
        typename P::template accumulator<F>::State state{};
    };
    template <std::size_t F>
        requires(P::template algebra<F> == plan::Algebra::selection)
    struct Part<F> {
        bool any = false;
        Entry<P> winner{};
        void add(const Entry<P>& entry) {
            if (any && !wins(entry)) return;
            any = true;
            if constexpr (P::order_matters) winner = entry;
            else {
                // Of equal winners none is told apart, so the rest of whichever came first must not be kept.
                constexpr auto column = P::tables.column_of_family[F];
                winner.time = entry.time;
                get<column>(winner.columns) = get<column>(entry.columns);
            }
        }

    private:
        bool wins(const Entry<P>& entry) const {
            using A = typename P::template accumulator<F>;
            const auto& given = entry.template value<F>();
            const auto& best = winner.template value<F>();
            return canonical_order(entry, winner) < 0 ? !A::dominates(best, given) : A::dominates(given, best);
        }
    };
    template <class Families> struct Parts;
    template <std::size_t... F>
    struct Parts<std::index_sequence<F...>> {
        using type = Tuple<Part<F>...>;
    };
    struct NoEntries {};

public:
    void add(const Entry<P>& entry) {
        ++rows_;
        if constexpr (keeps_entries)
            entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), entry, before), entry);
        for_each_index<P::family_count>([&](auto f) {
            constexpr std::size_t F = decltype(f)::value;
            using A = typename P::template accumulator<F>;
            if (!entry.template present<F>()) return;
            if constexpr (P::template algebra<F> == plan::Algebra::selection) get<F>(parts_).add(entry);
            else if constexpr (keeps_state<F>) A::add(get<F>(parts_).state, entry.template value<F>());
        });
    }

    void merge(const Content& other) {
        rows_ += other.rows_;
        if constexpr (keeps_entries) {
            std::vector<Entry<P>> both;
            both.reserve(entries_.size() + other.entries_.size());
            std::merge(entries_.begin(), entries_.end(), other.entries_.begin(), other.entries_.end(),
                       std::back_inserter(both), before);
            entries_ = std::move(both);
        }
        for_each_index<P::family_count>([&](auto f) {
            constexpr std::size_t F = decltype(f)::value;
            auto& part = get<F>(parts_);
            const auto& more = get<F>(other.parts_);
            if constexpr (P::template algebra<F> == plan::Algebra::selection) {
                if (more.any) part.add(more.winner);
            } else if constexpr (keeps_state<F>) P::template accumulator<F>::merge(part.state, more.state);
        });
    }

    // Takes the events of a part out again; only where every family is a group can that be done.
    static constexpr bool can_unmerge = []<std::size_t... F>(std::index_sequence<F...>) {
        return (UnmergeableAccumulator<typename P::template accumulator<F>> && ...);
    }(std::make_index_sequence<P::family_count>{});
    void unmerge(const Content& other)
        requires can_unmerge
    {
        rows_ -= other.rows_;
        for_each_index<P::family_count>([&](auto f) {
            constexpr std::size_t F = decltype(f)::value;
            if constexpr (!counts_events<F>)
                P::template accumulator<F>::unmerge(get<F>(parts_).state, get<F>(other.parts_).state);
        });
    }

    std::uint64_t rows() const noexcept { return rows_; }

    // The same bytes for the same set of events.
    void save(ByteWriter& to) const {
        to.put(rows_);
        if constexpr (keeps_entries) {
            to.put(static_cast<std::uint64_t>(entries_.size()));
            for (const auto& entry : entries_) entry.save(to);
        }
        for_each_index<P::family_count>([&](auto f) {
            constexpr std::size_t F = decltype(f)::value;
            const auto& part = get<F>(parts_);
            if constexpr (P::template algebra<F> == plan::Algebra::selection) {
                to.put(part.any);
                if (part.any) part.winner.save(to);
            } else if constexpr (keeps_state<F>) P::template accumulator<F>::save(part.state, to);
        });
    }
    void load(ByteReader& from) {
        rows_ = from.get<std::uint64_t>();
        if constexpr (keeps_entries)
            for (auto count = from.get_count(8); count > 0 && from.ok(); --count)
                entries_.push_back(Entry<P>::load(from));
        for_each_index<P::family_count>([&](auto f) {
            constexpr std::size_t F = decltype(f)::value;
            auto& part = get<F>(parts_);
            if constexpr (P::template algebra<F> == plan::Algebra::selection) {
                part.any = from.get<bool>();
                if (part.any) part.winner = Entry<P>::load(from);
            } else if constexpr (keeps_state<F>) part.state = P::template accumulator<F>::load(from);
        });
    }

    // What a family says of the events: a count, a group's state, a selection's winner, a monoid folded in order.
    template <std::size_t F>
    std::int64_t count() const noexcept {
        if constexpr (counts_events<F>) return static_cast<std::int64_t>(rows_);
        else return get<F>(parts_).state;
    }
    template <std::size_t F>
    decltype(auto) state() const {
        using A = typename P::template accumulator<F>;
        if constexpr (keeps_state<F>) return (get<F>(parts_).state);
        else {
            typename A::State state{};
            for (const auto& entry : entries_)
                if (entry.template present<F>()) A::add(state, entry.template value<F>());
            return state;
        }
    }
    template <std::size_t F>
    const Entry<P>* winner() const noexcept {
        const auto& part = get<F>(parts_);
        return part.any ? &part.winner : nullptr;
    }

private:
    static bool before(const Entry<P>& a, const Entry<P>& b) noexcept { return canonical_order(a, b) < 0; }

    std::uint64_t rows_ = 0;
    [[no_unique_address]] std::conditional_t<keeps_entries, std::vector<Entry<P>>, NoEntries> entries_{};
    [[no_unique_address]] typename Parts<std::make_index_sequence<P::family_count>>::type parts_{};
};

// A closed window as an aggregate's result function sees it (aggregate/accumulator.hpp, ResultView).
template <class P, std::size_t C>
class ContentView {
public:
    ContentView(const Content<P>& content, Interval window) noexcept : content_(content), window_(window) {}

    std::int64_t rows() const noexcept {
        constexpr std::size_t F = P::template family_of<C, accumulate::Present<typename P::template value_type<C>>>;
        if constexpr (F == plan::none) return static_cast<std::int64_t>(content_.rows());
        else return content_.template count<F>();
    }
    std::int64_t now() const noexcept { return window_.end - 1; }
    std::int64_t length() const noexcept { return saturating_subtract(window_.end, window_.start); }
    // There is no current event.
    std::optional<typename P::template value_type<C>> current() const noexcept { return std::nullopt; }

    template <class A>
    decltype(auto) state() const {
        return content_.template state<P::template family_of<C, A>>();
    }
    template <class A>
    const typename A::Value* selected() const {
        const auto* entry = content_.template winner<P::template family_of<C, A>>();
        return entry ? &entry->template value<P::template family_of<C, A>>() : nullptr;
    }
    template <class A>
    std::int64_t selected_time() const {
        return content_.template winner<P::template family_of<C, A>>()->time;
    }

private:
    const Content<P>& content_;
    Interval window_;
};

} // namespace onefold::engine
