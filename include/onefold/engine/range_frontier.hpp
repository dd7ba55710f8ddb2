#pragma once

#include "onefold/engine/frontier.hpp"

namespace onefold::engine {

// A moment in a key's history without any running state: windows are found by searching the log, and accumulators put
// together from its partial results. It costs O(log window) for each family and window wherever it stands, many times
// what a step of a frontier does, and nothing of how far from the last moment it is.
template <class P, class Log>
class RangeFrontier {
    static constexpr auto& tables = P::tables;

public:
    // As Frontier::move_to.
    RangeFrontier(const Log& log, std::int64_t t, std::uint32_t row_end, bool folded) : log_(log), time_(t) {
        own_ = folded ? row_end - 1 : no_position;
        for (std::size_t e = 0; e < P::end_count; ++e) {
            const Window& end = tables.ends[e];
            if (end.stop == Window::Stop::time) tails_[e] = log.lower_bound(end.end(t));
            else tails_[e] = end.stop == Window::Stop::before_row && folded ? own_ : row_end;
        }
        for (std::size_t w = 0; w < P::window_count; ++w) {
            const Window& window = tables.windows[w];
            if (window.unbounded()) continue;
            const auto tail = tail_of_window(w);
            std::uint32_t head = window.from != latest ? log.lower_bound(window.start(t)) : 0;
            if (window.rows != 0 && tail > window.rows)
                head = std::max(head, tail - static_cast<std::uint32_t>(window.rows));
            heads_[w] = std::min(head, tail);
        }
    }

    std::int64_t time() const noexcept { return time_; }
    std::uint32_t own() const noexcept { return own_; }
    std::uint32_t head(std::size_t window) const noexcept { return heads_[window]; }
    std::uint32_t tail_of_window(std::size_t window) const noexcept { return tails_[tables.end_of_window[window]]; }
    std::int64_t rows(const Log&, std::size_t window) const noexcept {
        const auto rows = static_cast<std::int64_t>(tail_of_window(window)) - heads_[window];
        return tables.windows[window].unbounded() ? rows + static_cast<std::int64_t>(log_.dropped()) : rows;
    }
    template <std::size_t F>
    auto group(std::size_t window) const {
        return log_.template range<F>(heads_[window], tail_of_window(window));
    }
    template <std::size_t F>
    std::uint32_t selected(const Log&, std::size_t window) const {
        return log_.template range<F>(heads_[window], tail_of_window(window));
    }

private:
    const Log& log_;
    std::int64_t time_;
    std::uint32_t own_;
    std::array<std::uint32_t, P::window_count> heads_{};
    std::array<std::uint32_t, P::end_count> tails_{};
};

} // namespace onefold::engine
