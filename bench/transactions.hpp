#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "onefold/core/time.hpp"

namespace bench {

struct Transaction {
    std::int64_t id, card;
    double amount;
    onefold::Time at;
};

enum class Keys : std::uint8_t { uniform, zipf };

inline constexpr std::int64_t minute = 60'000'000;
inline constexpr std::int64_t hour = 60 * minute;
inline constexpr std::int64_t day = 24 * hour;
inline constexpr std::int64_t lateness = 10 * minute;

// Card transactions over 30 days in order of arrival: 5 % of them arrive up to ten minutes late; amounts are log-normal
// with two decimals; cards are drawn uniformly, or by Zipf's law with exponent 1.1, where the busiest of 100,000 has
// 13.5 % of the events. The same numbers on every machine: the draws use the engine's bits only.
inline std::vector<Transaction> transactions(std::size_t events, std::size_t cards, Keys keys) {
    std::mt19937_64 random(20260101);
    const auto unit = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    const auto below = [&](std::int64_t bound) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound));
    };

    std::vector<double> share(cards);
    double total = 0;
    for (std::size_t i = 0; i < cards; ++i) share[i] = total += 1 / std::pow(static_cast<double>(i + 1), 1.1);
    std::vector<std::int64_t> card_of_rank(cards);
    for (std::size_t i = 0; i < cards; ++i) card_of_rank[i] = static_cast<std::int64_t>(i);
    for (std::size_t i = cards; i > 1; --i)
        std::swap(card_of_rank[i - 1], card_of_rank[static_cast<std::size_t>(below(static_cast<std::int64_t>(i)))]);

    std::vector<std::int64_t> times(events);
    for (auto& time : times) time = below(30 * day);
    std::sort(times.begin(), times.end());

    struct Arriving {
        std::int64_t at;
        Transaction transaction;
    };
    std::vector<Arriving> arriving(events);
    for (std::size_t i = 0; i < events; ++i) {
        const auto rank =
            static_cast<std::size_t>(std::lower_bound(share.begin(), share.end(), unit() * total) - share.begin());
        const auto card =
            keys == Keys::zipf ? card_of_rank[std::min(rank, cards - 1)] : below(static_cast<std::int64_t>(cards));
        const double normal = std::sqrt(-2 * std::log(1 - unit())) * std::cos(2 * 3.141592653589793 * unit());
        const double amount = std::max(0.01, std::round(std::exp(3.5 + 1.2 * normal) * 100) / 100);
        const auto delay = below(20) == 0 ? below(lateness) : 0;
        arriving[i] = {times[i] + delay, {static_cast<std::int64_t>(i), card, amount, {times[i]}}};
    }
    std::sort(arriving.begin(), arriving.end(), [](const Arriving& a, const Arriving& b) {
        return a.at != b.at ? a.at < b.at : a.transaction.id < b.transaction.id;
    });
    std::vector<Transaction> result;
    result.reserve(events);
    for (const auto& each : arriving) result.push_back(each.transaction);
    return result;
}

} // namespace bench
