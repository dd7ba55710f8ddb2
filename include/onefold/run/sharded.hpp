#pragma once

#include "onefold/run/live.hpp"
#include "onefold/run/parallel.hpp"

namespace onefold {

// The live executor over several cores: keys belong to shards by their key group, each shard is folded by one thread at
// a time, and events come in batches. Whether an event counts is decided once, in order of arrival, before the fold, so
// every answer is the same bit for bit as Live gives for the same events one by one.
template <class Def>
class ShardedLive : public plan::Quiet {
    static_assert(
        requires { Def::definition; },
        "onefold: ShardedLive<Def> takes a struct with `static constexpr auto definition = onefold::define(...)`");

public:
    using plan::Quiet::Quiet;
};

template <AsOfDefinition Def>
class ShardedLive<Def> {
    using All = plan::Plan<Def>;

    static_assert(All::table_count == 0,
                  "onefold: a definition with tables runs in one Live, as its versions belong to "
                  "every shard; use Live<Def>");
    static_assert(!All::stream_type::has_changes,
                  "onefold: a stream with changes<>() runs in one Live, as a change may take a fact from one shard to "
                  "another; use Live<Def>");
    static_assert(All::side_count == 0, "onefold: a definition of several streams runs in one Live; use Live<Def>");

public:
    using record = typename All::record;

    // At most engine::key_groups shards are of use; threads as in BackfillOptions.
    ShardedLive(unsigned shards, unsigned threads, LiveOptions<Def> options = {})
        : options_(std::move(options)), threads_(threads == 0 ? run::hardware_threads() : threads),
          intake_(run::Arrival::as_given, run::seed_of(options_)) {
        shards = shards < 1 ? 1 : shards > engine::key_groups ? engine::key_groups : shards;
        for (unsigned s = 0; s < shards; ++s)
            shards_.push_back(run::Stores<Def>::make(static_cast<bool>(options_.settled), run::seed_of(options_)));
    }

    // Folds the events in order; rows, if not null, has room for `count` served rows. Settled rows and dead letters of
    // the batch are handed out, in the caller's thread, before it returns.
    void push_many(const record* events, std::size_t count, Served<Def>* rows) {
        std::exception_ptr failure;
        for (std::size_t i = 0; i < count; ++i) {
            Row<Def>* row = rows && options_.serves ? &rows[i] : nullptr;
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
            if (rows) rows[i].verdict = verdict;
            if (verdict == Verdict::applied) {
                steps_.push_back(step(events[i], i, row));
                if (options_.settled) waiting_.push(events[i]);
                if (rows && !row) run::make_null<Def>(rows[i]);
            } else {
                if (rows) run::make_null<Def>(rows[i]);
                if (options_.dead_letter && !intake_.was_punctuation())
                    options_.dead_letter({events[i], verdict, Time{intake_.watermark_before()}, intake_.records() - 1});
            }
            release();
        }
        fold(events);
        for (std::size_t i = 0; rows && options_.serves && i < count; ++i)
            if (rows[i].verdict == Verdict::applied) engine::write_derived<Def>(rows[i], &events[i]);
        if (failure) std::rethrow_exception(failure);
    }

    void advance_watermark(Time to) {
        if (options_.journal) options_.journal.advance_watermark(to);
        intake_.watermark().advance_to(to.micros);
        release();
        fold(nullptr);
    }
    // As Live's.
    void tick(Time now) {
        if (options_.journal) options_.journal.tick(now);
        intake_.watermark().tick(now.micros);
        release();
        fold(nullptr);
    }
    void finish() { advance_watermark(Time{latest}); }
    void reject() {
        if (options_.journal) options_.journal.reject();
        intake_.reject();
    }

    const Account& account() const noexcept { return intake_.account(); }
    // As Live's.
    std::uint64_t overflows() const noexcept {
        std::uint64_t total = 0;
        for (const auto& stores : shards_)
            for_each_index<All::entity_count>([&](auto g) { total += get<decltype(g)::value>(stores).overflows(); });
        return total;
    }
    Time watermark() const noexcept { return Time{intake_.watermark().value()}; }

private:
    // What every shard does in turn for its own keys: fold one event of the batch, or settle one that was released.
    struct Step {
        std::size_t event;
        bool settles;
        std::int64_t watermark;
        Row<Def>* row;
        std::array<std::uint8_t, All::entity_count> shard;
    };

    Step step(const record& event, std::size_t index, Row<Def>* row) const {
        Step next{index, false, plan::settled_until<Def>(intake_.watermark_before()), row, {}};
        for_each_index<All::entity_count>([&](auto g) {
            using Keys = typename engine::EntityStore<Def, decltype(g)::value>::Keys;
            const auto group = engine::key_group_of(Keys::hash(event, 0));
            next.shard[g] = static_cast<std::uint8_t>(group * shards_.size() / engine::key_groups);
        });
        return next;
    }

    void release() {
        if (!options_.settled) return;
        while (waiting_.ready(plan::settled_until<Def>(intake_.watermark().value()))) {
            released_.push_back(waiting_.pop());
            steps_.push_back(step(released_.back(), released_.size() - 1, nullptr));
            steps_.back().settles = true;
        }
    }

    void fold(const record* events) {
        std::vector<Settled<Def>> settled(released_.size());
        run::parallel_for(shards_.size(), threads_, [&](std::size_t shard) {
            for (const auto& step : steps_)
                for_each_index<All::entity_count>([&](auto g) {
                    if (step.shard[g] != shard) return;
                    auto& store = get<decltype(g)::value>(shards_[shard]);
                    if (step.settles) store.settle(released_[step.event], settled[step.event]);
                    else store.apply(events[step.event], step.watermark, step.row);
                });
        });
        for (std::size_t i = 0; i < settled.size(); ++i) {
            engine::write_derived<Def>(settled[i], &released_[i]);
            options_.settled(released_[i], settled[i]);
        }
        steps_.clear();
        released_.clear();
    }

    LiveOptions<Def> options_;
    unsigned threads_;
    std::vector<typename run::Stores<Def>::type> shards_;
    run::Intake<Def> intake_;
    run::Waiting<Def> waiting_;
    std::vector<Step> steps_;
    std::vector<record> released_;
};

} // namespace onefold

// The same for definitions whose windows close.
#include "onefold/run/sharded_windows.hpp"
