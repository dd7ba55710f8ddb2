#pragma once

#include "onefold/plan/describe.hpp"
#include "onefold/port/journal.hpp"
#include "onefold/port/record_reader.hpp"
#include "onefold/port/row_writer.hpp"
#include "onefold/run/backfill.hpp"
#include "onefold/run/command_line.hpp"
#include "onefold/run/compare_views.hpp"
#include "onefold/run/driver_output.hpp"
#include "onefold/run/parity.hpp"
#include "onefold/run/sharded.hpp"

namespace onefold {
namespace run {

// The description with what the engine adds to it.
template <class Def>
PlanDescription explain() {
    auto description = describe<Def>();
    for_each_index<plan::Plan<Def>::entity_count>([&](auto g) {
        using Store = engine::EntityStore<Def, decltype(g)::value>;
        auto& entity = description.entities[decltype(g)::value];
        entity.bytes_per_key = Store::bytes_per_key;
        entity.bytes_per_event = sizeof(engine::Entry<typename Store::P>);
        entity.bytes_per_hop = Store::bytes_per_tile;
    });
    return description;
}

// An event as its file could have had it: the columns of its schema, times in the columns' units.
template <class Record>
class EventText {
public:
    explicit EventText(TextFormat format) : formatter_(format, Decoder<Record>::column_names) {}
    void header(std::string& out) const { formatter_.header(out); }
    // Ends with a line end.
    void append(std::string& out, const Record& event) {
        formatter_.begin(out);
        for_each_index<columns_of<Record>::size>([&](auto i) {
            using Column = type_at<decltype(i)::value, columns_of<Record>>;
            using V = typename Column::value;
            if constexpr (std::same_as<detail::stripped<V>, Time>) {
                if (detail::has_value(event.*Column::member))
                    append_time(out, detail::value_of(event.*Column::member), Column::unit);
                else formatter_.null(out);
            } else formatter_.value(out, event.*Column::member);
        });
        formatter_.end(out);
    }

private:
    // Text where the unit cannot say it: a reader takes both.
    void append_time(std::string& out, Time time, TimeUnit unit) {
        const std::int64_t micros = unit == TimeUnit::seconds ? 1'000'000 : unit == TimeUnit::milliseconds ? 1'000 : 1;
        std::int64_t number = time.micros / micros;
        const bool fits = unit != TimeUnit::nanoseconds || !__builtin_mul_overflow(time.micros, 1'000, &number);
        if (fits && time.micros % micros == 0) formatter_.value(out, number);
        else formatter_.value(out, time_text(time));
    }

    RowFormatter formatter_;
};

// Deletions may name no more than these members of what they delete.
template <class Record, class Members> struct ReaderOfMembers;
template <class Record, auto... M> struct ReaderOfMembers<Record, KeyMembers<M...>> {
    using type = RecordReader<Record, M...>;
};
template <class Record, class Members> using ReaderOf = typename ReaderOfMembers<Record, Members>::type;

// The member that tells the facts of a stream of changes apart.
template <class Stream> struct IdMembersOf {
    using type = KeyMembers<>;
};
template <class Stream>
    requires(Stream::has_changes)
struct IdMembersOf<Stream> {
    using type = KeyMembers<Stream::id_member>;
};

// The command's events in order of arrival, each with its place in the file; malformed lines go to the dead letters.
template <class Def>
class EventReader {
    using Stream = typename plan::Plan<Def>::stream_type;

public:
    using record = typename Stream::record;

    // judges: the order of the file is that of arrival, so malformed lines meet a watermark too.
    EventReader(const std::string& path, DeadLetters& dead, bool judges)
        : dead_(dead), judges_(judges), reader_(path, [this](const MalformedRecord& bad) {
              dead_.malformed({index_++, bad.line}, bad.reason, bad.raw, Time{watermark_.value()});
          }) {}
    EventReader(const EventReader&) = delete;
    EventReader& operator=(const EventReader&) = delete;

    bool next(record& event) {
        if (!reader_.next(event)) return false;
        at_ = {index_++, reader_.line()};
        const auto arrived = EventClock<Def>::arrival_of(event, earliest);
        if (judges_ && plan::Plan<Def>::is_fact(event) && EventClock<Def>::believes(event, arrived))
            watermark_.observe(event, arrived, EventClock<Def>::is_punctuation(event));
        progress_.at(index_);
        return true;
    }
    SourcePosition at() const noexcept { return at_; }
    // Lines so far, malformed ones among them.
    std::uint64_t lines() const noexcept { return index_; }

private:
    DeadLetters& dead_;
    bool judges_;
    EventClock<Def> watermark_;
    std::uint64_t index_ = 0;
    SourcePosition at_;
    Progress progress_{"reading event"};
    ReaderOf<record, typename IdMembersOf<Stream>::type> reader_;
};

// What a command reads beside its events, and the lines of the other streams' events.
template <class Def>
struct FilesBeside {
    Histories<Def> histories;
    std::array<std::vector<std::uint64_t>, plan::Plan<Def>::side_count> lines;
};

// All records of a file. Without them no feature would be right, so that a line that cannot be read is an error, and so
// is a record of which complaint(record) says something.
template <class Reader, class Record, class Complaint>
void read_all(Reader& reader, const std::string& path, std::vector<Record>& all, std::vector<std::uint64_t>* lines,
              Complaint complaint) {
    for (Record record; reader.next(record);) {
        if (const std::string reason = complaint(record); !reason.empty())
            throw Error(ErrorKind::data, path + ":" + std::to_string(reader.line()) + ": " + reason);
        all.push_back(record);
        if (lines) lines->push_back(reader.line());
    }
}

template <class Def>
FilesBeside<Def> read_beside(const CommandLine& line) {
    FilesBeside<Def> files;
    for_each_index<plan::Plan<Def>::table_count>([&](auto t) {
        constexpr std::size_t T = decltype(t)::value;
        using Table = plan::TablePlan<Def, T>;
        using Since = Field<Table::table_type::since_member>;
        ReaderOf<typename Table::input, typename Table::key_members> reader(line.tables[T]);
        read_all(reader, line.tables[T], get<T>(files.histories.tables), nullptr, [](const auto& version) {
            if (Table::table_type::is_well_formed(version)) return std::string();
            return detail::has_value(Since::read(version))
                       ? std::string("the change has no position; give where the source's log has it")
                       : "the version has no " + std::string(Since::name) + "; give the time from which it holds";
        });
    });
    for_each_index<plan::Plan<Def>::side_count>([&](auto s) {
        constexpr std::size_t S = decltype(s)::value;
        using At = Field<plan::StreamPlan<Def, S + 1>::stream_type::time_member>;
        RecordReader<typename plan::StreamPlan<Def, S + 1>::record> reader(line.sides[S]);
        read_all(reader, line.sides[S], get<S>(files.histories.sides), &files.lines[S], [](const auto& event) {
            return detail::has_value(At::read(event))
                       ? std::string()
                       : "the event has no " + std::string(At::name) + "; give the time at which it happened";
        });
    });
    return files;
}

// The names of what a definition reads, as the command line calls them.
template <class Def>
InputNames input_names() {
    InputNames names(Def::definition.stream.name);
    for_each_index<plan::Plan<Def>::table_count>(
        [&](auto t) { names.tables.push_back(get<decltype(t)::value>(Def::definition.tables).name); });
    for_each_index<plan::Plan<Def>::side_count>(
        [&](auto s) { names.sides.push_back(plan::StreamPlan<Def, decltype(s)::value + 1>::stream.name); });
    return names;
}

// Writes rows of many, turned into text by several threads, in order.
template <class Def, class Text = port::RowText<Def>>
class RowOutput {
public:
    RowOutput(const std::string& path, unsigned threads) : writer_(path), threads_(threads), texts_(group) {}

    // at(i, append) calls append(event, row), or append(window), for the i-th row, or not at all if there is none.
    template <class At>
    void write(std::size_t count, At at) {
        for (std::size_t start = 0; start < count; start += group * chunk) {
            const auto chunks = std::min(group, (count - start + chunk - 1) / chunk);
            parallel_for(chunks, threads_, [&](std::size_t c) {
                Text text(writer_.format());
                texts_[c].clear();
                const auto first = start + c * chunk, last = std::min(count, first + chunk);
                for (auto i = first; i < last; ++i)
                    at(i, [&](const auto&... parts) {
                        ++rows_[c];
                        text.append(texts_[c], parts...);
                    });
            });
            for (std::size_t c = 0; c < chunks; ++c) writer_.write_text(texts_[c]);
        }
    }
    void commit() { writer_.commit(); }
    std::uint64_t rows() const noexcept {
        std::uint64_t total = 0;
        for (const auto count : rows_) total += count;
        return total;
    }

private:
    // Enough rows for every thread to be busy, few enough for their text to stay small beside the rows themselves.
    static constexpr std::size_t chunk = 512, group = 64;
    RowWriter<Def, Text> writer_;
    unsigned threads_;
    std::vector<std::string> texts_;
    std::array<std::uint64_t, group> rows_{};
};

template <class Record>
void bury(DeadLetters& dead, EventText<Record>& text, SourcePosition at, const Record& event, Verdict reason,
          Time watermark) {
    std::string json;
    if (dead.keeps()) {
        text.append(json, event);
        json.pop_back();
    }
    dead.not_applied(at, reason, watermark, json);
}

// Of stream I, which is not the first.
template <class Def, std::size_t I, class Record>
void bury_beside(DeadLetters& dead, SourcePosition at, const Record& event, Verdict reason, Time watermark) {
    std::string json;
    if (dead.keeps()) {
        EventText<Record>(TextFormat::jsonl).append(json, event);
        json.pop_back();
    }
    dead.not_applied_of(plan::StreamPlan<Def, I>::stream.name, at, reason, watermark, json);
}

// "; logins: 40 applied, ..." of every stream beside the first; account.template operator()<I>() is that of stream I.
template <class Def, class AccountOf>
std::string accounts_beside(AccountOf account) {
    std::string text;
    for_each_index<plan::Plan<Def>::side_count>([&](auto s) {
        constexpr std::size_t I = decltype(s)::value + 1;
        text.append("; ").append(plan::StreamPlan<Def, I>::stream.name).append(": ");
        text += account_text(account.template operator()<I>());
    });
    return text;
}

// The dead letters first: rows without them would look complete.
template <class Output>
CommandResult finish_output(Output& output, DeadLetters& dead, Account account, const Stopwatch& watch,
                            std::string_view what, std::string_view beside = {}) {
    dead.commit();
    output.commit();
    account.in += dead.malformed_count();
    account.rejected += dead.malformed_count();
    CommandResult result;
    result.summary = speed_text(output.rows(), what, watch.seconds()) + "; " + account_text(account);
    result.summary += beside;
    if (dead.rejected_count() != 0 && !dead.keeps())
        result = {1, dead.rejected_text() + "; give --dead-letter FILE to keep them", std::move(result.summary)};
    return result;
}

// The backfill command; at(events, result, i, append) appends the i-th row of the result.
template <class Def, class At>
CommandResult backfill_file(const CommandLine& line, std::string_view what, At at) {
    using record = typename plan::Plan<Def>::record;
    const Stopwatch watch;
    DeadLetters dead(line.dead_letter, line.input);
    EventReader<Def> reader(line.input, dead, line.arrival_in_file_order);
    RowOutput<Def> output(line.output, line.threads);
    std::vector<record> events;
    std::vector<SourcePosition> places;
    for (record event; reader.next(event);) {
        events.push_back(event);
        places.push_back(reader.at());
    }
    BackfillOptions options;
    options.threads = line.threads;
    options.arrival = line.arrival_in_file_order ? Arrival::as_given : Arrival::any;
    const auto beside = read_beside<Def>(line);
    const auto result = onefold::backfill<Def>(events, beside.histories, options);
    EventText<record> text(TextFormat::jsonl);
    for (const auto& excluded : result.excluded)
        bury(dead, text, places[excluded.position], events[excluded.position], excluded.reason,
             Time{excluded.watermark});
    std::string of_sides;
    if constexpr (plan::Plan<Def>::side_count > 0) {
        for_each_index<plan::Plan<Def>::side_count>([&](auto s) {
            constexpr std::size_t S = decltype(s)::value;
            for (const auto& excluded : result.sides[S].excluded)
                bury_beside<Def, S + 1>(dead, {excluded.position, beside.lines[S][excluded.position]},
                                        get<S>(beside.histories.sides)[excluded.position], excluded.reason,
                                        Time{excluded.watermark});
        });
        of_sides = accounts_beside<Def>([&]<std::size_t I> { return result.sides[I - 1].account; });
    }
    {
        Progress progress("writing row");
        output.write(result.rows.size(), [&](std::size_t i, auto append) { at(events, result, i, append); });
    }
    return finish_output(output, dead, result.account, watch, what, of_sides);
}

// The journal of the live command: with the lines that could not be read where they stood between the events.
template <class Def>
class JournalOutput {
    using Event = typename plan::Plan<Def>::record;

public:
    JournalOutput(const std::string& path, const std::vector<Event>& batch, const std::vector<SourcePosition>& places)
        : writer_(path), batch_(batch), places_(places) {}

    template <plan::InputRecord<Def> Record>
    void push(const Record& record, Time arrived) {
        if constexpr (std::same_as<Record, Event>)
            reject_until(places_[static_cast<std::size_t>(&record - batch_.data())].index);
        writer_.push(record, arrived);
        if constexpr (std::same_as<Record, Event>) ++lines_;
    }
    void reject() { writer_.reject(); }
    void advance_watermark(Time to) { writer_.advance_watermark(to); }
    void tick(Time now) { writer_.tick(now); }
    void reject_until(std::uint64_t line) {
        for (; lines_ < line; ++lines_) writer_.reject();
    }
    void close() { writer_.close(); }

private:
    JournalWriter<Def> writer_;
    const std::vector<Event>& batch_;
    const std::vector<SourcePosition>& places_;
    std::uint64_t lines_ = 0;
};
// What such a definition has not been asked for, or cannot have.
template <class Def>
class NoJournalOutput {
public:
    template <class... Arguments> explicit NoJournalOutput(const Arguments&...) {}
};

[[noreturn]] inline void refuse_journal() {
    throw Error(ErrorKind::usage, "no journal can be kept for this definition, which reads a member that is no column "
                                  "of its record's schema; add it to the schema");
}

// What a journal held, and what was wrong with it.
template <class Def>
struct JournalInputs {
    Arrivals<Def> arrivals;
    std::string damage; // where it is not as it was written
    std::string note;   // what the reader should know
};

// Up to the first damage, for what is behind a hole is not what live saw; the settled view takes all that is whole.
template <class Def>
JournalInputs<Def> read_journal(const CommandLine& line, bool goes_on) {
    JournalInputs<Def> inputs;
    JournalReader<Def> reader(line.input, [&](const JournalDamage& damage) {
        if (damage.kind == JournalDamage::Kind::not_closed) inputs.note += "; the journal was not closed";
        else if (inputs.damage.empty()) inputs.damage = damage.sentence;
        return goes_on;
    });
    reader.replay(inputs.arrivals);
    if (!reader.same_definition()) inputs.note += "; another definition wrote the journal";
    return inputs;
}

// The backfill command over a journal, of either view; at(arrivals, result, i, append) appends the i-th row.
template <class Def, class Output, class Result, class At>
CommandResult write_view(const CommandLine& line, const JournalInputs<Def>& inputs, Output& output,
                         const Result& result, std::string_view what, const Stopwatch& watch, At at) {
    DeadLetters dead(line.dead_letter, line.input);
    const auto positions = positions_of(inputs.arrivals);
    EventText<typename plan::Plan<Def>::record> text(TextFormat::jsonl);
    for (const auto& excluded : result.excluded)
        bury(dead, text, {positions[excluded.position], 0}, inputs.arrivals.events()[excluded.position],
             excluded.reason, Time{excluded.watermark});
    {
        Progress progress("writing row");
        output.write(result.rows.size(), [&](std::size_t i, auto append) { at(inputs.arrivals, result, i, append); });
    }
    auto done = finish_output(output, dead, result.account, watch, what);
    done.summary += inputs.note;
    if (!inputs.damage.empty()) done = {1, inputs.damage, std::move(done.summary)};
    return done;
}

// The diff command.
template <class Def>
CommandResult report_difference(const CommandLine& line) {
    const auto inputs = read_journal<Def>(line, false);
    CompareOptions options;
    options.threads = line.threads;
    options.arrival = line.arrival_in_file_order ? Arrival::as_given : Arrival::any;
    options.events = line.top;
    const auto difference = compare_views<Def>(inputs.arrivals, options);
    print(line.format == ExplainFormat::json ? to_json(difference) : to_text(difference));
    CommandResult done;
    if (!inputs.note.empty()) done.summary = inputs.note.substr(2);
    if (!inputs.damage.empty()) done = {1, inputs.damage, std::move(done.summary)};
    return done;
}

// The parity command: runs every executor over a file and compares; sample(events, histories) is what --sample prints.
template <class Def, class Sample>
CommandResult compare_file(const CommandLine& line, std::string_view rows, Sample sample) {
    using record = typename plan::Plan<Def>::record;
    std::vector<record> events;
    DeadLetters dead("", line.input);
    {
        EventReader<Def> reader(line.input, dead, true);
        for (record event; reader.next(event);) events.push_back(event);
    }
    ParityOptions options;
    options.threads = line.threads;
    options.shuffles = line.shuffles;
    options.seed = line.seed;
    Stopwatch watch;
    options.finished = [&](std::string_view run) {
        // The first two runs are the plain ones; the others run beside what they are compared with.
        const auto speed = speed_text(events.size(), "events", watch.seconds());
        if (run == "batch")
            print("batch: " + speed + " on " + std::to_string(line.threads) +
                  (line.threads == 1 ? " thread\n" : " threads\n"));
        else if (run == "live") print("live: " + speed + " on 1 thread, " + std::string(rows) + "\n");
        watch = Stopwatch();
    };
    const auto histories = read_beside<Def>(line).histories;
    const auto report = check_parity<Def>(events, histories, options);

    auto account = report.account;
    account.in += dead.malformed_count();
    account.rejected += dead.malformed_count();
    print("arrival: " + account_text(account) + "\n");
    if (line.sample) print(sample(events, histories));
    print("parity: " + std::to_string(report.events) + " events, " + std::to_string(report.features) + " features, " +
          std::to_string(report.mismatches) + " mismatches\n");
    if (!report.ok()) {
        auto text = report.difference + "; as a file:\n";
        EventText<record> lines(TextFormat::csv);
        lines.header(text);
        for (const auto& event : report.smallest) lines.append(text, event);
        print(text);
        return {1, "batch and live differ; the difference is on standard output", ""};
    }
    if (dead.malformed_count() != 0)
        return {1, dead.rejected_text() + "; correct them, for only the other lines were compared", ""};
    return {};
}

template <class T>
void append_sample(std::string& text, std::string_view name, const T& value) {
    text.append("  ").append(name).append(" = ");
    if (!detail::has_value(value)) text += "null";
    else if constexpr (std::same_as<detail::stripped<T>, Time>) text += time_text(detail::value_of(value));
    else detail::append_json(text, detail::value_of(value));
    text += "\n";
}

// Gives a live executor the other streams' events as the first one's come, by the time of arrival where the record says
// it, else by event time: each file in its own order, and of one time before the first stream's.
template <class Def>
class SidesByTime {
    using All = plan::Plan<Def>;

public:
    explicit SidesByTime(const Histories<Def>& histories) : histories_(histories) {}

    void push_before(const typename All::record& event, Live<Def>& live) { push_until(time_of<0>(event), live); }
    void push_rest(Live<Def>& live) { push_until(latest, live); }

private:
    template <std::size_t I, class Record>
    static std::int64_t time_of(const Record& event) {
        using Stream = typename plan::StreamPlan<Def, I>::stream_type;
        const auto arrived = EventClock<Def, I>::arrival_of(event, earliest);
        if (arrived != earliest) return arrived;
        return detail::has_value(event.*Stream::time_member) ? plan::time_of<Stream>(event) : earliest;
    }
    // Of all that is due, what comes first.
    void push_until(std::int64_t time, Live<Def>& live) {
        while (true) {
            std::int64_t next = latest;
            std::size_t of = All::side_count;
            for_each_index<All::side_count>([&](auto s) {
                constexpr std::size_t S = decltype(s)::value;
                const auto& all = get<S>(histories_.sides);
                if (next_[S] == all.size()) return;
                const auto own = time_of<S + 1>(all[next_[S]]);
                if (own > time || (of != All::side_count && own >= next)) return;
                next = own;
                of = S;
            });
            if (of == All::side_count) return;
            for_each_index<All::side_count>([&](auto s) {
                constexpr std::size_t S = decltype(s)::value;
                if (S == of) live.push(get<S>(histories_.sides)[next_[S]++]);
            });
        }
    }

    const Histories<Def>& histories_;
    std::array<std::size_t, All::side_count> next_{};
};

template <class Def>
class Driver {
    using All = plan::Plan<Def>;
    using Stream = typename All::stream_type;
    using record = typename All::record;

public:
    static CommandResult backfill(const CommandLine& line) {
        if (line.input_is_journal) return backfill_journal(line);
        return backfill_file<Def>(line, "rows",
                                  [](const auto& events, const auto& result, std::size_t i, auto& append) {
                                      append(events[result.order[i]], result.rows[i]);
                                  });
    }

    static CommandResult diff(const CommandLine& line) {
        if constexpr (JournaledDefinition<Def>) return report_difference<Def>(line);
        else refuse_journal();
    }

    static CommandResult live(const CommandLine& line) {
        const Stopwatch watch;
        DeadLetters dead(line.dead_letter, line.input);
        EventReader<Def> reader(line.input, dead, true);
        RowOutput<Def> output(line.output, line.threads);
        std::vector<record> batch(batch_size);
        std::vector<SourcePosition> places(batch_size);
        std::vector<Served<Def>> served(line.settled ? 0 : batch_size);
        std::vector<std::pair<record, Settled<Def>>> settled;
        const auto write_settled = [&] {
            output.write(settled.size(),
                         [&](std::size_t i, auto append) { append(settled[i].first, settled[i].second); });
            settled.clear();
        };

        EventText<record> text(TextFormat::jsonl);
        LiveOptions<Def> options;
        options.serves = !line.settled;
        options.dead_letter = [&](const DeadLetter<record>& letter) {
            bury(dead, text, places[static_cast<std::size_t>(&letter.event - batch.data())], letter.event,
                 letter.reason, letter.watermark);
        };
        if (line.settled)
            options.settled = [&](const record& event, const Settled<Def>& row) {
                settled.emplace_back(event, row);
                if (settled.size() == 4 * batch_size) write_settled();
            };
        std::optional<Journal> journal;
        if (!line.journal.empty()) {
            journal.emplace(line.journal, batch, places);
            if constexpr (JournaledDefinition<Def>) options.journal = *journal;
            else refuse_journal();
        }
        FilesBeside<Def> beside;
        if constexpr (!All::reads_spine_only) beside = read_beside<Def>(line);
        for_each_index<All::side_count>([&](auto s) {
            constexpr std::size_t S = decltype(s)::value;
            using Side = typename plan::StreamPlan<Def, S + 1>::record;
            options.template dead_letter_of<Side>() = [&](const DeadLetter<Side>& letter) {
                bury_beside<Def, S + 1>(dead, {letter.position, beside.lines[S][letter.position]}, letter.event,
                                        letter.reason, letter.watermark);
            };
        });
        auto executor = executor_of(line, std::move(options), beside.histories);
        SidesByTime<Def> sides(beside.histories);
        for (bool more = true; more;) {
            std::size_t count = 0;
            while (count < batch_size && (more = reader.next(batch[count]))) places[count++] = reader.at();
            if constexpr (All::side_count == 0)
                executor.push_many(batch.data(), count, line.settled ? nullptr : served.data());
            else
                for (std::size_t i = 0; i < count; ++i) {
                    sides.push_before(batch[i], executor);
                    const auto row = executor.push(batch[i]);
                    if (!line.settled) served[i] = row;
                }
            dead.flush();
            if (!line.settled)
                output.write(count, [&](std::size_t i, auto append) {
                    if (served[i].applied() && All::is_fact(batch[i])) append(batch[i], served[i]);
                });
        }
        if constexpr (JournaledDefinition<Def>)
            if (journal) journal->reject_until(reader.lines());
        if constexpr (All::side_count > 0) sides.push_rest(executor);
        executor.finish();
        write_settled();
        if constexpr (JournaledDefinition<Def>)
            if (journal) journal->close();
        std::string of_sides;
        if constexpr (All::side_count > 0)
            of_sides = accounts_beside<Def>(
                [&]<std::size_t I> { return executor.template account<typename plan::StreamPlan<Def, I>::record>(); });
        return finish_output(output, dead, executor.account(), watch, "rows", of_sides);
    }

    static CommandResult parity(const CommandLine& line) {
        return compare_file<Def>(line, "served and settled rows",
                                 [&](const std::vector<record>& events, const Histories<Def>& histories) {
                                     return sample(events, histories, line.threads);
                                 });
    }

private:
    static constexpr std::size_t batch_size = 4096;
    using Journal = std::conditional_t<JournaledDefinition<Def>, JournalOutput<Def>, NoJournalOutput<Def>>;

    static CommandResult backfill_journal(const CommandLine& line) {
        if constexpr (!JournaledDefinition<Def>) refuse_journal();
        else {
            const Stopwatch watch;
            RowOutput<Def> output(line.output, line.threads);
            const auto inputs = read_journal<Def>(line, !line.served);
            if (line.served)
                return write_view<Def>(line, inputs, output, onefold::served<Def>(inputs.arrivals, line.threads),
                                       "rows", watch,
                                       [](const auto& arrivals, const auto& result, std::size_t i, auto& append) {
                                           const auto& event = arrivals.events()[i];
                                           if (result.rows[i].applied() && All::is_fact(event))
                                               append(event, result.rows[i]);
                                       });
            BackfillOptions options;
            options.threads = line.threads;
            options.arrival = line.arrival_in_file_order ? Arrival::as_given : Arrival::any;
            return write_view<Def>(line, inputs, output, onefold::settled<Def>(inputs.arrivals, options), "rows", watch,
                                   [](const auto& arrivals, const auto& result, std::size_t i, auto& append) {
                                       append(arrivals.events()[result.order[i]], result.rows[i]);
                                   });
        }
    }

    // With tables, whose versions are known from the beginning, with other streams and with changes one thread folds.
    static auto executor_of(const CommandLine& line, LiveOptions<Def> options,
                            [[maybe_unused]] const Histories<Def>& histories) {
        if constexpr (All::runs_sharded) return ShardedLive<Def>(line.threads, line.threads, std::move(options));
        else {
            Live<Def> live(std::move(options));
            push_all<Def>(live, histories);
            return live;
        }
    }

    // The last settled row of an entity that is known to the file's middle, of those whose keys are not null; with
    // tables or other streams, of any entity.
    static std::string sample(const std::vector<record>& events, const Histories<Def>& histories, unsigned threads) {
        BackfillOptions options;
        options.threads = threads;
        options.arrival = Arrival::as_given;
        const auto batch = onefold::backfill<Def>(events, histories, options);
        const auto last = [&](auto wanted) {
            auto i = batch.rows.size();
            while (i != 0 && !(wanted(events[batch.order[i - 1]]) && has_keys(events[batch.order[i - 1]]))) --i;
            return i;
        };
        std::size_t i = 0;
        if constexpr (All::reads_spine_only) {
            using First = typename All::template entity<0>;
            using Keys = engine::KeyOf<First, typename First::key_members>;
            auto middle = events.size() / 2;
            while (middle < events.size() && !has_keys(events[middle])) ++middle;
            if (middle == events.size()) return "sample: no event after the middle of the file has all its keys\n";
            const auto key = Keys::make(events[middle]);
            i = last([&](const record& event) { return Keys::equal(key, event); });
            if (i == 0) return "sample: the event in the middle of the file is late, and so are all of its key\n";
        } else i = last([](const record&) { return true; });
        if (i == 0) return "sample: no event of the file has all its keys\n";
        const auto& event = events[batch.order[i - 1]];
        std::string text = "sample: event " + std::to_string(batch.order[i - 1] + std::size_t{1}) + " of " +
                           std::to_string(events.size()) + ", settled\n";
        port::Identity<Def>::for_each(
            [&](std::string_view name, auto member) { append_sample(text, name, event.*member); });
        batch.rows[i - 1].for_each([&](std::string_view name, const auto& value) { append_sample(text, name, value); });
        return text;
    }
    static bool has_keys(const record& event) {
        bool all = true;
        port::Identity<Def>::for_each(
            [&](std::string_view, auto member) { all = all && detail::has_value(event.*member); });
        return all;
    }
};

} // namespace run

// The whole command line of a program about one definition: backfill, live, parity, diff and explain, see --help.
// Returns the exit code: 0 done, 1 the data or a comparison failed, 2 the command line, 3 the environment. Throws
// nothing; an error is one line on standard error. The record needs a schema<Record>.
//     int main(int argc, char** argv) { return onefold::driver<CardRisk>(argc, argv); }
template <AsOfDefinition Def>
int driver(int argc, char** argv) noexcept {
    constexpr run::DriverCommands commands{&run::Driver<Def>::backfill, &run::Driver<Def>::live,
                                           &run::Driver<Def>::parity, &run::Driver<Def>::diff, &run::explain<Def>};
    return run::run_command(argc, argv, run::input_names<Def>(), commands);
}
template <MistakenDefinition Def>
int driver(int, char**) noexcept {
    return 2;
}

} // namespace onefold

// The same for definitions whose windows close.
#include "onefold/run/driver_windows.hpp"
