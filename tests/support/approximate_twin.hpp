#pragma once

// The approximate aggregates, computed the obvious way from the papers' definitions: one loop over all values, plain
// arrays, rationals of any width.

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <map>
#include <set>

#include "onefold/core/hash.hpp"
#include "support/slow_twin.hpp"

namespace twin {

// A number in steps of 2^-1074.
template <class V>
Integer in_units(V value) {
    if constexpr (std::is_integral_v<V>) return Integer(static_cast<std::int64_t>(value)) << 1074;
    else return reference::units(static_cast<double>(value));
}

// The middle of the bucket that holds `units`, in steps of 2^-1074: of equal buckets, `m` for each octave.
inline double middle_of_bucket(const Integer& units, std::int64_t m) {
    const bool negative = units < 0;
    const Integer size = negative ? Integer(-units) : units;
    if (size == 0) return 0.0;
    Integer octave = 1;
    while (2 * octave <= size) octave *= 2;
    // The bucket [a, b) / m of the octave, a = octave (m + j).
    Integer a = octave * m;
    while (a + octave <= size * m) a += octave;
    const Integer b = a + octave;
    const double middle = reference::nearest(2 * a * b, m * (a + b), 1);
    return negative ? -middle : middle;
}

template <std::int64_t Numerator, std::int64_t Denominator, std::int64_t ErrorNumerator, std::int64_t ErrorDenominator>
struct Obvious<of::ApproxQuantile<Numerator, Denominator, ErrorNumerator, ErrorDenominator>> {
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        const auto exact = Obvious<of::Quantile<Numerator, Denominator>>::result(seen);
        if (!exact) return std::nullopt;
        // The fewest buckets for an octave whose middles are closer than alpha to all their values.
        std::int64_t m = 1;
        while (ErrorDenominator >= ErrorNumerator * (2 * m + 1)) ++m;
        if constexpr (std::is_floating_point_v<V>)
            if (!std::isfinite(*exact)) return answer(static_cast<double>(*exact));
        return middle_of_bucket(in_units(*exact), m);
    }
};

// Ertl's estimator as its formula is printed, for 2^p registers of the hash's other q = 64 - p bits.
inline std::int64_t estimate_of_registers(const std::vector<unsigned>& registers) {
    unsigned q = 64;
    for (auto size = registers.size(); size > 1; size /= 2) --q;
    const auto m = static_cast<long double>(registers.size());
    const auto share = [&](unsigned k) {
        return static_cast<long double>(std::count(registers.begin(), registers.end(), k)) / m;
    };
    long double sum = 0, sigma = share(0), tau = share(q + 1);
    const auto power = [](long double x, int k) { return std::pow(x, std::pow(2.0L, static_cast<long double>(k))); };
    const auto half_to = [](int k) { return std::pow(2.0L, static_cast<long double>(-k)); };
    for (int k = 1; k <= static_cast<int>(q); ++k) sum += m * share(static_cast<unsigned>(k)) * half_to(k);
    for (int k = 1; k <= 64; ++k) {
        sigma += power(share(0), k) * half_to(1 - k);
        // Where every register is at its end, or none, tau is zero.
        const auto rest = 1 - power(1 - share(q + 1), -k);
        tau -= rest * rest * half_to(k);
    }
    if (share(q + 1) == 1) tau = 0;
    const auto z = m * sigma + sum + m * tau / 3 * half_to(static_cast<int>(q));
    return std::llround(m * m / (2 * std::log(2.0L)) / z);
}

// Flajolet's registers, filled from all values at once; values are counted by the first 26 bits of their hashes while
// those are few.
template <int Precision> struct Obvious<of::ApproxDistinct<Precision>> {
    template <class V> static std::int64_t result(const Seen<V>& seen) {
        constexpr unsigned q = 64 - Precision;
        std::set<std::uint64_t> prefixes;
        std::vector<unsigned> registers(std::size_t{1} << Precision);
        for (const V& value : seen.values) {
            const auto hash = onefold::hash_value(value);
            prefixes.insert(hash >> 38);
            unsigned position = 1;
            while (position <= q && (hash >> (q - position) & 1) == 0) ++position;
            auto& held = registers[hash >> q];
            held = std::max(held, position);
        }
        const std::size_t few = std::min<std::size_t>(2048, registers.size() * 3 / 16);
        if (prefixes.size() <= few) return static_cast<std::int64_t>(prefixes.size());
        return estimate_of_registers(registers);
    }
};

// Rows of counters in a plain table.
template <std::uint32_t Width, std::uint32_t Depth> struct Obvious<of::ApproxFrequency<Width, Depth>> {
    template <class V> static std::optional<std::int64_t> result(const Seen<V>& seen) {
        if (!seen.current) return std::nullopt;
        std::vector<std::vector<std::int64_t>> table(Depth, std::vector<std::int64_t>(Width));
        const auto counter = [&](const V& value, std::uint32_t row) -> std::int64_t& {
            const Integer hash = onefold::mix(onefold::hash_value(value) + row);
            return table[row][static_cast<std::size_t>((hash * Width) >> 64)];
        };
        std::int64_t least = INT64_MAX;
        for (std::uint32_t row = 0; row < Depth; ++row) {
            for (const V& value : seen.values) ++counter(value, row);
            least = std::min(least, counter(*seen.current, row));
        }
        return least;
    }
};

// Decay. Nothing here is an event's share of an earlier state: every question weighs every event anew. What the law
// says of rounding is followed: each value times 2^(phase of its time) / 2 is rounded to a double, and then their sum,
// or quotient of sums, is.
using Real = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<100>>;

// 2^(numerator / denominator) in steps of 2^-256.
inline Integer power_of_two(std::int64_t numerator, std::int64_t denominator) {
    static std::map<std::pair<std::int64_t, std::int64_t>, Integer> known;
    auto& power = known[{numerator, denominator}];
    if (power == 0) {
        const Real exact = boost::multiprecision::pow(Real(2), Real(numerator) / Real(denominator));
        power = static_cast<Integer>(boost::multiprecision::ldexp(exact, 256));
    }
    return power;
}

// The double nearest to half of units times the power, in units. Remembered, because a hundred questions ask it.
inline const Integer& half_times(const Integer& units, const Integer& power) {
    static std::map<std::pair<Integer, Integer>, Integer> known;
    const auto [place, is_new] = known.try_emplace({units, power});
    if (is_new) place->second = reference::units(reference::nearest(units * power, Integer(1) << 257, 1));
    return place->second;
}

template <class V>
class Decay {
    // In half-lives: of what is older, nothing is left of the largest double.
    static constexpr unsigned reach = 2400;

public:
    // As of `now` rounded down to a half-life; `phase` is what is left of it.
    Decay(const Seen<V>& seen, std::int64_t now, std::int64_t half_life) : half_life_(half_life) {
        const auto [now_k, now_phase] = split(now);
        phase = now_phase;
        for (std::size_t i = 0; i < seen.size(); ++i) {
            const V value = seen.values[i];
            const auto [k, event_phase] = split(seen.times[i]);
            const Integer power = power_of_two(event_phase, half_life);
            const Wide age = now_k - k;
            const auto in_place = [&](const Integer& units) {
                return age > reach ? Integer(0)
                                   : Integer(half_times(units, power) << (1 + reach - static_cast<unsigned>(age)));
            };
            weights += in_place(Integer(1) << 1074);
            if constexpr (std::is_floating_point_v<V>)
                if (!std::isfinite(value)) {
                    others.push_back(value);
                    continue;
                }
            values += in_place(in_units(value));
        }
    }
    // What NaN and infinities make of a sum.
    std::optional<double> not_finite() const {
        return others.empty() ? std::nullopt : std::optional(Numbers<V>(others).sum());
    }
    double as_of_now(const Integer& sum) const {
        const Integer power = phase == 0 ? Integer(1) << 257 : power_of_two(half_life_ - phase, half_life_);
        return reference::nearest(sum * power, Integer(1) << (reach + 257), 1);
    }

    Integer values = 0, weights = 0; // in steps of 2^-1074 2^-reach
    std::int64_t phase = 0;
    std::vector<V> others;

private:
    std::pair<Wide, std::int64_t> split(std::int64_t time) const {
        const std::int64_t rest = (time % half_life_ + half_life_) % half_life_;
        return {(Wide(time) - rest) / half_life_, rest};
    }
    std::int64_t half_life_;
};

template <std::int64_t HalfLife> struct Obvious<of::DecayedSum<HalfLife>> {
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        const Decay<V> decay(seen, seen.now, HalfLife);
        if (seen.size() == 0 || decay.not_finite()) return decay.not_finite();
        return decay.as_of_now(decay.values);
    }
};
template <std::int64_t HalfLife> struct Obvious<of::DecayedCount<HalfLife>> {
    template <class V> static double result(const Seen<V>& seen) {
        const Decay<V> decay(seen, seen.now, HalfLife);
        return decay.as_of_now(decay.weights);
    }
};
template <std::int64_t HalfLife> struct Obvious<of::DecayedMean<HalfLife>> {
    template <class V> static std::optional<double> result(const Seen<V>& seen) {
        if (seen.size() == 0) return std::nullopt;
        // As of the newest event, where no weight is too small to count.
        const Decay<V> decay(seen, seen.times.back(), HalfLife);
        if (decay.not_finite()) return decay.not_finite();
        return reference::nearest(decay.values << 1074, decay.weights, 1);
    }
};

} // namespace twin
