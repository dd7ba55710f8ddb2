#pragma once

#include "onefold/core/time.hpp"

namespace onefold {

// The promise that no event at or below it will count any more. It never falls. With bounded lateness it is the newest
// event time seen - lateness - 1 microsecond (Apache Flink's rule), so an event exactly `lateness` behind still counts.
// With punctuation it is the latest time that the source has stated.
class Watermark {
public:
    // idle_after: when a clock shows that nothing has arrived for so long, the watermark goes on with the clock as if
    // events had come; `latest` means never.
    constexpr explicit Watermark(std::int64_t lateness, std::int64_t idle_after = latest) noexcept
        : lateness_(lateness), idle_after_(idle_after) {}

    constexpr std::int64_t value() const noexcept { return value_; }
    constexpr bool is_late(std::int64_t time) const noexcept { return time <= value_; }

    // An event was seen; arrived is the clock's time then, or `earliest` without a clock.
    constexpr void observe(std::int64_t time, std::int64_t arrived = earliest) noexcept {
        if (time > newest_) newest_ = time;
        arrive(arrived);
        advance_to(behind(newest_));
    }
    // A punctuation was seen: no event at or before its time will come. As if the newest event had been one microsecond
    // later, with a lateness of 0, so that an idle source goes on from there.
    constexpr void punctuate(std::int64_t time, std::int64_t arrived = earliest) noexcept {
        if (const auto next = saturating_add(time, 1); next > newest_) newest_ = next;
        arrive(arrived);
        advance_to(time);
    }
    // Something arrived that does not tell the time: an event of a source with punctuations.
    constexpr void arrive(std::int64_t arrived) noexcept {
        if (arrived > last_arrival_) last_arrival_ = arrived;
    }
    // Whoever owns the source says so, or the input has ended (`latest`).
    constexpr void advance_to(std::int64_t watermark) noexcept {
        if (watermark > value_) value_ = watermark;
    }
    // Whether nothing has arrived for the time-out when the clock says `now`, and the first time at which that is so;
    // never, which is `latest`, without a time-out or a known arrival.
    constexpr bool is_idle(std::int64_t now) const noexcept {
        return may_be_idle() && saturating_subtract(now, last_arrival_) >= idle_after_;
    }
    constexpr std::int64_t idle_from() const noexcept {
        return may_be_idle() ? saturating_add(last_arrival_, idle_after_) : latest;
    }
    // The injected clock says what time it is.
    constexpr void tick(std::int64_t now) noexcept {
        if (newest_ == earliest || !is_idle(now)) return;
        advance_to(behind(saturating_add(newest_, saturating_subtract(now, last_arrival_))));
    }

private:
    constexpr bool may_be_idle() const noexcept { return idle_after_ != latest && last_arrival_ != earliest; }
    constexpr std::int64_t behind(std::int64_t time) const noexcept {
        return saturating_subtract(saturating_subtract(time, lateness_), 1);
    }

    std::int64_t lateness_;
    std::int64_t idle_after_;
    std::int64_t newest_ = earliest;
    std::int64_t last_arrival_ = earliest;
    std::int64_t value_ = earliest;
};

} // namespace onefold
