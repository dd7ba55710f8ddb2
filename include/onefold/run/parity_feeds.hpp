#pragma once

#include "onefold/run/backfill.hpp"
#include "onefold/run/live.hpp"

// How the parity check gives a live executor what the definition reads beside its spine.
namespace onefold::run {

// A small generator of its own: the standard distributions differ between libraries.
struct Shuffle {
    std::uint64_t state;
    std::uint64_t below(std::uint64_t bound) noexcept {
        state = mix(state);
        return bound == 0 ? 0 : state % bound;
    }
};

// All before the first event.
template <class Def>
void push_all(Live<Def>& live, const Histories<Def>& versions) {
    for_each_index<plan::Plan<Def>::table_count>([&](auto t) {
        for (const auto& version : get<decltype(t)::value>(versions.tables)) live.push(version);
    });
}

// Each at any time at which nothing that it concerns has settled; those of one table in their order.
template <class Def>
class VersionFeed {
    using All = plan::Plan<Def>;
    using Stream = typename All::stream_type;

public:
    VersionFeed(const Histories<Def>& versions, std::uint64_t seed) : versions_(versions), random_{seed} {}

    void push_before(const typename All::record& event, Live<Def>& live) {
        if constexpr (All::table_count > 0) {
            const auto settled = settled_after(event);
            for_each_index<All::table_count>([&](auto t) { push_some<decltype(t)::value>(settled, live); });
        }
    }

    // Before everything settles.
    void push_rest(Live<Def>& live) {
        for_each_index<All::table_count>([&](auto t) {
            constexpr auto I = decltype(t)::value;
            const auto& all = get<I>(versions_.tables);
            for (; next_[I] < all.size(); ++next_[I]) live.push(all[next_[I]]);
        });
    }

private:
    // The most that the event could settle.
    static std::int64_t settled_after(const typename All::record& event) {
        const auto& time = event.*Stream::time_member;
        if (!detail::has_value(time)) return earliest;
        const auto at = engine::time_of<Stream>(event);
        // A punctuation says that everything up to its time has come.
        return Stream::has_punctuations ? at : saturating_subtract(at, Def::definition.stream.allowed_lateness);
    }
    template <std::size_t I>
    void push_some(std::int64_t settled, Live<Def>& live) {
        const auto& all = get<I>(versions_.tables);
        std::size_t due = next_[I];
        if (random_.below(4) == 0) due = std::min(all.size(), due + random_.below(3));
        for (auto i = due; i < all.size(); ++i) {
            const bool timed = plan::TablePlan<Def, I>::table_type::is_well_formed(all[i]);
            if (timed && plan::TablePlan<Def, I>::times_that_find(all[i]).first <= settled) due = i + 1;
        }
        for (; next_[I] < due; ++next_[I]) live.push(all[next_[I]]);
    }

    const Histories<Def>& versions_;
    Shuffle random_;
    std::array<std::size_t, All::table_count> next_{};
};

// The events of the streams beside the spine, each stream's in its order, anywhere among the spine's events.
template <class Def>
class SideFeed {
    using All = plan::Plan<Def>;

public:
    SideFeed(const Histories<Def>& histories, std::uint64_t seed) : histories_(histories), random_{mix(seed)} {}

    // As many as will have come when the spine's next event does: now and then none for long, or many at once.
    void push_some(Live<Def>& live) {
        for_each_index<All::side_count>([&](auto s) {
            const auto count = random_.below(8) == 0 ? random_.below(16) : random_.below(3);
            push<decltype(s)::value>(next_[s] + count, live);
        });
    }
    void push_rest(Live<Def>& live) {
        for_each_index<All::side_count>([&](auto s) { push<decltype(s)::value>(SIZE_MAX, live); });
    }
    static bool same_accounts(const Live<Def>& live, const Backfill<Def>& batch) {
        bool same = true;
        for_each_index<All::side_count>([&](auto s) {
            using record = typename plan::StreamPlan<Def, decltype(s)::value + 1>::record;
            const Account& account = live.template account<record>();
            same = same && account == batch.sides[s].account && account.balances();
        });
        return same;
    }

private:
    template <std::size_t S>
    void push(std::size_t until, Live<Def>& live) {
        const auto& all = get<S>(histories_.sides);
        for (; next_[S] < std::min(until, all.size()); ++next_[S]) live.push(all[next_[S]]);
    }

    const Histories<Def>& histories_;
    Shuffle random_;
    std::array<std::size_t, All::side_count> next_{};
};

// The events that the batch counted, of each stream beside the spine.
template <class Def>
auto accepted_of_sides(const Histories<Def>& histories, const Backfill<Def>& batch) {
    std::array<std::vector<std::uint32_t>, plan::Plan<Def>::side_count> accepted;
    for_each_index<plan::Plan<Def>::side_count>([&](auto s) {
        constexpr std::size_t S = decltype(s)::value;
        const auto& events = get<S>(histories.sides);
        std::vector<bool> out(events.size());
        for (const auto& excluded : batch.sides[S].excluded) out[excluded.position] = true;
        for (std::size_t i = 0; i < events.size(); ++i)
            if (!out[i] && !EventClock<Def, S + 1>::is_punctuation(events[i]))
                accepted[S].push_back(static_cast<std::uint32_t>(i));
    });
    return accepted;
}

} // namespace onefold::run
