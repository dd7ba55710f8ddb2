#pragma once

#include <array>
#include <string_view>

#include "onefold/plan/plan.hpp"

namespace onefold::plan {

template <class Stream, class Tables> struct RecordsOf;
template <class Stream, class... T> struct RecordsOf<Stream, Tuple<T...>> {
    using type = TypeList<typename Stream::record, typename T::record...>;
};

// All that a definition reads, by number: its stream, then its tables in order. Told apart by their records' types.
template <class Def>
struct Inputs {
    using All = Plan<Def>;
    using records = typename RecordsOf<typename All::stream_type, typename All::tables_type>::type;
    static constexpr std::size_t size = records::size;
    static constexpr auto names = [] {
        std::array<std::string_view, size> all{Def::definition.stream.name};
        for_each_index<All::table_count>(
            [&](auto t) { all[t + 1] = get<decltype(t)::value>(Def::definition.tables).name; });
        return all;
    }();
    // `size`: none is of such records.
    template <class Record>
    static constexpr std::size_t index_of = [] {
        std::size_t found = size;
        for_each_index<size>([&](auto i) {
            if (std::same_as<type_at<decltype(i)::value, records>, Record>) found = i;
        });
        return found;
    }();
};

// An event of the stream or a version of a table of Def.
template <class Record, class Def>
concept InputRecord = (Inputs<Def>::template index_of<Record> < Inputs<Def>::size);

} // namespace onefold::plan
