#pragma once

// The language of definitions in one table: what a clause can be said to be over, of which aggregate and with which
// options, and which two of these the language refuses. The generator draws from it, and the fuzz counts by it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fuzz {

// Windows and the words about them, as of an event first, then those that close.
enum class Window : std::uint8_t {
    time,
    rows,
    lifetime,
    hops,
    before_current,
    delayed,
    including_start,
    excluding_start,
    at_most,
    up_to_current_row,
    excluding_ties,
    excluding_current,
    tumbling,
    hop_divides,
    hop_uneven,
    hop_holes,
    offset,
    session,
    session_apart,
    day,
    week,
    month,
    allowed_lateness,
    discarding,
};
inline constexpr std::array<std::string_view, 24> window_names{
    "over(time)",     "over(rows)",        "lifetime",           "in_hops_of",
    "before_current", "delayed",           "including_start",    "excluding_start",
    "at_most",        "up_to_current_row", "excluding_ties",     "excluding_current",
    "tumbling",       "hopping, divides",  "hopping, uneven",    "hopping, holes",
    "offset",         "session",           "session, touch out", "calendar_day",
    "calendar_week",  "calendar_month",    "allowed_lateness",   "discarding"};

// What an aggregate takes, which decides what is refused.
enum class Takes : std::uint8_t { nothing, condition, number, value, value_and_key, two_numbers, whole };

struct Aggregate {
    std::string_view name;
    std::string_view text; // `#` stands for one of the parameters, `$` for each argument
    Takes takes;
    bool answers_number = false; // always; others answer what they were given
    std::array<std::string_view, 4> parameters{};
    bool answers_value = false;
};
inline constexpr std::array<Aggregate, 45> aggregates{{
    {"count()", "count()", Takes::nothing, true},
    {"count(x)", "count($)", Takes::value, true},
    {"count_if", "count_if($)", Takes::condition, true},
    {"sum", "sum($)", Takes::number, true},
    {"mean", "mean($)", Takes::number, true},
    {"variance", "variance($)", Takes::number, true},
    {"variance_population", "variance_population($)", Takes::number, true},
    {"stddev", "stddev($)", Takes::number, true},
    {"stddev_population", "stddev_population($)", Takes::number, true},
    {"zscore", "zscore($)", Takes::number, true},
    {"ratio", "ratio($, $)", Takes::two_numbers, true},
    {"any", "any($)", Takes::condition},
    {"all", "all($)", Takes::condition},
    {"share", "share($)", Takes::condition, true},
    {"min", "min($)", Takes::value, false, {}, true},
    {"max", "max($)", Takes::value, false, {}, true},
    {"arg_min", "arg_min($, $)", Takes::value_and_key, false, {}, true},
    {"arg_max", "arg_max($, $)", Takes::value_and_key, false, {}, true},
    {"first", "first($)", Takes::value, false, {}, true},
    {"last", "last($)", Takes::value, false, {}, true},
    {"first_non_null", "first_non_null($)", Takes::value, false, {}, true},
    {"last_non_null", "last_non_null($)", Takes::value, false, {}, true},
    {"first_n", "first_n<#>($)", Takes::value, false, {"1", "2", "4"}},
    {"last_n", "last_n<#>($)", Takes::value, false, {"1", "2", "4"}},
    {"lag", "lag<#>($)", Takes::value, false, {"0", "1", "3"}, true},
    {"drawdown", "drawdown($)", Takes::number, true},
    {"distinct", "distinct($)", Takes::value, true},
    {"top", "top<#>($)", Takes::value, false, {"1", "2", "5"}},
    {"most_frequent", "most_frequent<#>($)", Takes::value, false, {"1", "2", "5"}},
    {"mode", "mode($)", Takes::value, false, {}, true},
    {"entropy", "entropy($)", Takes::value, true},
    {"histogram", "histogram<#>($)", Takes::number, false, {"0", "-5, 0.0, 0.1, 10", "0, 1.5", "1"}},
    {"quantile", "quantile<#>($)", Takes::value, false, {"0.0", "0.25", "0.9", "1.0"}, true},
    {"median", "median($)", Takes::value, false, {}, true},
    {"time_since_last", "time_since_last()", Takes::nothing, true},
    {"rate", "rate<#>()", Takes::nothing, true, {"1", "60", "1'000'000"}},
    {"aggregate, a monoid", "aggregate<Sequence>($)", Takes::whole, true},
    {"aggregate, a group", "aggregate<Parity>($)", Takes::whole, true},
    {"aggregate, unmerging", "aggregate<UnmergingParity>($)", Takes::whole, true},
    {"approx_quantile", "approx_quantile<#>($)", Takes::number, true, {"0.5", "0.9", "0.0, 0.25", "0.75, 0.001"}},
    {"approx_distinct", "approx_distinct<#>($)", Takes::value, true, {"4", "5"}},
    {"approx_frequency", "approx_frequency<#>($)", Takes::value, true, {"3, 1", "4, 2"}},
    {"decayed_sum", "decayed_sum<#>($)", Takes::number, true, {"1_us", "3_us", "7_us", "1_h"}},
    {"decayed_count", "decayed_count<#>()", Takes::nothing, true, {"1_us", "3_us", "7_us", "1_h"}},
    {"decayed_mean", "decayed_mean<#>($)", Takes::number, true, {"1_us", "3_us", "7_us", "1_h"}},
}};

// Of the stream, of the by<>(), of the clause and its argument, and of what becomes of it.
enum class Option : std::uint8_t {
    id,
    keep_duplicates,
    nullable_id,
    no_id,
    nullable_time,
    where_on_stream,
    lateness,
    punctuated,
    partitioned,
    arrival,
    future_guard,
    idle_timeout,
    no_key,
    integer_key,
    text_key,
    enum_key,
    bool_key,
    time_key,
    nullable_key,
    composite_key,
    several_entities,
    where,
    where_nullable,
    where_callable,
    several_windows,
    per,
    each,
    nullable_field,
    computed,
    real,
    single,
    integer,
    boolean,
    text,
    enumeration,
    time,
    array,
    derive,
    derive_with_field,
};
inline constexpr std::array<std::string_view, 39> option_names{"id",
                                                               "keep_duplicates",
                                                               "id, nullable",
                                                               "no id",
                                                               "time, nullable",
                                                               "stream.where",
                                                               "lateness",
                                                               "punctuated_by",
                                                               "partitioned_by",
                                                               "arrival",
                                                               "future_guard",
                                                               "idle_timeout",
                                                               "by<>",
                                                               "by an integer",
                                                               "by a text",
                                                               "by an enum",
                                                               "by a bool",
                                                               "by a time",
                                                               "by a nullable",
                                                               "by several members",
                                                               "several by<>",
                                                               "where",
                                                               "where, nullable",
                                                               "where, callable",
                                                               "several windows",
                                                               "per",
                                                               "each",
                                                               "nullable field",
                                                               "computed argument",
                                                               "of doubles",
                                                               "of floats",
                                                               "of integers",
                                                               "of bools",
                                                               "of texts",
                                                               "of enums",
                                                               "of times",
                                                               "of arrays",
                                                               "derive",
                                                               "derive with a field"};

constexpr std::size_t number(Window w) { return static_cast<std::size_t>(w); }
constexpr std::size_t number(Option o) { return static_cast<std::size_t>(o); }
constexpr std::uint64_t bit(Window w) { return std::uint64_t{1} << number(w); }
constexpr std::uint64_t bit(Option o) { return std::uint64_t{1} << number(o); }

constexpr std::size_t aggregate_called(std::string_view name) {
    for (std::size_t a = 0; a < aggregates.size(); ++a)
        if (aggregates[a].name == name) return a;
    return aggregates.size();
}
inline constexpr std::uint64_t closing_windows =
    ~((std::uint64_t{1} << number(Window::tumbling)) - 1) & ((std::uint64_t{1} << window_names.size()) - 1);
constexpr std::uint64_t aggregates_called(auto... names) {
    return ((std::uint64_t{1} << aggregate_called(names)) | ...);
}
constexpr std::uint64_t aggregates_that_take(auto... kinds) {
    std::uint64_t set = 0;
    for (std::size_t a = 0; a < aggregates.size(); ++a)
        if (((aggregates[a].takes == kinds) || ...)) set |= std::uint64_t{1} << a;
    return set;
}
constexpr std::uint64_t options(auto... which) { return (bit(which) | ...); }

// Two sets of which no two go together. The sentence is that of a source in tests/compile_fail, or, where there is
// none, says why nothing can be written down at all.
struct Refusal {
    std::uint64_t windows, aggregates, options; // one of the three is empty
    std::string_view source;                    // in tests/compile_fail
    std::string_view sentence;
};
inline const std::vector<Refusal>& refusals() {
    using enum Option;
    constexpr auto none = Takes::nothing, condition = Takes::condition, pair = Takes::two_numbers, whole = Takes::whole;
    constexpr auto current = aggregates_called("zscore", "time_since_last", "approx_frequency");
    constexpr auto not_numbers = options(text, enumeration, Option::time);
    constexpr auto types = not_numbers | options(real, single, integer, boolean, array);
    static const std::vector<Refusal> all{
        {bit(Window::rows) | bit(Window::lifetime), aggregates_called("rate"), 0, "rate_without_length",
         "onefold: rate() needs a window with a length in time"},
        {closing_windows, current, 0, "closing_zscore", "onefold: this aggregate is about the event being scored"},
        {bit(Window::hops), aggregates_called("aggregate, a group"), 0, "hops_without_unmerge",
         "onefold: a window in hops takes out the merged state of a whole hop"},
        {closing_windows, 0, options(several_windows), "closing_over",
         "onefold: the features of a by<>() with a window that closes are over that window"},
        {closing_windows, 0, options(several_entities), "closing_twice",
         "onefold: a definition whose windows close has one by<>()"},
        {closing_windows, 0, options(derive_with_field), "closing_derives_field",
         "onefold: derive() over windows that close uses features only"},
        {0, current, options(per), "per_of_current",
         "onefold: zscore() and time_since_last() compare the window with the event being scored"},
        {0, aggregates_called("count_if"), options(where, where_nullable, where_callable), "where_twice",
         "onefold: a clause has one where()"},
        {0, aggregates_that_take(Takes::value, Takes::value_and_key) & ~aggregates_called("min", "max"), options(each),
         "each_in_distinct", "onefold: each() works in the aggregates of numbers and in min and max"},
        {0, aggregates_called("decayed_sum", "decayed_mean"), options(each), "decayed_sum_of_each",
         "onefold: decayed_sum() and decayed_mean() take one number"},
        {0, aggregates_called("decayed_sum", "decayed_mean"), options(array), "decayed_sum_of_text",
         "onefold: this aggregate takes a number, and the field is not one"},
        {0, aggregates_that_take(Takes::number), not_numbers, "sum_of_text",
         "onefold: this aggregate takes a number, and the field is not one"},
        {0, aggregates_that_take(pair), not_numbers | options(each, array), "ratio_of_text",
         "onefold: ratio() takes two numbers, and one field is none"},
        {0, aggregates_called("any", "all", "share"), (types & ~options(boolean)) | options(each), "any_of_number",
         "onefold: any(), all() and share() take a condition of fields"},
        {0, aggregates_called("count_if"), types | options(each, nullable_field, computed), "",
         "count_if() takes a condition, which is its where()"},
        {0, aggregates_that_take(whole), not_numbers | options(each, array), "aggregate_incomplete",
         "onefold: this type is no aggregate of that field"},
        {0, aggregates_that_take(whole), options(real, single, boolean), "",
         "the aggregates of these tests take whole numbers"},
        {0, aggregates_that_take(none), types | options(each, nullable_field, computed), "", "takes no argument"},
    };
    static_cast<void>(condition);
    return all;
}

constexpr bool has(std::uint64_t set, std::size_t member) { return (set >> member & 1) != 0; }

// Null where the pair can be written.
inline const Refusal* refused(std::size_t w, std::size_t a, std::size_t o) {
    constexpr std::size_t no = 63;
    for (const auto& rule : refusals()) {
        const bool over = w == no ? rule.windows == 0 : has(rule.windows, w);
        const bool of = a == no ? rule.aggregates == 0 : has(rule.aggregates, a);
        const bool with = o == no ? rule.options == 0 : has(rule.options, o);
        if (over && of && with) return &rule;
    }
    return nullptr;
}

// What one clause of a definition is.
struct Clause {
    std::uint64_t windows = 0, options = 0;
    std::size_t aggregate = 0;
};

} // namespace fuzz
