#pragma once

#include "onefold/run/backfill.hpp"
#include "onefold/run/live.hpp"

// How the parity check gives a live executor the versions of its tables.
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
void push_all(Live<Def>& live, const Versions<Def>& versions) {
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
    VersionFeed(const Versions<Def>& versions, std::uint64_t seed) : versions_(versions), random_{seed} {}

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

    const Versions<Def>& versions_;
    Shuffle random_;
    std::array<std::size_t, All::table_count> next_{};
};

} // namespace onefold::run
