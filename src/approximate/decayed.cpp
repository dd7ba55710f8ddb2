#include "onefold/aggregate/decayed.hpp"

#include <algorithm>
#include <limits>

#include "approximate/power_of_two.hpp"
#include "exact/access.hpp"
#include "exact/natural.hpp"
#include "exact/ratio.hpp"

namespace onefold {

namespace {

using detail::ExactAccess;
using detail::Natural;
using detail::PowerOfTwo;

constexpr std::uint64_t mantissa_bits = 0xfffffffffffff;
constexpr int span_bits = 5; // 32 half-lives

struct Floor {
    std::int64_t quotient;
    std::uint64_t remainder;
};
Floor floor_divide(std::int64_t time, std::int64_t half_life) noexcept {
    auto quotient = time / half_life;
    auto remainder = time % half_life;
    if (remainder < 0) {
        --quotient;
        remainder += half_life;
    }
    return {quotient, static_cast<std::uint64_t>(remainder)};
}

int biased_exponent(std::uint64_t bits) noexcept { return static_cast<int>(bits >> 52 & 0x7ff); }

// size 2^exponent, with the highest bit of size set, times half the power; zero for a size of zero.
double half_times(const PowerOfTwo& power, bool negative, std::uint64_t size, int exponent) noexcept {
    if (size == 0) return 0.0;
    return power.times(negative, detail::join_limbs(size, 0), false, exponent - 64 - 1);
}

detail::DecayedTerm term_of(bool negative, std::uint64_t size, int exponent, std::int64_t time,
                            std::int64_t half_life) noexcept {
    const auto [k, phase] = floor_divide(time, half_life);
    const PowerOfTwo power(phase, static_cast<std::uint64_t>(half_life));
    const int zeros = size == 0 ? 0 : std::countl_zero(size);
    return {k, std::bit_cast<std::int64_t>(half_times(power, negative, size << zeros, exponent - zeros)),
            std::bit_cast<std::int64_t>(half_times(power, false, std::uint64_t{1} << 63, -63))};
}

} // namespace

detail::DecayedTerm detail::decayed_term(double x, std::int64_t time, std::int64_t half_life) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const int biased = biased_exponent(bits);
    const bool negative = bits >> 63 != 0;
    if (biased != 0x7ff) {
        const auto size = (bits & mantissa_bits) | static_cast<std::uint64_t>(biased != 0) << 52;
        return term_of(negative, size, std::max(biased, 1) - 1075, time, half_life);
    }
    auto term = term_of(false, 0, 0, time, half_life);
    term[1] = std::bit_cast<std::int64_t>(x != x ? std::numeric_limits<double>::quiet_NaN() : x);
    return term;
}

detail::DecayedTerm detail::decayed_term(std::int64_t x, std::int64_t time, std::int64_t half_life) noexcept {
    return term_of(x < 0, low_limb(magnitude(x)), 0, time, half_life);
}

// Σ of spans as of a reference k, in two's complement from 2^(-64 * 19) on: two limbs below the grid of ExactSum, where
// nothing of a double is left, and one above it.
struct DecayedSum::Total {
    static constexpr int below = 2;
    static constexpr int limbs = below + detail::ExactStorage<2>::capacity + 1;
    static constexpr int exponent = -1088 - 64 * below;
    std::uint64_t limb[limbs] = {};
    detail::NonFinite counts;

    Natural natural() const noexcept { return Natural(detail::LimbView{limb, 0, limbs}); }

    struct Leading {
        bool negative = false;
        detail::UInt128 magnitude = 0; // its highest bit is set, unless all is zero
        bool inexact = false;
        int exponent = 0;
    };
    // (magnitude + fraction) 2^exponent. What the general Natural could tell as well, without copies.
    Leading leading() noexcept {
        Leading top;
        top.negative = limb[limbs - 1] >> 63 != 0;
        std::uint64_t carry = 1;
        for (int i = 0; top.negative && i < limbs; ++i) {
            limb[i] = ~limb[i] + carry;
            carry = carry != 0 && limb[i] == 0 ? 1 : 0;
        }
        int high = limbs - 1;
        while (high >= 0 && limb[high] == 0) --high;
        if (high < 0) return top;
        const int zeros = std::countl_zero(limb[high]);
        const std::uint64_t second = high >= 1 ? limb[high - 1] : 0, third = high >= 2 ? limb[high - 2] : 0;
        top.magnitude = detail::join_limbs(limb[high], second) << zeros | (zeros == 0 ? 0 : third >> (64 - zeros));
        top.inexact = third << zeros != 0;
        for (int i = high - 3; i >= 0 && !top.inexact; --i) top.inexact = limb[i] != 0;
        top.exponent = exponent + 64 * (high - 1) - zeros;
        return top;
    }

    // Adds value 2^-shift; bits below the lowest limb are cut off.
    void add(const detail::LimbView& value, std::uint64_t shift) noexcept {
        if (value.size == 0 || shift >= 64 * limbs) return;
        const auto bits = static_cast<int>(shift % 64);
        const int start = value.low + below - static_cast<int>(shift / 64); // where the value's first limb goes
        const std::uint64_t sign = std::uint64_t{0} - (value.limb[value.size - 1] >> 63);
        const auto source = [&](int i) { return i < 0 ? 0 : i < value.size ? value.limb[i] : sign; };
        std::uint64_t carry = 0;
        for (int j = std::max(start - 1, 0); j < limbs; ++j) {
            const int i = j - start;
            if (i >= value.size && carry == (sign & 1)) break; // what is left to add is zero
            const auto word = bits == 0 ? source(i) : source(i) >> bits | source(i + 1) << (64 - bits);
            const detail::UInt128 sum = static_cast<detail::UInt128>(limb[j]) + word + carry;
            limb[j] = detail::low_limb(sum);
            carry = detail::high_limb(sum);
        }
    }
};

std::size_t DecayedSum::find_or_add(std::int64_t number) {
    auto at = spans_.end();
    // Mostly the newest.
    if (!spans_.empty() && spans_.back().number >= number)
        at = std::lower_bound(spans_.begin(), spans_.end(), number,
                              [](const Span& span, std::int64_t wanted) { return span.number < wanted; });
    if (at == spans_.end() || at->number != number) at = spans_.insert(at, Span{number, {}});
    return static_cast<std::size_t>(at - spans_.begin());
}

void DecayedSum::drop_zero(std::size_t at) {
    const auto& sum = spans_[at].sum;
    if (!ExactAccess::is_wide(sum) && ExactAccess::inline_sum(sum) == 0)
        spans_.erase(spans_.begin() + static_cast<std::ptrdiff_t>(at));
}

void DecayedSum::accumulate(std::int64_t k, double y, bool negative) {
    const auto bits = std::bit_cast<std::uint64_t>(y);
    if (bits << 1 == 0) return;
    const auto at = find_or_add(k >> span_bits);
    auto& sum = spans_[at].sum;
    const auto shift = static_cast<int>(k & ((1 << span_bits) - 1));
    const int biased = biased_exponent(bits);
    if (biased == 0x7ff || biased + shift < 0x7ff) {
        // Powers of two are exact.
        const double scaled = biased == 0x7ff ? y
                              : biased == 0   ? y * static_cast<double>(1u << shift)
                                              : std::bit_cast<double>(bits + (static_cast<std::uint64_t>(shift) << 52));
        if (negative) sum.subtract(scaled);
        else sum.add(scaled);
    } else {
        // No double, but the grid has room for it.
        const int position = biased + 13 + shift;
        const auto placed = static_cast<detail::UInt128>((bits & mantissa_bits) | (mantissa_bits + 1))
                            << (position & 63);
        ExactAccess::storage(sum).add_natural({detail::low_limb(placed), detail::high_limb(placed), 0}, position >> 6,
                                              (bits >> 63 != 0) != negative);
    }
    drop_zero(at);
}

void DecayedSum::combine(const DecayedSum& other, bool negative) {
    if (this == &other) return combine(DecayedSum(other), negative);
    for (const auto& span : other.spans_) {
        const auto at = find_or_add(span.number);
        if (negative) spans_[at].sum.subtract(span.sum);
        else spans_[at].sum.merge(span.sum);
        drop_zero(at);
    }
}

DecayedSum::Total DecayedSum::total(std::int64_t reference) const noexcept {
    Total total;
    for (const auto& span : spans_) {
        const auto counts = ExactAccess::non_finite(span.sum);
        total.counts.nan += counts.nan;
        total.counts.positive_infinity += counts.positive_infinity;
        total.counts.negative_infinity += counts.negative_infinity;
        const auto start = static_cast<std::uint64_t>(span.number) << span_bits;
        total.add(ExactAccess::view(span.sum), static_cast<std::uint64_t>(reference) - start);
    }
    return total;
}

namespace {

// NaN or an infinity, of a set that has one.
double non_finite(const detail::NonFinite& counts) noexcept {
    const bool positive = counts.positive_infinity != 0, negative = counts.negative_infinity != 0;
    if (counts.nan != 0 || (positive && negative)) return std::numeric_limits<double>::quiet_NaN();
    return detail::signed_infinity(negative);
}

} // namespace

double DecayedSum::decayed(std::int64_t now, std::int64_t half_life) const noexcept {
    const auto [k, phase] = floor_divide(now, half_life);
    auto sum = total(k);
    if (sum.counts.any()) return non_finite(sum.counts);
    const auto top = sum.leading();
    if (top.magnitude == 0) return 0.0;
    // A term is y 2^(k + 1). For a phase above zero that 2 and 2^-phase are 2^(1 - phase), in [1, 2).
    const auto length = static_cast<std::uint64_t>(half_life);
    const PowerOfTwo power(phase == 0 ? 0 : length - phase, length);
    return power.times(top.negative, top.magnitude, top.inexact, top.exponent + (phase == 0 ? 1 : 0));
}

double DecayedSum::ratio(const DecayedSum& values, const DecayedSum& weights) noexcept {
    const auto newest = weights.spans_.back().number * (1 << span_bits);
    const auto sum = values.total(newest);
    if (sum.counts.any()) return non_finite(sum.counts);
    const auto value = sum.natural();
    if (value.is_zero()) return 0.0;
    return detail::round_ratio(value.is_negative(), value, weights.total(newest).natural(), 0, 1);
}

bool DecayedSum::operator==(const DecayedSum& other) const noexcept {
    return std::equal(spans_.begin(), spans_.end(), other.spans_.begin(), other.spans_.end(),
                      [](const Span& a, const Span& b) { return a.number == b.number && a.sum == b.sum; });
}

void DecayedSum::save(ByteWriter& to) const {
    to.put(static_cast<std::uint64_t>(spans_.size()));
    for (const auto& span : spans_) {
        to.put(span.number);
        span.sum.save(to);
    }
}

DecayedSum DecayedSum::load(ByteReader& from) {
    DecayedSum sum;
    constexpr std::int64_t farthest = INT64_MAX >> span_bits;
    const auto count = from.get_count(sizeof(std::int64_t) + 3);
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        const auto number = from.get<std::int64_t>();
        auto part = ExactSum::load(from);
        const bool ascends = i == 0 || number > sum.spans_.back().number;
        if (!ascends || number > farthest || number < -farthest - 1 || part == ExactSum()) from.fail();
        sum.spans_.push_back({number, std::move(part)});
    }
    return from.ok() ? sum : DecayedSum();
}

} // namespace onefold
