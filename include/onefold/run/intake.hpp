#pragma once

#include <algorithm>

#include "onefold/engine/event_order.hpp"
#include "onefold/order/recent_ids.hpp"
#include "onefold/engine/key_slices.hpp"
#include "onefold/order/watermark.hpp"
#include "onefold/run/rows.hpp"

namespace onefold::run {

// Whether a batch judges lateness. `any`: history is complete, every event counts. `as_given`: the order of the events
// is the order of their arrival, and they are judged as live would have.
enum class Arrival : std::uint8_t { any, as_given };

// Of an event that was given to the windows of its key. One in the hole of a large hop is in no window: filtered.
constexpr Verdict verdict_of(engine::Placed placed) noexcept {
    return placed == engine::Placed::late      ? Verdict::late
           : placed == engine::Placed::outside ? Verdict::filtered
                                               : Verdict::applied;
}

// The gate that both executors put in front of the fold: it decides for every event, in order of arrival, whether it is
// applied, and keeps the account. Order of the questions: is it well-formed, does it pass the stream's filter, is it
// late, is it a duplicate.
template <class Def>
class Intake {
    using All = plan::Plan<Def>;
    using Stream = typename All::stream_type;
    using Id = typename engine::IdOf<Stream>::type;
    using IdValue = detail::stripped<Id>;
    static constexpr const auto& stream = Def::definition.stream;

public:
    using record = typename Stream::record;

    explicit Intake(Arrival arrival = Arrival::as_given, std::uint64_t seed = 0)
        : arrival_(arrival), watermark_(stream.allowed_lateness, stream.idle_after),
          ids_(arrival == Arrival::any ? latest : saturating_add(saturating_add(stream.allowed_lateness, reach()), 1'000'000),
               seed) {}

    // arrived: the recorded arrival time, or `earliest` where none is known; without one, no event is from the future.
    Verdict judge(const record& event, std::int64_t arrived = earliest) {
        ++account_.in;
        const auto verdict = decide(event, arrived);
        account_.count(verdict);
        return verdict;
    }
    // Where windows close, only they know whether an event is late: judge says that it is applied, and this takes it
    // back.
    void revise(Verdict to) noexcept {
        --account_.applied;
        account_.count(to);
    }
    // A record that could not be read at all.
    void reject() noexcept {
        ++account_.in;
        account_.count(Verdict::rejected);
    }

    Watermark& watermark() noexcept { return watermark_; }
    const Watermark& watermark() const noexcept { return watermark_; }
    // The watermark as the last judged event found it.
    std::int64_t watermark_before() const noexcept { return before_; }
    const Account& account() const noexcept { return account_; }
    Account& account() noexcept { return account_; }

private:
    Verdict decide(const record& event, std::int64_t arrived) {
        before_ = watermark_.value();
        const auto& member = event.*Stream::time_member;
        if constexpr (detail::is_optional<std::remove_cvref_t<decltype(member)>>)
            if (!member) return Verdict::rejected;
        const auto time = engine::time_of<Stream>(event);
        // The two ends of time mean before and after everything; no window could hold an event there.
        if (time == earliest || time == latest) return Verdict::rejected;
        if (arrived != earliest && stream.future_limit != latest && time > saturating_add(arrived, stream.future_limit))
            return Verdict::rejected;
        auto verdict = Verdict::applied;
        if (!plan::passes(stream.filter, event)) verdict = Verdict::filtered;
        else if (!All::closes && arrival_ == Arrival::as_given && watermark_.is_late(time)) verdict = Verdict::late;
        else if (is_duplicate(event, time)) verdict = Verdict::duplicate;
        // Filtered and repeated events tell the time as well as any other.
        if (arrival_ == Arrival::as_given) watermark_.observe(time, arrived);
        return verdict;
    }

    // How far behind the watermark an event may still count.
    static constexpr std::int64_t reach() noexcept {
        if constexpr (All::closes) return All::template entity<0>::closing.reach();
        else return 0;
    }
    bool is_duplicate(const record& event, std::int64_t time) {
        if constexpr (Stream::has_id) {
            if (!stream.deduplicates) return false;
            const auto& id = engine::IdOf<Stream>::read(event);
            const auto horizon = saturating_subtract(watermark_.value(), reach());
            if constexpr (detail::is_optional<Id>) return id && !ids_.insert(*id, time, horizon);
            else return !ids_.insert(id, time, horizon);
        } else return false;
    }

    Arrival arrival_;
    Watermark watermark_;
    std::int64_t before_ = earliest;
    Account account_;
    RecentIds<IdValue> ids_;
};

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

private:
    static bool after(const record& a, const record& b) { return engine::event_order<Def>(a, b) > 0; }
    std::vector<record> events_;
};

} // namespace onefold::run
