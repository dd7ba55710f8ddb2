#pragma once

#include <algorithm>
#include <array>

#include "onefold/run/intake.hpp"

namespace onefold::run {

// The gates of the streams beside a definition's spine, and the watermark that all its streams make together: the least
// of their own, because the slowest may still bring what the others are done with. Each stream judges lateness by its
// own order of arrival, so that it does not matter how the streams are interleaved.
//
// A stream that was silent for its idle time-out, by the clock as any stream was last told it, is left out of the
// minimum. It takes part again with its next event, which is late if the others have gone on.
template <class Def, class Indices = std::make_index_sequence<plan::StreamPlan<Def, 0>::side_count>> class Sides;

template <class Def>
class Sides<Def, std::index_sequence<>> {
public:
    explicit Sides(std::uint64_t = 0) {}
    static std::int64_t watermark(const Intake<Def>& spine) noexcept { return spine.watermark().value(); }
    void heard(std::size_t, std::int64_t) noexcept {}
    void follow(Intake<Def>&) noexcept {}
    void advance_to(std::int64_t) noexcept {}
    void tick(std::int64_t) noexcept {}
};

template <class Def, std::size_t... I>
    requires(sizeof...(I) > 0)
class Sides<Def, std::index_sequence<I...>> {
    static constexpr std::size_t streams = sizeof...(I) + 1;

public:
    explicit Sides(std::uint64_t seed = 0)
        : intakes_(onefold::make_tuple(Intake<Def, I + 1>(Arrival::as_given, seed)...)) {
        heard_at_.fill(earliest);
    }

    // The gate of stream `Stream` of the definition, from 1 on.
    template <std::size_t Stream> auto& intake() noexcept { return get<Stream - 1>(intakes_); }
    template <std::size_t Stream> const auto& intake() const noexcept { return get<Stream - 1>(intakes_); }

    std::int64_t watermark(const Intake<Def>&) const noexcept { return watermark_; }

    // A record of this stream has come; without a time of arrival it came when the clock was last told.
    void heard(std::size_t stream, std::int64_t arrived) noexcept {
        tell(arrived);
        heard_at_[stream] = clock_;
    }
    // Brings the common watermark to where the streams' own are.
    void follow(Intake<Def>& spine) noexcept {
        const std::array<std::int64_t, streams> own{spine.watermark().value(), get<I>(intakes_).watermark().value()...};
        auto least = latest;
        bool any = false;
        for (std::size_t s = 0; s < streams; ++s) {
            if (is_idle(s)) continue;
            any = true;
            least = std::min(least, own[s]);
        }
        // Where all are silent, each follows the clock.
        if (!any) least = *std::min_element(own.begin(), own.end());
        if (least > watermark_) watermark_ = least;
        spine.watermark().advance_to(watermark_);
        (get<I>(intakes_).watermark().advance_to(watermark_), ...);
    }
    void advance_to(std::int64_t watermark) noexcept { (get<I>(intakes_).watermark().advance_to(watermark), ...); }
    void tick(std::int64_t now) noexcept {
        tell(now);
        (get<I>(intakes_).watermark().tick(now), ...);
    }

private:
    static constexpr std::array<std::int64_t, streams> idle_after{plan::StreamPlan<Def, 0>::stream.idle_after,
                                                                  plan::StreamPlan<Def, I + 1>::stream.idle_after...};

    void tell(std::int64_t now) noexcept {
        if (now <= clock_) return;
        // A stream of which nothing has come has been silent since the clock was first told.
        if (clock_ == earliest)
            for (auto& at : heard_at_) at = now;
        clock_ = now;
    }
    bool is_idle(std::size_t stream) const noexcept {
        return idle_after[stream] != latest && clock_ != earliest &&
               saturating_subtract(clock_, heard_at_[stream]) >= idle_after[stream];
    }

    Tuple<Intake<Def, I + 1>...> intakes_;
    std::array<std::int64_t, streams> heard_at_{};
    std::int64_t clock_ = earliest;
    std::int64_t watermark_ = earliest;
};

} // namespace onefold::run
