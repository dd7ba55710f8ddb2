#pragma once

#include "onefold/engine/event_order.hpp"
#include "onefold/order/partitioned_watermark.hpp"
#include "onefold/order/watermark.hpp"

namespace onefold::run {

// What a stream's records say of the time: which of them are punctuations, which times can be believed, and the
// watermark that follows, with or without partitions. The words of the stream that are about this are read nowhere
// else.
template <class Def, std::size_t I = 0>
class EventClock {
    using Stream = typename plan::StreamPlan<Def, I>::stream_type;
    static constexpr const auto& stream = plan::StreamPlan<Def, I>::stream;

    template <class S> struct WatermarkOf {
        using type = Watermark;
        static type make() { return Watermark(stream.allowed_lateness, stream.idle_after); }
    };
    template <class S>
        requires(S::has_partitions)
    struct WatermarkOf<S> {
        using type = PartitionedWatermark<detail::MemberOf<typename S::record, S::partition_member>>;
        static type make() {
            return type(static_cast<std::size_t>(stream.partition_count), stream.allowed_lateness, stream.idle_after);
        }
    };

public:
    using record = typename Stream::record;

    std::int64_t value() const noexcept { return watermark_.value(); }
    bool is_late(std::int64_t time) const noexcept { return watermark_.is_late(time); }
    void advance_to(std::int64_t watermark) noexcept { watermark_.advance_to(watermark); }
    void tick(std::int64_t now) noexcept { watermark_.tick(now); }

    static bool is_punctuation(const record& event) {
        if constexpr (Stream::has_punctuations) return plan::passes(stream.punctuation, event);
        else return static_cast<void>(event), false;
    }
    // The member that the stream declares for it, else what the caller knows; `earliest` where nobody does.
    static std::int64_t arrival_of(const record& event, std::int64_t known) {
        if constexpr (!Stream::has_arrival) return static_cast<void>(event), known;
        else {
            const auto& arrived = event.*Stream::arrival_member;
            return detail::has_value(arrived) ? detail::value_of(arrived).micros : earliest;
        }
    }
    // False without a time, or with one that the future guard does not believe of a record that arrived then.
    static bool believes(const record& event, std::int64_t arrived) {
        if (!detail::has_value(event.*Stream::time_member)) return false;
        const auto time = engine::time_of<Stream>(event);
        // The two ends of time mean before and after everything; no window could hold an event there.
        if (time == earliest || time == latest) return false;
        return arrived == earliest || stream.future_limit == latest ||
               time <= saturating_add(arrived, stream.future_limit);
    }

    // A record that is believed moves the watermark: by its own time, or with punctuations by theirs only.
    void observe(const record& event, std::int64_t arrived, bool punctuation) {
        const auto time = engine::time_of<Stream>(event);
        const auto tell = [&](const auto&... partition) {
            if constexpr (!Stream::has_punctuations) watermark_.observe(partition..., time, arrived);
            else if (punctuation) watermark_.punctuate(partition..., time, arrived);
            else watermark_.arrive(partition..., arrived);
        };
        if constexpr (Stream::has_partitions) tell(event.*Stream::partition_member);
        else tell();
    }

    // A record came that does not tell the time, so that its source is not idle. What is deleted need not say which
    // partition it was of.
    void arrive(std::int64_t arrived) {
        if constexpr (!Stream::has_partitions) watermark_.arrive(arrived);
    }

private:
    typename WatermarkOf<Stream>::type watermark_ = WatermarkOf<Stream>::make();
};

} // namespace onefold::run
