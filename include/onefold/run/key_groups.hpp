#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "onefold/engine/entry.hpp"
#include "onefold/engine/key_table.hpp"
#include "onefold/run/page_allocator.hpp"

namespace onefold::run {

// Asks for the memory of a row that is written soon.
template <class T>
void expect_write(const T& object) noexcept {
    const auto* bytes = reinterpret_cast<const char*>(&object);
    for (std::size_t at = 0; at < sizeof(T); at += 64) __builtin_prefetch(bytes + at, 1);
    __builtin_prefetch(bytes + sizeof(T) - 1, 1);
}

// A history by the keys of one entity: events are partitioned by the key's documented hash, so that a partition fits
// the cache and is one thread's task, and in it each key's events stand together, in the order in which they were
// given. `rows` are their places in that order.
template <class P>
class KeyGroups {
    using Entry = engine::Entry<P>;
    using input = typename P::input;
    using Keys = engine::KeyOf<P, typename P::key_members>;

    struct Member {
        Entry entry;
        std::uint64_t hash;
        std::uint32_t row;
        std::uint32_t key; // its number in the partition, once numbered
    };

public:
    // What belongs to a row is a cache miss; behind a key's rows, so many more can be read, to ask for them early.
    static constexpr std::uint32_t rows_ahead = 8;

    KeyGroups(const std::vector<input>& events, const std::vector<std::uint32_t>& order)
        : events_(events), order_(order) {
        constexpr std::size_t partition_size = 16384;
        while (order.size() >> bits_ > partition_size && bits_ < 10) ++bits_;
        starts_.resize(tasks() + 1);
        key_counts_.resize(tasks());
        for (const auto index : order) ++starts_[partition_of(Keys::hash(events[index], 0)) + 1];
        for (std::size_t p = 0; p < tasks(); ++p) starts_[p + 1] += starts_[p];
        members_.resize(order.size());
        auto next = starts_;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto& event = events[order[i]];
            const auto hash = Keys::hash(event, 0);
            members_[next[partition_of(hash)]++] = {Entry::of(event), hash, static_cast<std::uint32_t>(i), 0};
        }
    }

    std::size_t tasks() const noexcept { return std::size_t{1} << bits_; }

    // visit(items, rows, count) for each key of a partition, where items[i] is take(the event's entry); entries may be
    // moved from the last time. Keys come in the same order every time.
    template <class Take, class Visit>
    void for_each_key(std::size_t task, Take take, Visit visit) {
        using Item = std::remove_cvref_t<std::invoke_result_t<Take, Entry&>>;
        Member* members = members_.data() + starts_[task];
        const auto count = starts_[task + 1] - starts_[task];
        if (key_counts_[task] == 0) key_counts_[task] = number_keys(members, count);
        std::vector<std::uint32_t> next(key_counts_[task] + 1);
        for (std::uint32_t i = 0; i < count; ++i) ++next[members[i].key + 1];
        for (std::size_t k = 1; k < next.size(); ++k) next[k] += next[k - 1];
        std::vector<Item> items(count);
        std::vector<std::uint32_t> rows(count + rows_ahead);
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto to = next[members[i].key]++;
            items[to] = take(members[i].entry);
            rows[to] = members[i].row;
        }
        for (std::uint32_t i = 0; i < rows_ahead; ++i) rows[count + i] = count == 0 ? 0 : rows[count - 1];
        for (std::uint32_t k = 0, start = 0; start < count; start = next[k++])
            visit(items.data() + start, rows.data() + start, next[k] - start);
    }
    template <class Visit>
    void for_each_key(std::size_t task, Visit visit) {
        for_each_key(task, [](Entry& entry) -> Entry&& { return std::move(entry); }, visit);
    }
    const input& event(std::uint32_t row) const { return events_[order_[row]]; }

private:
    std::size_t partition_of(std::uint64_t hash) const noexcept {
        return static_cast<std::size_t>(hash >> (64 - bits_));
    }

    // Numbers the keys of a partition in order of appearance, and answers how many there are.
    std::uint32_t number_keys(Member* members, std::uint32_t count) const {
        struct Slot {
            std::uint64_t hash = 0;
            std::uint32_t key = 0; // its number + 1; 0: empty
            std::uint32_t first = 0;
        };
        std::vector<Slot> slots(256);
        std::uint32_t keys = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto hash = members[i].hash;
            auto at = hash & (slots.size() - 1);
            while (slots[at].key != 0 && !(slots[at].hash == hash && same_key(members[slots[at].first], members[i])))
                at = (at + 1) & (slots.size() - 1);
            if (slots[at].key == 0) slots[at] = {hash, ++keys, i};
            members[i].key = slots[at].key - 1;
            if (std::size_t{keys} * 2 < slots.size()) continue;
            std::vector<Slot> bigger(slots.size() * 2);
            for (const auto& slot : slots) {
                if (slot.key == 0) continue;
                auto to = slot.hash & (bigger.size() - 1);
                while (bigger[to].key != 0) to = (to + 1) & (bigger.size() - 1);
                bigger[to] = slot;
            }
            slots = std::move(bigger);
        }
        return keys;
    }
    bool same_key(const Member& a, const Member& b) const {
        if constexpr (Keys::hash_is_key) return true;
        else return Keys::equal(event(a.row), event(b.row));
    }

    const std::vector<input>& events_;
    const std::vector<std::uint32_t>& order_;
    unsigned bits_ = 6;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> key_counts_; // 0: not numbered yet
    std::vector<Member, PageAllocator<Member>> members_;
};

} // namespace onefold::run
