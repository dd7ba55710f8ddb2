#pragma once

#include <algorithm>
#include <vector>

#include "onefold/engine/key_table.hpp"
#include "onefold/engine/results.hpp"

namespace onefold::run {

// The features of one entity that another stream feeds than the spine: its events and the spine's questions are
// partitioned by the key's documented hash, and each key's events are swept by its questions in order of time, by the
// same fold that live uses.
template <class Def, std::size_t G, class Rows>
class SideSweep {
    using P = plan::EntityPlan<Def, G>;
    using Entry = engine::Entry<P>;
    using Spine = typename plan::StreamPlan<Def, 0>::stream_type;
    using event = typename P::input;
    using question = typename P::asking_input;
    using Keys = engine::KeyOf<P, typename P::key_members>;
    using Key = typename Keys::Key;
    struct State {
        std::vector<Entry> entries;
        std::vector<std::uint32_t> rows;
    };

public:
    // fed: which events count. order: of the spine's events, rows[i] belongs to questions[order[i]].
    SideSweep(const std::vector<event>& events, const std::vector<std::uint32_t>& fed,
              const std::vector<question>& questions, const std::vector<std::uint32_t>& order, Rows& rows)
        : events_(events), questions_(questions), order_(order), rows_(rows) {
        constexpr std::size_t partition_size = 16384;
        while ((fed.size() + order.size()) >> bits_ > partition_size && bits_ < 10) ++bits_;
        partitions_.resize(tasks());
        overflows_.resize(tasks());
        for (const auto index : fed)
            if (plan::has_key(events[index], typename P::key_members{}))
                partitions_[partition_of(Keys::hash(events[index], 0))].events.push_back(index);
        for (std::size_t i = 0; i < order.size(); ++i) {
            Key key{};
            const bool known = read_key(i, key);
            auto& partition = partitions_[known ? partition_of(Keys::hash(key, 0)) : 0];
            partition.rows.push_back(static_cast<std::uint32_t>(i));
        }
    }

    std::size_t tasks() const noexcept { return std::size_t{1} << bits_; }
    std::uint64_t overflows() const noexcept {
        std::uint64_t total = 0;
        for (const auto count : overflows_) total += count;
        return total;
    }

    void sweep(std::size_t p) {
        engine::KeyTable<P, State> table;
        for (const auto index : partitions_[p].events)
            table.find_or_add(events_[index]).state.entries.push_back(Entry::of(events_[index]));
        State nothing; // of keys without events
        for (const auto row : partitions_[p].rows) {
            Key key{};
            auto* keyed = read_key(row, key) ? table.find(key) : nullptr;
            (keyed ? keyed->state : nothing).rows.push_back(row);
        }
        overflows_[p] += answer(nothing);
        table.for_each([&](auto& keyed) { overflows_[p] += answer(keyed.state); });
    }

private:
    struct Partition {
        std::vector<std::uint32_t> events, rows;
    };

    std::size_t partition_of(std::uint64_t hash) const noexcept {
        return static_cast<std::size_t>(hash >> (64 - bits_));
    }
    bool read_key(std::size_t row, Key& key) const {
        return plan::read_key(questions_[order_[row]], key, typename P::on_fields{});
    }
    // Rows are in order of time, so that the frontier only goes forward.
    std::uint64_t answer(State& state) {
        auto& entries = state.entries;
        const auto before = [](const Entry& a, const Entry& b) { return canonical_order(a, b) < 0; };
        if (!std::is_sorted(entries.begin(), entries.end(), before)) std::sort(entries.begin(), entries.end(), before);
        engine::SortedSlice<P> log;
        log.assign(entries.data(), static_cast<std::uint32_t>(entries.size()));
        engine::Frontier<P> frontier;
        std::uint64_t overflows = 0;
        std::uint32_t end = 0;
        for (const auto row : state.rows) {
            const auto t = plan::time_of<Spine>(questions_[order_[row]]);
            while (end < log.size() && log.time(end) <= t) ++end;
            frontier.move_to(log, t, end, false);
            overflows += engine::write_results<Def, G>(rows_[row], frontier, log, nullptr);
        }
        return overflows;
    }

    const std::vector<event>& events_;
    const std::vector<question>& questions_;
    const std::vector<std::uint32_t>& order_;
    Rows& rows_;
    unsigned bits_ = 4;
    std::vector<Partition> partitions_;
    std::vector<std::uint64_t> overflows_; // per task, as each has a thread of its own
};

} // namespace onefold::run
