#pragma once

#include <algorithm>

#include "onefold/engine/key_slices.hpp"
#include "onefold/order/recent_ids.hpp"
#include "onefold/run/event_clock.hpp"
#include "onefold/run/fact_changes.hpp"
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

// The gate that both executors put in front of the fold, one for each stream: it decides for every event, in order of
// arrival, whether it is applied, and keeps the account. Order of the questions: is it a punctuation and no event, is
// it well-formed, does it pass the stream's filter, is it late, is it a duplicate. Of changes of facts it also says
// what they take back.
template <class Def, std::size_t I = 0>
class Intake {
    using Source = plan::StreamPlan<Def, I>;
    using Stream = typename Source::stream_type;
    using Id = typename engine::IdOf<Stream>::type;
    using IdValue = detail::stripped<Id>;
    using Clock = EventClock<Def, I>;
    static constexpr const auto& stream = Source::stream;

    template <class S> struct IdsOf {
        using type = RecentIds<IdValue>;
    };
    template <class S>
        requires(S::has_changes)
    struct IdsOf<S> {
        using type = FactChanges<Def>;
    };

public:
    using record = typename Stream::record;

    explicit Intake(Arrival arrival = Arrival::as_given, std::uint64_t seed = 0)
        : arrival_(arrival),
          ids_(arrival == Arrival::any ? latest
                                       : saturating_add(saturating_add(stream.allowed_lateness, reach()), 1'000'000),
               seed) {}

    // arrived: the recorded arrival time, or `earliest` where none is known; without one, no event is from the future.
    // Of a stream that declares arrival<>(), its member is used instead. A punctuation answers `filtered`, but it is no
    // event: it is not counted.
    Verdict judge(const record& event, std::int64_t arrived = earliest) {
        ++records_;
        before_ = watermark_.value();
        arrived = Clock::arrival_of(event, arrived);
        punctuation_ = Clock::is_punctuation(event);
        if (punctuation_) {
            if (arrival_ == Arrival::as_given && Clock::believes(event, arrived))
                watermark_.observe(event, arrived, true);
            return Verdict::filtered;
        }
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
        ++records_;
        ++account_.in;
        account_.count(Verdict::rejected);
    }

    // What the last judged record takes back, of a stream of changes; see run/fact_changes.hpp.
    const auto& changes() const noexcept
        requires(Stream::has_changes)
    {
        return ids_;
    }

    Clock& watermark() noexcept { return watermark_; }
    const Clock& watermark() const noexcept { return watermark_; }
    // The watermark as the last judged record found it, and whether that record was a punctuation.
    std::int64_t watermark_before() const noexcept { return before_; }
    bool was_punctuation() const noexcept { return punctuation_; }
    // How many records have come, punctuations and what could not be read among them; the last one's position is one
    // less.
    std::uint64_t records() const noexcept { return records_; }
    const Account& account() const noexcept { return account_; }
    Account& account() noexcept { return account_; }

private:
    Verdict decide(const record& event, std::int64_t arrived)
        requires(Stream::has_changes)
    {
        const bool believed = Clock::believes(event, arrived), judges = arrival_ == Arrival::as_given;
        const auto verdict = ids_.judge(event, records_ - 1, judges ? before_ : earliest,
                                        judges ? plan::held_until<Def>(before_) : earliest, believed);
        if (!judges || verdict == Verdict::rejected) return verdict;
        if (plan::Plan<Def>::is_fact(event)) watermark_.observe(event, arrived, false);
        else watermark_.arrive(arrived);
        return verdict;
    }
    Verdict decide(const record& event, std::int64_t arrived) {
        if (!Clock::believes(event, arrived)) return Verdict::rejected;
        const auto time = engine::time_of<Stream>(event);
        auto verdict = Verdict::applied;
        if (!Source::has_key(event) || !plan::passes(stream.filter, event)) verdict = Verdict::filtered;
        else if (!Source::closes && arrival_ == Arrival::as_given && watermark_.is_late(time)) verdict = Verdict::late;
        else if (is_duplicate(event, time)) verdict = Verdict::duplicate;
        // Filtered and repeated events tell the time as well as any other.
        if (arrival_ == Arrival::as_given) watermark_.observe(event, arrived, false);
        return verdict;
    }

    // How far behind the watermark an event may still count.
    static constexpr std::int64_t reach() noexcept {
        if constexpr (Stream::has_changes) return plan::settle_delay<Def>;
        else return Source::reach();
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
    Clock watermark_;
    std::int64_t before_ = earliest;
    bool punctuation_ = false;
    std::uint64_t records_ = 0;
    Account account_;
    typename IdsOf<Stream>::type ids_;
};

} // namespace onefold::run
