#pragma once

#include <algorithm>
#include <vector>

#include "onefold/engine/range_index.hpp"

namespace onefold::engine {

// What a key keeps, instead of its old events, for windows that move in hops: per hop of event time the accumulators
// over its events. Such a window starts at a multiple of the hop, so a tile is in it or not as a whole; and events go
// into tiles oldest first and behind every question's end, so that a tile is never changed by an event that comes late.
template <class P, std::size_t F>
inline constexpr bool in_hops = [] {
    for (std::size_t w = 0; w < P::window_count; ++w)
        if (P::is_tiled(w) && P::tables.slot_of_window[F][w] != plan::none) return true;
    return false;
}();

template <class P, std::size_t F> struct TilePart {
    void absorb(const Entry<P>&) noexcept {}
    void save(ByteWriter&) const {}
    void load(ByteReader&) {}
};
template <class P, std::size_t F>
    requires(in_hops<P, F> && P::template algebra<F> != plan::Algebra::selection)
struct TilePart<P, F> {
    using A = typename P::template accumulator<F>;
    typename A::State state{};
    void absorb(const Entry<P>& entry) {
        if (entry.template present<F>()) A::add(state, entry.template value<F>());
    }
    void save(ByteWriter& to) const { A::save(state, to); }
    void load(ByteReader& from) { state = A::load(from); }
};
// A selection's winner among the tile's events.
template <class P, std::size_t F>
    requires(in_hops<P, F> && P::template algebra<F> == plan::Algebra::selection)
struct TilePart<P, F> {
    using A = typename P::template accumulator<F>;
    bool any = false;
    std::int64_t time = 0;
    typename A::Value winner{};
    void absorb(const Entry<P>& entry) {
        if (!entry.template present<F>()) return;
        if (any && !A::dominates(entry.template value<F>(), winner)) return;
        any = true;
        time = entry.time;
        winner = entry.template value<F>();
    }
    void save(ByteWriter& to) const {
        to.put(any);
        to.put(time);
        detail::save_value(to, winner);
    }
    void load(ByteReader& from) {
        any = from.get<bool>();
        time = from.get<std::int64_t>();
        winner = detail::load_value<typename A::Value>(from);
    }
};

template <class P, class Families> struct TileOf;
template <class P, std::size_t... F>
struct TileOf<P, std::index_sequence<F...>> {
    struct Tile {
        std::int64_t start = 0;
        std::uint32_t rows = 0;
        [[no_unique_address]] Tuple<TilePart<P, F>...> parts{};

        // A tile as an entry of a log, for the range index.
        template <std::size_t G>
        bool present() const noexcept {
            if constexpr (P::template algebra<G> == plan::Algebra::selection) return get<G>(parts).any;
            else return true;
        }
        template <std::size_t G> const auto& value() const noexcept { return get<G>(parts).winner; }
    };
};

// Combines tiles as Combine does entries.
template <class P, std::size_t F>
struct CombineTiles : Combine<P, F> {
    template <class Tiles> static void add_entry(const Tiles& tiles, auto& to, std::uint32_t i) {
        if constexpr (P::template algebra<F> == plan::Algebra::selection) Combine<P, F>::add_entry(tiles, to, i);
        else P::template accumulator<F>::merge(to, get<F>(tiles[i].parts).state);
    }
};

// The tiles of one key, oldest first.
template <class P>
class Tiles {
    using Families = std::make_index_sequence<P::family_count>;

public:
    using Tile = typename TileOf<P, Families>::Tile;

    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(tiles_.size()); }
    const Tile& operator[](std::uint32_t i) const noexcept { return tiles_[i]; }
    // The first tile of a window that starts there.
    std::uint32_t lower_bound(std::int64_t start) const noexcept {
        const auto at = std::lower_bound(tiles_.begin(), tiles_.end(), start,
                                         [](const Tile& tile, std::int64_t t) { return tile.start < t; });
        return static_cast<std::uint32_t>(at - tiles_.begin());
    }

    // Takes an entry that is not older than any before it.
    void absorb(const Entry<P>& entry) {
        const auto start = floor_to(entry.time, P::hop);
        if (tiles_.empty() || tiles_.back().start != start) {
            tiles_.emplace_back();
            tiles_.back().start = start;
        }
        auto& tile = tiles_.back();
        ++tile.rows;
        for_each_index<P::family_count>([&](auto f) { get<decltype(f)::value>(tile.parts).absorb(entry); });
        invalidate(size() - 1);
    }
    void drop_front(std::uint32_t count) {
        tiles_.erase(tiles_.begin(), tiles_.begin() + count);
        invalidate(0);
    }

    // Family F over the tiles [low, high): a state, or the winner's tile.
    template <std::size_t F>
    auto range(std::uint32_t low, std::uint32_t high) const {
        return get<F>(indexes_).value.query(*this, low, high);
    }

    void save(ByteWriter& to) const {
        to.put(static_cast<std::uint64_t>(tiles_.size()));
        for (const auto& tile : tiles_) {
            to.put(tile.start);
            to.put(tile.rows);
            for_each_index<P::family_count>([&](auto f) { get<decltype(f)::value>(tile.parts).save(to); });
        }
    }
    void load(ByteReader& from) {
        for (auto count = from.get_count(12); count > 0 && from.ok(); --count) {
            Tile tile;
            tile.start = from.get<std::int64_t>();
            tile.rows = from.get<std::uint32_t>();
            for_each_index<P::family_count>([&](auto f) { get<decltype(f)::value>(tile.parts).load(from); });
            tiles_.push_back(std::move(tile));
        }
    }

private:
    template <std::size_t F> struct Index {};
    template <std::size_t F>
        requires(in_hops<P, F> && P::template algebra<F> != plan::Algebra::group)
    struct Index<F> {
        RangeIndex<P, F, CombineTiles<P, F>> value;
    };
    template <class F> struct Indexes;
    template <std::size_t... F> struct Indexes<std::index_sequence<F...>> {
        using type = Tuple<Index<F>...>;
    };

    void invalidate(std::uint32_t position) noexcept {
        for_each_index<P::family_count>([&](auto f) {
            if constexpr (requires { get<decltype(f)::value>(indexes_).value; })
                get<decltype(f)::value>(indexes_).value.invalidate(position);
        });
    }

    std::vector<Tile> tiles_;
    [[no_unique_address]] mutable typename Indexes<Families>::type indexes_{};
};

} // namespace onefold::engine
