#pragma once

#include "onefold/engine/window_answers.hpp"

namespace onefold::engine {

// The live state of a definition whose windows close. Keys wait in a heap for the watermark at which something happens
// to them next, so that moving the watermark costs O(log keys) for each key concerned and nothing for the others; a key
// without an open window is forgotten.
template <class Def>
class WindowStore {
    using P = plan::EntityPlan<Def, 0>;
    using Windows = KeyWindows<P>;
    struct KeyState {
        Windows windows;
        std::int64_t scheduled = latest; // the lowest watermark of this key in the heap
    };
    using Table = KeyTable<P, KeyState>;
    using Keyed = typename Table::Keyed;

public:
    using Keys = typename Table::Keys;
    using record = typename P::record;
    static constexpr std::size_t bytes_per_key = sizeof(Keyed);
    static constexpr std::size_t bytes_per_slice = Windows::bytes_per_slice;

    explicit WindowStore(std::uint64_t seed = 0) : grid_(P::closing), table_(seed) {}

    // Takes an event that found this watermark; answers it leads to at once are appended.
    Placed apply(const record& event, std::int64_t watermark, std::uint64_t cause, WindowAnswers<Def>& answers) {
        Keyed& keyed = table_.find_or_add(event);
        auto& windows = keyed.state.windows;
        const auto placed = answers.arrive(windows, grid_, keyed.key, Entry<P>::of(event), watermark, cause);
        if (placed == Placed::opened) schedule(keyed, watermark);
        else if (windows.empty()) table_.erase(keyed);
        return placed;
    }
    // Appends what the watermark's way from one value to another leads to; the caller sorts.
    void advance(std::int64_t from, std::int64_t to, std::uint64_t cause, WindowAnswers<Def>& answers) {
        if (to == latest) return finish(from, cause, answers);
        while (!due_.empty() && due_.front().watermark <= to) {
            std::pop_heap(due_.begin(), due_.end());
            const auto [watermark, keyed] = due_.back();
            due_.pop_back();
            // A key that was scheduled again, earlier, has left this one behind.
            if (keyed->state.scheduled != watermark) continue;
            keyed->state.scheduled = latest;
            answers.advance(keyed->state.windows, grid_, keyed->key, from, to, cause);
            if (keyed->state.windows.empty()) table_.erase(*keyed);
            else schedule(*keyed, to);
        }
    }
    std::size_t keys() const noexcept { return table_.size(); }

    // The canonical form of a key group: keys in order, each with its open windows.
    void save(std::uint32_t group, ByteWriter& to) {
        std::vector<Keyed*> members;
        table_.for_each([&](Keyed& keyed) {
            if (key_group_of(Keys::hash(keyed.key, 0)) == group) members.push_back(&keyed);
        });
        std::sort(members.begin(), members.end(),
                  [](const Keyed* a, const Keyed* b) { return Keys::order(a->key, b->key) < 0; });
        to.put(static_cast<std::uint64_t>(members.size()));
        for (auto* keyed : members) {
            Keys::save(keyed->key, to);
            keyed->state.windows.save(to);
        }
    }
    // Adds what save wrote to a store that does not hold these keys and whose watermark is the given one. False: the
    // bytes are damaged, and the store is to be thrown away.
    bool load(std::int64_t watermark, ByteReader& from) {
        for (auto count = from.get_count(1); count > 0 && from.ok(); --count) {
            const auto key = Keys::load(from);
            if (!from.ok()) break;
            Keyed& keyed = table_.find_or_add(key);
            keyed.state.windows.load(grid_, from);
            if (from.ok()) schedule(keyed, watermark);
        }
        return from.ok();
    }

private:
    // The end of the input: even what is not due before the end of time closes.
    void finish(std::int64_t from, std::uint64_t cause, WindowAnswers<Def>& answers) {
        std::vector<Keyed*> all;
        table_.for_each([&](Keyed& keyed) { all.push_back(&keyed); });
        for (auto* keyed : all) {
            answers.advance(keyed->state.windows, grid_, keyed->key, from, latest, cause);
            table_.erase(*keyed);
        }
        due_.clear();
    }

    struct Due {
        std::int64_t watermark;
        Keyed* keyed;
        friend bool operator<(const Due& a, const Due& b) noexcept { return a.watermark > b.watermark; }
    };

    void schedule(Keyed& keyed, std::int64_t watermark) {
        const auto due = keyed.state.windows.due(grid_, watermark);
        if (due >= keyed.state.scheduled) return;
        keyed.state.scheduled = due;
        due_.push_back({due, &keyed});
        std::push_heap(due_.begin(), due_.end());
    }

    typename Windows::Grid grid_;
    Table table_;
    std::vector<Due> due_; // a heap, the lowest watermark in front
};

} // namespace onefold::engine
