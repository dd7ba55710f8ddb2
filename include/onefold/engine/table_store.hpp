#pragma once

#include <algorithm>
#include <vector>

#include "onefold/engine/key_table.hpp"
#include "onefold/plan/table_plan.hpp"

namespace onefold::engine {

// The versions of one table, by key and time. Finding the one of a time costs a hash look-up and O(log versions of the
// key); adding one, O(1) for the newest of its key and O(d) for one that d others are newer than.
template <class Def, std::size_t I>
class TableStore {
    using P = plan::TablePlan<Def, I>;
    struct Versions {
        std::vector<typename P::input> sorted;
    };

public:
    using Version = typename P::input;
    using Keys = KeyOf<P, typename P::key_members>;
    using Key = typename Keys::Key;

    explicit TableStore(std::uint64_t seed = 0) : table_(seed) {}

    // A key with a null in it is nobody's.
    static bool has_key(const Version& version) {
        return [&]<auto... M>(KeyMembers<M...>) {
            return (detail::has_value(version.*M) && ...);
        }(typename P::key_members{});
    }

    // needed_from: the earliest time that somebody may still ask about; what no such question can find is forgotten.
    void add(const Version& version, std::int64_t needed_from = earliest) {
        auto& versions = table_.find_or_add(version).state.sorted;
        forget(versions, needed_from);
        const auto at = std::upper_bound(versions.begin(), versions.end(), version,
                                         [](const auto& a, const auto& b) { return P::order(a, b) < 0; });
        versions.insert(at, version);
    }

    // Many at once, in order of arrival: O(n log n), whatever that is.
    void add_all(const std::vector<Version>& versions) {
        for (const auto& version : versions)
            if (detail::has_value(version.*P::table_type::since_member) && has_key(version))
                table_.find_or_add(version).state.sorted.push_back(version);
        table_.for_each([](auto& keyed) { sort(keyed.state.sorted); });
    }

    // The version in force for an event, null where there is none. `joined` holds the event and its versions of the
    // tables before this one. Valid until the key's next version.
    template <class Input>
    const Version* find(const Input& joined, std::int64_t time) {
        Key key{};
        if (!read_key(joined, key)) return nullptr;
        auto* keyed = table_.find(key);
        if (!keyed) return nullptr;
        const auto* found = find(keyed->state.sorted, time);
        return found && !P::is_tombstone(*found) ? found : nullptr;
    }
    // Whether the event looks for versions of this one's key.
    template <class Input>
    static bool is_looked_up_by(const Input& joined, const Version& version) {
        return [&]<class... F, auto... K>(TypeList<F...>, KeyMembers<K...>) {
            return (same_key(plan::read_field<F>(joined), version.*K) && ...);
        }(typename P::on_fields{}, typename P::key_members{});
    }

    std::size_t keys() const noexcept { return table_.size(); }
    std::size_t versions() {
        std::size_t count = 0;
        table_.for_each([&](auto& keyed) { count += keyed.state.sorted.size(); });
        return count;
    }

private:
    // Null finds nothing, not even null.
    template <class A, class B>
    static bool same_key(const A& a, const B& b) {
        return detail::has_value(a) && detail::has_value(b) && total_equal(detail::value_of(a), detail::value_of(b));
    }
    // Equal ones stay in order of arrival.
    static void sort(std::vector<Version>& versions) {
        const auto less = [](const auto& a, const auto& b) { return P::order(a, b) < 0; };
        if (std::is_sorted(versions.begin(), versions.end(), less)) return;
        std::vector<std::size_t> places(versions.size());
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
        std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
            const auto order = P::order(versions[a], versions[b]);
            return order != 0 ? order < 0 : a < b;
        });
        std::vector<Version> sorted;
        sorted.reserve(versions.size());
        for (const auto place : places) sorted.push_back(std::move(versions[place]));
        versions = std::move(sorted);
    }
    template <class Input>
    static bool read_key(const Input& joined, Key& key) {
        bool known = true;
        [&]<class... F>(TypeList<F...>) {
            for_each_index<sizeof...(F)>([&](auto i) {
                const auto& value = plan::read_field<type_at<decltype(i)::value, TypeList<F...>>>(joined);
                if (!detail::has_value(value)) known = false;
                else get<decltype(i)::value>(key) = detail::value_of(value);
            });
        }(typename P::on_fields{});
        return known;
    }
    // The first version of which since is not below the time.
    static auto from(const std::vector<Version>& versions, std::int64_t time) {
        return std::partition_point(versions.begin(), versions.end(),
                                    [&](const auto& version) { return P::since(version) < time; });
    }
    static const Version* find(const std::vector<Version>& versions, std::int64_t time) {
        const auto& table = P::table;
        const auto after = [&](bool strictly) { return strictly ? saturating_add(time, 1) : time; };
        const Version* found = nullptr;
        if (table.looks_forward) {
            const auto at = from(versions, after(table.leaves_current_out));
            if (at != versions.end()) found = &*at;
        } else {
            const auto at = from(versions, after(!table.leaves_current_out));
            if (at != versions.begin()) found = &*(at - 1);
        }
        if (!found || table.oldest == latest) return found;
        const auto distance = table.looks_forward ? saturating_subtract(P::since(*found), time)
                                                  : saturating_subtract(time, P::since(*found));
        return distance <= table.oldest ? found : nullptr;
    }
    // A question at needed_from or later finds the last version before it, or one after that.
    static void forget(std::vector<Version>& versions, std::int64_t needed_from) {
        if (needed_from == earliest) return;
        auto first = from(versions, needed_from);
        if (!P::table.looks_forward && first != versions.begin()) --first;
        versions.erase(versions.begin(), first);
    }

    KeyTable<P, Versions> table_;
};

// All tables of a definition: what the fold reads of an event. Without tables that is the event itself.
template <class Def, class Indices = std::make_index_sequence<plan::Plan<Def>::table_count>> class Joins;

template <class Def>
class Joins<Def, std::index_sequence<>> {
public:
    explicit Joins(std::uint64_t = 0) {}
    template <class Record> static const Record& join(const Record& event) noexcept { return event; }
};

template <class Def, std::size_t... I>
    requires(sizeof...(I) > 0)
class Joins<Def, std::index_sequence<I...>> {
    using All = plan::Plan<Def>;

public:
    explicit Joins(std::uint64_t seed = 0) : stores_(onefold::make_tuple(TableStore<Def, I>(seed)...)) {}

    // Valid until a version is added.
    typename All::input join(const typename All::record& event) {
        typename All::input joined{&event, {}};
        const auto time = plan::time_of<typename All::stream_type>(event);
        ((get<I>(joined.versions) = get<I>(stores_).find(joined, time)), ...);
        return joined;
    }
    template <std::size_t Table> auto& table() noexcept { return get<Table>(stores_); }
    // Whether the event looks for versions of this one's key. Only where a table before it says the key, is it joined.
    template <std::size_t Table>
    bool looks_up(const typename All::record& event, const typename plan::TablePlan<Def, Table>::input& version) {
        constexpr bool of_event = []<class... F>(TypeList<F...>) {
            return (std::same_as<typename F::record, typename All::record> && ...);
        }(typename plan::TablePlan<Def, Table>::on_fields{});
        using Input = typename All::input;
        return TableStore<Def, Table>::is_looked_up_by(of_event ? Input{&event, {}} : join(event), version);
    }

private:
    Tuple<TableStore<Def, I>...> stores_;
};

} // namespace onefold::engine
