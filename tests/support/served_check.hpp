#pragma once

// The served view of one definition: what live answers while everything that can come is written into a journal, what
// is had from the journal again, and what all that had arrived says by brute force.

#include "onefold/run/compare_views.hpp"
#include "support/finding.hpp"

namespace twin {

template <class Def>
class ServedCheck : Finding<Def> {
    using Base = Finding<Def>;
    using Base::expect, Base::found_, Base::show, Base::time, typename Base::Stream;
    using Definition = std::remove_cvref_t<decltype(Def::definition)>;
    using Entities = typename Definition::entities_type;
    using Row = onefold::Row<Def>;
    using Verdict = onefold::Verdict;
    using Time = onefold::Time;

public:
    static std::string difference(const std::vector<Event>& events, std::uint64_t seed) {
        ServedCheck check(events, seed);
        check.run_live();
        check.check_served();
        for (const auto arrival : {onefold::Arrival::as_given, onefold::Arrival::any}) check.check_views(arrival);
        return check.found_;
    }

private:
    ServedCheck(const std::vector<Event>& events, std::uint64_t seed) : events_(events), seed_(seed) {}

    void same(const Row& expected, const Row& actual, const char* what, std::size_t event) {
        const auto column = expected.first_difference(actual);
        if (column == Row::width) return;
        expect(false, what, ": ", Row::names[column], " is ", show(actual, column), " instead of ",
               show(expected, column), " for the event ", event, ", ", describe(events_[event]));
    }

    // One of many orders of steps: what cannot be read, the clock, and whoever states a watermark come in between.
    void run_live() {
        Generator random(seed_ + 77);
        onefold::LiveOptions<Def> options;
        options.seed = seed_;
        options.journal = journal_;
        onefold::Live<Def> live(std::move(options));
        SlowGate<Def> gate;
        all_.judges_lateness = false;
        all_.memory = Wide(1) << 70;
        const bool busy = random.below(2) == 0; // else the events alone, as the batch by several threads wants them
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const auto& event = events_[i];
            for (auto more = busy ? random.below(4) : 0; more > 1; --more) between(random, live, gate, event);
            const auto arrived = random.below(3) == 0 ? std::nullopt : event.arrived;
            const auto row = live.push(event, arrived.value_or(Time{onefold::earliest}));
            const auto known = arrived ? std::optional(arrived->micros) : std::nullopt;
            verdicts_.push_back(gate.judge(event, known));
            if (!gate.punctuation) ++account_.in, account_.count(verdicts_[i]);
            positions_.push_back(position_++);
            accepted_by_all_.push_back(all_.judge(event, known) == Verdict::applied);
            expect(row.verdict == verdicts_[i], "live with a journal says ", onefold::to_text(row.verdict),
                   " of event ", i, " instead of ", onefold::to_text(verdicts_[i]));
            served_.push_back(row);
            if (verdicts_[i] != Verdict::applied) continue;
            arrived_.push_back(&event);
            same(SlowTwin<Def>::row(arrived_, time(event), event, &event), row, "live with a journal", i);
        }
        if (busy) live.finish();
        expect(live.account() == account_, "live with a journal counts other verdicts");
    }
    void between(Generator& random, onefold::Live<Def>& live, SlowGate<Def>& gate, const Event& event) {
        const auto near = Time{onefold::saturating_add(event.at.micros, random.below(80) - 60)};
        switch (random.below(6)) {
        case 0:
            live.reject();
            ++position_;
            ++account_.in;
            account_.count(Verdict::rejected);
            break;
        case 1: {
            if (near.micros > onefold::saturating_subtract(event.at.micros, 20)) break; // too much would be late
            live.advance_watermark(near);
            if (!gate.watermark || near.micros > *gate.watermark) gate.watermark = near.micros;
            break;
        }
        default: live.tick(near); gate.tick(near.micros);
        }
    }

    void check_served() {
        for (const unsigned threads : {1u, static_cast<unsigned>(2 + seed_ % 3)}) {
            const auto history = onefold::served<Def>(journal_, threads);
            expect(history.rows.size() == events_.size(), "served has ", history.rows.size(), " rows");
            expect(history.account == account_, "served counts other verdicts");
            std::size_t excluded = 0;
            for (std::size_t i = 0; i < events_.size() && found_.empty(); ++i) {
                expect(history.rows[i].verdict == verdicts_[i], "served says ",
                       onefold::to_text(history.rows[i].verdict), " of event ", i, " instead of ",
                       onefold::to_text(verdicts_[i]));
                same(served_[i], history.rows[i], "served", i);
                if (excluded < history.excluded.size() && history.excluded[excluded].position == i)
                    expect(history.excluded[excluded++].reason == verdicts_[i], "served excludes event ", i,
                           " for another reason");
            }
            expect(excluded == history.excluded.size() && excluded == account_.in - account_.applied - rejects(),
                   "served excludes ", excluded, " events");
        }
    }
    std::size_t rejects() const { return position_ - events_.size(); }

    // The settled rows of the journal, and each number of the report, by looking at every pair of events.
    void check_views(onefold::Arrival arrival) {
        const bool as_given = arrival == onefold::Arrival::as_given;
        std::vector<const Event*> truth;
        std::vector<bool> settles(events_.size());
        for (std::size_t i = 0; i < events_.size(); ++i) {
            settles[i] = as_given ? verdicts_[i] == Verdict::applied : accepted_by_all_[i];
            if (settles[i]) truth.push_back(&events_[i]);
        }
        onefold::BackfillOptions options;
        options.arrival = arrival;
        options.threads = 1;
        const auto batch = onefold::settled<Def>(journal_, options);
        expect(batch.rows.size() == truth.size(), "settled has ", batch.rows.size(), " rows instead of ", truth.size());
        std::vector<Row> rows(events_.size());
        for (std::size_t i = 0; i < events_.size(); ++i)
            if (settles[i]) rows[i] = SlowTwin<Def>::row(truth, time(events_[i]), events_[i], &events_[i]);
        for (std::size_t r = 0; r < batch.rows.size() && found_.empty(); ++r)
            same(rows[batch.order[r]], batch.rows[r], "settled of a journal", batch.order[r]);

        onefold::CompareOptions compare;
        compare.threads = 1;
        compare.arrival = arrival;
        compare.events = events_.size();
        const auto report = onefold::compare_views<Def>(journal_, compare);
        std::uint64_t compared = 0, different = 0;
        std::vector<std::uint64_t> differ(Row::width);
        std::vector<std::vector<bool>> bits(events_.size(), std::vector<bool>(Row::width));
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (!settles[i] || verdicts_[i] != Verdict::applied) continue;
            ++compared;
            different += rows[i] == served_[i] ? 0u : 1u;
            onefold::for_each_index<Row::width>([&](auto c) {
                bits[i][c] = !rows[i].template same_at<decltype(c)::value>(served_[i]);
                differ[c] += bits[i][c] ? 1u : 0u;
            });
        }
        expect(report.rows == compared && report.different == different, "the report compares ", report.rows,
               " rows, and ", report.different, " differ, instead of ", compared, " and ", different);
        for (std::size_t c = 0; c < Row::width; ++c)
            expect(report.features[c].rows == differ[c] && report.features[c].name == Row::names[c], "the report says ",
                   report.features[c].rows, " rows differ in ", Row::names[c], " instead of ", differ[c]);

        std::vector<bool> explained(events_.size());
        std::uint64_t causes = 0;
        for (std::size_t late = 0; late < events_.size(); ++late) {
            if (!settles[late]) continue;
            std::uint64_t changed = 0;
            for (std::size_t i = 0; i < events_.size(); ++i) {
                if (i == late || !settles[i] || verdicts_[i] != Verdict::applied) continue;
                if (late < i && verdicts_[late] == Verdict::applied) continue;
                if (!changes(events_[late], events_[i], bits[i])) continue;
                ++changed;
                explained[i] = true;
            }
            causes += changed != 0 ? 1u : 0u;
            const auto named = std::find_if(report.events.begin(), report.events.end(),
                                            [&](const auto& event) { return event.position == positions_[late]; });
            expect((named == report.events.end() ? 0 : named->rows) == changed, "the report says that event ", late,
                   " changed ", named == report.events.end() ? 0 : named->rows, " rows instead of ", changed);
        }
        expect(report.causes == causes, "the report has ", report.causes, " causes instead of ", causes);
        std::uint64_t otherwise = 0;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const bool any = std::find(bits[i].begin(), bits[i].end(), true) != bits[i].end();
            otherwise += any && !explained[i] ? 1u : 0u;
        }
        expect(report.otherwise == otherwise, "the report has ", report.otherwise, " rows without a cause instead of ",
               otherwise);
        // Nothing but a late event can make a row differ, where no id is accepted twice.
        if (as_given) expect(otherwise == 0, otherwise, " rows differ for no reason");
    }
    // Whether a feature of the row differs whose window holds the late event.
    bool changes(const Event& late, const Event& row, const std::vector<bool>& bits) const {
        bool found = false;
        std::size_t column = 0;
        onefold::for_each_index<Entities::size>([&](auto g) {
            using Entity = onefold::type_at<decltype(g)::value, Entities>;
            const bool same_key = is_same_key(typename Entity::keys{}, late, row);
            onefold::for_each_index<Entity::clauses_type::size>([&](auto c) {
                const auto& clause =
                    onefold::get<decltype(c)::value>(onefold::get<decltype(g)::value>(Def::definition.entities).clauses)
                        .clause;
                for (const auto& length : clause.lengths) {
                    const bool differs = bits[column++];
                    if (found || !differs || !same_key) continue;
                    // Of a number of rows it takes one whatever it holds.
                    const bool of_rows = length.rows != 0 || clause.bounds.most_rows != 0;
                    if (!of_rows && !counts(clause, late)) continue;
                    using Exclude = onefold::WindowBounds::Exclude;
                    const bool tie = time(late) == time(row) && clause.bounds.exclude == Exclude::ties &&
                                     !clause.bounds.before_current && clause.bounds.delay == 0;
                    found = !tie && in_time(length, clause.bounds, time(late), time(row));
                }
            });
        });
        return found;
    }
    template <class Clause>
    static bool counts(const Clause& clause, const Event& event) {
        if (!passes(clause.filter, event)) return false;
        if constexpr (nulls_are_values<typename Clause::aggregate>) return true;
        else {
            const auto value = onefold::detail::evaluate(declared(clause.argument), Reader<Event>{event});
            if constexpr (is_optional<std::remove_cvref_t<decltype(value)>>) return value.has_value();
            else return true;
        }
    }
    template <auto... M>
    static bool is_same_key(onefold::KeyMembers<M...>, const Event& a, const Event& b) {
        return ((compare(a.*M, b.*M) == 0) && ...);
    }

    const std::vector<Event>& events_;
    std::uint64_t seed_;
    onefold::Arrivals<Def> journal_;
    SlowGate<Def> all_;
    std::vector<Verdict> verdicts_;
    std::vector<bool> accepted_by_all_;
    std::vector<std::uint64_t> positions_;
    std::uint64_t position_ = 0;
    onefold::Account account_;
    std::vector<const Event*> arrived_;
    std::vector<onefold::Served<Def>> served_;
};

} // namespace twin
