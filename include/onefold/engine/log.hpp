#pragma once

#include "onefold/engine/block_array.hpp"
#include "onefold/engine/tiles.hpp"

namespace onefold::engine {

// What is left of the entries that a live log has dropped, for windows that never end: per family that is not a group,
// the winner or the merged state. (Groups keep their running state, which never loses an entry of a lifetime window.)
template <class P, std::size_t F>
struct Remainder {};
template <class P, std::size_t F>
    requires(has_lifetime<P, F> && P::template algebra<F> == plan::Algebra::selection)
struct Remainder<P, F> {
    struct Winner {
        bool any = false;
        std::int64_t time = 0;
        typename P::template accumulator<F>::Value value{};
    } value;
    void absorb(const Entry<P>& entry) {
        using A = typename P::template accumulator<F>;
        if (!entry.template present<F>()) return;
        if (!value.any || A::dominates(entry.template value<F>(), value.value))
            value = {true, entry.time, entry.template value<F>()};
    }
};
template <class P, std::size_t F>
    requires(has_lifetime<P, F> && P::template algebra<F> == plan::Algebra::monoid)
struct Remainder<P, F> {
    typename P::template accumulator<F>::State value{};
    void absorb(const Entry<P>& entry) {
        if (entry.template present<F>()) P::template accumulator<F>::add(value, entry.template value<F>());
    }
};

template <class P, class Families> struct Remainders;
template <class P, std::size_t... F>
struct Remainders<P, std::index_sequence<F...>> {
    using type = Tuple<Remainder<P, F>...>;
};
template <class P> using FamilyIndices = std::make_index_sequence<P::family_count>;

// The log of one key while events arrive: entries in canonical order, oldest first. Appending is O(1) amortised; an
// event late by d entries moves a block of them and one of every block behind it (engine/block_array.hpp).
template <class P>
class LiveLog {
public:
    std::uint32_t size() const noexcept { return entries_.size(); }
    const Entry<P>& operator[](std::uint32_t i) const noexcept { return entries_[i]; }
    std::int64_t time(std::uint32_t i) const noexcept { return entries_[i].time; }
    std::uint64_t dropped() const noexcept { return dropped_; }
    bool full() const noexcept { return entries_.size() == entries_.capacity(); }
    std::size_t capacity() const noexcept { return entries_.capacity(); }

    // Where an equal entry would go: behind all that are not greater. Most events are the newest of their key.
    std::uint32_t upper_bound(const Entry<P>& entry) const noexcept {
        auto high = size();
        std::uint32_t step = 1, low = high;
        while (low > 0 && canonical_order(entry, entries_[low - 1]) < 0) {
            high = low - 1;
            low = low > step ? low - step : 0;
            step *= 2;
        }
        while (low < high) {
            const auto middle = (low + high) / 2;
            if (canonical_order(entry, entries_[middle]) < 0) high = middle;
            else low = middle + 1;
        }
        return low;
    }
    // The first entry at or after this time.
    std::uint32_t lower_bound(std::int64_t time) const noexcept {
        std::uint32_t low = 0, high = size();
        while (low < high) {
            const auto middle = (low + high) / 2;
            if (entries_[middle].time < time) low = middle + 1;
            else high = middle;
        }
        return low;
    }
    void insert(std::uint32_t position, Entry<P>&& entry) {
        if (position == size()) entries_.push_back(std::move(entry));
        else {
            entries_.insert(position, std::move(entry));
            for_each_range_index([&](auto& index) { index.inserted(position); });
        }
    }
    // The place of an entry that is in the log.
    std::uint32_t position_of(const Entry<P>& entry) const noexcept {
        auto position = upper_bound(entry) - 1;
        // Where no clause can see the order inside ties, the log has them as they arrived.
        if constexpr (!P::order_matters)
            while (content_order(entries_[position], entry) != 0) --position;
        return position;
    }
    void erase(std::uint32_t position) {
        entries_.erase(position);
        for_each_range_index([&](auto& index) { index.invalidate(position); });
    }
    // Forgets the oldest entries; nobody asks about them again except windows without a start, and in hops.
    void drop_front(std::uint32_t count) {
        for_each_index<P::family_count>([&](auto f) {
            if constexpr (has_lifetime<P, decltype(f)::value> &&
                          P::template algebra<decltype(f)::value> != plan::Algebra::group)
                for (std::uint32_t i = 0; i < count; ++i) get<decltype(f)::value>(remainders_).absorb(entries_[i]);
        });
        if constexpr (P::hop != 0)
            for (std::uint32_t i = 0; i < count; ++i) tiles_.absorb(entries_[i]);
        entries_.drop_front(count);
        dropped_ += count;
        for_each_range_index([](auto& index) { index.invalidate(0); });
    }

    template <std::size_t F>
    auto range(std::uint32_t low, std::uint32_t high, std::size_t window = any_window) const {
        using Index = RangeIndex<P, F>;
        if (Index::is_short(low, high)) return Index::scan(*this, low, high);
        if (!indexes_) indexes_.make();
        return get<F>(*indexes_).value.query(*this, low, high, window);
    }
    template <std::size_t F> const auto& remainder() const noexcept { return get<F>(remainders_).value; }
    template <std::size_t F> auto& remainder() noexcept { return get<F>(remainders_).value; }
    void set_dropped(std::uint64_t count) noexcept { dropped_ = count; }
    const auto& tiles() const noexcept
        requires(P::hop != 0)
    {
        return tiles_;
    }
    auto& tiles() noexcept
        requires(P::hop != 0)
    {
        return tiles_;
    }

private:
    template <class Do>
    void for_each_range_index(Do&& act) {
        if (!indexes_) return;
        for_each_index<P::family_count>([&](auto f) {
            if constexpr (requires { get<decltype(f)::value>(*indexes_).value; })
                act(get<decltype(f)::value>(*indexes_).value);
        });
    }

    struct NoTiles {};
    BlockArray<Entry<P>> entries_;
    std::uint64_t dropped_ = 0;
    [[no_unique_address]] std::conditional_t<P::hop != 0, Tiles<P>, NoTiles> tiles_{};
    [[no_unique_address]] typename Remainders<P, FamilyIndices<P>>::type remainders_{};
    // Built by questions, and most keys never need any; what they answer does not depend on how much is built.
    using Indexes = typename RangeIndexes<P, FamilyIndices<P>>::type;
    mutable detail::Owned<Indexes> indexes_{};
};

// The same view of a key's history in a batch: a sorted slice that is complete from the start.
template <class P>
class SortedSlice {
public:
    void assign(const Entry<P>* entries, std::uint32_t size) {
        entries_ = entries;
        size_ = size;
        for_each_index<P::family_count>([&](auto f) {
            if constexpr (P::template algebra<decltype(f)::value> != plan::Algebra::group)
                get<decltype(f)::value>(indexes_).value.invalidate(0);
        });
    }
    std::uint32_t size() const noexcept { return size_; }
    const Entry<P>& operator[](std::uint32_t i) const noexcept { return entries_[i]; }
    std::int64_t time(std::uint32_t i) const noexcept { return entries_[i].time; }
    std::uint64_t dropped() const noexcept { return 0; }
    template <std::size_t F>
    auto range(std::uint32_t low, std::uint32_t high, std::size_t window = any_window) const {
        return get<F>(indexes_).value.query(*this, low, high, window);
    }
    template <std::size_t F>
    const auto& remainder() const noexcept {
        static const Remainder<P, F> empty{};
        return empty.value;
    }

private:
    const Entry<P>* entries_ = nullptr;
    std::uint32_t size_ = 0;
    [[no_unique_address]] mutable typename RangeIndexes<P, FamilyIndices<P>>::type indexes_{};
};

} // namespace onefold::engine
