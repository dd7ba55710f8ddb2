#pragma once

#include <optional>

#include "onefold/order/account.hpp"
#include "onefold/order/recent_ids.hpp"
#include "onefold/plan/table_plan.hpp"
#include "onefold/run/event_clock.hpp"

namespace onefold::run {

// Which facts a change takes back: one, known by its time and by where its record was; all before a position in the
// source's log; or none.
struct TakenBack {
    enum class Which : std::uint8_t { none, one, all };
    Which which = Which::none;
    std::int64_t time = 0;
    std::uint64_t place = 0;
};

// What is known of the facts of a stream of changes: it decides for each change, in order of arrival, what becomes of
// it and of the fact that it changes. An id is kept until rows have settled up to its fact's time, or up to the newest
// event that had come when its last change did, and then one lateness more: by then an older change of it is late.
template <class Def>
class FactChanges {
    using All = plan::Plan<Def>;
    using Stream = typename All::stream_type;
    using Changes = typename Stream::change_members;
    using record = typename Stream::record;
    using Id = detail::stripped<typename engine::IdOf<Stream>::type>;
    using Position = typename Changes::template Position<record>;
    struct Known {
        Position position{};
        std::int64_t time = 0;
        std::uint64_t place = 0;
        bool holds = false; // neither deleted nor filtered
    };

public:
    FactChanges(std::int64_t width, std::uint64_t seed) : known_(width, seed) {}

    // `place`: where the record is, counted by the caller. `watermark` and `settled`: up to where new facts are late,
    // and rows have settled; `earliest` where nothing is ever late.
    Verdict judge(const record& change, std::uint64_t place, std::int64_t watermark, std::int64_t settled,
                  bool believed) {
        taken_back_ = {};
        const auto& id = engine::IdOf<Stream>::read(change);
        if (!Changes::is_known(change)) return Verdict::rejected;
        if (Changes::operation_of(change) == Operation::truncate) return truncate(change, settled);
        const bool removes = Changes::operation_of(change) == Operation::remove;
        // What is deleted needs no time: its fact has one.
        if (!detail::has_value(id) || (!removes && !believed)) return Verdict::rejected;

        const auto position = Changes::position_of(change);
        const auto* known = known_.find(detail::value_of(id), settled);
        if (is_truncated(position) || (known && Changes::order_of(position, known->position) <= 0))
            return Verdict::duplicate;
        const bool there = known && known->holds && !is_truncated(known->position);
        const bool passes = !removes && plan::passes(Def::definition.stream.filter, change);
        const auto time = believed ? engine::time_of<Stream>(change) : earliest;
        if (there ? known->time <= settled : removes && believed && time <= settled) return Verdict::late;
        if (passes && time <= (known ? settled : watermark)) return Verdict::late;

        if (there) taken_back_ = {TakenBack::Which::one, known->time, known->place};
        if (passes) {
            first_ = std::min(first_, time);
            newest_ = std::max(newest_, time);
        }
        known_.put(detail::value_of(id), kept_until(time), {position, time, place, passes}, settled);
        return passes || (removes && there) ? Verdict::applied : Verdict::filtered;
    }
    const TakenBack& taken_back() const noexcept { return taken_back_; }
    // A change that the last truncation was after.
    bool is_truncated(const record& change) const { return is_truncated(Changes::position_of(change)); }
    // How many ids are kept.
    std::size_t size() const noexcept { return known_.size(); }

private:
    // What is deleted before anything has come, and without saying when it was, may come at any time.
    std::int64_t kept_until(std::int64_t time) const {
        const auto known = std::max(time, newest_);
        return known == earliest ? latest : saturating_add(known, disorder);
    }
    bool is_truncated(const Position& position) const {
        return truncation_ && Changes::order_of(position, *truncation_) < 0;
    }
    // A fact that has settled cannot be taken back, and half a truncation would leave a state that never was.
    Verdict truncate(const record& change, std::int64_t settled) {
        auto position = Changes::position_of(change);
        if (truncation_ && Changes::order_of(position, *truncation_) <= 0) return Verdict::duplicate;
        if (first_ <= settled) return Verdict::late;
        truncation_ = std::move(position);
        taken_back_.which = TakenBack::Which::all;
        return Verdict::applied;
    }

    static constexpr std::int64_t disorder =
        saturating_add(saturating_add(Def::definition.stream.allowed_lateness, plan::settle_delay<Def>), 1);

    RecentIds<Id, Known> known_;
    std::optional<Position> truncation_;
    TakenBack taken_back_;
    std::int64_t first_ = latest; // of all facts that ever were
    std::int64_t newest_ = earliest;
};

} // namespace onefold::run
