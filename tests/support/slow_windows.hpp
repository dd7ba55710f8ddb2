#pragma once

// Windows that close, computed the obvious way: every window of a key is a list of events, every event is put into each
// of its windows, and whenever the watermark moves every window is looked at.

#include "onefold/plan/closed.hpp"
#include "support/slow_twin.hpp"

namespace twin {

template <class Def>
class SlowWindows {
    using Definition = std::remove_cvref_t<decltype(Def::definition)>;
    using Stream = typename Definition::stream_type;
    using Record = typename Stream::record;
    using Entity = onefold::type_at<0, typename Definition::entities_type>;
    using Kind = onefold::ClosingWindow::Kind;
    static constexpr const onefold::ClosingWindow& rules = onefold::get<0>(Def::definition.entities).windows;

public:
    struct Answer {
        const Record* shown = nullptr; // an event of the key
        std::int64_t start = 0, end = 0;
        onefold::Pane pane = onefold::Pane::on_time;
        std::int64_t watermark = 0;
        std::uint64_t cause = onefold::no_cause;
        onefold::Row<Def> row;
    };
    std::vector<Answer> fired, closed;

    // False: late, or in no window, and `in_a_window` tells which.
    bool arrive(const Record& event, std::uint64_t position, bool& in_a_window) {
        position_ = position;
        auto spans = spans_of(*when<Stream>(event));
        in_a_window = !spans.empty();
        bool taken = false;
        if (rules.kind == Kind::session) return arrive_session(event, spans.front());
        for (const auto& span : spans) {
            if (gone(span)) continue;
            taken = true;
            auto& window = window_of(event, span);
            window.events.push_back(&event);
            window.fresh.push_back(&event);
            if (last(span) <= watermark_) fire(window, onefold::Pane::late);
        }
        return taken;
    }
    // The end of the input is the greatest watermark, which closes everything.
    void advance(Wide to, std::uint64_t position) {
        const Wide from = watermark_;
        if (to <= from) return;
        watermark_ = to;
        position_ = position;
        std::vector<Window*> due;
        for (auto& window : windows_)
            if (last(window.span) > from && last(window.span) <= to) due.push_back(&window);
        std::sort(due.begin(), due.end(), before);
        for (auto* window : due) fire(*window, onefold::Pane::on_time);
        due.clear();
        for (auto& window : windows_)
            if (gone(window.span)) due.push_back(&window);
        std::sort(due.begin(), due.end(), before);
        for (auto* window : due) closed.push_back(answer(*window, window->events));
        std::erase_if(windows_, [&](const Window& window) { return gone(window.span); });
    }
    void finish() { advance(INT64_MAX, onefold::no_cause); }

    // How far behind the watermark an event's id is still known.
    static constexpr Wide memory() {
        const Wide day = 86'400'000'000;
        return Wide(rules.lateness) + (rules.kind != Kind::calendar                ? Wide(rules.size)
                                       : rules.unit == onefold::CalendarUnit::day  ? 3 * day
                                       : rules.unit == onefold::CalendarUnit::week ? 9 * day
                                                                                   : 33 * day);
    }

private:
    struct Span {
        Wide start, end;
    };
    struct Window {
        Span span;
        std::vector<const Record*> events, fresh;
    };

    // What is cut off at the end of time ends with it.
    static Wide last(const Span& span) { return span.end == INT64_MAX ? span.end : span.end - 1; }
    bool gone(const Span& span) const { return watermark_ == INT64_MAX || last(span) + rules.lateness <= watermark_; }

    std::vector<Span> spans_of(std::int64_t t) const {
        std::vector<Span> spans;
        if (rules.kind == Kind::session) spans.push_back({t, Wide(t) + rules.size});
        else if (rules.kind == Kind::calendar) {
            const auto period = onefold::Calendar(rules.unit, rules.zone).period(t);
            spans.push_back({period.start, period.end});
        } else {
            Wide start = Wide(t) - (Wide(t) - rules.shift) % rules.hop;
            if (start > t) start -= rules.hop;
            for (; start + rules.size > t; start -= rules.hop) spans.push_back({start, start + rules.size});
        }
        for (auto& span : spans) {
            span.start = std::max(span.start, Wide(INT64_MIN));
            span.end = std::min(span.end, Wide(INT64_MAX));
        }
        std::reverse(spans.begin(), spans.end());
        return spans;
    }
    bool arrive_session(const Record& event, Span span) {
        Window merged{span, {&event}, {&event}};
        std::vector<std::size_t> parts;
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < windows_.size(); ++i) {
                auto& window = windows_[i];
                const bool touches = rules.touching_merges
                                         ? window.span.start <= merged.span.end && window.span.end >= merged.span.start
                                         : window.span.start < merged.span.end && window.span.end > merged.span.start;
                if (!same_key(*window.events.front(), event) || !touches ||
                    std::find(parts.begin(), parts.end(), i) != parts.end())
                    continue;
                parts.push_back(i);
                merged.events.insert(merged.events.end(), window.events.begin(), window.events.end());
                merged.fresh.insert(merged.fresh.end(), window.fresh.begin(), window.fresh.end());
                merged.span.start = std::min(merged.span.start, window.span.start);
                merged.span.end = std::max(merged.span.end, window.span.end);
                more = true;
            }
        }
        if (gone(merged.span)) return false;
        std::sort(parts.begin(), parts.end());
        for (auto i = parts.size(); i > 0; --i)
            windows_.erase(windows_.begin() + static_cast<std::ptrdiff_t>(parts[i - 1]));
        windows_.push_back(std::move(merged));
        if (last(windows_.back().span) <= watermark_) fire(windows_.back(), onefold::Pane::late);
        return true;
    }
    Window& window_of(const Record& event, const Span& span) {
        for (auto& window : windows_)
            if (window.span.start == span.start && window.span.end == span.end &&
                same_key(*window.events.front(), event))
                return window;
        windows_.push_back({span, {}, {}});
        return windows_.back();
    }
    void fire(Window& window, onefold::Pane pane) {
        const auto& events = rules.discards ? window.fresh : window.events;
        if (!events.empty()) {
            fired.push_back(answer(window, events));
            fired.back().pane = pane;
            fired.back().watermark = static_cast<std::int64_t>(watermark_);
            fired.back().cause = position_;
        }
        window.fresh.clear();
    }
    Answer answer(const Window& window, std::vector<const Record*> events) const {
        std::sort(events.begin(), events.end(), &SlowTwin<Def>::template before<0>);
        Answer answer;
        answer.shown = events.front();
        answer.start = static_cast<std::int64_t>(window.span.start);
        answer.end = static_cast<std::int64_t>(window.span.end);
        const auto length = std::min(window.span.end - window.span.start, Wide(INT64_MAX));
        answer.row = SlowTwin<Def>::window_row(events, answer.end - 1, static_cast<std::int64_t>(length));
        return answer;
    }

    static bool same_key(const Record& a, const Record& b) { return compare_keys(typename Entity::keys{}, a, b) == 0; }
    template <auto... M>
    static int compare_keys(onefold::KeyMembers<M...>, const Record& a, const Record& b) {
        int order = 0;
        ((order = order == 0 ? compare(a.*M, b.*M) : order), ...);
        return order;
    }
    static bool before(const Window* a, const Window* b) {
        if (a->span.end != b->span.end) return a->span.end < b->span.end;
        if (a->span.start != b->span.start) return a->span.start < b->span.start;
        return compare_keys(typename Entity::keys{}, *a->events.front(), *b->events.front()) < 0;
    }

    Wide watermark_ = INT64_MIN;
    std::uint64_t position_ = onefold::no_cause;
    std::vector<Window> windows_;
};

} // namespace twin
