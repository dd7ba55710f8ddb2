#pragma once

#include <algorithm>
#include <vector>

#include "onefold/core/total_order.hpp"
#include "onefold/order/watermark.hpp"

namespace onefold {

// The watermark of a source in partitions, each of which keeps to its own lateness or makes its own punctuations: the
// least of the partitions' watermarks, because the slowest one may still bring what the others are done with. It never
// falls, and stays at `earliest` until `declared` partitions have been heard of.
//
// A partition that has been silent for the idle time-out, by the clock as it was last told, is left out of the minimum
// and takes part again with its next record, which is late if the others have gone on. When all are silent, a tick
// makes the watermark follow the clock, as that of a source without partitions does.
//
// A record costs O(log partitions), O(1) if it is of the partition that came last; O(partitions) when it moves the
// least of them, or when one has become idle. A partition is never forgotten.
template <class Partition>
class PartitionedWatermark {
public:
    // idle_after: as Watermark's, of each partition.
    explicit PartitionedWatermark(std::size_t declared, std::int64_t lateness, std::int64_t idle_after = latest)
        : declared_(declared), fresh_(lateness, idle_after), together_(lateness, idle_after) {}

    std::int64_t value() const noexcept { return value_; }
    bool is_late(std::int64_t time) const noexcept { return time <= value_; }
    std::size_t partitions() const noexcept { return sources_.size(); }

    // As Watermark's functions of these names, of one partition. What comes without a time of arrival has come when the
    // clock was last told.
    void observe(const Partition& partition, std::int64_t time, std::int64_t arrived = earliest) {
        hear(partition, arrived, [&](Watermark& own) { own.observe(time, clock_); });
    }
    void punctuate(const Partition& partition, std::int64_t time, std::int64_t arrived = earliest) {
        hear(partition, arrived, [&](Watermark& own) { own.punctuate(time, clock_); });
    }
    void arrive(const Partition& partition, std::int64_t arrived) {
        hear(partition, arrived, [&](Watermark& own) { own.arrive(clock_); });
    }
    void advance_to(std::int64_t watermark) noexcept {
        if (watermark > value_) value_ = watermark;
    }
    void tick(std::int64_t now) noexcept {
        clock_ = std::max(clock_, now);
        if (clock_ >= next_idle_) find_least();
        if (!all_idle_ || sources_.size() < declared_) return;
        together_.tick(clock_);
        advance_to(together_.value());
    }

private:
    struct Source {
        Partition partition;
        Watermark own;
    };

    template <class Hear>
    void hear(const Partition& partition, std::int64_t arrived, Hear tell) {
        clock_ = std::max(clock_, arrived);
        auto& own = watermark_of(partition);
        const auto before = own.value();
        tell(own);
        tell(together_);
        next_idle_ = std::min(next_idle_, own.idle_from());
        // Only the least one, or one that was left out, can move the least.
        if (all_idle_ || before <= least_ || clock_ >= next_idle_) find_least();
    }

    Watermark& watermark_of(const Partition& partition) {
        if (last_ < sources_.size() && total_order(sources_[last_].partition, partition) == 0)
            return sources_[last_].own;
        const auto at = std::lower_bound(
            sources_.begin(), sources_.end(), partition,
            [](const Source& source, const Partition& wanted) { return total_order(source.partition, wanted) < 0; });
        last_ = static_cast<std::size_t>(at - sources_.begin());
        if (at == sources_.end() || total_order(at->partition, partition) != 0)
            sources_.insert(at, {partition, fresh_});
        return sources_[last_].own;
    }

    void find_least() noexcept {
        least_ = next_idle_ = latest;
        all_idle_ = true;
        for (const auto& source : sources_) {
            if (source.own.is_idle(clock_)) continue;
            all_idle_ = false;
            least_ = std::min(least_, source.own.value());
            next_idle_ = std::min(next_idle_, source.own.idle_from());
        }
        if (!all_idle_ && sources_.size() >= declared_) advance_to(least_);
    }

    std::size_t declared_;
    Watermark fresh_;             // that of a partition of which nothing has been heard
    Watermark together_;          // as if there were no partitions: what the clock is followed from
    std::vector<Source> sources_; // ordered by partition
    std::size_t last_ = 0;
    std::int64_t least_ = latest;     // of the partitions that are not idle
    std::int64_t next_idle_ = latest; // no partition becomes idle before
    std::int64_t clock_ = earliest;
    std::int64_t value_ = earliest;
    bool all_idle_ = true;
};

} // namespace onefold
