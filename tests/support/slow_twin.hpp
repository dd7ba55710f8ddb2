#pragma once

// Any definition, computed the obvious way: for every question, look at every event again. Nothing here comes from
// aggregate/ or engine/ but the names of types; windows and statistics are written anew from the laws, sums are
// integers of any width, and only the conditions and arguments of clauses are evaluated by the library (tests/define
// has those).

#include <algorithm>
#include <cmath>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "aggregate/exact_reference.hpp"
#include "aggregate/log2_reference.hpp"
#include "onefold/define/define.hpp"
#include "onefold/order/account.hpp"
#include "onefold/plan/row.hpp"

namespace twin {

using reference::Integer;
__extension__ typedef __int128 Wide; // distances of times do not fit an int64

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_pair = false;
template <class A, class B> inline constexpr bool is_pair<onefold::Pair<A, B>> = true;
template <class T> inline constexpr bool is_array = false;
template <class T, std::size_t N> inline constexpr bool is_array<std::array<T, N>> = true;

// -1, 0 or 1: null first, false before true, NaN last and one value, -0.0 before 0.0, strings by their bytes.
template <class T>
int compare(const T& a, const T& b) {
    if constexpr (is_optional<T>) {
        if (!a || !b) return a ? 1 : b ? -1 : 0;
        return compare(*a, *b);
    } else if constexpr (is_array<T>) {
        for (std::size_t i = 0; i < a.size(); ++i)
            if (const int order = compare(a[i], b[i])) return order;
        return 0;
    } else if constexpr (is_pair<T>) {
        const int by_first = compare(a.first, b.first);
        return by_first != 0 ? by_first : compare(a.second, b.second);
    } else if constexpr (std::is_floating_point_v<T>) {
        if (a != a || b != b) return (a != a ? 1 : 0) - (b != b ? 1 : 0);
        if (a == 0 && b == 0) return (std::signbit(b) ? 1 : 0) - (std::signbit(a) ? 1 : 0);
        return a < b ? -1 : a > b ? 1 : 0;
    } else if constexpr (std::is_same_v<T, std::string>) {
        for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
            if (a[i] != b[i]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[i]) ? -1 : 1;
        return compare(a.size(), b.size());
    } else {
        return a < b ? -1 : b < a ? 1 : 0;
    }
}

inline constexpr double one_nan = std::bit_cast<double>(std::uint64_t{0x7ff8000000000000});

// Any NaN is answered as the one NaN; a value that is grouped loses the sign of zero as well.
template <class T>
T answer(T value) {
    if constexpr (std::is_floating_point_v<T>) return value != value ? static_cast<T>(one_nan) : value;
    else if constexpr (is_optional<T>) return value ? T(answer(*value)) : value;
    else if constexpr (is_array<T>) {
        for (auto& element : value) element = answer(element);
        return value;
    } else return value;
}
template <class T>
T grouped(T value) {
    if constexpr (std::is_floating_point_v<T>) return value == 0 ? T{0} : answer(value);
    else if constexpr (is_array<T>) {
        for (auto& element : value) element = grouped(element);
        return value;
    } else return value;
}

// For the sentences that tell of a difference.
inline void print_value(std::ostream& to, const auto& value) {
    using T = std::remove_cvref_t<decltype(value)>;
    if constexpr (is_optional<T>) {
        if (value) print_value(to, *value);
        else to << "null";
    } else if constexpr (is_pair<T>) {
        print_value(to, value.first);
        to << ": ";
        print_value(to, value.second);
    } else if constexpr (requires { value.begin(); } && !std::is_convertible_v<T, std::string_view>) {
        to << "[";
        for (const auto& item : value) {
            print_value(to, item);
            to << " ";
        }
        to << "]";
    } else if constexpr (std::is_enum_v<T>) to << static_cast<int>(value);
    else if constexpr (requires { value.micros; }) to << value.micros;
    else if constexpr (std::is_floating_point_v<T>)
        to << value << " (" << std::hex << reference::bits(static_cast<double>(value)) << std::dec << ")";
    else to << value;
}

// What one clause sees through one window: the values that pass and are not null, in canonical order.
template <class V>
struct Seen {
    std::vector<V> values;
    std::vector<std::int64_t> times;
    std::optional<V> current;
    std::int64_t now = 0;
    std::int64_t length = 0;

    std::size_t size() const { return values.size(); }
    std::vector<V> sorted() const {
        auto all = values;
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = grouped<V>(all[i]);
        std::sort(all.begin(), all.end(), [](const V& a, const V& b) { return compare(a, b) < 0; });
        return all;
    }
};

// The exact moments of numbers, or what their NaNs and infinities make of every result.
template <class V>
struct Numbers {
    reference::Moments moments;
    bool nan = false, infinite = false;
    double infinity = 0;

    explicit Numbers(const std::vector<V>& values) {
        if constexpr (std::is_integral_v<V>) moments.step = 1074;
        for (const V value : values) {
            if constexpr (std::is_integral_v<V>) moments.add(Integer(static_cast<std::int64_t>(value)));
            else if (std::isfinite(value)) moments.add(reference::units(static_cast<double>(value)));
            else {
                nan = nan || value != value || (infinite && infinity != static_cast<double>(value));
                infinite = infinite || value == value;
                infinity = static_cast<double>(value);
            }
        }
    }
    bool finite() const { return !nan && !infinite; }
    double sum() const { return nan ? one_nan : infinite ? infinity : moments.rounded_sum(); }
    double mean() const { return finite() ? moments.mean() : sum(); }
    double variance(bool sample) const { return finite() ? moments.variance(sample) : one_nan; }
    double stddev(bool sample) const { return finite() ? moments.stddev(sample) : one_nan; }
};

template <class Aggregate> struct Obvious;

namespace of = onefold::aggregates;

template <> struct Obvious<of::Count> {
    template <class V> static std::int64_t result(const Seen<V>& seen) {
        return static_cast<std::int64_t>(seen.size());
    }
};
template <> struct Obvious<of::Sum> {
    template <class V> static auto result(const Seen<V>& seen) {
        const Numbers<V> numbers(seen.values);
        if constexpr (std::is_integral_v<V>) {
            const Integer& sum = numbers.moments.sum;
            const bool fits = sum >= INT64_MIN && sum <= INT64_MAX;
            return seen.size() != 0 && fits ? std::optional(static_cast<std::int64_t>(sum)) : std::nullopt;
        } else return seen.size() == 0 ? std::nullopt : std::optional(numbers.sum());
    }
};
template <> struct Obvious<of::Mean> {
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        return seen.size() == 0 ? std::nullopt : std::optional(Numbers<V>(seen.values).mean());
    }
};
template <onefold::Spread S> struct Obvious<of::Variance<S>> {
    static constexpr bool sample = S == onefold::Spread::sample;
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        return seen.size() < (sample ? 2 : 1) ? std::nullopt : std::optional(Numbers<V>(seen.values).variance(sample));
    }
};
template <onefold::Spread S> struct Obvious<of::StandardDeviation<S>> {
    static constexpr bool sample = S == onefold::Spread::sample;
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        return seen.size() < (sample ? 2 : 1) ? std::nullopt : std::optional(Numbers<V>(seen.values).stddev(sample));
    }
};
template <> struct Obvious<of::ZScore> {
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        if (!seen.current || seen.size() < 2) return std::nullopt;
        const Numbers<V> numbers(seen.values);
        if (numbers.finite() && numbers.moments.spread() == 0) return std::nullopt;
        if (!numbers.finite()) return one_nan;
        if constexpr (std::is_integral_v<V>)
            return numbers.moments.zscore(static_cast<std::int64_t>(*seen.current), true);
        else {
            const auto x = static_cast<double>(*seen.current);
            return std::isfinite(x) ? numbers.moments.zscore(reference::units(x), true) : answer(x);
        }
    }
};
template <std::int64_t Per> struct Obvious<of::Rate<Per>> {
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        return reference::ratio(Integer(seen.size()) * Per, seen.length);
    }
};

template <class V>
std::optional<V> extreme(const std::vector<V>& values, int wanted) {
    std::optional<V> best;
    for (const V& value : values)
        if (!best || compare(value, *best) == wanted) best = value;
    return answer(best);
}
// first and last of optional fields are themselves the optional.
template <class V>
auto at_end(const std::vector<V>& values, bool first) {
    using R = std::conditional_t<is_optional<V>, V, std::optional<V>>;
    return values.empty() ? R() : answer(R(first ? values.front() : values.back()));
}
template <> struct Obvious<of::Min> {
    template <class V> static auto result(const Seen<V>& seen) { return extreme(seen.values, -1); }
};
template <> struct Obvious<of::Max> {
    template <class V> static auto result(const Seen<V>& seen) { return extreme(seen.values, 1); }
};
template <> struct Obvious<of::First> {
    template <class V> static auto result(const Seen<V>& seen) { return at_end(seen.values, true); }
};
template <> struct Obvious<of::Last> {
    template <class V> static auto result(const Seen<V>& seen) { return at_end(seen.values, false); }
};
// The value beside the first of the least (greatest) keys.
template <class V>
auto beside_extreme(const std::vector<V>& pairs, int wanted) {
    using Value = typename V::first_type;
    std::conditional_t<is_optional<Value>, Value, std::optional<Value>> value;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        bool wins = true;
        for (std::size_t j = 0; j < pairs.size(); ++j) {
            const int order = compare(pairs[j].second, pairs[i].second);
            wins = wins && order != wanted && (order != 0 || j >= i);
        }
        if (wins) value = answer(pairs[i].first);
    }
    return value;
}
template <> struct Obvious<of::ArgMin> {
    template <class V> static auto result(const Seen<V>& seen) { return beside_extreme(seen.values, -1); }
};
template <> struct Obvious<of::ArgMax> {
    template <class V> static auto result(const Seen<V>& seen) { return beside_extreme(seen.values, 1); }
};
template <std::size_t N, bool FromStart> struct Obvious<of::EndValues<N, FromStart>> {
    template <class V> static onefold::List<V, N> result(const Seen<V>& seen) {
        onefold::List<V, N> list;
        for (std::size_t i = 0; i < seen.size(); ++i)
            if (FromStart ? i < N : seen.size() - i <= N) list.push_back(answer(seen.values[i]));
        return list;
    }
};
template <std::size_t N> struct Obvious<of::Lag<N>> {
    template <class V> static auto result(const Seen<V>& seen) {
        using R = std::conditional_t<is_optional<V>, V, std::optional<V>>;
        return seen.size() > N ? answer(R(seen.values[seen.size() - 1 - N])) : R();
    }
};
template <> struct Obvious<of::FirstNonNull> : Obvious<of::First> {};
template <> struct Obvious<of::LastNonNull> : Obvious<of::Last> {};
template <> struct Obvious<of::TimeSinceLast> {
    template <class V> static std::optional<std::int64_t> result(const Seen<V>& seen) {
        if (seen.times.empty()) return std::nullopt;
        const Wide distance = Wide(seen.now) - seen.times.back();
        return distance > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(distance);
    }
};

template <> struct Obvious<of::Distinct> {
    template <class V> static std::int64_t result(const Seen<V>& seen) {
        const auto sorted = seen.sorted();
        std::int64_t different = 0;
        for (std::size_t i = 0; i < sorted.size(); ++i) different += i == 0 || compare(sorted[i], sorted[i - 1]) != 0;
        return different;
    }
};
template <std::int64_t Numerator, std::int64_t Denominator> struct Obvious<of::Quantile<Numerator, Denominator>> {
    template <class V> static std::optional<V> result(const Seen<V>& seen) {
        if (seen.size() == 0) return std::nullopt;
        // The smallest rank r with r / n >= Q.
        std::size_t rank = 1;
        while (Integer(rank) * Denominator < Integer(seen.size()) * Numerator) ++rank;
        return seen.sorted()[rank - 1];
    }
};
template <std::size_t K> struct Obvious<of::Top<K>> {
    template <class V> static onefold::List<V, K> result(const Seen<V>& seen) {
        onefold::List<V, K> list;
        const auto sorted = seen.sorted();
        for (auto i = sorted.size(); i > 0 && !list.full(); --i) list.push_back(sorted[i - 1]);
        return list;
    }
};
// A number of any type in steps of 2^-1074.
template <class T>
Integer exactly(T number) {
    if constexpr (std::is_integral_v<T>) return Integer(number) << 1074;
    else return reference::units(static_cast<double>(number));
}
template <auto... Edges> struct Obvious<of::Histogram<Edges...>> {
    template <class V> static auto result(const Seen<V>& seen) {
        std::array<std::int64_t, sizeof...(Edges) + 1> counts{};
        for (const V& value : seen.values) {
            std::size_t bucket = 0;
            if constexpr (std::is_floating_point_v<V>) {
                if (!std::isfinite(value)) {
                    ++counts[value < 0 ? 0 : sizeof...(Edges)];
                    continue;
                }
            }
            ((bucket += exactly(value) >= exactly(Edges) ? 1 : 0), ...);
            ++counts[bucket];
        }
        return counts;
    }
};
template <> struct Obvious<of::Mode> {
    template <class V> static std::optional<V> result(const Seen<V>& seen) {
        std::optional<V> mode;
        std::size_t most = 0, count = 0;
        const auto sorted = seen.sorted();
        for (std::size_t i = 0; i < sorted.size(); ++i) {
            count = i > 0 && compare(sorted[i], sorted[i - 1]) == 0 ? count + 1 : 1;
            if (count > most) most = count, mode = sorted[i];
        }
        return mode;
    }
};
template <std::size_t K> struct Obvious<of::MostFrequent<K>> {
    template <class V> static onefold::List<V, K> result(const Seen<V>& seen) {
        struct Group {
            V value;
            std::size_t count;
        };
        std::vector<Group> groups;
        for (const V& value : seen.sorted())
            if (!groups.empty() && compare(groups.back().value, value) == 0) ++groups.back().count;
            else groups.push_back({value, 1});
        std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
            return a.count != b.count ? a.count > b.count : compare(a.value, b.value) < 0;
        });
        onefold::List<V, K> list;
        for (std::size_t i = 0; i < groups.size() && !list.full(); ++i) list.push_back(groups[i].value);
        return list;
    }
};
// The user's own: added one after the other, never merged nor subtracted.
template <class G> struct Obvious<of::User<G>> {
    template <class V> static auto result(const Seen<V>& seen) {
        typename G::State state{};
        for (const V& value : seen.values) G::add(state, value);
        return G::result(state);
    }
};

// Aggregates that look at the events of null values too.
template <class Aggregate> inline constexpr bool nulls_are_values =
    std::is_same_v<Aggregate, of::First> || std::is_same_v<Aggregate, of::Last>;
template <std::size_t N> inline constexpr bool nulls_are_values<of::Lag<N>> = true;

template <> struct Obvious<of::Ratio> {
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        std::vector<typename V::first_type> above;
        std::vector<typename V::second_type> below;
        for (const V& value : seen.values) above.push_back(value.first), below.push_back(value.second);
        const Numbers<typename V::first_type> a(above);
        const Numbers<typename V::second_type> b(below);
        if (b.finite() && b.moments.sum == 0) return std::nullopt;
        if (a.nan || b.nan || (a.infinite && b.infinite)) return one_nan;
        if (a.infinite) return (b.moments.sum < 0) == (a.infinity < 0) ? HUGE_VAL : -HUGE_VAL;
        if (b.infinite) return 0.0;
        return reference::ratio(a.moments.sum << a.moments.step, b.moments.sum << b.moments.step);
    }
};
template <bool Every> struct Obvious<of::Quantified<Every>> {
    template <class V> static std::optional<bool> result(const Seen<V>& seen) {
        if (seen.size() == 0) return std::nullopt;
        return Every ? std::all_of(seen.values.begin(), seen.values.end(), [](bool holds) { return holds; })
                     : std::any_of(seen.values.begin(), seen.values.end(), [](bool holds) { return holds; });
    }
};

template <> struct Obvious<of::Drawdown> {
    template <class V> static auto result(const Seen<V>& seen) {
        // Every pair, in steps of the smallest double or in ones.
        constexpr bool whole = std::is_integral_v<V>;
        using R = std::optional<std::conditional_t<whole, std::int64_t, double>>;
        if (seen.size() == 0) return R();
        Integer fall = 0;
        bool nan = false, infinite = false;
        for (std::size_t j = 0; j < seen.size(); ++j)
            for (std::size_t i = 0; i <= j; ++i) {
                const auto from = seen.values[i], to = seen.values[j];
                nan = nan || from != from || to != to;
                if (!(from > to)) continue;
                if constexpr (whole) fall = std::max<Integer>(fall, Integer(from) - Integer(to));
                else if (!std::isfinite(from) || !std::isfinite(to)) infinite = true;
                else
                    fall = std::max<Integer>(fall, reference::units(static_cast<double>(from)) -
                                                       reference::units(static_cast<double>(to)));
            }
        if constexpr (whole) return fall > INT64_MAX ? R() : R(static_cast<std::int64_t>(fall));
        else return R(nan ? one_nan : infinite ? HUGE_VAL : reference::nearest(fall, 1, 1));
    }
};
template <> struct Obvious<of::Entropy> {
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        if (seen.size() == 0) return std::nullopt;
        const auto sorted = seen.sorted();
        std::vector<std::size_t> counts;
        for (std::size_t i = 0; i < sorted.size(); ++i)
            if (i > 0 && compare(sorted[i], sorted[i - 1]) == 0) ++counts.back();
            else counts.push_back(1);
        // The law: logarithms to the nearest multiple of 2^-57, and nothing else rounded before the end.
        const Integer n = sorted.size();
        Integer bits = n * reference::log2_steps(sorted.size());
        for (const auto count : counts) bits -= count * reference::log2_steps(count);
        return reference::ratio(bits, n << 57);
    }
};

// Every element as if the others were not there.
template <class Aggregate> struct Obvious<of::Each<Aggregate>> {
    template <class V> static auto result(const Seen<V>& seen) {
        using T = typename V::value_type;
        std::array<decltype(Obvious<Aggregate>::result(Seen<T>())), std::tuple_size_v<V>> results{};
        for (std::size_t i = 0; i < results.size(); ++i) {
            Seen<T> element;
            for (const V& value : seen.values) element.values.push_back(value[i]);
            element.times = seen.times;
            if (seen.current) element.current = (*seen.current)[i];
            element.now = seen.now;
            results[i] = Obvious<Aggregate>::result(element);
        }
        return results;
    }
};

// Per sub key: the events are sorted into groups, and each group is asked as if it were alone.
template <class Aggregate> struct Obvious<of::PerKey<Aggregate>> {
    template <class V> static auto result(const Seen<V>& seen) {
        using Key = typename V::first_type;
        using Argument = typename V::second_type;
        using Part = std::conditional_t<nulls_are_values<Aggregate>, Argument, onefold::detail::stripped<Argument>>;
        std::vector<Key> keys;
        for (const V& value : seen.values)
            if (std::none_of(keys.begin(), keys.end(), [&](const Key& k) { return compare(k, value.first) == 0; }))
                keys.push_back(value.first);
        std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return compare(a, b) < 0; });
        onefold::PerKey<Key, decltype(Obvious<Aggregate>::result(Seen<Part>()))> list;
        for (const Key& key : keys) {
            Seen<Part> part;
            part.now = seen.now;
            part.length = seen.length;
            for (std::size_t i = 0; i < seen.size(); ++i) {
                if (compare(seen.values[i].first, key) != 0) continue;
                if constexpr (is_optional<Argument> && !nulls_are_values<Aggregate>) {
                    if (!seen.values[i].second) continue;
                    part.values.push_back(*seen.values[i].second);
                } else part.values.push_back(seen.values[i].second);
                part.times.push_back(seen.times[i]);
            }
            list.push_back(key, Obvious<Aggregate>::result(part));
        }
        return list;
    }
};

// Law 3, word by word: is an event of time s in the window of a question at t?
inline bool in_time(const onefold::WindowLength& length, const onefold::WindowBounds& words, std::int64_t s,
                    std::int64_t t) {
    using Start = onefold::WindowBounds::Start;
    const Wide end = Wide(t) - words.delay;                      // the question is asked as if it were so much earlier
    if (words.before_current ? s >= end : s > end) return false; // before_current: strictly before
    if (length.micros == INT64_MAX) return true;                 // lifetime, or bounded by rows alone
    const Wide start = end - length.micros;
    const bool start_belongs = words.start == Start::closed || (words.start == Start::usual && words.before_current);
    Wide first = start_belongs ? start : start + 1;
    // In hops: down to the hop's own first instant.
    if (words.hop != 0)
        while (first % words.hop != 0) --first;
    return s >= first;
}

template <class Record>
struct Reader {
    const Record& record;
    template <class F> const typename F::value& field() const { return F::read(record); }
};

template <class Filter, class Record>
bool passes(const Filter& filter, const Record& record) {
    if constexpr (std::is_same_v<Filter, onefold::Always>) return true;
    else if constexpr (onefold::Expression<Filter>) {
        const std::optional<bool> result = onefold::detail::evaluate(filter, Reader<Record>{record});
        return result && *result;
    } else return filter(record);
}

template <class Stream>
std::optional<std::int64_t> when(const typename Stream::record& event) {
    const auto& time = event.*Stream::time_member;
    if constexpr (is_optional<std::remove_cvref_t<decltype(time)>>)
        return time ? std::optional(time->micros) : std::nullopt;
    else return time.micros;
}

template <class E> inline constexpr bool reads_fields = onefold::detail::is_field<E>;
template <class O, class... A> inline constexpr bool reads_fields<onefold::detail::Node<O, A...>> =
    (reads_fields<A> || ...);

// What the user named as an argument, where a verb makes something else of it: the value of a decayed sum.
template <class Argument> Argument declared(const Argument& argument) { return argument; }
template <std::int64_t HalfLife, class E>
E declared(const onefold::detail::Node<onefold::detail::Decayed<HalfLife>, E, onefold::detail::EventTime>& n) {
    return onefold::get<0>(n.operands);
}
template <class E, class Key>
auto declared(const onefold::detail::Node<onefold::detail::PerSubKey, E, Key>& n) {
    using Argument = decltype(declared(onefold::get<0>(n.operands)));
    return onefold::detail::Node<onefold::detail::PerSubKey, Argument, Key>{
        onefold::make_tuple(declared(onefold::get<0>(n.operands)), onefold::get<1>(n.operands))};
}

template <class Def>
class SlowTwin {
    using Definition = std::remove_cvref_t<decltype(Def::definition)>;
    using Stream = typename Definition::stream_type;
    using Record = typename Stream::record;
    using Entities = typename Definition::entities_type;
    using Row = onefold::Row<Def>;

public:
    // The row of a question at `t` by whatever keys `shown` has, over `known` events. `current` is the event being
    // scored, itself among them, or null: then windows of rows end at t.
    static Row row(const std::vector<const Record*>& known, std::int64_t t, const Record& shown, const Record* current,
                   bool request_fields = true) {
        Row row;
        std::size_t column = 0;
        onefold::for_each_index<Entities::size>([&](auto g) {
            constexpr std::size_t G = decltype(g)::value;
            entity<G, slots_before<G>()>(row, column, known, t, shown, current);
        });
        using Expressions = typename Definition::derived_type::expressions_type;
        onefold::for_each_index<Expressions::size>([&](auto d) {
            const auto& expression = onefold::get<decltype(d)::value>(Def::definition.derived.expressions).expression;
            using E = std::remove_cvref_t<decltype(expression)>;
            if (reads_fields<E> && !request_fields) row.set_null(column++);
            else
                row.template set<slots_before<Entities::size>() + decltype(d)::value>(
                    0, column++, onefold::detail::evaluate(expression, Features{row, shown}));
        });
        return row;
    }

    // The row of a window that closes, over its events in canonical order.
    static Row window_row(const std::vector<const Record*>& events, std::int64_t now, std::int64_t length) {
        Row row;
        std::size_t column = 0;
        onefold::for_each_index<onefold::type_at<0, Entities>::clauses_type::size>([&](auto c) {
            const auto& clause =
                onefold::get<decltype(c)::value>(onefold::get<0>(Def::definition.entities).clauses).clause;
            row.template set<decltype(c)::value>(0, column++, result_over<0>(clause, events, now, length, nullptr));
        });
        using Expressions = typename Definition::derived_type::expressions_type;
        onefold::for_each_index<Expressions::size>([&](auto d) {
            const auto& expression = onefold::get<decltype(d)::value>(Def::definition.derived.expressions).expression;
            row.template set<slots_before<1>() + decltype(d)::value>(
                0, column++, onefold::detail::evaluate(expression, Features{row, *events.front()}));
        });
        return row;
    }

    // Canonical order of two events of one entity: time, id, then the arguments of its clauses as declared.
    template <std::size_t G>
    static int order(const Record& a, const Record& b) {
        if (const int by_time = compare(*when<Stream>(a), *when<Stream>(b))) return by_time;
        if constexpr (Stream::has_id)
            if (const int by_id = compare(a.*Stream::id_member, b.*Stream::id_member)) return by_id;
        int by_content = 0;
        onefold::for_each_index<onefold::type_at<G, Entities>::clauses_type::size>([&](auto c) {
            if (by_content != 0) return;
            const auto& clause =
                onefold::get<decltype(c)::value>(onefold::get<G>(Def::definition.entities).clauses).clause;
            by_content = compare(value_of(clause.argument, a), value_of(clause.argument, b));
        });
        return by_content;
    }

    template <std::size_t G>
    static bool before(const Record* a, const Record* b) {
        return order<G>(*a, *b) < 0;
    }

private:
    struct Features {
        const Row& row;
        const Record& record;
        template <class F> const typename F::value& field() const { return F::read(record); }
        template <class F> auto feature() const { return row[F{}]; }
    };

    template <std::size_t G>
    static constexpr std::size_t slots_before() {
        std::size_t slots = 0;
        onefold::for_each_index<G>(
            [&](auto g) { slots += onefold::type_at<decltype(g)::value, Entities>::clauses_type::size; });
        return slots;
    }

    template <class Argument>
    static auto value_of(const Argument& argument, const Record& event) {
        return std::remove_cvref_t<decltype(onefold::detail::evaluate(declared(argument), Reader<Record>{event}))>(
            onefold::detail::evaluate(declared(argument), Reader<Record>{event}));
    }

    template <auto... M>
    static bool same_key(onefold::KeyMembers<M...>, const Record& a, const Record& b) {
        return ((compare(a.*M, b.*M) == 0) && ...);
    }

    template <std::size_t G, std::size_t FirstSlot>
    static void entity(Row& row, std::size_t& column, const std::vector<const Record*>& known, std::int64_t t,
                       const Record& shown, const Record* current) {
        std::vector<const Record*> events;
        for (const Record* event : known)
            if (same_key(typename onefold::type_at<G, Entities>::keys{}, *event, shown)) events.push_back(event);
        std::sort(events.begin(), events.end(), &before<G>);
        onefold::for_each_index<onefold::type_at<G, Entities>::clauses_type::size>([&](auto c) {
            const auto& clause =
                onefold::get<decltype(c)::value>(onefold::get<G>(Def::definition.entities).clauses).clause;
            using Clause = std::remove_cvref_t<decltype(clause)>;
            for (std::size_t i = 0; i < Clause::window_count; ++i)
                row.template set<FirstSlot + decltype(c)::value>(
                    i, column++, clause_result<G>(clause, clause.lengths[i], events, t, current));
        });
    }

    template <std::size_t G, class Clause>
    static auto clause_result(const Clause& clause, const onefold::WindowLength& length,
                              const std::vector<const Record*>& events, std::int64_t t, const Record* current) {
        const auto& words = clause.bounds;
        using Exclude = onefold::WindowBounds::Exclude;
        const bool reaches_event = !words.before_current && words.delay == 0;
        std::vector<const Record*> window;
        for (const Record* event : events) {
            if (!in_time(length, words, *when<Stream>(*event), t)) continue;
            if (reaches_event) {
                // The newest N rows, and where it is asked for, end at the event itself.
                if ((length.rows != 0 || words.up_to_current_row) && current && order<G>(*event, *current) > 0)
                    continue;
                if (words.exclude == Exclude::ties && event != current && *when<Stream>(*event) == t) continue;
                if (words.exclude == Exclude::current && event == current) continue;
            }
            window.push_back(event);
        }
        // Without its ties the event takes one of the rows, also where it is asked without the event.
        const bool lacks_event = reaches_event && words.exclude == Exclude::ties &&
                                 std::find(window.begin(), window.end(), current) == window.end();
        for (const std::size_t rows : {std::size_t{length.rows}, std::size_t{words.most_rows}})
            if (const auto most = rows - (lacks_event ? 1 : 0); rows != 0 && window.size() > most)
                window.erase(window.begin(), window.end() - static_cast<std::ptrdiff_t>(most));
        return result_over<G>(clause, window, t, length.micros, current);
    }

public:
    // The result of a clause over the events of its window, which are in canonical order.
    template <std::size_t G, class Clause>
    static auto result_over(const Clause& clause, const std::vector<const Record*>& window, std::int64_t now,
                            std::int64_t length, const Record* current) {
        using Aggregate = typename Clause::aggregate;
        using Argument = decltype(value_of(clause.argument, *current));
        using V = std::conditional_t<nulls_are_values<Aggregate>, Argument, onefold::detail::stripped<Argument>>;

        // What an event is to the clause: nothing, or a value.
        const auto value = [&](const Record& event) -> std::optional<V> {
            if (!passes(clause.filter, event)) return std::nullopt;
            const Argument argument = value_of(clause.argument, event);
            if constexpr (is_optional<Argument> && !nulls_are_values<Aggregate>) return argument;
            else return std::optional<V>(std::in_place, argument);
        };
        Seen<V> seen;
        seen.now = now;
        seen.length = length;
        if (current) seen.current = value(*current);
        for (const Record* event : window)
            if (const auto v = value(*event)) {
                seen.values.push_back(*v);
                seen.times.push_back(*when<Stream>(*event));
            }
        return Obvious<Aggregate>::result(seen);
    }
};

// One record of those that can be believed.
template <class Record>
struct Heard {
    Record record;
    bool punctuation;
    std::optional<std::int64_t> arrived;
};

// Who gets in, by the rules as they are written: rejected, filtered, late, duplicate, applied. Everything that was
// heard is kept, and the watermark is found anew from all of it after each record and each tick.
template <class Def>
class SlowGate {
    using Stream = typename std::remove_cvref_t<decltype(Def::definition)>::stream_type;
    using Record = typename Stream::record;

public:
    // Nothing is late before the first event. Everything is when the end has been announced.
    std::optional<Wide> watermark;
    // Windows that close say themselves what is late, and remember ids for so long behind the watermark, seen or not.
    bool judges_lateness = true;
    Wide memory = 0;
    // The last record was a punctuation: it has no verdict.
    bool punctuation = false;

    onefold::Verdict judge(const Record& event, std::optional<std::int64_t> arrived = std::nullopt) {
        const auto& stream = Def::definition.stream;
        if constexpr (Stream::has_arrival) {
            const std::optional<onefold::Time> member = event.*Stream::arrival_member;
            arrived = member ? std::optional(member->micros) : std::nullopt;
        }
        if (arrived == INT64_MIN) arrived.reset(); // which stands for a time that is not known
        const auto time = when<Stream>(event);
        bool believed = time && *time != INT64_MIN && *time != INT64_MAX;
        if (believed && arrived && stream.future_limit != INT64_MAX)
            believed = Wide(*time) <= Wide(*arrived) + stream.future_limit;
        punctuation = false;
        if constexpr (Stream::has_punctuations) punctuation = passes(stream.punctuation, event);
        if (punctuation) {
            if (believed) hear(event, arrived);
            return onefold::Verdict::filtered;
        }
        if (!believed) return onefold::Verdict::rejected;
        auto verdict = onefold::Verdict::applied;
        if (!passes(stream.filter, event)) verdict = onefold::Verdict::filtered;
        else if (judges_lateness && watermark && *time <= *watermark) verdict = onefold::Verdict::late;
        else if (known(event)) verdict = onefold::Verdict::duplicate;
        else accepted_.push_back(event);
        hear(event, arrived);
        return verdict;
    }
    void tick(std::int64_t now) {
        if (now == INT64_MIN) return;
        // The clock of partitions never goes back; without them it is only looked at here.
        if (!Stream::has_partitions || !clock_ || now > *clock_) clock_ = now;
        move(true);
    }

private:
    // What was heard of one partition, or of all the stream.
    struct Partition {
        std::optional<Wide> newest; // as time less lateness less one
        std::optional<Wide> heard;
    };

    void hear(const Record& event, std::optional<std::int64_t> arrived) {
        if (arrived && (!clock_ || *arrived > *clock_)) clock_ = arrived;
        // A partition that is heard of is heard of now.
        heard_.push_back({event, punctuation, Stream::has_partitions ? clock_ : arrived});
        move(false);
    }
    static bool same_partition(const Record& a, const Record& b) {
        if constexpr (Stream::has_partitions) return a.*Stream::partition_member == b.*Stream::partition_member;
        else return static_cast<void>(a), static_cast<void>(b), true;
    }
    Partition partition_of(const Record* member) const {
        Partition all;
        for (const auto& heard : heard_) {
            if (member && !same_partition(*member, heard.record)) continue;
            if (heard.arrived && (!all.heard || *heard.arrived > *all.heard)) all.heard = *heard.arrived;
            if (Stream::has_punctuations && !heard.punctuation) continue;
            Wide reached = *when<Stream>(heard.record);
            if (!heard.punctuation) reached -= Wide(Def::definition.stream.allowed_lateness) + 1;
            if (!all.newest || reached > *all.newest) all.newest = reached;
        }
        return all;
    }
    bool idle(const Partition& partition) const {
        const auto after = Def::definition.stream.idle_after;
        return after != INT64_MAX && clock_ && partition.heard && Wide(*clock_) - *partition.heard >= after;
    }
    void raise(const std::optional<Wide>& to) {
        if (to && (!watermark || *to > *watermark)) watermark = to;
    }
    void move(bool ticked) {
        const auto all = partition_of(nullptr);
        bool silent = true;
        if constexpr (Stream::has_partitions) {
            std::vector<const Record*> members;
            for (const auto& heard : heard_) {
                bool again = false;
                for (const Record* before : members) again = again || same_partition(*before, heard.record);
                if (!again) members.push_back(&heard.record);
            }
            if (members.size() < static_cast<std::size_t>(Def::definition.stream.partition_count)) return;
            std::optional<Wide> least;
            bool stuck = false; // by one that has not told its time
            for (const Record* member : members) {
                const auto partition = partition_of(member);
                if (idle(partition)) continue;
                silent = false;
                stuck = stuck || !partition.newest;
                if (partition.newest && (!least || *partition.newest < *least)) least = partition.newest;
            }
            if (!stuck) raise(least);
        } else {
            raise(all.newest);
            silent = idle(all);
        }
        if (!ticked || !silent || !all.newest || !idle(all)) return;
        // As if events had come for as long as the clock has gone on: none of them after the end of time.
        const Wide behind = Stream::has_punctuations ? Wide(1) : Wide(Def::definition.stream.allowed_lateness) + 1;
        raise(std::min<Wide>(*all.newest + behind + *clock_ - *all.heard, INT64_MAX) - behind);
    }
    bool known(const Record& event) const {
        if constexpr (Stream::has_id) {
            if (!Def::definition.stream.deduplicates) return false;
            if constexpr (is_optional<std::remove_cvref_t<decltype(event.*Stream::id_member)>>)
                if (!(event.*Stream::id_member)) return false;
            for (const auto& before : accepted_)
                if (compare(before.*Stream::id_member, event.*Stream::id_member) == 0 &&
                    (!watermark || *when<Stream>(before) > *watermark - memory))
                    return true;
        }
        return false;
    }
    std::vector<Record> accepted_;
    std::vector<Heard<Record>> heard_;
    std::optional<std::int64_t> clock_;
};

} // namespace twin
