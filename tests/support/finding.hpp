#pragma once

// What the checks of both kinds of definition share: the first thing found to differ, and what a live executor keeps.

#include <algorithm>
#include <sstream>

#include "onefold/engine/key_table.hpp"
#include "support/registry.hpp"
#include "support/slow_twin.hpp"

namespace twin {

// Of all that is here nothing depends on the definition, so that it is compiled once for thousands of them.
class Found {
protected:
    std::string found_;

    template <class... Part>
    void expect(bool ok, const Part&... sentence) {
        if (ok || !found_.empty()) return;
        std::ostringstream text;
        text.precision(17);
        (text << ... << sentence);
        found_ = text.str();
    }
    // One of the orders in which events can arrive within the lateness: in that of time, or up to the lateness later,
    // ties turned round in the last.
    static std::vector<const Event*> arriving(const std::vector<const Event*>& events,
                                              std::int64_t (*time)(const Event&), int order, Generator& random) {
        struct Arrival {
            Wide time;
            std::int64_t tie;
            const Event* event;
        };
        std::vector<Arrival> arrivals;
        for (const Event* event : events) {
            const auto place = static_cast<std::int64_t>(arrivals.size());
            arrivals.push_back({Wide(time(*event)) + (order == 0 ? 0 : random.below(lateness + 1)),
                                order == 2 ? -place : place, event});
        }
        std::sort(arrivals.begin(), arrivals.end(), [](const Arrival& a, const Arrival& b) {
            return a.time != b.time ? a.time < b.time : a.tie < b.tie;
        });
        std::vector<const Event*> arrived;
        for (const auto& arrival : arrivals) arrived.push_back(arrival.event);
        return arrived;
    }
};

template <class Def>
class Finding : protected Found {
public:
    using Stream = typename std::remove_cvref_t<decltype(Def::definition)>::stream_type;

protected:
    using Entities = typename std::remove_cvref_t<decltype(Def::definition)>::entities_type;

    static std::int64_t time(const Event& event) { return *when<Stream>(event); }
    // A feature of the row as text.
    static std::string show(const onefold::Row<Def>& row, std::size_t wanted) {
        std::ostringstream text;
        text.precision(17);
        std::size_t column = 0;
        row.for_each([&](std::string_view, const auto& value) {
            if (column++ == wanted) print_value(text, value);
        });
        return text.str();
    }
    static std::int64_t clamped(const std::optional<Wide>& watermark) {
        return !watermark || *watermark < INT64_MIN ? INT64_MIN : static_cast<std::int64_t>(*watermark);
    }
    // Without those whose id is there already, where ids are looked at: what counts in every order of arrival.
    static std::vector<const Event*> without_repeats(const std::vector<const Event*>& accepted) {
        std::vector<const Event*> members;
        for (const Event* event : accepted) {
            bool again = false;
            if constexpr (Stream::has_id)
                for (const Event* before : members)
                    again = again || (Def::definition.stream.deduplicates &&
                                      compare(before->*Stream::id_member, event->*Stream::id_member) == 0);
            if (!again) members.push_back(event);
        }
        return members;
    }
    void same(const onefold::Row<Def>& expected, const onefold::Row<Def>& actual, const char* what,
              const Event& event) {
        const auto column = expected.first_difference(actual);
        if (column == onefold::Row<Def>::width) return;
        expect(false, what, ": ", onefold::Row<Def>::names[column], " is ", show(actual, column), " instead of ",
               show(expected, column), " for the event ", describe(event));
    }
    // Canonical order of whole events: time, id, then what the definition reads, entity by entity: keys and arguments.
    static bool canonical(const Event& a, const Event& b) {
        if (time(a) != time(b)) return time(a) < time(b);
        int order = 0;
        onefold::for_each_index<Entities::size>([&](auto g) {
            using Entity = onefold::type_at<decltype(g)::value, Entities>;
            if constexpr (Stream::has_id)
                if (order == 0) order = compare(a.*Stream::id_member, b.*Stream::id_member);
            if (order == 0) order = compare_keys(typename Entity::keys{}, a, b);
            if (order == 0) order = SlowTwin<Def>::template order<decltype(g)::value>(a, b);
        });
        return order < 0;
    }
    template <auto... M>
    static int compare_keys(onefold::KeyMembers<M...>, const Event& a, const Event& b) {
        int order = 0;
        ((order = order == 0 ? compare(a.*M, b.*M) : order), ...);
        return order;
    }
    // By pointers to a function, so that sorting is compiled once for all definitions.
    static bool before(const Event* a, const Event* b) { return canonical(*a, *b); }
    static bool alike(const Event& a, const Event& b) { return !canonical(a, b) && !canonical(b, a); }
    template <class Live>
    static std::vector<std::string> bytes_of(Live& live) {
        std::vector<std::string> bytes;
        for (std::uint32_t group = 0; group < onefold::engine::key_groups; ++group) bytes.push_back(live.save(group));
        return bytes;
    }
};

} // namespace twin
