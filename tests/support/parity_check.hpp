#pragma once

// Runs one definition over one list of events through both executors and compares every bit with the slow twin.

#include "onefold/run/backfill.hpp"
#include "onefold/run/live.hpp"
#include "support/approximate_twin.hpp"
#include "support/finding.hpp"
#include "support/served_check.hpp"
#include "support/windows_check.hpp"

namespace twin {

template <class Def>
class ParityCheck : Finding<Def> {
    using Base = Finding<Def>;
    using Base::alike, Base::before, Base::canonical, Base::same;
    using Base::bytes_of, Base::clamped, Base::expect, Base::found_, Base::show, Base::time, typename Base::Stream;
    using Definition = std::remove_cvref_t<decltype(Def::definition)>;
    using Row = onefold::Row<Def>;
    using Live = onefold::Live<Def>;
    using Verdict = onefold::Verdict;

public:
    // Empty when everything agrees, else the first thing that does not.
    static std::string difference(const std::vector<Event>& events, std::uint64_t seed) {
        ParityCheck check(events, seed);
        check.judge();
        check.compute();
        check.check_batch();
        check.check_live();
        check.check_other_orders();
        check.check_restore();
        return check.found_;
    }

private:
    ParityCheck(const std::vector<Event>& events, std::uint64_t seed) : events_(events), seed_(seed) {}

    void judge() {
        SlowGate<Def> gate;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            watermarks_.push_back(clamped(gate.watermark));
            verdicts_.push_back(gate.judge(events_[i]));
            punctuations_.push_back(gate.punctuation);
            if (verdicts_[i] == Verdict::applied) accepted_.push_back(&events_[i]);
        }
        watermarks_.push_back(clamped(gate.watermark));
    }
    void compute() {
        for (const auto& event : events_) settled_.push_back(Row{}), served_.push_back(Row{}), static_cast<void>(event);
        std::vector<const Event*> arrived;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (verdicts_[i] != Verdict::applied) continue;
            arrived.push_back(&events_[i]);
            settled_[i] = SlowTwin<Def>::row(accepted_, time(events_[i]), events_[i], &events_[i]);
            served_[i] = SlowTwin<Def>::row(arrived, time(events_[i]), events_[i], &events_[i]);
        }
    }
    const Row& settled(const Event* event) const { return settled_[static_cast<std::size_t>(event - events_.data())]; }

    // Of the first records; punctuations are in no account.
    onefold::Account account_of(std::size_t count) const {
        onefold::Account counts;
        for (std::size_t i = 0; i < count; ++i) {
            if (punctuations_[i]) continue;
            ++counts.in;
            if (verdicts_[i] == Verdict::applied) ++counts.applied;
            if (verdicts_[i] == Verdict::late) ++counts.late;
            if (verdicts_[i] == Verdict::duplicate) ++counts.duplicate;
            if (verdicts_[i] == Verdict::rejected) ++counts.rejected;
            if (verdicts_[i] == Verdict::filtered) ++counts.filtered;
        }
        return counts;
    }

    void check_batch() {
        for (const unsigned threads : {1u, static_cast<unsigned>(2 + seed_ % 3)}) {
            onefold::BackfillOptions options;
            options.threads = threads;
            options.arrival = onefold::Arrival::as_given;
            const auto batch = onefold::backfill<Def>(events_, options);
            expect(batch.rows.size() == accepted_.size(), "batch has ", batch.rows.size(), " rows instead of ",
                   accepted_.size());
            expect(batch.account == account_of(events_.size()), "batch counts other verdicts");
            expect(batch.excluded.size() == batch.account.in - batch.account.applied,
                   "batch excludes another number of events than it counts");
            for (const auto& excluded : batch.excluded)
                expect(excluded.reason == verdicts_[excluded.position] &&
                           excluded.watermark == watermarks_[excluded.position],
                       "batch excludes event ", excluded.position, " for another reason or watermark");
            for (std::size_t i = 0; i < batch.rows.size() && found_.empty(); ++i) {
                const Event& event = events_[batch.order[i]];
                expect(i == 0 || !canonical(event, events_[batch.order[i - 1]]), "batch rows ", i - 1, " and ", i,
                       " are not in canonical order");
                same(settled_[batch.order[i]], batch.rows[i], "batch", event);
            }
        }
    }

    void check_live() {
        std::size_t letters = 0, settled_rows = 0;
        auto in_order = accepted_;
        std::sort(in_order.begin(), in_order.end(), &before);
        std::size_t now = 0;
        onefold::LiveOptions<Def> options;
        options.seed = seed_;
        options.dead_letter = [&](const onefold::DeadLetter<Event>& letter) {
            ++letters;
            expect(&letter.event == &events_[now] && letter.reason == verdicts_[now] &&
                       letter.watermark.micros == watermarks_[now] && letter.position == now,
                   "the dead letter of event ", now, " has another reason, watermark or position");
        };
        options.settled = [&](const Event& event, const onefold::Settled<Def>& row) {
            expect(settled_rows < in_order.size(), "live settles more rows than events were accepted");
            if (!found_.empty()) return;
            expect(alike(event, *in_order[settled_rows]), "live settles row ", settled_rows, " out of canonical order");
            same(settled(in_order[settled_rows++]), row, "live, settled", event);
        };
        Live live(std::move(options));
        std::vector<const Event*> arrived;
        for (; now < events_.size() && found_.empty(); ++now) {
            const Event& event = events_[now];
            if ((now + seed_) % 3 == 0) check_questions(live, arrived, event, watermarks_[now]);
            const auto row = live.push(event);
            expect(row.verdict == verdicts_[now], "live says ", onefold::to_text(row.verdict), " of event ", now,
                   " instead of ", onefold::to_text(verdicts_[now]));
            if (row.applied()) {
                arrived.push_back(&event);
                same(served_[now], row, "live, served", event);
            } else
                for (std::size_t column = 0; column < Row::width; ++column)
                    expect(all_null(row, column), "a row of no event is not null");
            const auto counts = account_of(now + 1);
            expect(live.account() == counts && live.account().balances(), "live counts other verdicts at event ", now);
            expect(letters == counts.in - counts.applied, "event ", now, " has no dead letter");
            expect(live.watermark().micros == watermarks_[now + 1], "the watermark after event ", now, " is ",
                   live.watermark().micros, " instead of ", watermarks_[now + 1]);
            const auto due = std::count_if(arrived.begin(), arrived.end(),
                                           [&](const Event* e) { return time(*e) <= watermarks_[now + 1]; });
            expect(settled_rows == static_cast<std::size_t>(due), "after event ", now, " ", settled_rows,
                   " rows are settled instead of ", due);
        }
        now = 0;
        live.finish();
        expect(settled_rows == in_order.size(), "live settled ", settled_rows, " rows instead of ", in_order.size());
    }
    // Features that cannot be null are at their value of nothing; the others are null.
    static bool all_null(const Row& row, std::size_t column) {
        bool ok = true;
        std::size_t i = 0;
        row.for_each([&](std::string_view, const auto& value) {
            if (i++ != column) return;
            if constexpr (is_optional<std::remove_cvref_t<decltype(value)>>) ok = !value;
        });
        return ok;
    }

    // read() and preview(): the question of an event without the event.
    void check_questions(Live& live, const std::vector<const Event*>& arrived, const Event& event,
                         std::int64_t watermark) {
        if (!when<Stream>(event) || time(event) == INT64_MIN || time(event) == INT64_MAX) return;
        const auto t = onefold::saturating_add(time(event), static_cast<std::int64_t>(seed_ % 4));
        const auto read = ask(live, t, event);
        const auto preview = live.preview(event);
        expect(read.applied() == (t > watermark), "read at ", t, " and watermark ", watermark, " is ",
               onefold::to_text(read.verdict));
        expect(preview.applied() == (time(event) > watermark), "preview is ", onefold::to_text(preview.verdict));
        if (read.applied() && t != INT64_MAX)
            same(SlowTwin<Def>::row(arrived, t, event, nullptr, false), read, "read", event);
        if (preview.applied()) same(SlowTwin<Def>::row(arrived, time(event), event, &event), preview, "preview", event);
    }
    static onefold::Served<Def> ask(Live& live, std::int64_t t, const Event& event) {
        return [&]<class... Entity>(const onefold::Tuple<Entity...>*) {
            return live.read(onefold::Time{t}, key_of(typename Entity::keys{}, event)...);
        }(static_cast<const typename Definition::entities_type*>(nullptr));
    }
    template <auto... M>
    static auto key_of(onefold::KeyMembers<M...>, const Event& event) {
        return onefold::make_tuple(event.*M...);
    }

    // The accepted events in other orders of arrival: the same settled rows, the same bytes of state.
    void check_other_orders() {
        const auto members = Base::without_repeats(accepted_);
        const bool all = members.size() == accepted_.size();
        auto in_order = members;
        std::sort(in_order.begin(), in_order.end(), &before);
        std::vector<Row> rows;
        for (const Event* event : in_order)
            rows.push_back(all ? settled(event) : SlowTwin<Def>::row(members, time(*event), *event, event));

        std::vector<std::string> bytes;
        Generator random(seed_ + 1000);
        for (int order = 0; order < 3 && found_.empty(); ++order) {
            std::size_t next = 0;
            onefold::LiveOptions<Def> options;
            options.seed = seed_ + static_cast<std::uint64_t>(order);
            options.serves = order != 1;
            options.settled = [&](const Event& event, const onefold::Settled<Def>& row) {
                expect(next < rows.size() && alike(event, *in_order[next]),
                       "another order of arrival settles another event");
                if (found_.empty()) same(rows[next++], row, "another order of arrival", event);
            };
            Live live(std::move(options));
            std::vector<Event> shuffled;
            for (const Event* event : Base::arriving(members, &time, order, random)) {
                shuffled.push_back(*event);
                const auto served = live.push(*event);
                expect(served.applied(), "in another order of arrival an event within the lateness is ",
                       onefold::to_text(served.verdict));
            }
            live.advance_watermark(onefold::Time{watermarks_.back()});
            // How far partitions have come, and so what is kept, can depend on the order in which they were heard of;
            // nothing else can.
            expect(Stream::has_partitions || live.watermark().micros == watermarks_.back(),
                   "another order of arrival has another watermark");
            if (live.watermark().micros == watermarks_.back()) {
                const auto saved = bytes_of(live);
                if (bytes.empty()) bytes = saved;
                for (std::size_t group = 0; group < saved.size(); ++group)
                    expect(saved[group] == bytes[group], "key group ", group,
                           " has other bytes in another order of arrival");
            }
            live.finish();
            expect(next == rows.size(), "another order of arrival settles ", next, " rows instead of ", rows.size());

            const auto batch = onefold::backfill<Def>(shuffled, {.threads = static_cast<unsigned>(order + 1)});
            expect(batch.rows.size() == rows.size(), "a batch of another order has another number of rows");
            for (std::size_t i = 0; i < batch.rows.size() && found_.empty(); ++i)
                same(rows[i], batch.rows[i], "batch of another order", *in_order[i]);
        }
    }

    // Saved in the middle of the stream and loaded into another executor, which goes on as if nothing had happened.
    void check_restore() {
        const auto middle = events_.size() * (1 + seed_ % 3) / 4;
        Live first;
        for (std::size_t i = 0; i < middle; ++i) first.push(events_[i]);

        std::vector<const Event*> after;
        for (const Event* event : accepted_)
            if (static_cast<std::size_t>(event - events_.data()) >= middle) after.push_back(event);
        auto in_order = after;
        std::sort(in_order.begin(), in_order.end(), &before);
        std::size_t next = 0;
        onefold::LiveOptions<Def> options;
        options.seed = seed_ + 7;
        options.settled = [&](const Event& event, const onefold::Settled<Def>& row) {
            expect(next < in_order.size() && alike(event, *in_order[next]), "restored live settles another event");
            if (found_.empty()) same(settled(in_order[next++]), row, "restored live, settled", event);
        };
        Live restored(std::move(options));
        const auto bytes = bytes_of(first);
        for (const auto& group : bytes) restored.load(group);
        restored.advance_watermark(first.watermark());
        expect(bytes_of(restored) == bytes, "what was loaded saves as other bytes");

        // The state of keys does not hold the ids seen: of repeated events only the watermark is told. Neither does it
        // hold how far each partition had come.
        for (std::size_t i = middle; i < events_.size() && found_.empty(); ++i) {
            if (Stream::has_partitions) restored.advance_watermark(onefold::Time{watermarks_[i]});
            if (verdicts_[i] == Verdict::duplicate) {
                restored.advance_watermark(onefold::Time{watermarks_[i + 1]});
                first.push(events_[i]);
                continue;
            }
            const auto row = restored.push(events_[i]);
            first.push(events_[i]);
            expect(row.verdict == verdicts_[i], "restored live says ", onefold::to_text(row.verdict), " of event ", i);
            if (row.applied()) same(served_[i], row, "restored live, served", events_[i]);
            // Nor when each partition was last heard of: where one is idle sooner the watermark is further on.
            if (Stream::has_partitions && restored.watermark().micros > watermarks_[i + 1]) return;
        }
        if (!found_.empty()) return;
        const auto end = onefold::Time{watermarks_.back()};
        first.advance_watermark(end);
        restored.advance_watermark(end);
        expect(bytes_of(restored) == bytes_of(first), "restored live saves other bytes at the end");
        restored.finish();
        expect(next == in_order.size(), "restored live settles ", next, " rows instead of ", in_order.size());
    }

    const std::vector<Event>& events_;
    std::uint64_t seed_;
    std::vector<Verdict> verdicts_;
    std::vector<bool> punctuations_;
    std::vector<std::int64_t> watermarks_; // before each event, and after the last
    std::vector<const Event*> accepted_;
    std::vector<Row> settled_, served_;
};

template <class Def>
Definition checked(std::string_view name) {
    if constexpr (onefold::ClosingDefinition<Def>) return {name, &WindowsCheck<Def>::difference};
    else return {name, &ParityCheck<Def>::difference};
}

// With the served view as well, which the thousands of definitions of the fuzz would take too long to compile for.
template <class Def>
std::string difference_of_views_too(const std::vector<Event>& events, std::uint64_t seed) {
    auto found = checked<Def>({}).difference(events, seed);
    if constexpr (onefold::AsOfDefinition<Def>)
        if (found.empty()) found = ServedCheck<Def>::difference(events, seed);
    return found;
}

template <class Def>
struct Registered {
    explicit Registered(std::string_view name) { definitions().push_back({name, &difference_of_views_too<Def>}); }
};

} // namespace twin
