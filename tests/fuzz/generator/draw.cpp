#include "fuzz/generator/draw.hpp"

namespace fuzz {

namespace {

std::string replaced(std::string text, char mark, const std::string& by) {
    if (const auto place = text.find(mark); place != std::string::npos) text.replace(place, 1, by);
    return text;
}
std::string micros(std::int64_t n) { return std::to_string(n) + "_us"; }

} // namespace

Drawn Draw::next(Coverage& coverage) {
    Drawn best;
    double most = -1;
    for (int i = 0; i < 6; ++i) {
        auto drawn = definition(coverage);
        double gain = 0;
        for (const auto& clause : drawn.clauses()) gain += coverage.gain(clause);
        if (gain > most) most = gain, best = std::move(drawn);
    }
    coverage.add(best.clauses());
    return best;
}

Drawn Draw::definition(const Coverage& coverage) {
    Drawn drawn;
    Entity common, first, second;
    drawn.stream = stream(common.options);
    first = second = common;
    drawn.key = key(first.options);
    first.closes = once_in(3);
    const bool two = !first.closes && once_in(4);
    if (first.closes) drawn.windows = closing(first.windows);
    const std::vector<std::int64_t> hops{4, 8, 16, 50};
    first.hop = micros(one_of(hops)), second.hop = micros(one_of(hops));
    if (two) {
        drawn.other_key = key(second.options);
        first.options |= bit(Option::several_entities);
        second.options |= bit(Option::several_entities);
    }

    // Without an id that is never null, the content orders ties: this field, which tells all events apart.
    const bool content_orders = (common.options & (bit(Option::no_id) | bit(Option::nullable_id))) != 0;
    const bool as_group = once_in(2);
    const auto serial = [&](const Entity& entity, std::string name) {
        Feature feature;
        feature.name = std::move(name);
        feature.text = std::string(as_group ? "onefold::sum(serial)" : "onefold::last(serial)");
        feature.tags = {entity.windows, entity.options | bit(Option::integer),
                        aggregate_called(as_group ? "sum" : "last")};
        if (!entity.closes) {
            feature.text += ".over(3_us)";
            feature.tags.windows |= bit(Window::time);
        }
        drawn.features.push_back(std::move(feature));
    };

    const auto count = least_ + below(most_ - least_ + 1);
    const auto cut = two ? 1 + below(std::max<std::int64_t>(count - 1, 1)) : count;
    for (std::int64_t i = 0; i < count; ++i) {
        if (i == 0 && content_orders) serial(first, "serial");
        if (i == cut) drawn.second = drawn.features.size();
        if (i == cut && content_orders) serial(second, "serial2");
        const Entity& entity = i < cut ? first : second;
        Feature best;
        double most = -1;
        for (int draw = 0; draw < 12; ++draw) {
            auto one = feature(entity, std::string(1, static_cast<char>('a' + i)),
                               static_cast<std::size_t>(below(static_cast<std::int64_t>(aggregates.size()))));
            if (one.text.empty()) continue;
            if (const auto gain = coverage.gain(one.tags); gain > most) most = gain, best = std::move(one);
        }
        drawn.features.push_back(std::move(best));
    }
    if (drawn.second == 0) {
        drawn.second = drawn.features.size();
        drawn.other_key.clear();
        if (two)
            for (auto& feature : drawn.features) feature.tags.options &= ~bit(Option::several_entities);
    }
    if (once_in(2)) derive(drawn, first.closes);
    return drawn;
}

std::string Draw::stream(std::uint64_t& options) {
    std::string text = "onefold::stream<Event>(\"events\")";
    const auto say = [&](Option option, const std::string& words) {
        options |= bit(option);
        text += words;
    };
    if (once_in(4)) say(Option::nullable_time, ".time<&Event::maybe_at>()");
    else text += ".time<&Event::at>()";
    switch (below(5)) {
    case 0: say(Option::no_id, ""); break;
    case 1:
        say(Option::nullable_id, once_in(3) ? ".id<&Event::maybe_id>().keep_duplicates()" : ".id<&Event::maybe_id>()");
        break;
    case 2: say(Option::keep_duplicates, ".id<&Event::serial>().keep_duplicates()"); break;
    default: say(Option::id, ".id<&Event::id>()");
    }
    if (once_in(6)) {
        say(Option::punctuated, once_in(2) ? ".punctuated_by(tag == \"b\" && pieces > 0)"
                                           : ".punctuated_by([](const Event& event) { return event.pieces > 2; })");
    } else say(Option::lateness, once_in(4) ? ".lateness(21_us)" : ".lateness(15_us)");
    if (once_in(6))
        say(Option::partitioned, one_of(Texts{".partitioned_by<&Event::channel>(3)",
                                              ".partitioned_by<&Event::fraud>(2)", ".partitioned_by<&Event::tag>(7)"}));
    if (once_in(4)) {
        say(Option::arrival, ".arrival<&Event::arrived>()");
        if (once_in(2)) say(Option::future_guard, ".future_guard(10_us)");
        if (once_in(2)) say(Option::idle_timeout, ".idle_timeout(20_us)");
    }
    if (once_in(5))
        say(Option::where_on_stream,
            one_of(Texts{".where(amount < 25.0)", ".where(channel != Channel::shop)", ".where(tip > 0.0)",
                         ".where([](const Event& event) { return event.serial % 5 != 0; })"}));
    return text;
}

std::string Draw::key(std::uint64_t& options) {
    struct Key {
        std::string member;
        Option type;
        bool nullable;
    };
    static const std::vector<Key> keys{{"account", Option::integer_key, false}, {"account", Option::integer_key, false},
                                       {"pieces", Option::integer_key, false},  {"shop", Option::text_key, false},
                                       {"tag", Option::text_key, false},        {"channel", Option::enum_key, false},
                                       {"fraud", Option::bool_key, false},      {"at", Option::time_key, false},
                                       {"region", Option::integer_key, true},   {"note", Option::text_key, true},
                                       {"returned", Option::bool_key, true},    {"maybe_at", Option::time_key, true}};
    const auto count = once_in(7) ? 0 : once_in(4) ? 2 + below(2) : 1;
    if (count == 0) options |= bit(Option::no_key);
    if (count > 1) options |= bit(Option::composite_key);
    std::string text = "onefold::by<";
    std::set<std::string> said;
    while (static_cast<std::int64_t>(said.size()) < count) {
        const auto& one = one_of(keys);
        if (!said.insert(one.member).second) continue;
        options |= bit(one.type) | (one.nullable ? bit(Option::nullable_key) : 0);
        text += (said.size() == 1 ? "&Event::" : ", &Event::") + one.member;
    }
    return text + ">";
}

std::string Draw::closing(std::uint64_t& windows) {
    std::string text;
    const auto say = [&](Window window, const std::string& words) {
        windows |= bit(window);
        text += words;
    };
    const auto calendar = [&](Window window, const char* unit) {
        say(window, std::string("onefold::calendar_") + unit + "(\"" +
                        one_of(Texts{"UTC", "Europe/Rome", "Australia/Lord_Howe"}) + "\")");
    };
    const auto kind = below(10);
    if (kind < 2)
        say(Window::tumbling, "onefold::tumbling(" + micros(one_of(std::vector<std::int64_t>{4, 10, 16, 40})) + ")");
    else if (kind == 2)
        say(Window::hop_divides,
            "onefold::hopping(" + one_of(Texts{"20_us, 4_us", "12_us, 6_us", "30_us, 10_us"}) + ")");
    else if (kind == 3)
        say(Window::hop_uneven,
            "onefold::hopping(" + one_of(Texts{"10_us, 4_us", "16_us, 7_us", "25_us, 10_us"}) + ")");
    else if (kind == 4)
        say(Window::hop_holes, "onefold::hopping(" + one_of(Texts{"5_us, 12_us", "4_us, 6_us", "1_us, 3_us"}) + ")");
    else if (kind < 7) {
        say(Window::session, "onefold::session(" + micros(one_of(std::vector<std::int64_t>{1, 3, 6, 12})) + ")");
        if (once_in(2)) {
            windows &= ~bit(Window::session);
            say(Window::session_apart, ".excluding_touch()");
        }
    } else if (kind == 7) calendar(Window::day, "day");
    else if (kind == 8) calendar(Window::week, "week");
    else calendar(Window::month, "month");
    if (kind < 5 && once_in(2)) say(Window::offset, ".offset(" + one_of(Texts{"3_us", "-7_us", "1_us"}) + ")");
    if (!once_in(3))
        say(Window::allowed_lateness,
            ".allowed_lateness(" + micros(one_of(std::vector<std::int64_t>{1, 9, 25, 40})) + ")");
    if (once_in(3)) say(Window::discarding, ".discarding()");
    return text;
}

// Its text is empty where what was drawn cannot be written.
Feature Draw::feature(const Entity& entity, std::string name, std::size_t aggregate) {
    const auto& form = aggregates[aggregate];
    Feature feature;
    feature.name = std::move(name);
    feature.tags = {entity.windows, entity.options, aggregate};
    bool is_number = false;
    const bool each = once_in(4) && !refused(63, aggregate, number(Option::each));

    std::string parameter;
    std::vector<std::string> parameters;
    for (const auto text : form.parameters)
        if (!text.empty()) parameters.emplace_back(text);
    if (!parameters.empty()) parameter = one_of(parameters);
    feature.text = "onefold::" + replaced(std::string(form.text), '#', parameter);
    while (feature.text.find('$') != std::string::npos)
        feature.text = replaced(feature.text, '$', argument(form.takes, each, feature.tags, is_number));
    if (form.takes == Takes::value_and_key) is_number = false;

    bool per = false;
    if (once_in(4) && !refused(63, aggregate, number(Option::per))) {
        per = true;
        feature.tags.options |= bit(Option::per);
        feature.text += ".per(" +
                        one_of(Texts{"region", "channel", "shop", "fraud", "note", "account", "at", "pieces",
                                     "tag == \"a\"", "points + 1"}) +
                        ")";
    }
    if (once_in(2) && !refused(63, aggregate, number(Option::where))) feature.text += where(feature.tags);
    words(entity, feature, aggregate);
    feature.is_array = each && !per && (form.answers_number || form.answers_value);
    feature.is_number = !each && !per && (form.answers_number || (form.answers_value && is_number));

    for (std::size_t w = 0; w < window_names.size(); ++w)
        if (has(feature.tags.windows, w) && refused(w, aggregate, 63)) feature.text.clear();
    return feature;
}

// The window of a feature of events, and what is said about it.
void Draw::words(const Entity& entity, Feature& feature, std::size_t aggregate) {
    if (entity.closes) {
        feature.columns.push_back(feature.name);
        return;
    }
    auto& tags = feature.tags;
    const auto say = [&](Window window, const std::string& words) {
        tags.windows |= bit(window);
        feature.text += words;
    };
    const bool hops = once_in(5), only_time = refused(number(Window::rows), aggregate, 63) != nullptr;
    const auto count = once_in(3) ? 2 + below(2) : 1;
    std::set<std::string> said;
    std::string lengths;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto kind = only_time ? 0 : hops ? below(4) : below(5);
        std::string length, label;
        if (kind < 3) {
            const auto n = one_of(std::vector<std::int64_t>{1, 2, 5, 7, 10, 20, 40, 100});
            length = micros(n), label = std::to_string(n) + "us";
        } else if (kind == 3) length = "onefold::lifetime", label = "lifetime";
        else {
            const auto n = one_of(std::vector<std::int64_t>{1, 2, 3, 5, 8});
            length = std::to_string(n) + "_rows", label = std::to_string(n) + "rows";
        }
        if (!said.insert(label).second) continue;
        tags.windows |= bit(kind < 3 ? Window::time : kind == 3 ? Window::lifetime : Window::rows);
        lengths += (lengths.empty() ? "" : ", ") + length;
        feature.columns.push_back(feature.name + "_" + label);
    }
    if (said.size() > 1) tags.options |= bit(Option::several_windows);
    feature.text += ".over(" + lengths + ")";
    if (hops) say(Window::hops, ".in_hops_of(" + entity.hop + ")");

    const bool must_be_before = aggregates[aggregate].name == "time_since_last";
    if (must_be_before || once_in(5)) say(Window::before_current, ".before_current()");
    if (once_in(5)) say(Window::delayed, ".delayed(" + micros(one_of(std::vector<std::int64_t>{1, 3, 7, 25})) + ")");
    if (once_in(5)) {
        if (once_in(2)) say(Window::including_start, ".including_start()");
        else say(Window::excluding_start, ".excluding_start()");
    }
    const bool capped = once_in(6), without_itself = once_in(8);
    if (capped) say(Window::at_most, ".at_most(" + one_of(Texts{"1_rows", "2_rows", "4_rows"}) + ")");
    if (once_in(6) || (capped && without_itself)) say(Window::up_to_current_row, ".up_to_current_row()");
    if (without_itself) say(Window::excluding_current, ".excluding_current()");
    else if (once_in(7)) say(Window::excluding_ties, ".excluding_ties()");
}

std::string Draw::argument(Takes takes, bool each, Clause& tags, bool& is_number) {
    const auto field = each ? Field{once_in(2) ? "each(embedding)" : "each(counters)", Option::array}
                       : takes == Takes::condition ? condition()
                                                   : this->field(takes);
    is_number = field.type == Option::real || field.type == Option::single || field.type == Option::integer;
    // The condition of count_if is its where().
    if (aggregates[tags.aggregate].name == "count_if") return field.text;
    tags.options |= bit(field.type);
    if (each) tags.options |= bit(Option::each);
    if (field.nullable || field.text == "each(counters)") tags.options |= bit(Option::nullable_field);
    if (field.computed) tags.options |= bit(Option::computed);
    return field.text;
}

Draw::Field Draw::field(Takes takes) {
    using enum Option;
    static const std::vector<Field> whole{{"cents", integer},
                                          {"pieces", integer},
                                          {"points", integer, true},
                                          {"points + 1", integer, true, true},
                                          {"element<1>(counters)", integer, true, true}};
    static const std::vector<Field> numbers{{"amount", real},
                                            {"amount", real},
                                            {"tip", real, true},
                                            {"weight", single},
                                            {"cents", integer},
                                            {"pieces", integer},
                                            {"points", integer, true},
                                            {"fraud", boolean},
                                            {"returned", boolean, true},
                                            {"amount * 2.0 - weight", real, false, true},
                                            {"coalesce(tip, 0.0) - amount", real, false, true},
                                            {"if_else(fraud == true, amount, tip)", real, true, true},
                                            {"element<0>(embedding)", single, false, true},
                                            {"points + 1", integer, true, true},
                                            {"amount > 5.0", boolean, false, true},
                                            {"element<1>(counters)", integer, true, true}};
    static const std::vector<Field> others{{"shop", text},           {"tag", text},
                                           {"note", text, true},     {"channel", enumeration},
                                           {"channel", enumeration}, {"region", integer, true},
                                           {"at", Option::time},     {"at", Option::time},
                                           {"embedding", array},     {"counters", array, true}};
    if (takes == Takes::whole) return one_of(whole);
    if (takes == Takes::number || takes == Takes::two_numbers) return one_of(numbers);
    return once_in(2) ? one_of(numbers) : one_of(others);
}

Draw::Field Draw::condition() {
    using enum Option;
    static const std::vector<Field> all{{"fraud", boolean},
                                        {"returned", boolean, true},
                                        {"amount > 5.0", boolean, false, true},
                                        {"tip > 1.0", boolean, true, true},
                                        {"returned == true || is_null(note)", boolean, true, true},
                                        {"channel == Channel::web && pieces > 0", boolean, false, true}};
    return one_of(all);
}

std::string Draw::where(Clause& tags) {
    switch (below(3)) {
    case 0:
        tags.options |= bit(Option::where);
        return ".where(" +
               one_of(Texts{"amount > 0.0", "fraud == false", "pieces > 0", "channel == Channel::web", "tag == \"a\"",
                            "amount < 5.0 && cents > 0"}) +
               ")";
    case 1:
        tags.options |= bit(Option::where_nullable);
        return ".where(" +
               one_of(Texts{"tip > 1.0", "!(tip > 1.0)", "amount > 5.0 || is_null(region)",
                            "returned == true && points < 5", "note != \"a\""}) +
               ")";
    default:
        tags.options |= bit(Option::where_callable);
        return ".where([](const Event& event) { return " +
               one_of(Texts{"event.serial % 2 == 0", "event.pieces > 0", "event.note.has_value()"}) + "; })";
    }
}

void Draw::derive(Drawn& drawn, bool closes) {
    const auto count = 1 + below(3);
    std::vector<std::string> before;
    for (std::int64_t i = 0; i < count; ++i) {
        std::vector<std::size_t> used;
        const auto pick = [&](bool number) -> std::string {
            std::vector<std::size_t> fitting;
            for (std::size_t f = 0; f < drawn.features.size(); ++f)
                if (!drawn.features[f].columns.empty() && (!number || drawn.features[f].is_number))
                    fitting.push_back(f);
            if (fitting.empty()) return {};
            used.push_back(one_of(fitting));
            return "\"" + one_of(drawn.features[used.back()].columns) + "\"_f";
        };
        const bool with_field = !closes && once_in(2);
        std::string text;
        if (once_in(2)) {
            const auto feature = pick(false);
            if (feature.empty()) return;
            const bool array = drawn.features[used.back()].is_array;
            text = array ? "element<0>(" + feature + ") + 1.0" : "is_null(" + feature + ")";
            if (with_field) text = array ? text + " - amount" : text + " && fraud == false";
        } else {
            const auto f = pick(true), g = pick(true);
            if (f.empty() || g.empty()) continue;
            text = with_field
                       ? one_of(Texts{f + " / amount", "amount / " + f, f + " * pieces + " + g,
                                      "if_else(fraud == true, " + f + ", tip)", f + " > amount"})
                       : one_of(Texts{f + " / " + g, f + " - " + g + " * 2", f + " > " + g,
                                      "if_else(" + f + " > 1, " + f + ", " + g + ")", "coalesce(" + f + ", 0.5) + 1"});
        }
        if (!before.empty() && once_in(3)) text = "is_null(\"" + one_of(before) + "\"_f) || is_null(" + text + ")";
        const auto name = "derived" + std::to_string(i);
        for (const auto f : used)
            drawn.features[f].tags.options |= bit(with_field ? Option::derive_with_field : Option::derive);
        drawn.derived.push_back("\"" + name + "\"_f = " + text);
        before.push_back(name);
    }
}

} // namespace fuzz
