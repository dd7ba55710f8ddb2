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
                if constexpr (std::same_as<typename Field<M>::record, record> && !seen_before<G, M>())
                    visit(Field<M>::name, M);
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
    names.insert(names.end(), Row<Def>::names.begin(), Row<Def>::names.end());
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

// Of windows that close: the key, the window's bounds, for answers before the last one the pane, then the features.
template <class Def, bool Fires>
class WindowText {
    using Keys = plan::KeyTuple<typename plan::EntityPlan<Def, 0>::key_members>;

public:
    explicit WindowText(TextFormat format) : formatter_(format, columns()) {}
    void header(std::string& out) const { formatter_.header(out); }
    void append(std::string& out, const std::conditional_t<Fires, Fired<Def>, Closed<Def>>& window) {
        formatter_.begin(out);
        for_each_index<Keys::names.size()>([&](auto i) { formatter_.value(out, get<decltype(i)::value>(window.key)); });
        formatter_.value(out, window.start);
        formatter_.value(out, window.end);
        if constexpr (Fires) formatter_.value(out, to_text(window.pane));
        window.for_each([&](std::string_view, const auto& value) { formatter_.value(out, value); });
        formatter_.end(out);
    }

private:
    static std::vector<std::string_view> columns() {
        std::vector<std::string_view> names(Keys::names.begin(), Keys::names.end());
        names.insert(names.end(), {"window_start", "window_end"});
        if (Fires) names.push_back("pane");
        names.insert(names.end(), Row<Def>::names.begin(), Row<Def>::names.end());
        return names;
    }

    RowFormatter formatter_;
};
template <ClosingDefinition Def>
class RowText<Def> : public WindowText<Def, false> {
    using WindowText<Def, false>::WindowText;
};

} // namespace port

// A Sink that writes rows to a text file, which appears under its name when they are complete.
template <class Def, class Text = port::RowText<Def>>
class RowWriter {
public:
    explicit RowWriter(std::string path, TextSinkOptions options = {})
        : sink_(std::move(path), options), text_(sink_.format()) {
        text_.header(line_);
        sink_.write(line_);
    }
    // An event and its row; or a window.
    template <class... Parts>
        requires requires(Text& text, std::string& line, const Parts&... parts) { text.append(line, parts...); }
    void write(const Parts&... parts) {
        line_.clear();
        text_.append(line_, parts...);
        sink_.write(line_);
    }
    // Rows that somebody has already turned into text, in order.
    void write_text(std::string_view rows) { sink_.write(rows); }
    TextFormat format() const noexcept { return sink_.format(); }
    void commit() { sink_.commit(); }

private:
    TextSink sink_;
    Text text_;
    std::string line_;
};

} // namespace onefold
