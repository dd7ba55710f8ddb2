#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "onefold/core/hash.hpp"
#include "onefold/core/time.hpp"

namespace onefold {

// The ids of accepted events, until the watermark passes their event time: an id that comes again before that is a
// duplicate, and after that its event is late anyway. O(1) expected; ids are spread over generations by event time, so
// that forgetting drops a whole table. A lookup visits the few generations that the watermark has not passed.
//
// Of an id more may be known than that it came: an Attached value.
struct NothingAttached {};
template <class Id, class Attached = NothingAttached>
class RecentIds {
public:
    // width: event time per generation; about the lateness makes two or three of them.
    explicit RecentIds(std::int64_t width, std::uint64_t seed = 0) : width_(width > 0 ? width : 1), seed_(seed) {}

    // Remembers the id and answers true, or answers false if it is known from an event above the watermark.
    bool insert(const Id& id, std::int64_t time, std::int64_t watermark) {
        forget(watermark);
        if (find_recent(id, watermark)) return false;
        add(generation_of(time), {hash_value(id, seed_) | 1, time, id, {}});
        return true;
    }
    // What is known of an id that the watermark has not passed; null where nothing is.
    const Attached* find(const Id& id, std::int64_t watermark) {
        const auto* slot = find_recent(id, watermark);
        return slot ? &slot->attached : nullptr;
    }
    // Remembers the id anew, until the watermark passes this time.
    void put(const Id& id, std::int64_t time, Attached attached, std::int64_t watermark) {
        forget(watermark);
        if (auto* slot = find_recent(id, watermark)) {
            if (number_of(slot->time) == number_of(time)) {
                slot->time = time;
                slot->attached = std::move(attached);
                return;
            }
            // It stays in its generation as an id that the watermark has passed.
            slot->time = earliest;
            slot->attached = {};
        }
        add(generation_of(time), {hash_value(id, seed_) | 1, time, id, std::move(attached)});
    }
    std::size_t size() const noexcept {
        std::size_t total = 0;
        for (const auto& generation : generations_) total += generation.size;
        return total;
    }

private:
    struct Slot {
        std::uint64_t hash = 0; // 0: empty
        std::int64_t time = 0;
        Id id{};
        [[no_unique_address]] Attached attached{};
    };
    struct Generation {
        std::int64_t number = 0;
        std::size_t size = 0;
        std::vector<Slot> slots;
    };

    std::int64_t number_of(std::int64_t time) const noexcept {
        return time >= 0 ? time / width_ : -1 - (-1 - time) / width_;
    }
    Slot* find_recent(const Id& id, std::int64_t watermark) {
        const auto hash = hash_value(id, seed_) | 1;
        for (auto& generation : generations_)
            if (auto* slot = find(generation, hash, id); slot && slot->time > watermark) return slot;
        return nullptr;
    }
    void forget(std::int64_t watermark) {
        if (watermark == earliest) return;
        const auto first = number_of(watermark);
        for (std::size_t i = 0; i < generations_.size();) {
            if (generations_[i].number >= first) ++i;
            else {
                generations_[i] = std::move(generations_.back());
                generations_.pop_back();
            }
        }
    }
    Generation& generation_of(std::int64_t time) {
        const auto number = number_of(time);
        for (auto& generation : generations_)
            if (generation.number == number) return generation;
        generations_.push_back({number, 0, std::vector<Slot>(16)});
        return generations_.back();
    }
    static Slot* find(Generation& generation, std::uint64_t hash, const Id& id) noexcept {
        const auto mask = generation.slots.size() - 1;
        for (auto i = mix(hash) & mask; generation.slots[i].hash != 0; i = (i + 1) & mask)
            if (generation.slots[i].hash == hash && total_equal(generation.slots[i].id, id))
                return &generation.slots[i];
        return nullptr;
    }
    static void add(Generation& generation, Slot&& slot) {
        // A known id that the watermark has passed starts anew.
        if (auto* old = find(generation, slot.hash, slot.id)) {
            old->time = slot.time;
            old->attached = std::move(slot.attached);
            return;
        }
        if ((generation.size + 1) * 2 > generation.slots.size()) {
            std::vector<Slot> bigger(generation.slots.size() * 2);
            for (auto& moved : generation.slots)
                if (moved.hash != 0) place(bigger, std::move(moved));
            generation.slots = std::move(bigger);
        }
        place(generation.slots, std::move(slot));
        ++generation.size;
    }
    static void place(std::vector<Slot>& slots, Slot&& slot) {
        const auto mask = slots.size() - 1;
        auto i = mix(slot.hash) & mask;
        while (slots[i].hash != 0) i = (i + 1) & mask;
        slots[i] = std::move(slot);
    }

    std::int64_t width_;
    std::uint64_t seed_;
    std::vector<Generation> generations_;
};

} // namespace onefold
