#pragma once

#include "onefold/engine/changed_rows.hpp"
#include "onefold/engine/timed_versions.hpp"

namespace onefold::engine {

// Versions by key, each in force from its time on.
template <class P>
class TimedRows {
public:
    using Rows = KeyTable<P, TimedVersions<P>>;
    using Version = typename P::input;
    using Key = typename Rows::Key;

    explicit TimedRows(std::uint64_t seed) : rows_(seed) {}

    void add(const Version& version, std::int64_t needed_from) {
        auto& versions = rows_.find_or_add(version).state;
        versions.forget(needed_from);
        versions.add(version);
    }
    void add_all(const std::vector<Version>& versions) {
        for (const auto& version : versions)
            if (P::table_type::is_well_formed(version) && P::table_type::has_owner(version))
                rows_.find_or_add(version).state.append(version);
        rows_.for_each([](auto& keyed) { keyed.state.sort(); });
    }
    // Two versions that are alike are two versions.
    static bool knows(const Version&) noexcept { return false; }
    const Version* find(const Key& key, std::int64_t time) {
        const auto* keyed = rows_.find(key);
        return keyed ? keyed->state.find(time) : nullptr;
    }
    template <class Visit>
    void for_each(Visit visit) {
        rows_.for_each([&](auto& keyed) { visit(keyed.key, keyed.state); });
    }
    std::size_t keys() const noexcept { return rows_.size(); }

private:
    Rows rows_;
};

// The versions of one table, by key and time. Finding the one of a time costs a hash look-up and O(log versions of the
// key); adding one, O(1) for the newest of its key and O(d) for one that d others are newer than.
template <class Def, std::size_t I>
class TableStore {
    using P = plan::TablePlan<Def, I>;
    template <class Table, bool Changes> struct RowsOf {
        using type = TimedRows<P>;
    };
    template <class Table> struct RowsOf<Table, true> {
        using type = ChangedRows<Table>;
    };
    using Rows = typename RowsOf<typename P::table_type, P::table_type::has_changes>::type;

public:
    using Version = typename P::input;
    using Key = typename Rows::Key;

    explicit TableStore(std::uint64_t seed = 0) : rows_(seed) {}

    // needed_from: the earliest time that somebody may still ask about; what no such question can find is forgotten.
    void add(const Version& version, std::int64_t needed_from = earliest) { rows_.add(version, needed_from); }
    // Many at once, in order of arrival: O(n log n), whatever that is. Those that nobody could find are left out.
    void add_all(const std::vector<Version>& versions) { rows_.add_all(versions); }
    // It is a change that is there already.
    bool knows(const Version& version) { return rows_.knows(version); }

    // The version in force for an event, null where there is none. `joined` holds the event and its versions of the
    // tables before this one. Valid until the key's next version.
    template <class Input>
    const Version* find(const Input& joined, std::int64_t time) {
        Key key{};
        if (!plan::read_key(joined, key, typename P::on_fields{})) return nullptr;
        const auto* found = rows_.find(key, asked(time));
        if (!found || P::is_tombstone(*found)) return nullptr;
        const auto& table = P::table;
        if (table.oldest == latest) return found;
        const auto distance = table.looks_forward ? saturating_subtract(P::since(*found), time)
                                                  : saturating_subtract(time, P::since(*found));
        return distance <= table.oldest ? found : nullptr;
    }
    // Whether the event looks for versions of this one's key.
    template <class Input>
    static bool is_looked_up_by(const Input& joined, const Version& version) {
        return [&]<class... F, auto... K>(TypeList<F...>, KeyMembers<K...>) {
            if (P::table_type::is_truncation(version)) return (detail::has_value(plan::read_field<F>(joined)) && ...);
            return (same_key(plan::read_field<F>(joined), version.*K) && ...);
        }(typename P::on_fields{}, typename P::key_members{});
    }

    std::size_t keys() const noexcept { return rows_.keys(); }
    std::size_t versions() {
        std::size_t count = 0;
        rows_.for_each([&](const auto&, const auto& versions) { count += versions.size(); });
        return count;
    }

private:
    // Versions that are ordered by time know themselves what strictly() means.
    static std::int64_t asked(std::int64_t time) noexcept {
        return P::table_type::has_changes && P::table.leaves_current_out ? saturating_subtract(time, 1) : time;
    }
    // Null finds nothing, not even null.
    template <class A, class B>
    static bool same_key(const A& a, const B& b) {
        return detail::has_value(a) && detail::has_value(b) && total_equal(detail::value_of(a), detail::value_of(b));
    }

    Rows rows_;
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
