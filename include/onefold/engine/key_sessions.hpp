#pragma once

#include "onefold/engine/key_slices.hpp"

namespace onefold::engine {

// The sessions of one key that have not closed for good, by the rules of KeySlices. An event stretches from its time to
// its time + gap, and sessions that it touches become one with it; whether that one is late, or has answered before, is
// asked of the merged one.
template <class P, class Held = Content<P>>
class KeySessions {
    static constexpr const ClosingWindow& rules = P::closing;
    static constexpr std::int64_t gap = rules.size;

    struct NoFresh {};
    struct Session {
        Interval span;
        Held content;
        // What came since the last answer, where answers discard.
        [[no_unique_address]] std::conditional_t<rules.discards, Held, NoFresh> fresh{};
    };

public:
    // Sessions need no grid.
    struct Grid {
        explicit Grid(const ClosingWindow&) noexcept {}
    };

    static constexpr std::size_t bytes_per_slice = sizeof(Session);
    static constexpr std::int64_t touches = rules.touching_merges ? 1 : 0;
    // Discarding sessions remember what they have answered, so they must be asked also where nobody listens.
    static constexpr bool remembers_answers = rules.discards;
    bool empty() const noexcept { return sessions_.empty(); }

    template <class Event, class Answer>
    Placed arrive(const Grid&, const Event& entry, std::int64_t watermark, Answer&& late) {
        Interval span{entry.time, saturating_add(entry.time, gap)};
        // Sessions lie apart, so those that the event touches are neighbours.
        const auto low = static_cast<std::size_t>(
            std::partition_point(sessions_.begin(), sessions_.end(),
                                 [&](const Session& session) { return ends_before(session.span, span); }) -
            sessions_.begin());
        auto high = low;
        for (; high < sessions_.size() && !ends_before(span, sessions_[high].span); ++high) {
            span.start = std::min(span.start, sessions_[high].span.start);
            span.end = std::max(span.end, sessions_[high].span.end);
        }
        if (last_instant(span) <= released_up_to(watermark, rules.lateness)) return Placed::late;
        // A session that has answered may answer on time once more when it grows.
        const auto placed = low != high && sessions_[low].span == span ? Placed::joined : Placed::opened;
        if (low == high) sessions_.insert(sessions_.begin() + static_cast<std::ptrdiff_t>(high++), Session{});
        auto& session = sessions_[low];
        for (auto i = low + 1; i < high; ++i) {
            session.content.merge(sessions_[i].content);
            if constexpr (rules.discards) session.fresh.merge(sessions_[i].fresh);
        }
        session.span = span;
        session.content.add(entry);
        if constexpr (rules.discards) session.fresh.add(entry);
        sessions_.erase(sessions_.begin() + static_cast<std::ptrdiff_t>(low + 1),
                        sessions_.begin() + static_cast<std::ptrdiff_t>(high));
        if (last_instant(span) <= watermark) answer_of(session, late);
        return placed;
    }

    template <class Answer>
    void answer_on_time(const Grid&, std::int64_t from, std::int64_t to, Answer&& on_time) {
        for (auto i = first_ending_after(from); i < sessions_.size() && last_instant(sessions_[i].span) <= to; ++i)
            answer_of(sessions_[i], on_time);
    }
    template <class Answer>
    void close(const Grid&, std::int64_t from, std::int64_t to, Answer&& closed) {
        const auto gone = released_up_to(to, rules.lateness);
        for (auto i = first_ending_after(released_up_to(from, rules.lateness));
             i < sessions_.size() && last_instant(sessions_[i].span) <= gone; ++i)
            closed(sessions_[i].span, sessions_[i].content);
    }
    void release(const Grid&, std::int64_t watermark) {
        const auto done = first_ending_after(released_up_to(watermark, rules.lateness));
        sessions_.erase(sessions_.begin(), sessions_.begin() + static_cast<std::ptrdiff_t>(done));
    }

    std::int64_t due(const Grid&, std::int64_t watermark) const {
        auto at = latest;
        if (const auto i = first_ending_after(watermark); i < sessions_.size()) at = last_instant(sessions_[i].span);
        if (!sessions_.empty()) at = std::min(at, saturating_add(last_instant(sessions_.front().span), rules.lateness));
        return at;
    }

    void save(ByteWriter& to) const {
        to.put(static_cast<std::uint64_t>(sessions_.size()));
        for (const auto& session : sessions_) {
            to.put(session.span.start);
            to.put(session.span.end);
            session.content.save(to);
            if constexpr (rules.discards) session.fresh.save(to);
        }
    }
    void load(const Grid&, ByteReader& from) {
        for (auto count = from.get_count(16); count > 0 && from.ok(); --count) {
            Session session;
            session.span.start = from.get<std::int64_t>();
            session.span.end = from.get<std::int64_t>();
            session.content.load(from);
            if constexpr (rules.discards) session.fresh.load(from);
            sessions_.push_back(std::move(session));
        }
    }

private:
    // With no time between them that a session could span.
    static constexpr bool ends_before(const Interval& a, const Interval& b) noexcept {
        return rules.touching_merges ? a.end < b.start : a.end <= b.start;
    }
    // The first session whose last instant lies after x.
    std::size_t first_ending_after(std::int64_t x) const noexcept {
        const auto at = std::partition_point(sessions_.begin(), sessions_.end(),
                                             [&](const Session& session) { return last_instant(session.span) <= x; });
        return static_cast<std::size_t>(at - sessions_.begin());
    }
    template <class Answer>
    static void answer_of(Session& session, Answer& answer) {
        if constexpr (rules.discards) {
            if (session.fresh.rows() == 0) return;
            answer(session.span, session.fresh);
            session.fresh = {};
        } else answer(session.span, session.content);
    }

    std::vector<Session> sessions_; // in order of time
};

} // namespace onefold::engine
