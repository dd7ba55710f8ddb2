#pragma once

#include "onefold/run/backfill_windows.hpp"
#include "onefold/run/parity.hpp"
#include "onefold/run/sharded_windows.hpp"

namespace onefold::run {

// What an executor of windows that close answered.
template <class Def>
struct WindowsRun {
    std::vector<Fired<Def>> fired;
    std::vector<Closed<Def>> closed;
    Account account;
};

// feed(options) makes an executor, gives it everything and answers its account.
template <class Def, class Feed>
WindowsRun<Def> run_windows(Feed feed) {
    WindowsRun<Def> run;
    LiveOptions<Def> options;
    options.fired = [&](const Fired<Def>& answer) { run.fired.push_back(answer); };
    options.settled = [&](const Closed<Def>& window) { run.closed.push_back(window); };
    run.account = feed(std::move(options));
    return run;
}

template <class Def>
void compare_answers(std::string_view name, const Backfill<Def>& batch, const WindowsRun<Def>& run,
                     Comparison<Def>& comparison) {
    comparison.windows(std::string(name) + ", closed,", batch.rows, run.closed);
    if (batch.fired.size() != run.fired.size())
        comparison.differ(std::string(name) + " fires " + std::to_string(run.fired.size()) + " times instead of " +
                          std::to_string(batch.fired.size()));
    for (std::size_t i = 0; i < std::min(batch.fired.size(), run.fired.size()); ++i) {
        const auto& expected = batch.fired[i];
        const auto& actual = run.fired[i];
        comparison.window(std::string(name) + ", fired,", expected, actual);
        if (expected.pane != actual.pane || expected.watermark != actual.watermark || expected.cause != actual.cause)
            comparison.differ(std::string(name) +
                              " fires for another reason, at another watermark or by another event");
    }
    if (!(run.account == batch.account)) comparison.differ(std::string(name) + " accepted other events than the batch");
    if (!run.account.balances()) comparison.differ(std::string(name) + ": the account of events does not balance");
}

// Some windows once more, each from nothing but the events it holds: nothing that had to leave ever entered.
template <class Def>
void compare_windows_from_scratch(const std::vector<typename plan::Plan<Def>::record>& events,
                                  const Backfill<Def>& complete, std::size_t samples, Comparison<Def>& comparison) {
    using Answers = engine::WindowAnswers<Def>;
    using P = typename Answers::P;
    using Keys = engine::KeyOf<P, typename P::key_members>;
    const auto step = complete.rows.size() / (samples == 0 ? 1 : samples) + 1;
    for (std::size_t row = step - 1; row < complete.rows.size(); row += step) {
        const auto& window = complete.rows[row];
        engine::Content<P> content;
        for (const auto& event : events) {
            const auto time = engine::time_of<typename P::stream_type>(event);
            if (Keys::equal(window.key, event) && time >= window.start.micros && time < window.end.micros)
                content.add(engine::Entry<P>::of(event));
        }
        Closed<Def> again;
        Answers().write(again, window.key, {window.start.micros, window.end.micros}, content);
        comparison.window("the window computed from scratch", again, window);
    }
}

// All runs of the check over one list of events.
template <ClosingDefinition Def>
struct AllRuns<Def> {
    static Comparison<Def> compare(const std::vector<typename plan::Plan<Def>::record>& events,
                                   const Histories<Def>& histories, const ParityOptions& options,
                                   ParityReport<Def>* report);
};

template <ClosingDefinition Def>
Comparison<Def> AllRuns<Def>::compare(const std::vector<typename plan::Plan<Def>::record>& events,
                                      const Histories<Def>& histories, const ParityOptions& options,
                                      ParityReport<Def>* report) {
    using record = typename plan::Plan<Def>::record;
    Comparison<Def> comparison;
    const auto done = [&](std::string_view name) {
        if (report && options.finished) options.finished(name);
    };
    const auto batch = batch_of_all<Def>(events, histories, options, comparison, report);
    done("batch");

    compare_answers<Def>("live", batch, run_windows<Def>([&](LiveOptions<Def> live_options) {
                             Live<Def> live(std::move(live_options));
                             for (const auto& event : events) live.push(event);
                             live.finish();
                             return live.account();
                         }),
                         comparison);
    done("live");

    compare_answers<Def>("sharded live", batch, run_windows<Def>([&](LiveOptions<Def> live_options) {
                             constexpr std::size_t size = 1000;
                             ShardedLive<Def> sharded(options.shards, options.threads, std::move(live_options));
                             for (std::size_t start = 0; start < events.size(); start += size)
                                 sharded.push_many(&events[start], std::min(size, events.size() - start), nullptr);
                             sharded.finish();
                             return sharded.account();
                         }),
                         comparison);
    done("sharded live");

    // The events that a window took, as a history that is complete.
    std::vector<record> accepted;
    std::vector<std::uint32_t> all;
    auto excluded = batch.excluded.begin();
    for (std::uint32_t i = 0; i < events.size(); ++i) {
        if (excluded != batch.excluded.end() && excluded->position == i) ++excluded;
        else if (!EventClock<Def>::is_punctuation(events[i])) {
            all.push_back(static_cast<std::uint32_t>(accepted.size()));
            accepted.push_back(events[i]);
        }
    }
    BackfillOptions other;
    other.threads = options.threads + 1;
    const auto complete = backfill<Def>(accepted, other);
    compare_windows_from_scratch<Def>(accepted, complete, options.samples, comparison);
    done("from scratch");

    for (unsigned s = 0; s < options.shuffles; ++s) {
        const auto order = shuffled<Def>(accepted, all, options.seed + s);
        const auto live = run_windows<Def>([&](LiveOptions<Def> live_options) {
            Live<Def> executor(std::move(live_options));
            for (const auto& event : order) executor.push(event);
            executor.finish();
            return executor.account();
        });
        comparison.windows("live in another order of arrival", complete.rows, live.closed);
        done("live in another order of arrival");
        other.threads = s % 2 == 0 ? 1 : options.threads + 1;
        comparison.windows("batch in another order of arrival", complete.rows, backfill<Def>(order, other).rows);
        done("batch in another order of arrival");
    }
    return comparison;
}

} // namespace onefold::run
