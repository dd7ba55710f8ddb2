#include "onefold/aggregate/hyper_log_log.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace onefold {

namespace {

// A coupon is the hash's first 26 bits over 6 bits of the position, from 1, of the first one bit in the other 38.
constexpr int prefix_bits = 26;
constexpr int position_bits = 6;
constexpr std::uint32_t largest_position = 64 - prefix_bits + 1;

std::uint32_t prefix_of(std::uint32_t coupon) noexcept { return coupon >> position_bits; }
std::uint32_t position_of(std::uint32_t coupon) noexcept { return coupon & ((1u << position_bits) - 1); }

std::uint32_t coupon_of(std::uint64_t hash) noexcept {
    const auto rest = hash << prefix_bits;
    const auto position = rest == 0 ? largest_position : static_cast<std::uint32_t>(std::countl_zero(rest)) + 1;
    return static_cast<std::uint32_t>(hash >> (64 - prefix_bits)) << position_bits | position;
}

std::uint8_t largest_register(int precision) noexcept { return static_cast<std::uint8_t>(64 - precision + 1); }

// x + Σ x^(2^k) 2^(k-1) for k from 1, until it changes no more.
double sigma(double x) noexcept {
    double power = x, factor = 1, sum = x;
    for (double before = -1; sum != before; factor += factor) {
        power *= power;
        before = sum;
        sum += power * factor;
    }
    return sum;
}

// (1 - x - Σ (1 - x^(2^-k))^2 2^-k) / 3 for k from 1, until it changes no more.
double tau(double x) noexcept {
    if (x == 0 || x == 1) return 0;
    double root = x, factor = 1, sum = 1 - x;
    for (double before = -1; sum != before;) {
        root = std::sqrt(root);
        before = sum;
        factor *= 0.5;
        sum -= (1 - root) * (1 - root) * factor;
    }
    return sum / 3;
}

} // namespace

void HyperLogLog::raise(std::uint32_t coupon, int precision) noexcept {
    // The bits of the prefix below the register's index come before those that the coupon's position counts.
    const int rest_bits = prefix_bits - precision;
    const auto rest = prefix_of(coupon) << (32 - rest_bits);
    const auto position = rest != 0 ? static_cast<std::uint32_t>(std::countl_zero(rest)) + 1
                                    : static_cast<std::uint32_t>(rest_bits) + position_of(coupon);
    auto& held = registers_[prefix_of(coupon) >> rest_bits];
    held = std::max(held, static_cast<std::uint8_t>(position));
}

void HyperLogLog::densify(int precision) {
    registers_.assign(std::size_t{1} << precision, 0);
    for (const auto coupon : coupons_) raise(coupon, precision);
    coupons_ = {};
}

void HyperLogLog::add_coupon(std::uint32_t coupon, int precision) {
    auto at = std::lower_bound(coupons_.begin(), coupons_.end(), prefix_of(coupon) << position_bits);
    if (at != coupons_.end() && prefix_of(*at) == prefix_of(coupon)) {
        *at = std::max(*at, coupon);
        return;
    }
    coupons_.insert(at, coupon);
    if (coupons_.size() > most_coupons(precision)) densify(precision);
}

void HyperLogLog::add(std::uint64_t hash, int precision) {
    if (is_dense()) raise(coupon_of(hash), precision);
    else add_coupon(coupon_of(hash), precision);
}

void HyperLogLog::merge(const HyperLogLog& other, int precision) {
    if (other.is_dense()) {
        if (!is_dense()) densify(precision);
        // Through pointers of its own, so that the loop is a vector's.
        auto* mine = registers_.data();
        const auto* theirs = other.registers_.data();
        for (std::size_t i = 0, n = registers_.size(); i < n; ++i) mine[i] = mine[i] < theirs[i] ? theirs[i] : mine[i];
        return;
    }
    if (is_dense()) {
        for (const auto coupon : other.coupons_) raise(coupon, precision);
        return;
    }
    if (other.coupons_.empty()) return;
    // Of coupons with one prefix the greater one counts.
    std::vector<std::uint32_t> both;
    both.reserve(coupons_.size() + other.coupons_.size());
    auto a = coupons_.cbegin(), b = other.coupons_.cbegin();
    while (a != coupons_.cend() || b != other.coupons_.cend()) {
        const bool mine = b == other.coupons_.cend() || (a != coupons_.cend() && *a <= *b);
        const auto coupon = mine ? *a++ : *b++;
        if (!both.empty() && prefix_of(both.back()) == prefix_of(coupon)) both.back() = coupon;
        else both.push_back(coupon);
    }
    coupons_.swap(both);
    if (coupons_.size() > most_coupons(precision)) densify(precision);
}

std::int64_t HyperLogLog::estimate(int precision) const noexcept {
    // Linear counting over 2^26 cells would add k^2 / 2^27, at most 1/32: nothing, after rounding.
    if (!is_dense()) return static_cast<std::int64_t>(coupons_.size());
    std::array<std::uint32_t, 65> count{};
    for (const auto held : registers_) ++count[held];
    const auto m = static_cast<double>(registers_.size());
    const int q = 64 - precision;
    double z = m * tau(1 - count[static_cast<std::size_t>(q) + 1] / m);
    for (int k = q; k > 0; --k) z = 0.5 * (z + count[static_cast<std::size_t>(k)]);
    z += m * sigma(count[0] / m);
    constexpr double half_by_log_2 = 0x1.71547652b82fep-1; // 1 / (2 ln 2)
    const double estimate = half_by_log_2 * m * m / z;
    // All registers at their end make z zero: more values than there are hashes.
    return estimate < 0x1p62 ? static_cast<std::int64_t>(estimate + 0.5) : INT64_MAX;
}

void HyperLogLog::save(ByteWriter& to) const {
    to.put(is_dense());
    if (is_dense()) {
        for (const auto held : registers_) to.put(held);
        return;
    }
    to.put(static_cast<std::uint64_t>(coupons_.size()));
    for (const auto coupon : coupons_) to.put(coupon);
}

HyperLogLog HyperLogLog::load(ByteReader& from, int precision) {
    HyperLogLog sketch;
    const auto kind = from.get<std::uint8_t>();
    if (kind > 1) from.fail();
    else if (kind == 1) {
        sketch.registers_.resize(std::size_t{1} << precision);
        for (auto& held : sketch.registers_) {
            held = from.get<std::uint8_t>();
            if (held > largest_register(precision)) from.fail();
        }
    } else {
        const auto size = from.get_count(sizeof(std::uint32_t));
        if (size > most_coupons(precision)) from.fail();
        for (std::uint64_t i = 0; i < size && from.ok(); ++i) {
            const auto coupon = from.get<std::uint32_t>();
            const bool ascends = i == 0 || prefix_of(coupon) > prefix_of(sketch.coupons_.back());
            if (!ascends || position_of(coupon) == 0 || position_of(coupon) > largest_position) from.fail();
            sketch.coupons_.push_back(coupon);
        }
    }
    return from.ok() ? sketch : HyperLogLog();
}

} // namespace onefold
