#pragma once

#include "onefold/run/live_windows.hpp"
#include "onefold/run/sharded.hpp"

namespace onefold {

// The live executor of windows that close, over several cores: as ShardedLive of other definitions, and with the same
// answers in the same order as Live gives for the same events.
template <ClosingDefinition Def>
class ShardedLive<Def> {
    using All = plan::Plan<Def>;
    using Store = engine::WindowStore<Def>;

public:
    using record = typename All::record;

    ShardedLive(unsigned shards, unsigned threads, LiveOptions<Def> options = {})
        : options_(std::move(options)), threads_(threads == 0 ? run::hardware_threads() : threads),
          intake_(run::Arrival::as_given, run::seed_of(options_)) {
        shards = shards < 1 ? 1 : shards > engine::key_groups ? engine::key_groups : shards;
        for (unsigned s = 0; s < shards; ++s) shards_.emplace_back(options_);
    }

    // Folds the events in order; verdicts, if not null, has room for `count`. Answers and dead letters of the batch are
    // handed out, in the caller's thread, before it returns.
    void push_many(const record* events, std::size_t count, Verdict* verdicts) {
        steps_.clear();
        std::exception_ptr failure;
        for (std::size_t i = 0; i < count; ++i) {
            const auto arrived = options_.clock ? options_.clock() : Time{earliest};
            // Where the journal throws, the events of the batch before this one are folded, as they are in the journal.
            try {
                if (options_.journal) options_.journal.push(events[i], arrived);
            } catch (...) {
                failure = std::current_exception();
                count = i;
                break;
            }
            const auto verdict = intake_.judge(events[i], arrived.micros);
            steps_.push_back({&events[i], verdict, verdict, intake_.was_punctuation(), shard_of(events[i]),
                              intake_.records() - 1, intake_.watermark_before(), intake_.watermark().value()});
        }
        fold();
        for (std::size_t i = 0; i < count; ++i) {
            const auto& step = steps_[i];
            if (verdicts) verdicts[i] = step.verdict;
            if (step.verdict != Verdict::applied && !step.punctuation && options_.dead_letter)
                options_.dead_letter({*step.event, step.verdict, Time{step.before}, step.position});
        }
        answer();
        if (failure) std::rethrow_exception(failure);
    }

    void advance_watermark(Time to) {
        if (options_.journal) options_.journal.advance_watermark(to);
        const auto from = intake_.watermark().value();
        intake_.watermark().advance_to(to.micros);
        steps_.clear();
        steps_.push_back(
            {nullptr, Verdict::filtered, Verdict::filtered, false, 0, no_cause, from, intake_.watermark().value()});
        fold();
        answer();
    }
    void finish() { advance_watermark(Time{latest}); }
    void reject() {
        if (options_.journal) options_.journal.reject();
        intake_.reject();
    }

    Time watermark() const noexcept { return Time{intake_.watermark().value()}; }
    const Account& account() const noexcept { return intake_.account(); }
    // As Live's.
    std::uint64_t overflows() const noexcept {
        std::uint64_t total = 0;
        for (const auto& shard : shards_) total += shard.answers.overflows;
        return total;
    }

private:
    // What every shard does in turn: take the event if it is of its own keys, then follow the watermark.
    struct Step {
        const record* event;
        Verdict judged;  // before its windows are asked
        Verdict verdict; // in the end
        bool punctuation;
        std::uint8_t shard;
        std::uint64_t position;
        std::int64_t before, after;
    };
    struct Shard {
        Store store;
        engine::WindowAnswers<Def> answers;
        explicit Shard(const LiveOptions<Def>& options) : store(run::seed_of(options)) {
            answers.wants_fired = static_cast<bool>(options.fired);
            answers.wants_closed = static_cast<bool>(options.settled);
        }
    };

    std::uint8_t shard_of(const record& event) const {
        const auto group = engine::key_group_of(Store::Keys::hash(event, 0));
        return static_cast<std::uint8_t>(group * shards_.size() / engine::key_groups);
    }
    void fold() {
        run::parallel_for(shards_.size(), threads_, [&](std::size_t s) {
            auto& [store, answers] = shards_[s];
            for (auto& step : steps_) {
                if (step.shard == s && step.judged == Verdict::applied)
                    step.verdict = run::verdict_of(store.apply(*step.event, step.before, step.position, answers));
                if (step.after > step.before) store.advance(step.before, step.after, step.position, answers);
            }
        });
        for (const auto& step : steps_)
            if (step.verdict != step.judged) intake_.revise(step.verdict);
    }
    void answer() {
        engine::WindowAnswers<Def> all;
        for (auto& [store, answers] : shards_) {
            std::move(answers.fired.begin(), answers.fired.end(), std::back_inserter(all.fired));
            std::move(answers.closed.begin(), answers.closed.end(), std::back_inserter(all.closed));
            answers.fired.clear();
            answers.closed.clear();
        }
        all.sort();
        for (const auto& row : all.fired) options_.fired(row);
        for (const auto& row : all.closed) options_.settled(row);
    }

    LiveOptions<Def> options_;
    unsigned threads_;
    std::vector<Shard> shards_;
    run::Intake<Def> intake_;
    std::vector<Step> steps_;
};

} // namespace onefold
