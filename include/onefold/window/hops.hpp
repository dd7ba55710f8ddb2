#pragma once

#include "onefold/core/wide_integer.hpp"
#include "onefold/window/closing.hpp"

namespace onefold {

// A stretch of event time [start, end).
struct Interval {
    std::int64_t start = 0;
    std::int64_t end = 0;
    constexpr bool holds(std::int64_t t) const noexcept { return start <= t && t < end; }
    friend constexpr bool operator==(const Interval&, const Interval&) = default;
};

// The moment that answers a window: when the watermark reaches it. A window cut off at the end of time ends with it.
constexpr std::int64_t last_instant(const Interval& window) noexcept {
    return window.end == latest ? latest : window.end - 1;
}

// Where the windows of one hopping (or tumbling) clause lie. Window n is [n·hop + shift, n·hop + shift + size). Their
// starts and ends cut time into slices, at most two per hop, so that an event belongs to one slice and a window is a
// run of slices (Li, Maier, Tufte, Papadimos, Tucker: No pane, no gain, 2005). Computed in 128 bits and cut off at the
// ends of time, which no event has.
class Hops {
    using Wide = detail::Int128;

public:
    // The shift may be any; what counts is its rest.
    constexpr explicit Hops(const ClosingWindow& window) noexcept
        : size_(window.size), hop_(window.hop), shift_(modulo(window.shift, window.hop)), whole_(size_ / hop_),
          rest_(size_ % hop_) {}

    constexpr Interval window(std::int64_t n) const noexcept {
        const auto start = base(n);
        return {cut(start), cut(start + size_)};
    }
    // The windows that hold time t are first(t) .. last(t); none if first > last, in the hole of a large hop.
    constexpr std::int64_t last(std::int64_t t) const noexcept { return divide(static_cast<Wide>(t) - shift_); }
    constexpr std::int64_t first(std::int64_t t) const noexcept { return first(t, last(t)); }
    // The same where last(t) is known: without another division.
    constexpr std::int64_t first(std::int64_t t, std::int64_t last) const noexcept {
        return last - whole_ + (t - base(last) < rest_ ? 0 : 1);
    }
    // The first window whose last instant lies after x, which is not the end of time.
    constexpr std::int64_t first_ending_after(std::int64_t x) const noexcept {
        return first(x < latest - 1 ? x + 1 : x);
    }

    // The slice that holds t, which must be in a window.
    constexpr Interval slice(std::int64_t t) const noexcept { return slice(t, last(t)); }
    constexpr Interval slice(std::int64_t t, std::int64_t last) const noexcept {
        const auto start = base(last);
        if (size_ < hop_) return {cut(start), cut(start + size_)};
        if (rest_ == 0) return {cut(start), cut(start + hop_)};
        if (t - start < rest_) return {cut(start), cut(start + rest_)};
        return {cut(start + rest_), cut(start + hop_)};
    }

private:
    static constexpr std::int64_t modulo(std::int64_t a, std::int64_t b) noexcept {
        const auto rest = a % b;
        return rest < 0 ? rest + b : rest;
    }
    // Rounded down. A division of 64 bits, where it does, takes a fifth of the time of one of 128.
    constexpr std::int64_t divide(Wide x) const noexcept {
        if (const auto narrow = static_cast<std::int64_t>(x); narrow == x)
            return narrow / hop_ - (narrow % hop_ < 0 ? 1 : 0);
        return static_cast<std::int64_t>(x / hop_ - (x % hop_ < 0 ? 1 : 0));
    }
    constexpr Wide base(std::int64_t n) const noexcept { return static_cast<Wide>(n) * hop_ + shift_; }
    static constexpr std::int64_t cut(Wide x) noexcept {
        return x < earliest ? earliest : x > latest ? latest : static_cast<std::int64_t>(x);
    }

    std::int64_t size_, hop_, shift_;
    std::int64_t whole_, rest_; // size = whole hops + rest
};

} // namespace onefold
