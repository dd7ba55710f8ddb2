#pragma once

#include <algorithm>
#include <deque>
#include <vector>

#include "onefold/engine/event_order.hpp"
#include "onefold/engine/table_store.hpp"

namespace onefold::run {

// Accepted events that wait for the watermark: a heap in canonical order.
template <class Def>
class Waiting {
public:
    using record = typename plan::Plan<Def>::record;

    void push(const record& event) {
        events_.push_back(event);
        std::push_heap(events_.begin(), events_.end(), after);
    }
    bool ready(std::int64_t watermark) const {
        return !events_.empty() && engine::time_of<typename plan::Plan<Def>::stream_type>(events_.front()) <= watermark;
    }
    record pop() {
        std::pop_heap(events_.begin(), events_.end(), after);
        auto event = std::move(events_.back());
        events_.pop_back();
        return event;
    }
    std::size_t size() const noexcept { return events_.size(); }
    // Calls settle(event, what the fold reads of it) for each event up to the watermark, in canonical order.
    template <class Settle>
    void release(std::int64_t watermark, engine::Joins<Def>&, Settle settle) {
        while (ready(watermark)) {
            const auto event = pop();
            settle(event, event);
        }
    }

private:
    static bool after(const record& a, const record& b) { return engine::event_order<Def>(a, b) > 0; }
    std::vector<record> events_;
};

// The same where events are folded again: until the watermark has passed an event, a version may still come that
// changes what is joined with it, and so its place among events of one time, or a change of the event itself. They are
// kept by time, and put in order at the end.
template <class Def>
    requires(plan::Plan<Def>::revises_events)
class Waiting<Def> {
    using All = plan::Plan<Def>;
    using Stream = typename All::stream_type;

public:
    using record = typename All::record;
    using input = typename All::input;

    // O(log n) for the newest event, O(d) for one that d others are newer than.
    void push(const record& event) { events_.insert(from(saturating_add(time(event), 1)), event); }

    // Calls visit(event) for each event of the times from `first` to `last`.
    template <class Visit>
    void for_each_between(std::int64_t first, std::int64_t last, Visit visit) const {
        for (auto at = from(first); at != events_.end() && time(*at) <= last; ++at) visit(*at);
    }
    // Takes out the event of this time and id, which is here: O(d) where d others are newer.
    template <class Id>
    record take(std::int64_t at, const Id& id) {
        auto found = from(at);
        while (!total_equal(engine::IdOf<Stream>::read(*found), id)) ++found;
        auto event = std::move(*found);
        events_.erase(found);
        return event;
    }
    // Takes out those that pass, after visit(event) for each.
    template <class Passes, class Visit>
    void take_if(Passes passes, Visit visit) {
        const auto gone = std::remove_if(events_.begin(), events_.end(), [&](const record& event) {
            if (!passes(event)) return false;
            visit(event);
            return true;
        });
        events_.erase(gone, events_.end());
    }
    template <class Settle>
    void release(std::int64_t watermark, engine::Joins<Def>& joins, Settle settle) {
        std::size_t done = 0;
        std::vector<input> ties;
        while (done < events_.size() && time(events_[done]) <= watermark) {
            ties.clear();
            for (auto end = done; end < events_.size() && time(events_[end]) == time(events_[done]); ++end)
                ties.push_back(joins.join(events_[end]));
            std::sort(ties.begin(), ties.end(),
                      [](const input& a, const input& b) { return engine::event_order<Def>(a, b) < 0; });
            for (const auto& joined : ties) settle(plan::event_of(joined), joined);
            done += ties.size();
        }
        events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(done));
    }
    // The same for those who do not ask.
    void forget(std::int64_t watermark) { events_.erase(events_.begin(), from(saturating_add(watermark, 1))); }
    std::size_t size() const noexcept { return events_.size(); }

private:
    static std::int64_t time(const record& event) { return engine::time_of<Stream>(event); }
    auto from(std::int64_t first) const {
        return std::partition_point(events_.begin(), events_.end(),
                                    [&](const auto& event) { return time(event) < first; });
    }
    std::deque<record> events_; // it leaves at the front
};

} // namespace onefold::run
