#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "onefold/engine/window_answers.hpp"
#include "onefold/run/page_allocator.hpp"
#include "onefold/run/parallel.hpp"

namespace onefold {

template <class Def> using ClosedWindows = std::vector<Closed<Def>, run::PageAllocator<Closed<Def>>>;

// What live has given one by one and the user has gathered, beside the windows of a batch.
template <class Def, class A, class B>
    requires(!std::same_as<A, B>)
bool operator==(const std::vector<Closed<Def>, A>& a, const std::vector<Closed<Def>, B>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

namespace run {

// A key and its windows: `count` of a list of windows, from the `first` on, in order of time.
template <class Def>
struct KeyWindowRun {
    typename Closed<Def>::Key key;
    std::size_t first;
    std::size_t count;
};

// Finds the place of every window of many keys in the order of closed windows, (end, start, key), by all threads. The
// keys are sorted, so that what is left is to distribute their windows by time, each stretch of time a task, and to
// sort the few of a stretch; nothing compares keys again.
template <class Def>
class ClosedOrder {
    using P = plan::EntityPlan<Def, 0>;
    using Keys = engine::KeyOf<P, typename P::key_members>;
    struct Run {
        const KeyWindowRun<Def>* of;
        const Interval* windows;
        std::uint32_t number; // of its first window
    };
    struct Item {
        std::int64_t end;
        std::int64_t start;
        std::uint32_t number;
        std::uint32_t by_key; // in the order of keys
    };

public:
    using Places = std::vector<std::uint32_t, PageAllocator<std::uint32_t>>;

    // A list of windows, and the keys that they are of. Both must outlive the order.
    void add(const std::vector<Interval>& windows, const std::vector<KeyWindowRun<Def>>& keys) {
        for (const auto& key : keys) {
            if (key.count == 0) continue;
            runs_.push_back({&key, windows.data() + key.first, static_cast<std::uint32_t>(total_ + key.first)});
            least_ = std::min(least_, windows[key.first].end);
            greatest_ = std::max(greatest_, windows[key.first + key.count - 1].end);
        }
        total_ += windows.size();
    }
    std::size_t size() const noexcept { return total_; }

    // places[i] is that of the i-th window that was added.
    Places places(unsigned threads) {
        Places places(total_);
        if (total_ == 0) return places;
        std::sort(runs_.begin(), runs_.end(),
                  [](const Run& a, const Run& b) { return Keys::order(a.of->key, b.of->key) < 0; });
        if (ends_lie_in_steps()) {
            distribute(steps_, threads, [&](const Interval&, std::uint32_t number, std::size_t place) {
                places[number] = static_cast<std::uint32_t>(place);
            });
            return places;
        }
        std::vector<Item, PageAllocator<Item>> items(total_);
        while (stretch(greatest_) >= total_ / 1024 + 1) ++shift_;
        const auto starts = distribute(
            stretch(greatest_) + 1, threads, [&](const Interval& window, std::uint32_t number, std::size_t place) {
                items[place] = {window.end, window.start, number, static_cast<std::uint32_t>(place)};
            });
        parallel_for(starts.size() - 1, threads, [&](std::size_t s) {
            const auto first = items.begin() + static_cast<std::ptrdiff_t>(starts[s]);
            const auto last = items.begin() + static_cast<std::ptrdiff_t>(starts[s + 1]);
            std::sort(first, last, [](const Item& a, const Item& b) {
                if (a.end != b.end) return a.end < b.end;
                return a.start != b.start ? a.start < b.start : a.by_key < b.by_key;
            });
            auto at = static_cast<std::uint32_t>(starts[s]);
            for (auto item = first; item != last; ++item) places[item->number] = at++;
        });
        return places;
    }

private:
    // Hopping windows that no end of time cuts off end a number of hops apart, and those that end together begin
    // together. Where their ends are few, each is a stretch of its own, and nothing is left to sort.
    bool ends_lie_in_steps() noexcept {
        if constexpr (P::closing.kind != ClosingWindow::Kind::hopping) return false;
        if (greatest_ == latest) return false;
        const auto distance = static_cast<std::uint64_t>(greatest_) - static_cast<std::uint64_t>(least_);
        if (distance / step >= total_) return false;
        steps_ = static_cast<std::size_t>(distance / step) + 1;
        return true;
    }
    std::size_t stretch(std::int64_t end) const noexcept {
        const auto distance = static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(least_);
        return static_cast<std::size_t>(steps_ != 0 ? distance / step : distance >> shift_);
    }

    // take(window, its number, its place) for all windows, ordered by stretch and in it by key, by all threads; answers
    // where each stretch begins. Chunks of keys, each with places of its own in every stretch, keep the order of keys.
    template <class Take>
    std::vector<std::size_t> distribute(std::size_t stretches, unsigned threads, Take take) const {
        const std::size_t chunks = threads > 1 ? std::size_t{4} * threads : 1;
        std::vector<std::vector<std::size_t>> next(chunks, std::vector<std::size_t>(stretches));
        parallel_for(chunks, threads, [&](std::size_t c) {
            for_each_window(c, chunks, [&](const Interval& window, std::uint32_t) { ++next[c][stretch(window.end)]; });
        });
        std::vector<std::size_t> starts(stretches + 1);
        std::size_t place = 0;
        for (std::size_t s = 0; s < stretches; ++s) {
            starts[s] = place;
            for (auto& of_chunk : next) place += std::exchange(of_chunk[s], place);
        }
        starts[stretches] = place;
        parallel_for(chunks, threads, [&](std::size_t c) {
            for_each_window(c, chunks, [&](const Interval& window, std::uint32_t number) {
                take(window, number, next[c][stretch(window.end)]++);
            });
        });
        return starts;
    }
    template <class Visit>
    void for_each_window(std::size_t chunk, std::size_t chunks, Visit visit) const {
        const auto last = runs_.size() * (chunk + 1) / chunks;
        for (auto r = runs_.size() * chunk / chunks; r < last; ++r)
            for (std::uint32_t i = 0; i < runs_[r].of->count; ++i) visit(runs_[r].windows[i], runs_[r].number + i);
    }

    static constexpr auto step = static_cast<std::uint64_t>(P::closing.hop > 0 ? P::closing.hop : 1);
    std::vector<Run> runs_;
    std::size_t total_ = 0;
    std::int64_t least_ = latest, greatest_ = earliest;
    std::size_t steps_ = 0; // 0: stretches are of another length than a hop
    unsigned shift_ = 0;
};

} // namespace run
} // namespace onefold
