#pragma once

#include "onefold/core/time.hpp"

namespace onefold {

// The promise that no event at or below it will count any more. It never falls. With bounded lateness it is the newest
// event time seen - lateness - 1 microsecond (Apache Flink's rule), so an event exactly `lateness` behind still counts.
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
        if (arrived > last_arrival_) last_arrival_ = arrived;
        advance_to(behind(newest_));
    }
    // The source itself says so (punctuation), or the input has ended (`latest`).
    constexpr void advance_to(std::int64_t watermark) noexcept {
        if (watermark > value_) value_ = watermark;
    }
    // The injected clock says what time it is.
    constexpr void tick(std::int64_t now) noexcept {
        if (idle_after_ == latest || newest_ == earliest || last_arrival_ == earliest) return;
        const auto idle = saturating_subtract(now, last_arrival_);
        if (idle >= idle_after_) advance_to(behind(saturating_add(newest_, idle)));
    }

private:
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
