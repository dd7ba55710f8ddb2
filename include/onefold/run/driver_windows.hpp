#pragma once

#include "onefold/run/backfill_windows.hpp"
#include "onefold/run/driver.hpp"
#include "onefold/run/parity_windows.hpp"

namespace onefold {
namespace run {

template <ClosingDefinition Def>
PlanDescription explain_windows() {
    auto description = describe<Def>();
    description.entities[0].bytes_per_key = engine::WindowStore<Def>::bytes_per_key;
    description.entities[0].bytes_per_slice = engine::WindowStore<Def>::bytes_per_slice;
    return description;
}

// The commands of a definition whose windows close.
template <ClosingDefinition Def>
class WindowsDriver {
    using record = typename plan::Plan<Def>::record;

public:
    static CommandResult backfill(const CommandLine& line) {
        if (line.input_is_journal) return backfill_journal(line);
        return backfill_file<Def>(line, "windows", [](const auto&, const auto& result, std::size_t i, auto& append) {
            append(result.rows[i]);
        });
    }

    // Every answer of a window, or with --settled the last one of each, as backfill writes it.
    static CommandResult live(const CommandLine& line) {
        if (line.settled) {
            RowOutput<Def> output(line.output, line.threads);
            return run_live<Closed<Def>>(line, output, "windows");
        }
        RowOutput<Def, port::WindowText<Def, true>> output(line.output, line.threads);
        return run_live<Fired<Def>>(line, output, "answers");
    }

    static CommandResult parity(const CommandLine& line) {
        return compare_file<Def>(
            line, "every answer of a window",
            [&](const std::vector<record>& events, const Histories<Def>&) { return sample(events, line.threads); });
    }

    static CommandResult diff(const CommandLine&) {
        throw Error(ErrorKind::usage, "diff compares the rows of events, and this definition's are windows; compare "
                                      "backfill --view served, where a window answers on time, with --view settled");
    }

private:
    static constexpr std::size_t batch_size = 4096;
    using Journal = std::conditional_t<JournaledDefinition<Def>, JournalOutput<Def>, NoJournalOutput<Def>>;

    static CommandResult backfill_journal(const CommandLine& line) {
        if constexpr (!JournaledDefinition<Def>) refuse_journal();
        else {
            const Stopwatch watch;
            const auto inputs = read_journal<Def>(line, !line.served);
            const auto at = [](const auto&, const auto& result, std::size_t i, auto& append) {
                append(result.rows[i]);
            };
            if (line.served) {
                RowOutput<Def, port::WindowText<Def, true>> output(line.output, line.threads);
                return write_view<Def>(line, inputs, output, onefold::served<Def>(inputs.arrivals), "answers", watch,
                                       at);
            }
            RowOutput<Def> output(line.output, line.threads);
            BackfillOptions options;
            options.threads = line.threads;
            options.arrival = line.arrival_in_file_order ? Arrival::as_given : Arrival::any;
            return write_view<Def>(line, inputs, output, onefold::settled<Def>(inputs.arrivals, options), "windows",
                                   watch, at);
        }
    }

    template <class Answer, class Output>
    static CommandResult run_live(const CommandLine& line, Output& output, std::string_view what) {
        const Stopwatch watch;
        DeadLetters dead(line.dead_letter, line.input);
        EventReader<Def> reader(line.input, dead, true);
        std::vector<record> batch(batch_size);
        std::vector<SourcePosition> places(batch_size);
        std::vector<Answer> answers;
        EventText<record> text(TextFormat::jsonl);
        LiveOptions<Def> options;
        options.dead_letter = [&](const DeadLetter<record>& letter) {
            bury(dead, text, places[static_cast<std::size_t>(&letter.event - batch.data())], letter.event,
                 letter.reason, letter.watermark);
        };
        const auto keep = [&](const Answer& answer) { answers.push_back(answer); };
        if constexpr (std::same_as<Answer, Fired<Def>>) options.fired = keep;
        else options.settled = keep;
        std::optional<Journal> journal;
        if (!line.journal.empty()) {
            journal.emplace(line.journal, batch, places);
            if constexpr (JournaledDefinition<Def>) options.journal = *journal;
            else refuse_journal();
        }
        ShardedLive<Def> executor(line.threads, line.threads, std::move(options));
        const auto write = [&] {
            output.write(answers.size(), [&](std::size_t i, auto append) { append(answers[i]); });
            answers.clear();
        };
        for (bool more = true; more;) {
            std::size_t count = 0;
            while (count < batch_size && (more = reader.next(batch[count]))) places[count++] = reader.at();
            executor.push_many(batch.data(), count, nullptr);
            dead.flush();
            write();
        }
        if constexpr (JournaledDefinition<Def>)
            if (journal) journal->reject_until(reader.lines());
        executor.finish();
        write();
        if constexpr (JournaledDefinition<Def>)
            if (journal) journal->close();
        return finish_output(output, dead, executor.account(), watch, what);
    }

    // The window in the middle of all.
    static std::string sample(const std::vector<record>& events, unsigned threads) {
        BackfillOptions options;
        options.threads = threads;
        options.arrival = Arrival::as_given;
        const auto batch = onefold::backfill<Def>(events, options);
        if (batch.rows.empty()) return "sample: no window has an event\n";
        const auto& window = batch.rows[batch.rows.size() / 2];
        std::string text = "sample: a window, closed\n";
        using Keys = plan::KeyTuple<typename plan::EntityPlan<Def, 0>::key_members>;
        for_each_index<Keys::names.size()>(
            [&](auto i) { append_sample(text, Keys::names[decltype(i)::value], get<decltype(i)::value>(window.key)); });
        append_sample(text, "window_start", window.start);
        append_sample(text, "window_end", window.end);
        window.for_each([&](std::string_view name, const auto& value) { append_sample(text, name, value); });
        return text;
    }
};

} // namespace run

// The same command line for a definition whose windows close: its rows are windows.
template <ClosingDefinition Def>
int driver(int argc, char** argv) noexcept {
    constexpr run::DriverCommands commands{&run::WindowsDriver<Def>::backfill, &run::WindowsDriver<Def>::live,
                                           &run::WindowsDriver<Def>::parity, &run::WindowsDriver<Def>::diff,
                                           &run::explain_windows<Def>};
    return run::run_command(argc, argv, run::input_names<Def>(), commands);
}

} // namespace onefold
