#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "transactions.hpp"

// The same 18 features as somebody would write them by hand for speed: cards are small integers that index an array,
// sums are plain doubles that drift, and there are no nulls. It is the floor that the library is measured against, and
// no oracle: its last bits are wrong.
namespace bench {

inline constexpr std::array<std::int64_t, 3> lengths{hour, day, 7 * day};

// Per window: count, sum, mean, min, max, stddev.
using PlainRow = std::array<std::array<double, 6>, 3>;

struct PlainItem {
    std::int64_t time;
    double amount;
};

// Positions of candidates for the least (or greatest) amount of every window that ends at the newest event.
template <bool least>
struct PlainCandidates {
    std::vector<std::uint32_t> positions;
    std::size_t first = 0;

    static bool loses(double older, double newer) { return least ? older >= newer : older <= newer; }
    void clear() {
        positions.clear();
        first = 0;
    }
    void push(const PlainItem* log, std::uint32_t position) {
        while (positions.size() > first && loses(log[positions.back()].amount, log[position].amount))
            positions.pop_back();
        if (positions.size() == first) clear();
        positions.push_back(position);
    }
    // Everything from `position` on stands one further.
    void insert(const PlainItem* log, std::uint32_t position) {
        auto i = positions.size();
        for (; i > first && positions[i - 1] >= position; --i) ++positions[i - 1];
        if (i < positions.size() && loses(log[position].amount, log[positions[i]].amount)) return;
        auto from = i;
        while (from > first && loses(log[positions[from - 1]].amount, log[position].amount)) --from;
        positions.erase(positions.begin() + static_cast<std::ptrdiff_t>(from),
                        positions.begin() + static_cast<std::ptrdiff_t>(i));
        positions.insert(positions.begin() + static_cast<std::ptrdiff_t>(from), position);
    }
    void drop_before(std::uint32_t head) {
        while (positions[first] < head) ++first;
    }
    double best_from(const PlainItem* log, std::uint32_t head) const {
        auto i = first;
        while (positions[i] < head) ++i;
        return log[positions[i]].amount;
    }
};

struct PlainCard {
    std::array<std::uint32_t, 3> head{};
    std::array<double, 3> sum{}, squares{};
    PlainCandidates<true> low;
    PlainCandidates<false> high;

    void clear() {
        head = {};
        sum = squares = {};
        low.clear();
        high.clear();
    }
    // The item at `position` is the newest.
    void fold(const PlainItem* log, std::uint32_t position, PlainRow& row) {
        const auto [time, amount] = log[position];
        low.push(log, position);
        high.push(log, position);
        for (std::size_t w = 0; w < 3; ++w) {
            sum[w] += amount;
            squares[w] += amount * amount;
            for (; log[head[w]].time <= time - lengths[w]; ++head[w]) {
                sum[w] -= log[head[w]].amount;
                squares[w] -= log[head[w]].amount * log[head[w]].amount;
            }
            write(row[w], position + 1 - head[w], sum[w], squares[w], low.best_from(log, head[w]),
                  high.best_from(log, head[w]));
        }
        low.drop_before(head[2]);
        high.drop_before(head[2]);
    }
    static void write(std::array<double, 6>& out, std::uint32_t count, double sum, double squares, double least,
                      double greatest) {
        const double n = count, mean = sum / n;
        const double variance = count < 2 ? std::numeric_limits<double>::quiet_NaN() : (squares - sum * mean) / (n - 1);
        out = {n, sum, mean, least, greatest, std::sqrt(variance)};
    }
};

class PlainLive {
public:
    explicit PlainLive(std::size_t cards) : cards_(cards) {}

    PlainRow push(const Transaction& event) {
        PlainRow row;
        auto& [log, card] = cards_[static_cast<std::size_t>(event.card)];
        const PlainItem item{event.at.micros, event.amount};
        if (log.empty() || item.time >= log.back().time) {
            if (log.size() == log.capacity()) forget(log, card, item.time);
            log.push_back(item);
            card.fold(log.data(), static_cast<std::uint32_t>(log.size() - 1), row);
        } else insert(log, card, item, row);
        return row;
    }

private:
    struct Keyed {
        std::vector<PlainItem> log;
        PlainCard card;
    };

    static void forget(std::vector<PlainItem>& log, PlainCard& card, std::int64_t time) {
        std::uint32_t gone = 0;
        while (gone < card.head[2] && log[gone].time <= time - lengths[2] - lateness) ++gone;
        if (gone < log.size() / 4 || gone == 0) return;
        log.erase(log.begin(), log.begin() + gone);
        for (auto& head : card.head) head -= gone;
        for (auto* positions : {&card.low.positions, &card.high.positions})
            for (auto& position : *positions) position -= gone;
    }
    // A late event is put into its place, and its row is answered as of the newest event, which is simpler than right.
    static void insert(std::vector<PlainItem>& log, PlainCard& card, const PlainItem& item, PlainRow& row) {
        auto at = log.size();
        while (at > 0 && log[at - 1].time > item.time) --at;
        log.insert(log.begin() + static_cast<std::ptrdiff_t>(at), item);
        const auto position = static_cast<std::uint32_t>(at);
        card.low.insert(log.data(), position);
        card.high.insert(log.data(), position);
        const auto newest = log.back().time;
        for (std::size_t w = 0; w < 3; ++w) {
            if (item.time > newest - lengths[w]) {
                card.sum[w] += item.amount;
                card.squares[w] += item.amount * item.amount;
            } else ++card.head[w];
            const auto count = static_cast<std::uint32_t>(log.size()) - card.head[w];
            PlainCard::write(row[w], count, card.sum[w], card.squares[w], card.low.best_from(log.data(), card.head[w]),
                             card.high.best_from(log.data(), card.head[w]));
        }
    }

    std::vector<Keyed> cards_;
};

// Counting sort by card, each card's events sorted by time, and one pass over each card. Rows in order of arrival.
inline std::vector<PlainRow> plain_batch(const std::vector<Transaction>& events, std::size_t cards) {
    struct Ordered {
        PlainItem item;
        std::uint32_t row;
    };
    std::vector<std::uint32_t> start(cards + 1);
    for (const auto& event : events) ++start[static_cast<std::size_t>(event.card) + 1];
    for (std::size_t i = 0; i < cards; ++i) start[i + 1] += start[i];
    std::vector<Ordered> ordered(events.size());
    auto next = start;
    for (std::size_t i = 0; i < events.size(); ++i)
        ordered[next[static_cast<std::size_t>(events[i].card)]++] = {{events[i].at.micros, events[i].amount},
                                                                     static_cast<std::uint32_t>(i)};

    std::vector<PlainRow> rows(events.size());
    std::vector<PlainItem> log;
    PlainCard state;
    for (std::size_t card = 0; card < cards; ++card) {
        const auto first = ordered.begin() + start[card], last = ordered.begin() + start[card + 1];
        std::sort(first, last, [](const Ordered& a, const Ordered& b) {
            return a.item.time != b.item.time ? a.item.time < b.item.time : a.row < b.row;
        });
        log.clear();
        state.clear();
        for (auto i = first; i != last; ++i) {
            log.push_back(i->item);
            state.fold(log.data(), static_cast<std::uint32_t>(log.size() - 1), rows[i->row]);
        }
    }
    return rows;
}

} // namespace bench
