#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "onefold/aggregate/exact_storage.hpp"
#include "onefold/core/wide_integer.hpp"

namespace onefold::detail {

// An integer limb[0..size) * 2^(64 low) with a sign, on the stack: the general path of the statistics, for values that
// the inline accumulators cannot hold. Schoolbook methods: the numbers have 3 to 6 limbs in practice, 76 at most.
//
// That most: a sum has 35 limbs, squares 69. With N = n Σx² - (Σx)² (71), the largest products are n N times the
// square of a 54-bit number (75) and ((n x - Σx)² (n - 1)), from 37 limbs (75).
class Natural {
public:
    Natural() noexcept = default;
    explicit Natural(std::uint64_t value) noexcept {
        if (value != 0) limb_[size_++] = value;
    }
    explicit Natural(std::int64_t value) noexcept : Natural(low_limb(magnitude(value))) { negative_ = value < 0; }
    explicit Natural(const LimbView& value) noexcept : low_(value.low), size_(value.size) {
        std::copy_n(value.limb, value.size, limb_);
        negative_ = size_ > 0 && value.limb[size_ - 1] >> 63 != 0;
        std::uint64_t carry = 1;
        for (int i = 0; negative_ && i < size_; ++i) {
            limb_[i] = ~limb_[i] + carry;
            carry = carry != 0 && limb_[i] == 0 ? 1 : 0;
        }
        trim();
    }

    Natural(const Natural& other) noexcept { *this = other; }
    Natural& operator=(const Natural& other) noexcept {
        low_ = other.low_;
        size_ = other.size_;
        negative_ = other.negative_;
        std::copy_n(other.limb_, size_, limb_);
        return *this;
    }

    bool is_zero() const noexcept { return size_ == 0; }
    bool is_negative() const noexcept { return negative_; }
    // 2^(exponent - 1) <= |*this| < 2^exponent. Not for zero.
    int exponent() const noexcept { return 64 * (low_ + size_) - std::countl_zero(limb_[size_ - 1]); }
    int size() const noexcept { return size_; }
    std::uint64_t limb(int i) const noexcept { return i >= 0 && i < size_ ? limb_[i] : 0; }

    // The 64 bits below the index-th multiple of 64 from the top, as if the number were shifted to have its highest bit
    // set; zeros after its end.
    std::uint64_t leading(int index) const noexcept {
        const int shift = std::countl_zero(limb_[size_ - 1]);
        const int i = size_ - 1 - index;
        return shift == 0 ? limb(i) : limb(i) << shift | limb(i - 1) >> (64 - shift);
    }
    bool any_after(int index) const noexcept {
        for (int i = index; i <= size_; ++i)
            if (leading(i) != 0) return true;
        return false;
    }

    friend Natural operator*(const Natural& a, const Natural& b) noexcept {
        Natural product;
        if (a.is_zero() || b.is_zero()) return product;
        product.low_ = a.low_ + b.low_;
        product.size_ = a.size_ + b.size_;
        product.negative_ = a.negative_ != b.negative_;
        std::fill_n(product.limb_, product.size_, std::uint64_t{0});
        for (int i = 0; i < a.size_; ++i) {
            std::uint64_t carry = 0;
            for (int j = 0; j < b.size_; ++j) {
                const UInt128 sum = multiply_wide(a.limb_[i], b.limb_[j]) + product.limb_[i + j] + carry;
                product.limb_[i + j] = low_limb(sum);
                carry = high_limb(sum);
            }
            product.limb_[i + b.size_] = carry;
        }
        product.trim();
        return product;
    }

    friend Natural operator-(const Natural& a, const Natural& b) noexcept {
        if (b.is_zero()) return a;
        Natural negated = b;
        negated.negative_ = !b.negative_;
        if (a.is_zero()) return negated;
        Natural result;
        const int low = std::min(a.low_, b.low_);
        const int high = std::max(a.low_ + a.size_, b.low_ + b.size_);
        result.low_ = low;
        result.negative_ = a.negative_;
        std::uint64_t carry = 0;
        if (a.negative_ != b.negative_) {
            for (int i = low; i < high; ++i) {
                const UInt128 sum = static_cast<UInt128>(a.limb(i - a.low_)) + b.limb(i - b.low_) + carry;
                result.limb_[result.size_++] = low_limb(sum);
                carry = high_limb(sum);
            }
            if (carry != 0) result.limb_[result.size_++] = carry;
        } else {
            const Natural* larger = &a;
            const Natural* smaller = &b;
            for (int i = high - 1; i >= low; --i)
                if (a.limb(i - a.low_) != b.limb(i - b.low_)) {
                    if (a.limb(i - a.low_) < b.limb(i - b.low_)) {
                        std::swap(larger, smaller);
                        result.negative_ = !a.negative_;
                    }
                    break;
                }
            for (int i = low; i < high; ++i) {
                const UInt128 difference =
                    static_cast<UInt128>(larger->limb(i - larger->low_)) - smaller->limb(i - smaller->low_) - carry;
                result.limb_[result.size_++] = low_limb(difference);
                carry = high_limb(difference) & 1;
            }
        }
        result.trim();
        return result;
    }

private:
    void trim() noexcept {
        while (size_ > 0 && limb_[size_ - 1] == 0) --size_;
        int zeros = 0;
        while (zeros < size_ && limb_[zeros] == 0) ++zeros;
        if (zeros != 0) {
            std::copy(limb_ + zeros, limb_ + size_, limb_);
            low_ += zeros;
            size_ -= zeros;
        }
        if (size_ == 0) {
            low_ = 0;
            negative_ = false;
        }
    }

    int low_ = 0;
    int size_ = 0;
    bool negative_ = false;
    // Not initialised: clearing it would cost more than most of the arithmetic.
    std::uint64_t limb_[80];
};

// The sign of |a| * 2^shift - |b|. Neither is zero.
inline int compare_shifted(const Natural& a, int shift, const Natural& b) noexcept {
    if (const int difference = a.exponent() + shift - b.exponent(); difference != 0) return difference < 0 ? -1 : 1;
    // Aligned at their highest bits, they compare like two strings.
    for (int i = 0; i < std::max(a.size(), b.size()); ++i)
        if (a.leading(i) != b.leading(i)) return a.leading(i) < b.leading(i) ? -1 : 1;
    return 0;
}

} // namespace onefold::detail
