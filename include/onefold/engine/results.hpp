#pragma once

#include "onefold/engine/range_frontier.hpp"
#include "onefold/plan/row.hpp"

namespace onefold::engine {

// One window of one clause as an aggregate's result function sees it (aggregate/accumulator.hpp, ResultView).
template <class P, std::size_t C, class Log, class At = Frontier<P>>
class View {
public:
    View(const At& frontier, const Log& log, const Entry<P>* current, std::size_t window, std::int64_t length) noexcept
        : frontier_(frontier), log_(log), current_(current), window_(window), length_(length) {}

    std::int64_t rows() const noexcept {
        constexpr std::size_t F = P::template family_of<C, accumulate::Present<typename P::template value_type<C>>>;
        std::int64_t rows = 0;
        if constexpr (F == plan::none) rows = frontier_.rows(log_, window_);
        else if constexpr (Frontier<P>::template keeps_group<F>) rows = frontier_.template group<F>(window_);
        else rows = frontier_.rows(log_, window_);
        if constexpr (P::has_own_windows)
            if (own() != Window::Own::usual && current_->template present<F == plan::none ? first_family : F>())
                rows += own() == Window::Own::added ? 1 : -1;
        return rows;
    }
    std::int64_t now() const noexcept { return frontier_.time(); }
    std::int64_t length() const noexcept { return length_; }

    std::optional<typename P::template value_type<C>> current() const {
        if (!current_ || !current_->template present<first_family>()) return std::nullopt;
        return current_->template value<column_family>();
    }

    template <class A>
    decltype(auto) state() const {
        constexpr std::size_t F = P::template family_of<C, A>;
        if constexpr (P::template algebra<F> == plan::Algebra::group && !P::has_own_windows)
            return (frontier_.template group<F>(window_));
        else if constexpr (P::template algebra<F> == plan::Algebra::group) {
            auto state = frontier_.template group<F>(window_);
            if (own() != Window::Own::usual && current_->template present<F>()) {
                if (own() == Window::Own::added) A::add(state, current_->template value<F>());
                else A::subtract(state, current_->template value<F>());
            }
            return state;
        } else {
            const bool unbounded = P::tables.windows[window_].unbounded();
            typename A::State merged{};
            if constexpr (has_lifetime<P, F>)
                if (unbounded) merged = log_.template remainder<F>();
            if constexpr (has_tiles<F>)
                if (P::is_tiled(window_)) A::merge(merged, tiles().template range<F>(tile_head(), tiles().size()));
            const auto head = unbounded ? 0 : frontier_.head(window_), tail = frontier_.tail_of_window(window_);
            if constexpr (P::has_own_windows)
                if (own() == Window::Own::removed && frontier_.own() >= head && frontier_.own() < tail) {
                    A::merge(merged, log_.template range<F>(head, frontier_.own()));
                    A::merge(merged, log_.template range<F>(frontier_.own() + 1, tail));
                    return merged;
                }
            A::merge(merged, log_.template range<F>(head, tail, window_));
            if constexpr (P::has_own_windows)
                if (own() == Window::Own::added && current_->template present<F>())
                    A::add(merged, current_->template value<F>());
            return merged;
        }
    }
    template <class A>
    const typename A::Value* selected() const {
        const auto choice = choose<A>();
        return choice.value;
    }
    template <class A>
    std::int64_t selected_time() const {
        return choose<A>().time;
    }

private:
    static constexpr std::size_t first_request = [] {
        std::size_t r = 0;
        while (P::clause_of_request(r) != C) ++r;
        return r;
    }();
    // A family of this clause that keeps the argument's value; presence alone does not.
    static constexpr std::size_t column_family = [] {
        for (std::size_t r = 0; r < P::request_count; ++r)
            if (P::clause_of_request(r) == C &&
                P::tables.column_of_family[P::tables.family_of_request[r]] != plan::none)
                return P::tables.family_of_request[r];
        return P::tables.family_of_request[first_request];
    }();
    static constexpr std::size_t first_family = P::tables.family_of_request[first_request];

    // A batch has all entries and no tiles.
    template <std::size_t F>
    static constexpr bool has_tiles = in_hops<P, F> && requires(const Log& log) { log.tiles(); };
    const auto& tiles() const noexcept { return log_.tiles(); }
    std::uint32_t tile_head() const noexcept { return frontier_.tile_head(window_); }

    // What the window makes of the event itself, if that is in the log.
    Window::Own own() const noexcept {
        return frontier_.own() == no_position ? Window::Own::usual : P::tables.windows[window_].own;
    }

    template <class V> struct Choice {
        const V* value = nullptr;
        std::int64_t time = 0;
    };
    template <class A>
    Choice<typename A::Value> choose() const {
        constexpr std::size_t F = P::template family_of<C, A>;
        Choice<typename A::Value> choice;
        if (const auto position = position_of<F>(); position != no_position)
            choice = {&log_[position].template value<F>(), log_.time(position)};
        if constexpr (has_lifetime<P, F>) {
            const auto& rest = log_.template remainder<F>();
            if (P::tables.windows[window_].unbounded() && rest.any &&
                (!choice.value || !A::dominates(*choice.value, rest.value)))
                choice = {&rest.value, rest.time};
        }
        if constexpr (has_tiles<F>)
            if (P::is_tiled(window_))
                if (const auto i = tiles().template range<F>(tile_head(), tiles().size()); i != no_position) {
                    const auto& part = get<F>(tiles()[i].parts);
                    if (!choice.value || !A::dominates(*choice.value, part.winner)) choice = {&part.winner, part.time};
                }
        // Added, it is newer than all that the window holds.
        if constexpr (P::has_own_windows)
            if (own() == Window::Own::added && current_->template present<F>() &&
                (!choice.value || A::dominates(current_->template value<F>(), *choice.value)))
                choice = {&current_->template value<F>(), current_->time};
        return choice;
    }
    // Of the winner in the log.
    template <std::size_t F>
    std::uint32_t position_of() const {
        if constexpr (P::has_own_windows)
            if (own() == Window::Own::removed) {
                const auto head = P::tables.windows[window_].unbounded() ? 0 : frontier_.head(window_);
                auto winner = log_.template range<F>(head, frontier_.own());
                Combine<P, F>::add_partial(
                    log_, winner, log_.template range<F>(frontier_.own() + 1, frontier_.tail_of_window(window_)));
                return winner;
            }
        return frontier_.template selected<F>(log_, window_);
    }

    const At& frontier_;
    const Log& log_;
    const Entry<P>* current_;
    std::size_t window_;
    std::int64_t length_;
};

// The null bits of a group of columns (an entity's, or with group = entity_count the derived ones), which have words of
// their own in the row.
template <class Def, std::size_t Group>
class NullBits {
    using All = plan::Plan<Def>;
    static constexpr std::size_t last = Group < All::entity_count ? All::column_offset[Group + 1] : All::width;
    static constexpr std::size_t first_word = All::null_bit[All::column_offset[Group]] / 64;
    static constexpr std::size_t words = All::null_bit[last - 1] / 64 - first_word + 1;

public:
    void mark(std::size_t column, bool null) noexcept {
        const auto bit = All::null_bit[column];
        bits_[bit / 64 - first_word] |= static_cast<std::uint64_t>(null) << (bit % 64);
    }
    void store(Row<Def>& row) const noexcept {
        for (std::size_t w = 0; w < words; ++w) row.put_nulls(first_word + w, bits_[w]);
    }

private:
    std::array<std::uint64_t, words> bits_{};
};

// Writes the features of entity G into the row. view.template operator()<C>(window, length) makes what clause C's
// result function sees. Answers how many features are null because an exact result left its type.
template <class Def, std::size_t G, class MakeView>
std::uint32_t write_clauses(Row<Def>& row, const MakeView& make_view) {
    using All = plan::Plan<Def>;
    using P = plan::EntityPlan<Def, G>;
    NullBits<Def, G> nulls;
    std::uint32_t overflows = 0;
    for_each_index<P::clause_count>([&](auto c) {
        constexpr std::size_t C = decltype(c)::value;
        using Clause = typename P::template clause_type<C>;
        using V = typename P::template value_type<C>;
        constexpr std::size_t offset = P::tables.clause_offset[C];
        for (std::size_t i = 0; i < Clause::window_count; ++i) {
            const auto view = make_view.template operator()<C>(P::tables.window_of[offset + i],
                                                               P::template clause<C>().lengths[i].micros);
            auto result = Clause::aggregate::template result<V>(view);
            overflows += detail::count_overflows<typename Clause::aggregate, V>(view, result);
            const bool null = row.template put<All::slot_offset[G] + C>(i, std::move(result));
            nulls.mark(All::column_offset[G] + offset + i, null);
        }
    });
    nulls.store(row);
    return overflows;
}

// The features as of a frontier, of either kind. `current` is the event being scored, if there is one.
template <class Def, std::size_t G, class Log, class At>
std::uint32_t write_results(Row<Def>& row, const At& frontier, const Log& log,
                            const Entry<plan::EntityPlan<Def, G>>* current) {
    return write_clauses<Def, G>(row, [&]<std::size_t C>(std::size_t window, std::int64_t length) {
        return View<plan::EntityPlan<Def, G>, C, Log, At>(frontier, log, current, window, length);
    });
}

// Reads fields and finished features for derived ones. Without an event, as in a read by key, every field is null.
template <class Def>
struct DerivedContext {
    const Row<Def>& row;
    const typename plan::Plan<Def>::input* event;
    template <class F> decltype(auto) field() const { return plan::read_field<F>(*event); }
    template <class Version> bool matched() const { return plan::has_version<Version>(*event); }
    template <class F> auto feature() const { return row.template at<plan::Plan<Def>::column_of(F::view)>(); }
};

template <class E>
inline constexpr bool reads_fields = detail::is_field<E>;
template <class V> inline constexpr bool reads_fields<Matched<V>> = true;
template <class O, class... A>
inline constexpr bool reads_fields<detail::Node<O, A...>> = (reads_fields<A> || ...);

template <class Def>
void write_derived(Row<Def>& row, const typename plan::Plan<Def>::input* event) {
    using All = plan::Plan<Def>;
    if constexpr (All::derived_count > 0) NullBits<Def, All::entity_count>().store(row);
    for_each_index<All::derived_count>([&](auto d) {
        constexpr std::size_t slot = All::slot_offset[All::entity_count] + decltype(d)::value;
        constexpr std::size_t column = All::column_offset[All::entity_count] + decltype(d)::value;
        const auto& expression = get<decltype(d)::value>(Def::definition.derived.expressions).expression;
        using E = std::remove_cvref_t<decltype(expression)>;
        if constexpr (reads_fields<E>) {
            if (!event) {
                row.set_null(column);
                return;
            }
        }
        row.template set<slot>(0, column, detail::evaluate(expression, DerivedContext<Def>{row, event}));
    });
}

} // namespace onefold::engine
