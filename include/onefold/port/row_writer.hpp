#pragma once

#include "onefold/port/ports.hpp"
#include "onefold/port/text_sink.hpp"

namespace onefold {
namespace port {

// The columns that say whose row it is, before the features: the event's id, its time and the keys, each member once.
template <class Def>
struct Identity {
    using All = plan::Plan<Def>;
    using Stream = typename All::stream_type;
    using record = typename All::record;

    // visit(name, member pointer) for each.
    template <class F>
    static constexpr void for_each(F&& visit) {
        if constexpr (Stream::has_id) visit(Field<Stream::id_member>::name, Stream::id_member);
        visit(Field<Stream::time_member>::name, Stream::time_member);
        for_each_index<All::entity_count>([&](auto g) {
            keys<decltype(g)::value>(typename All::template entity<decltype(g)::value>::key_members{}, visit);
        });
    }

private:
    template <std::size_t G, auto... M, class F>
    static constexpr void keys(KeyMembers<M...>, F& visit) {
        (
            [&] {
                if constexpr (!seen_before<G, M>()) visit(Field<M>::name, M);
            }(),
            ...);
    }
    // Members are told apart by name: two names of one struct are two members.
    template <std::size_t G, auto M>
    static consteval bool seen_before() {
        bool seen = Field<M>::name == Field<Stream::time_member>::name;
        if constexpr (Stream::has_id) seen = seen || Field<M>::name == Field<Stream::id_member>::name;
        for_each_index<G>([&](auto h) {
            seen = seen || [&]<auto... K>(KeyMembers<K...>) {
                return ((Field<K>::name == Field<M>::name) || ...);
            }(typename All::template entity<decltype(h)::value>::key_members{});
        });
        return seen;
    }
};

template <class Def>
std::vector<std::string_view> output_columns() {
    std::vector<std::string_view> names;
    Identity<Def>::for_each([&](std::string_view name, auto) { names.push_back(name); });
    for (const auto name : Row<Def>::names) names.push_back(name);
    return names;
}

// Turns rows into canonical text; threads may use one each and join their texts.
template <class Def>
class RowText {
public:
    using record = typename plan::Plan<Def>::record;

    explicit RowText(TextFormat format) : formatter_(format, output_columns<Def>()) {}
    void header(std::string& out) const { formatter_.header(out); }
    void append(std::string& out, const record& event, const Row<Def>& row) {
        formatter_.begin(out);
        Identity<Def>::for_each([&](std::string_view, auto member) { formatter_.value(out, event.*member); });
        row.for_each([&](std::string_view, const auto& value) { formatter_.value(out, value); });
        formatter_.end(out);
    }

private:
    RowFormatter formatter_;
};

} // namespace port

// A Sink that writes rows to a text file, which appears under its name when they are complete.
template <class Def>
class RowWriter {
public:
    using record = typename plan::Plan<Def>::record;

    explicit RowWriter(std::string path, TextSinkOptions options = {})
        : sink_(std::move(path), options), text_(sink_.format()) {
        text_.header(line_);
        sink_.write(line_);
    }
    void write(const record& event, const Row<Def>& row) {
        line_.clear();
        text_.append(line_, event, row);
        sink_.write(line_);
    }
    // Rows that somebody has already turned into text, in order.
    void write_text(std::string_view rows) { sink_.write(rows); }
    TextFormat format() const noexcept { return sink_.format(); }
    void commit() { sink_.commit(); }

private:
    TextSink sink_;
    port::RowText<Def> text_;
    std::string line_;
};

} // namespace onefold
