#pragma once

// Runs one definition whose windows close over one list of events through both executors and compares every answer with
// the slow twin.

#include <span>

#include "onefold/run/backfill_windows.hpp"
#include "onefold/run/live_windows.hpp"
#include "support/finding.hpp"
#include "support/slow_windows.hpp"

namespace twin {

template <class Def>
class WindowsCheck : Finding<Def> {
    using Base = Finding<Def>;
    using Base::bytes_of, Base::clamped, Base::expect, Base::found_, Base::show, typename Base::Stream;
    using Verdict = onefold::Verdict;
    using Closed = onefold::Closed<Def>;
    using Fired = onefold::Fired<Def>;
    using Twin = SlowWindows<Def>;
    using Keys = typename onefold::engine::WindowStore<Def>::Keys;

public:
    // Empty when everything agrees, else the first thing that does not.
    static std::string difference(const std::vector<Event>& events, std::uint64_t seed) {
        WindowsCheck check(events, seed);
        check.compute();
        check.check_batch();
        check.check_live();
        check.check_other_orders();
        return check.found_;
    }

private:
    WindowsCheck(const std::vector<Event>& events, std::uint64_t seed) : events_(events), seed_(seed) {}

    void compute() {
        SlowGate<Def> gate;
        gate.judges_lateness = false;
        gate.memory = Twin::memory();
        for (std::size_t i = 0; i < events_.size(); ++i) {
            watermarks_.push_back(clamped(gate.watermark));
            auto verdict = gate.judge(events_[i]);
            punctuations_.push_back(gate.punctuation);
            if (verdict == Verdict::applied) {
                bool in_a_window = true;
                if (!twin_.arrive(events_[i], i, in_a_window))
                    verdict = in_a_window ? Verdict::late : Verdict::filtered;
            }
            if (verdict == Verdict::applied) accepted_.push_back(&events_[i]);
            verdicts_.push_back(verdict);
            twin_.advance(clamped(gate.watermark), i);
        }
        watermarks_.push_back(clamped(gate.watermark));
        twin_.finish();
    }
    void check_account(const onefold::Account& actual, std::size_t events, const char* what) {
        onefold::Account counts;
        for (std::size_t i = 0; i < events; ++i) {
            if (punctuations_[i]) continue;
            ++counts.in;
            counts.count(verdicts_[i]);
        }
        expect(actual == counts && actual.balances(), what, " counts other verdicts after ", events, " events");
    }

    void same(const typename Twin::Answer& expected, const Closed& actual, const char* what, std::size_t i) {
        if (!found_.empty()) return;
        expect(actual.start.micros == expected.start && actual.end.micros == expected.end &&
                   Keys::equal(actual.key, *expected.shown),
               what, " ", i, " is of the window [", actual.start.micros, ", ", actual.end.micros, ") instead of [",
               expected.start, ", ", expected.end, "), or of another key than ", describe(*expected.shown));
        const auto column = expected.row.first_difference(actual);
        if (column == onefold::Row<Def>::width) return;
        expect(false, what, " ", i, ", the window [", expected.start, ", ", expected.end,
               "): ", onefold::Row<Def>::names[column], " is ", show(actual, column), " instead of ",
               show(expected.row, column), " for the key of ", describe(*expected.shown));
    }
    void same_fired(const std::vector<Fired>& fired, const char* what) {
        expect(fired.size() == twin_.fired.size(), what, " fires ", fired.size(), " times instead of ",
               twin_.fired.size());
        for (std::size_t i = 0; i < fired.size() && found_.empty(); ++i) {
            const auto& expected = twin_.fired[i];
            same(expected, fired[i], what, i);
            expect(fired[i].pane == expected.pane && fired[i].watermark.micros == expected.watermark &&
                       fired[i].cause == expected.cause,
                   what, " ", i, " is the pane ", onefold::to_text(fired[i].pane), " at ", fired[i].watermark.micros,
                   " caused by ", fired[i].cause, " instead of ", onefold::to_text(expected.pane), " at ",
                   expected.watermark, " caused by ", expected.cause);
        }
    }
    void same_closed(std::span<const Closed> closed, const std::vector<typename Twin::Answer>& expected,
                     const char* what) {
        expect(closed.size() == expected.size(), what, " closes ", closed.size(), " windows instead of ",
               expected.size());
        for (std::size_t i = 0; i < closed.size() && found_.empty(); ++i) same(expected[i], closed[i], what, i);
    }

    void check_batch() {
        for (const unsigned threads : {1u, static_cast<unsigned>(2 + seed_ % 3)}) {
            onefold::BackfillOptions options;
            options.threads = threads;
            options.arrival = onefold::Arrival::as_given;
            options.fires = true;
            const auto batch = onefold::backfill<Def>(events_, options);
            same_fired(batch.fired, "batch, fired");
            same_closed(batch.rows, twin_.closed, "batch");
            check_account(batch.account, events_.size(), "batch");
            for (const auto& excluded : batch.excluded)
                expect(excluded.reason == verdicts_[excluded.position] &&
                           excluded.watermark == watermarks_[excluded.position],
                       "batch excludes event ", excluded.position, " for another reason or watermark");
            expect(batch.excluded.size() == batch.account.in - accepted_.size(), "batch excludes another number");
        }
    }

    // Live, saved in the middle and gone on with by another executor.
    void check_live() {
        std::vector<Fired> fired;
        std::vector<Closed> closed;
        std::size_t now = 0, letters = 0;
        const auto options = [&] {
            onefold::LiveOptions<Def> live;
            live.seed = seed_;
            live.fired = [&](const Fired& row) { fired.push_back(row); };
            live.settled = [&](const Closed& row) { closed.push_back(row); };
            live.dead_letter = [&](const onefold::DeadLetter<Event>& letter) {
                ++letters;
                expect(letter.reason == verdicts_[now] && letter.watermark.micros == watermarks_[now] &&
                           letter.position == now,
                       "the dead letter of event ", now, " has another reason, watermark or position");
            };
            return live;
        };
        onefold::Live<Def> live(options());
        for (; now < events_.size() && found_.empty(); ++now) {
            const auto verdict = live.push(events_[now]);
            expect(verdict == verdicts_[now], "live says ", onefold::to_text(verdict), " of event ", now,
                   " instead of ", onefold::to_text(verdicts_[now]));
            check_account(live.account(), now + 1, "live");
            expect(live.watermark().micros == watermarks_[now + 1], "live has another watermark after event ", now);
            expect(letters == live.account().in - live.account().applied, "event ", now, " has no dead letter");
            if (now == events_.size() / 2) check_bytes(live);
        }
        live.finish();
        expect(live.keys() == 0, "live keeps keys without a window");
        same_fired(fired, "live, fired");
        same_closed(closed, twin_.closed, "live");
    }
    void check_bytes(onefold::Live<Def>& live) {
        onefold::Live<Def> other;
        other.advance_watermark(live.watermark());
        const auto bytes = bytes_of(live);
        for (const auto& group : bytes) other.load(group);
        expect(bytes_of(other) == bytes, "what was loaded saves as other bytes");
        // Whether somebody listens to the answers is no part of the state.
        onefold::Live<Def> deaf;
        for (std::size_t i = 0; i <= events_.size() / 2; ++i) deaf.push(events_[i]);
        expect(bytes_of(deaf) == bytes, "an executor that nobody listens to saves other bytes");
    }
    // The accepted events in other orders of arrival within the stream's lateness: the same closed windows, the same
    // bytes, in the batch as well; and once more where the state changes hands in the middle.
    void check_other_orders() {
        Twin whole;
        const auto members = Base::without_repeats(accepted_);
        for (const Event* event : members) {
            bool in_a_window = true;
            whole.arrive(*event, 0, in_a_window);
        }
        whole.finish();
        std::vector<std::string> bytes;
        Generator random(seed_ + 1000);
        for (int order = 0; order < 3 && found_.empty(); ++order) {
            std::vector<Event> shuffled;
            for (const Event* event : Base::arriving(members, &Base::time, order, random)) shuffled.push_back(*event);

            std::vector<Closed> closed;
            const auto make = [&] {
                onefold::LiveOptions<Def> options;
                options.seed = seed_ + static_cast<std::uint64_t>(order);
                options.settled = [&](const Closed& row) { closed.push_back(row); };
                return onefold::Live<Def>(std::move(options));
            };
            auto live = make();
            for (std::size_t i = 0; i < shuffled.size(); ++i) {
                if (order == 1 && i == shuffled.size() / 2) {
                    auto next = make();
                    next.advance_watermark(live.watermark());
                    for (const auto& group : bytes_of(live)) next.load(group);
                    live = std::move(next);
                }
                const auto verdict = live.push(shuffled[i]);
                expect(verdict == Verdict::applied, "in another order of arrival an event within the lateness is ",
                       onefold::to_text(verdict));
            }
            live.advance_watermark(onefold::Time{watermarks_.back()});
            const auto saved = bytes_of(live);
            // How far partitions have come, and so what is kept, can depend on the order in which they were heard of.
            const bool as_far = live.watermark().micros == watermarks_.back();
            if (bytes.empty() && as_far) bytes = saved;
            // What a discarding session has answered is part of it, and depends on what had arrived by then.
            if constexpr (!onefold::engine::KeyWindows<onefold::plan::EntityPlan<Def, 0>>::remembers_answers)
                expect(!as_far || saved == bytes, "another order of arrival leaves other bytes");
            live.finish();
            same_closed(closed, whole.closed, "live in another order");
            const auto batch = onefold::backfill<Def>(shuffled, {.threads = static_cast<unsigned>(order + 1)});
            same_closed(batch.rows, whole.closed, "batch of another order");
        }
    }

    const std::vector<Event>& events_;
    std::uint64_t seed_;
    std::vector<Verdict> verdicts_;
    std::vector<bool> punctuations_;
    std::vector<std::int64_t> watermarks_; // before each event, and after the last
    std::vector<const Event*> accepted_;
    Twin twin_;
};

} // namespace twin
