#pragma once

#include "onefold/engine/window_store.hpp"
#include "onefold/run/live.hpp"

namespace onefold {

// How a live executor of windows that close runs; every part of it is optional.
template <ClosingDefinition Def>
struct LiveOptions<Def> {
    using record = typename plan::Plan<Def>::record;
    // Called with each answer of a window that is still open: when the watermark reaches its end, and again with each
    // event that comes after that. Without it they are not computed.
    Callback<void(const Fired<Def>&)> fired;
    // Called with each window once it takes no more events, in order of (end, start, key).
    Callback<void(const Closed<Def>&)> settled;
    // As in LiveOptions of other definitions. An event in no window, in the hole of a hop above the size, is filtered.
    Callback<void(const DeadLetter<record>&)> dead_letter;
    Callback<Time()> clock;
    JournalRef<Def> journal;
    std::uint64_t seed = 0;
};

// The incremental executor of a definition whose windows close: one call, one verdict, in the caller's thread; answers
// come by callback before the call returns.
template <ClosingDefinition Def>
class Live<Def> {
    using All = plan::Plan<Def>;

public:
    using record = typename All::record;

    // Throws Error(usage) for an unknown time zone.
    explicit Live(LiveOptions<Def> options = {})
        : options_(std::move(options)), store_(run::seed_of(options_)),
          intake_(run::Arrival::as_given, run::seed_of(options_)) {
        answers_.wants_fired = static_cast<bool>(options_.fired);
        answers_.wants_closed = static_cast<bool>(options_.settled);
    }

    // Puts the event into its windows. O(1) amortised, and O(log keys) for each key whose window answers.
    Verdict push(const record& event) { return push(event, options_.clock ? options_.clock() : Time{earliest}); }
    // The same with the recorded time of arrival, so that a replay is judged as the original was.
    Verdict push(const record& event, Time arrived) {
        if (options_.journal) options_.journal.push(event, arrived);
        auto verdict = intake_.judge(event, arrived.micros);
        const auto position = intake_.records() - 1;
        if (verdict == Verdict::applied) {
            const auto placed = store_.apply(event, intake_.watermark_before(), position, answers_);
            verdict = run::verdict_of(placed);
            if (verdict != Verdict::applied) intake_.revise(verdict);
        }
        if (verdict != Verdict::applied && !intake_.was_punctuation() && options_.dead_letter)
            options_.dead_letter({event, verdict, Time{intake_.watermark_before()}, position});
        answer(intake_.watermark_before(), position);
        return verdict;
    }

    // Counts a record that could not be decoded, so that the account stays whole.
    void reject() {
        if (options_.journal) options_.journal.reject();
        intake_.reject();
    }

    // Says that no event at or before this time will come. A lower one is ignored.
    void advance_watermark(Time to) {
        if (options_.journal) options_.journal.advance_watermark(to);
        const auto from = intake_.watermark().value();
        intake_.watermark().advance_to(to.micros);
        answer(from, no_cause);
    }
    // Tells the time to the idle time-out.
    void tick(Time now) {
        if (options_.journal) options_.journal.tick(now);
        const auto from = intake_.watermark().value();
        intake_.watermark().tick(now.micros);
        answer(from, no_cause);
    }
    // The end of a bounded input: every window closes, and whatever follows is late.
    void finish() { advance_watermark(Time{latest}); }

    Time watermark() const noexcept { return Time{intake_.watermark().value()}; }
    const Account& account() const noexcept { return intake_.account(); }
    // Keys with an open window.
    std::size_t keys() const noexcept { return store_.keys(); }
    // How many features of answers are null because an exact sum of integers left int64.
    std::uint64_t overflows() const noexcept { return answers_.overflows; }

    // The open windows of one of engine::key_groups key groups in canonical form: the same events give the same bytes.
    std::string save(std::uint32_t key_group) {
        ByteWriter bytes;
        store_.save(key_group, bytes);
        return bytes.take();
    }
    // Takes over a key group into an executor that holds none of its keys and whose watermark is the saved one's.
    // Throws Error for damaged bytes, and for an executor with a journal, which begins with nothing.
    void load(std::string_view bytes) {
        if (options_.journal) run::refuse_state();
        ByteReader reader(bytes);
        if (!store_.load(intake_.watermark().value(), reader) || !reader.at_end())
            throw Error(ErrorKind::data, "the saved state of a key group is damaged; restore it from another copy");
    }

private:
    void answer(std::int64_t from, std::uint64_t cause) {
        if (const auto to = intake_.watermark().value(); to > from) store_.advance(from, to, cause, answers_);
        if (answers_.fired.empty() && answers_.closed.empty()) return;
        answers_.sort();
        for (const auto& row : answers_.fired) options_.fired(row);
        for (const auto& row : answers_.closed) options_.settled(row);
        answers_.fired.clear();
        answers_.closed.clear();
    }

    LiveOptions<Def> options_;
    engine::WindowStore<Def> store_;
    engine::WindowAnswers<Def> answers_;
    run::Intake<Def> intake_;
};

} // namespace onefold
