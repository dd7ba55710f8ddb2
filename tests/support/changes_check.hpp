#pragma once

// Runs one definition over changes of facts through both executors: the obvious way is to keep every record that came,
// to look through all of them for what holds of each fact, and to give that to the slow twin.

#include "onefold/run/backfill.hpp"
#include "onefold/run/live.hpp"
#include "support/approximate_twin.hpp"
#include "support/finding.hpp"

namespace twin {

// How far behind the newest event a change may come.
inline constexpr std::int64_t correctable = 25;

// The definition over a stream of changes.
template <class Def>
struct Corrected {
    static constexpr auto definition = [] {
        constexpr const auto& given = Def::definition;
        constexpr auto stream = given.stream.template id<&Event::id>()
                                    .template changes<&Event::operation, &Event::position>()
                                    .correctable_for(onefold::Duration{correctable});
        using Given = std::remove_cvref_t<decltype(given)>;
        return onefold::Definition<std::remove_cvref_t<decltype(stream)>, typename Given::entities_type,
                                   typename Given::derived_type, typename Given::tables_type,
                                   typename Given::sides_type>{stream, given.entities, given.derived, given.tables,
                                                               given.sides};
    }();
};

// Changes in order of arrival: facts that are made, corrected, deleted and made again, and what sources and networks
// do to that: repeats, disorder, changes of what nobody knows.
class ChangeGenerator {
public:
    explicit ChangeGenerator(std::uint64_t seed) : random_(seed), generator_(seed) {}

    // strays: some come later than any fact may be changed.
    std::vector<Event> changes(bool strays) {
        const auto facts = generator_.events(static_cast<std::size_t>(1 + random_.below(40)));
        const auto contents = generator_.events(60);
        for (std::size_t i = 0; i < facts.size(); ++i) {
            auto fact = facts[i];
            fact.id = fact.serial = static_cast<std::int64_t>(i);
            auto made = fact.at.micros;
            make(fact, onefold::Operation::create, made);
            for (auto more = random_.below(4); more > 0; --more) {
                made = onefold::saturating_add(made, random_.below(9));
                const auto what = random_.below(5);
                if (what == 0) {
                    auto gone = fact;
                    // Some logs say no more of it than its id.
                    if (random_.below(2) == 0) gone.at.micros = INT64_MIN, gone.maybe_at.reset();
                    make(gone, onefold::Operation::remove, made);
                    continue;
                }
                const auto& other = contents[static_cast<std::size_t>(random_.below(std::ssize(contents)))];
                auto corrected = other;
                corrected.id = corrected.serial = fact.id;
                corrected.at = fact.at;
                if (what == 1) corrected.at.micros = onefold::saturating_add(fact.at.micros, random_.below(7) - 3);
                if (corrected.maybe_at) corrected.maybe_at = corrected.at;
                make(corrected, onefold::Operation::update, made);
                fact = corrected;
            }
        }
        if (random_.below(5) == 0) {
            Event all;
            all.at.micros = INT64_MIN;
            make(all, onefold::Operation::truncate,
                 facts[static_cast<std::size_t>(random_.below(std::ssize(facts)))].at.micros);
        }
        number();
        for (auto more = random_.below(4); more > 0; --more) {
            auto unknown = made_[0];
            unknown.change.id = 1'000 + random_.below(5);
            unknown.change.operation = random_.below(2) == 0 ? onefold::Operation::remove : onefold::Operation::update;
            unknown.change.position = 1'000 + more;
            unknown.change.serial = unknown.change.id;
            made_.push_back(unknown);
        }
        for (std::size_t i = 0, count = made_.size(); i < count; ++i)
            if (random_.below(8) == 0) made_.push_back(made_[i]);
        for (auto& one : made_) {
            const auto delay = strays && random_.below(8) == 0 ? random_.below(60) : random_.below(lateness + 1);
            one.arrives = onefold::saturating_add(one.made, delay);
        }
        onefold::sort_stably(made_, [](const Made& a, const Made& b) { return a.arrives <=> b.arrives; });
        std::vector<Event> changes;
        for (const auto& one : made_) changes.push_back(one.change);
        return changes;
    }

private:
    struct Made {
        Event change;
        std::int64_t made = 0;
        std::int64_t arrives = 0;
    };
    void make(Event change, onefold::Operation operation, std::int64_t made) {
        change.operation = operation;
        made_.push_back({change, made, 0});
    }
    // The log has them in the order in which they were made.
    void number() {
        onefold::sort_stably(made_, [](const Made& a, const Made& b) { return a.made <=> b.made; });
        for (std::size_t i = 0; i < made_.size(); ++i) made_[i].change.position = static_cast<std::int64_t>(10 + i);
    }

    Generator random_, generator_;
    std::vector<Made> made_;
};

template <class Def>
class ChangesCheck : Finding<Def> {
    using Base = Finding<Def>;
    using Base::alike, Base::before, Base::canonical, Base::expect, Base::found_, Base::same, Base::time;
    using typename Base::Stream;
    using Row = onefold::Row<Def>;
    using Verdict = onefold::Verdict;
    using Operation = onefold::Operation;
    static constexpr std::int64_t delay = correctable - lateness;

public:
    // Empty when everything agrees, else the first thing that does not.
    static std::string difference(const std::vector<Event>& changes, std::uint64_t seed) {
        ChangesCheck check(changes, seed);
        check.check_live();
        check.check_batch();
        return check.found_;
    }

private:
    ChangesCheck(const std::vector<Event>& changes, std::uint64_t seed) : changes_(changes), seed_(seed) {}

    // What is known of one id: the last change of it that was not too late, and whether a fact holds.
    struct Fact {
        const Event* change = nullptr;
        bool holds = false;
        Wide kept_until = 0; // up to where rows must have settled for it to be forgotten
    };

    static bool has_time(const Event& change) {
        const auto told = when<Stream>(change);
        return told && *told != INT64_MIN && *told != INT64_MAX;
    }
    static bool passes_filter(const Event& change) { return passes(Def::definition.stream.filter, change); }

    // The law, rule by rule, as it is written beside Stream::changes().
    Verdict judge(const Event& change) {
        taken_.clear();
        const std::optional<Wide> settled = watermark_ ? std::optional(*watermark_ - delay) : std::nullopt;
        const auto is_settled = [&](Wide moment) { return settled && moment <= *settled; };
        std::erase_if(facts_, [&](const Fact& fact) { return is_settled(fact.kept_until); });
        if (change.operation == Operation::truncate) {
            if (truncation_ && change.position <= *truncation_) return Verdict::duplicate;
            if (first_ && is_settled(*first_)) return Verdict::late;
            truncation_ = change.position;
            for (auto& fact : facts_)
                if (fact.holds && fact.change->position < change.position) {
                    taken_.push_back(fact.change);
                    fact.holds = false;
                }
            return Verdict::applied;
        }
        const bool removes = change.operation == Operation::remove;
        if (!removes && !has_time(change)) return Verdict::rejected;
        const auto verdict = judge_one(change, removes, is_settled);
        if (!removes) {
            if (const Wide told = Wide(time(change)) - lateness - 1; !watermark_ || told > *watermark_)
                watermark_ = told;
        }
        return verdict;
    }
    template <class IsSettled>
    Verdict judge_one(const Event& change, bool removes, IsSettled is_settled) {
        if (truncation_ && change.position < *truncation_) return Verdict::duplicate;
        auto known =
            std::find_if(facts_.begin(), facts_.end(), [&](const Fact& f) { return f.change->id == change.id; });
        const bool is_known = known != facts_.end();
        if (is_known && change.position <= known->change->position) return Verdict::duplicate;
        const bool there = is_known && known->holds;
        const bool counts = !removes && passes_filter(change);
        if (there && is_settled(time(*known->change))) return Verdict::late;
        if (!there && removes && has_time(change) && is_settled(time(change))) return Verdict::late;
        if (counts && (is_known ? is_settled(time(change)) : watermark_ && time(change) <= *watermark_))
            return Verdict::late;
        if (there) taken_.push_back(known->change);
        if (counts) {
            if (!first_ || time(change) < *first_) first_ = time(change);
            if (!newest_ || time(change) > *newest_) newest_ = time(change);
        }
        std::optional<Wide> until = newest_;
        if (has_time(change) && (!until || time(change) > *until)) until = time(change);
        if (!is_known) known = facts_.insert(facts_.end(), Fact{});
        *known = {&change, counts, until ? *until + lateness + delay + 1 : Wide(INT64_MAX)};
        return counts || (removes && there) ? Verdict::applied : Verdict::filtered;
    }

    void check_live() {
        std::vector<const Event*> waiting; // hold, and have not settled
        std::size_t now = 0, letters = 0;
        onefold::LiveOptions<Def> options;
        options.seed = seed_;
        options.dead_letter = [&](const onefold::DeadLetter<Event>&) { ++letters; };
        std::vector<std::pair<const Event*, Row>> due;
        std::size_t answered = 0;
        options.settled = [&](const Event& event, const onefold::Settled<Def>& row) {
            expect(answered < due.size(), "live settles more rows than are due after change ", now);
            if (!found_.empty()) return;
            expect(alike(event, *due[answered].first), "live settles ", describe(event), " instead of ",
                   describe(*due[answered].first));
            same(due[answered++].second, row, "live, settled", event);
        };
        onefold::Live<Def> live(std::move(options));
        const auto settle = [&](std::optional<Wide> settled) {
            std::sort(waiting.begin(), waiting.end(), &before);
            due.clear();
            answered = 0;
            while (!waiting.empty() && (!settled || time(*waiting.front()) <= *settled)) {
                const Event* event = waiting.front();
                due.emplace_back(event, SlowTwin<Def>::row(holding_, time(*event), *event, event));
                rows_.push_back(due.back());
                waiting.erase(waiting.begin());
            }
        };
        onefold::Account counts;
        for (; now < changes_.size() && found_.empty(); ++now) {
            const Event& change = changes_[now];
            const auto verdict = judge(change);
            ++counts.in;
            counts.count(verdict);
            for (const Event* gone : taken_) {
                std::erase(holding_, gone);
                std::erase(waiting, gone);
            }
            const bool answers = verdict == Verdict::applied && change.operation != Operation::remove &&
                                 change.operation != Operation::truncate;
            Row expected;
            if (answers) {
                holding_.push_back(&change);
                waiting.push_back(&change);
                expected = SlowTwin<Def>::row(holding_, time(change), change, &change);
            }
            if (watermark_) settle(*watermark_ - delay);
            const auto row = live.push(change);
            expect(row.verdict == verdict, "live says ", onefold::to_text(row.verdict), " of change ", now, ", ",
                   describe(change), ", instead of ", onefold::to_text(verdict));
            if (answers && found_.empty()) same(expected, row, "live, served", change);
            expect(answered == due.size(), "after change ", now, " ", answered, " rows settle instead of ", due.size());
            expect(live.account() == counts && counts.balances(), "live counts other verdicts at change ", now);
            expect(letters == counts.in - counts.applied, "change ", now, " has no dead letter");
            due.clear();
            answered = 0;
        }
        settle(std::nullopt);
        live.finish();
        expect(answered == due.size(), "at the end ", answered, " rows settle instead of ", due.size());
        account_ = counts;
    }

    void check_batch() {
        // Judged as live did: what has settled is what holds in the end.
        std::vector<const Event*> in_order = holding_;
        std::sort(in_order.begin(), in_order.end(), &before);
        expect(rows_.size() == in_order.size(), "the slow gate settles other facts than hold in the end");
        for (const unsigned threads : {1u, 3u}) {
            onefold::BackfillOptions options;
            options.threads = threads;
            options.arrival = onefold::Arrival::as_given;
            const auto batch = onefold::backfill<Def>(changes_, options);
            expect(batch.account == account_, "batch counts other verdicts");
            expect(batch.excluded.size() == account_.in - account_.applied, "batch excludes others than it counts");
            compare(batch, in_order, "batch");
        }
        // Nothing is late: of each id the change of the greatest position, wherever it stands.
        std::vector<const Event*> newest;
        std::int64_t truncated = INT64_MIN;
        for (const auto& change : changes_)
            if (change.operation == Operation::truncate) truncated = std::max(truncated, change.position);
        for (const auto& change : changes_) {
            if (change.operation == Operation::truncate) continue;
            if (change.operation != Operation::remove && !has_time(change)) continue;
            auto known = std::find_if(newest.begin(), newest.end(), [&](const Event* e) { return e->id == change.id; });
            if (known == newest.end()) newest.push_back(&change);
            else if (change.position > (*known)->position) *known = &change;
        }
        std::erase_if(newest, [&](const Event* e) {
            return e->operation == Operation::remove || e->position < truncated || !passes_filter(*e);
        });
        std::sort(newest.begin(), newest.end(), &before);
        const auto batch = onefold::backfill<Def>(changes_, {.threads = static_cast<unsigned>(1 + seed_ % 3)});
        compare(batch, newest, "batch of a whole history");
        // And where nothing was late, live has answered the same, in this order of arrival as in any other.
        if (account_.late != 0) return;
        expect(newest.size() == in_order.size(), "nothing was late, and yet ", in_order.size(),
               " facts have settled instead of ", newest.size());
        for (std::size_t i = 0; i < newest.size() && found_.empty(); ++i)
            expect(alike(*newest[i], *in_order[i]), "nothing was late, and yet another fact has settled");
    }
    void compare(const onefold::Backfill<Def>& batch, const std::vector<const Event*>& in_order, const char* what) {
        expect(batch.rows.size() == in_order.size(), what, " has ", batch.rows.size(), " rows instead of ",
               in_order.size());
        for (std::size_t i = 0; i < in_order.size() && found_.empty(); ++i) {
            const Event& event = *in_order[i];
            expect(alike(changes_[batch.order[i]], event), what, " has another event in row ", i);
            same(SlowTwin<Def>::row(in_order, time(event), event, &event), batch.rows[i], what, event);
        }
    }

    const std::vector<Event>& changes_;
    std::uint64_t seed_;
    std::vector<Fact> facts_;
    std::vector<const Event*> holding_, taken_;
    std::vector<std::pair<const Event*, Row>> rows_;
    std::optional<Wide> watermark_, first_, newest_;
    std::optional<std::int64_t> truncation_;
    onefold::Account account_;
};

template <class Def>
struct RegisteredChanges {
    explicit RegisteredChanges(std::string_view name) {
        definitions_of_changes().push_back({name, &ChangesCheck<Corrected<Def>>::difference});
    }
};

} // namespace twin
