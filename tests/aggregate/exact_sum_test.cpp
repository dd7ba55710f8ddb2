#include "onefold/aggregate/exact_sum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "aggregate/exact_reference.hpp"
#include "support/catch.hpp"

using onefold::ByteReader;
using onefold::ByteWriter;
using onefold::ExactSum;
using reference::same;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

std::string bytes_of(const ExactSum& sum) {
    ByteWriter writer;
    sum.save(writer);
    return writer.take();
}

ExactSum sum_of(const std::vector<double>& values) {
    ExactSum sum;
    for (const double x : values) sum.add(x);
    return sum;
}

} // namespace

TEST_CASE("the reference rounding agrees with known values and with the hardware") {
    REQUIRE(same(reference::ratio(1, 10), 0.1));
    REQUIRE(same(reference::ratio(-1, 3), -1.0 / 3.0));
    REQUIRE(same(reference::ratio((reference::Integer(1) << 54) + 1, 1), 0x1p54));
    REQUIRE(same(reference::ratio((reference::Integer(1) << 54) + 3, 1), 0x1p54 + 4));
    REQUIRE(same(reference::ratio(reference::Integer(1) << 1024, 1), infinity));
    // Half of the smallest subnormal goes to the even zero; anything above it does not.
    REQUIRE(same(reference::nearest(1, 2, 1), 0.0));
    REQUIRE(same(reference::nearest(1001, 2000, 1), 0x1p-1074));
    REQUIRE(same(reference::nearest(reference::Integer(2) << 2148, 1, 2), std::sqrt(2.0)));
    reference::Random random(1);
    for (int i = 0; i < 300; ++i) {
        const double a = std::abs(reference::random_double(random, 0, 2046));
        const double b = std::abs(reference::random_double(random, 0, 2046));
        REQUIRE(same(reference::ratio(reference::units(a), reference::units(b)), a / b));
        REQUIRE(same(reference::nearest(reference::units(a) << 1074, 1, 2), std::sqrt(a)));
        REQUIRE(same(reference::nearest(reference::units(a) + reference::units(b), 1, 1), a + b));
    }
}

TEST_CASE("an exact sum is the rational sum rounded once, for every shape of set") {
    reference::Random random(2);
    for (int round = 0; round < 3500; ++round) {
        const auto values = reference::random_set(random, round % reference::shapes);
        CAPTURE(round, values.size());
        REQUIRE(same(sum_of(values).rounded(), reference::Moments::of(values).rounded_sum()));
    }
}

TEST_CASE("a sum is the same, byte for byte, after any history") {
    reference::Random random(3);
    for (int round = 0; round < 3500; ++round) {
        auto values = reference::random_set(random, round % reference::shapes);
        if (round % 3 == 0) values.push_back(nan_value);
        if (round % 5 == 0) values.push_back(infinity);
        if (round % 7 == 0) values.push_back(-infinity);
        const ExactSum expected = sum_of(values);

        // Other values come and go, in any order, even leaving before they came; the set is added in any order.
        auto visitors = reference::random_set(random, static_cast<int>(random() % reference::shapes));
        visitors.insert(visitors.end(), {nan_value, infinity, -infinity, 1e300, -5e-324});
        std::vector<std::pair<double, bool>> steps;
        for (const double x : values) steps.emplace_back(x, true);
        for (const double x : visitors) {
            steps.emplace_back(x, true);
            steps.emplace_back(x, false);
        }
        std::shuffle(steps.begin(), steps.end(), random);
        ExactSum interleaved;
        for (const auto& [x, enters] : steps) enters ? interleaved.add(x) : interleaved.subtract(x);

        // A random tree of merges.
        std::vector<ExactSum> parts;
        for (const double x : values) parts.push_back(sum_of({x}));
        while (parts.size() > 1) {
            std::swap(parts.back(), parts[random() % parts.size()]);
            const ExactSum last = std::move(parts.back());
            parts.pop_back();
            parts[random() % parts.size()].merge(last);
        }

        // What leaves as a whole.
        ExactSum difference = expected;
        difference.merge(sum_of(visitors));
        difference.subtract(sum_of(visitors));

        for (const ExactSum* other : {&interleaved, &parts[0], &difference}) {
            REQUIRE(*other == expected);
            REQUIRE(bytes_of(*other) == bytes_of(expected));
            REQUIRE(same(other->rounded(), expected.rounded()));
        }
        const std::string saved = bytes_of(expected);
        ByteReader again(saved);
        const ExactSum loaded = ExactSum::load(again);
        REQUIRE(again.ok());
        REQUIRE(again.at_end());
        REQUIRE(loaded == expected);
        REQUIRE(bytes_of(loaded) == saved);
    }
}

TEST_CASE("sums that differ in one unit, one NaN or one infinity are not equal") {
    REQUIRE_FALSE(sum_of({1e300}) == sum_of({1e300, 5e-324}));
    REQUIRE_FALSE(sum_of({1.0}) == sum_of({1.0, 0x1p-64}));
    REQUIRE_FALSE(sum_of({nan_value}) == sum_of({nan_value, nan_value}));
    REQUIRE_FALSE(sum_of({infinity}) == sum_of({-infinity}));
    REQUIRE_FALSE(sum_of({}) == sum_of({infinity}));
    REQUIRE(sum_of({0.0, -0.0}) == sum_of({}));
}

TEST_CASE("NaN and infinities decide the result while they are in the set, and leave no trace") {
    ExactSum sum = sum_of({0.1, 0.2});
    const double before = sum.rounded();
    sum.add(infinity);
    REQUIRE(sum.rounded() == infinity);
    sum.add(-infinity);
    REQUIRE(std::isnan(sum.rounded()));
    sum.subtract(infinity);
    REQUIRE(sum.rounded() == -infinity);
    sum.add(nan_value);
    REQUIRE(std::isnan(sum.rounded()));
    sum.subtract(-infinity);
    REQUIRE(std::isnan(sum.rounded()));
    sum.subtract(nan_value);
    REQUIRE(same(sum.rounded(), before));
    REQUIRE(bytes_of(sum) == bytes_of(sum_of({0.1, 0.2})));
}

TEST_CASE("a sum is rounded to even, overflows only at the end, and has no negative zero") {
    REQUIRE(same(sum_of({0x1p54, 1.0}).rounded(), 0x1p54));
    REQUIRE(same(sum_of({0x1p54, 2.0}).rounded(), 0x1p54));
    REQUIRE(same(sum_of({0x1p54, 2.0, 0x1p-1074}).rounded(), 0x1p54 + 4));
    REQUIRE(same(sum_of({0.1, 0.2, 0.3, -0.3, -0.2, -0.1}).rounded(), 0.0));
    REQUIRE(same(sum_of({-0.0}).rounded(), 0.0));
    const double largest = std::numeric_limits<double>::max();
    REQUIRE(same(sum_of({largest, largest, -largest}).rounded(), largest));
    REQUIRE(same(sum_of({largest, largest}).rounded(), infinity));
    REQUIRE(same(sum_of({-largest, -largest}).rounded(), -infinity));
    REQUIRE(same(sum_of({largest, 0x1p969}).rounded(), largest));
    REQUIRE(same(sum_of({largest, 0x1p970}).rounded(), infinity));
    REQUIRE(same(sum_of({0x1p-1074, 0x1p-1074}).rounded(), 0x1p-1073));
}

TEST_CASE("a sum merges with itself, and subtracts itself to zero") {
    const std::vector<std::vector<double>> sets{{1.5}, {-0x1p60, -0x1p60}, {1e300, -1e-300}, {nan_value}};
    for (const auto& values : sets) {
        ExactSum doubled = sum_of(values);
        doubled.merge(doubled);
        ExactSum twice = sum_of(values);
        twice.merge(sum_of(values));
        REQUIRE(doubled == twice);
        doubled.subtract(doubled);
        REQUIRE(doubled == ExactSum{});
        REQUIRE(bytes_of(doubled) == bytes_of(ExactSum{}));
    }
    // More doublings than the headroom of the inline form, and of a limb.
    ExactSum sum = sum_of({-1.0});
    for (int i = 0; i < 200; ++i) sum.merge(sum);
    REQUIRE(same(sum.rounded(), -0x1p200));
}

TEST_CASE("a carry out of the highest limb of a block without room is kept") {
    // A copy has just the limbs that its value needs; here the highest is as large as it can be.
    for (const double sign : {1.0, -1.0}) {
        ExactSum sum = sum_of({sign * 0x1p63});
        if (sign > 0) sum.subtract(0x1p-64);
        const ExactSum copy = sum;
        for (const double step : {0x1p-64, 0x1p-70, 0x1p-130, 0x1p62}) {
            ExactSum next = copy;
            next.add(sign * step);
            ExactSum expected = sum_of({sign * 0x1p63, sign * step});
            if (sign > 0) expected.subtract(0x1p-64);
            REQUIRE(next == expected);
            REQUIRE(same(next.rounded(), sign * (0x1p63 + (step == 0x1p62 ? step : 0))));
            ExactSum merged = copy;
            merged.merge(sum_of({sign * step}));
            REQUIRE(merged == expected);
        }
    }
}

TEST_CASE("a sum is 16 bytes and survives copies and moves in every tier") {
    STATIC_REQUIRE(sizeof(ExactSum) == 16);
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<ExactSum>);
    for (const double x : {2.5, 1e300, nan_value}) {
        const ExactSum expected = sum_of({x});
        std::array<ExactSum, 2> block{expected, sum_of({1e-200})};
        std::array<ExactSum, 2> moved(std::move(block));
        REQUIRE(moved[0] == expected);
        REQUIRE(moved[1] == sum_of({1e-200}));
        REQUIRE(block[0] == ExactSum{}); // NOLINT(bugprone-use-after-move): a moved-from sum is zero.
        block[0].add(x);
        REQUIRE(block[0] == expected);
        ExactSum assigned = sum_of({-1e300});
        assigned = moved[0];
        REQUIRE(assigned == expected);
        const ExactSum& alias = assigned;
        assigned = alias;
        REQUIRE(assigned == expected);
        ExactSum target = sum_of({4e-300});
        target = std::move(assigned);
        REQUIRE(target == expected);
        target.add(1.0);
        REQUIRE(moved[0] == expected);
    }
}

TEST_CASE("loading rejects bytes that are not the canonical form") {
    const auto load = [](const std::string& bytes) {
        ByteReader reader(bytes);
        const ExactSum sum = ExactSum::load(reader);
        return std::pair(reader.ok(), sum);
    };
    for (const double x : {0.0, 2.5, 1e300, nan_value}) {
        const auto saved = bytes_of(sum_of({x}));
        for (std::size_t length = 0; length < saved.size(); ++length) {
            const auto [ok, sum] = load(saved.substr(0, length));
            REQUIRE_FALSE(ok);
            REQUIRE(sum == ExactSum{});
        }
    }
    const std::string limb("\1\0\0\0\0\0\0\0", 8);
    const std::string zeros(8, '\0');
    REQUIRE(load(std::string("\1\20\0", 3) + limb).first);
    REQUIRE_FALSE(load(std::string("\2\20\0", 3) + limb + zeros).first); // A redundant sign limb.
    REQUIRE_FALSE(load(std::string("\2\17\0", 3) + zeros + limb).first); // A redundant zero limb.
    REQUIRE_FALSE(load(std::string("\0\20\0", 3)).first);                // Zero with a place.
    REQUIRE_FALSE(load(std::string("\1\44\0", 3) + limb).first);         // Beyond the grid.
    REQUIRE_FALSE(load(std::string("\1\20\2", 3) + limb).first);         // An unknown flag.
    REQUIRE_FALSE(load(std::string("\0\0\1", 3) + zeros + zeros + zeros).first);
    // Anything else either fails or is what save would have written, and can be used.
    reference::Random random(4);
    int accepted = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string bytes(3 + random() % 320, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random() % 4 == 0 ? 0xff : random() & 0xff);
        bytes[0] = static_cast<char>(random() % 38);
        bytes[1] = static_cast<char>(random() % 36);
        bytes[2] = static_cast<char>(random() % 2);
        auto [ok, sum] = load(bytes);
        if (!ok) continue;
        ++accepted;
        REQUIRE(bytes.starts_with(bytes_of(sum)));
        const ExactSum same_sum = sum;
        sum.merge(sum);
        sum.add(1e308);
        sum.subtract(same_sum);
        sum.subtract(1e308);
        static_cast<void>(sum.rounded());
    }
    REQUIRE(accepted > 1000);
}
