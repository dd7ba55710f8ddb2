#include "onefold/aggregate/exact_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "aggregate/exact_reference.hpp"
#include "support/catch.hpp"

using onefold::ByteReader;
using onefold::ByteWriter;
using onefold::ExactSquares;
using reference::same;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

std::string bytes_of(const ExactSquares& squares) {
    ByteWriter writer;
    squares.save(writer);
    return writer.take();
}

ExactSquares squares_of(const std::vector<double>& values) {
    ExactSquares squares;
    for (const double x : values) squares.add(x);
    return squares;
}

} // namespace

TEST_CASE("a sum of squares is the rational one rounded once, for every shape of set") {
    reference::Random random(11);
    for (int round = 0; round < 3500; ++round) {
        const auto values = reference::random_set(random, round % reference::shapes);
        CAPTURE(round, values.size());
        REQUIRE(same(squares_of(values).rounded(), reference::Moments::of(values).rounded_squares()));
    }
}

TEST_CASE("squares are the same, byte for byte, after any history") {
    reference::Random random(12);
    for (int round = 0; round < 2800; ++round) {
        auto values = reference::random_set(random, round % reference::shapes);
        if (round % 3 == 0) values.push_back(nan_value);
        if (round % 5 == 0) values.push_back(-infinity);
        const ExactSquares expected = squares_of(values);

        auto visitors = reference::random_set(random, static_cast<int>(random() % reference::shapes));
        visitors.insert(visitors.end(), {nan_value, infinity, -infinity, 1e300, -5e-324});
        std::vector<std::pair<double, bool>> steps;
        for (const double x : values) steps.emplace_back(x, true);
        for (const double x : visitors) {
            steps.emplace_back(x, true);
            steps.emplace_back(x, false);
        }
        std::shuffle(steps.begin(), steps.end(), random);
        ExactSquares interleaved;
        for (const auto& [x, enters] : steps) enters ? interleaved.add(x) : interleaved.subtract(x);

        std::vector<ExactSquares> parts;
        for (const double x : values) parts.push_back(squares_of({x}));
        while (parts.size() > 1) {
            std::swap(parts.back(), parts[random() % parts.size()]);
            const ExactSquares last = std::move(parts.back());
            parts.pop_back();
            parts[random() % parts.size()].merge(last);
        }
        ExactSquares difference = expected;
        difference.merge(squares_of(visitors));
        difference.subtract(squares_of(visitors));

        for (const ExactSquares* other : {&interleaved, &parts[0], &difference}) {
            REQUIRE(*other == expected);
            REQUIRE(bytes_of(*other) == bytes_of(expected));
        }
        const std::string saved = bytes_of(expected);
        ByteReader reader(saved);
        const ExactSquares loaded = ExactSquares::load(reader);
        REQUIRE(reader.ok());
        REQUIRE(reader.at_end());
        REQUIRE(loaded == expected);
        REQUIRE(bytes_of(loaded) == saved);
    }
}

TEST_CASE("squares know NaN, infinity, overflow, underflow and the tie to even") {
    REQUIRE(std::isnan(squares_of({nan_value, infinity}).rounded()));
    REQUIRE(same(squares_of({-infinity, infinity}).rounded(), infinity));
    REQUIRE(same(squares_of({1e200}).rounded(), infinity));
    REQUIRE(same(squares_of({1e-200}).rounded(), 0.0));
    REQUIRE(same(squares_of({-0.0}).rounded(), 0.0));
    REQUIRE(same(squares_of({0x1p-537}).rounded(), 0x1p-1074));
    // Half of the smallest subnormal, and a little more than half.
    REQUIRE(same(squares_of({0x1p-538, 0x1p-538}).rounded(), 0.0));
    REQUIRE(same(squares_of({0x1p-538, 0x1p-538, 0x1p-1074}).rounded(), 0x1p-1074));
    REQUIRE(same(squares_of({0x1p27, 1.0}).rounded(), 0x1p54));
    REQUIRE(same(squares_of({0x1p27, 1.0, 1.0, 0x1p-600}).rounded(), 0x1p54 + 4));
    ExactSquares squares = squares_of({3.0, nan_value, infinity, 1e300});
    for (const double x : {infinity, nan_value, 1e300}) squares.subtract(x);
    REQUIRE(same(squares.rounded(), 9.0));
    REQUIRE(bytes_of(squares) == bytes_of(squares_of({-3.0})));
}

TEST_CASE("squares merge with themselves, copy and move in every tier") {
    STATIC_REQUIRE(sizeof(ExactSquares) == 32);
    for (const double x : {2.5, 0x1p60, 1e300, nan_value}) {
        const ExactSquares expected = squares_of({x});
        ExactSquares doubled = expected;
        doubled.merge(doubled);
        REQUIRE(doubled == squares_of({x, x}));
        doubled.subtract(doubled);
        REQUIRE(doubled == ExactSquares{});
        ExactSquares source = expected;
        const ExactSquares moved = std::move(source);
        REQUIRE(moved == expected);
        REQUIRE(source == ExactSquares{}); // NOLINT(bugprone-use-after-move): moved-from squares are zero.
    }
    ExactSquares squares = squares_of({1.0});
    for (int i = 0; i < 200; ++i) squares.merge(squares);
    REQUIRE(same(squares.rounded(), 0x1p200));
}

TEST_CASE("loading squares never accepts what save would not write") {
    reference::Random random(13);
    int accepted = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string bytes(3 + random() % 600, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random() % 4 == 0 ? 0xff : random() & 0xff);
        bytes[0] = static_cast<char>(random() % 72);
        bytes[1] = static_cast<char>(random() % 72);
        bytes[2] = static_cast<char>(random() % 3);
        ByteReader reader(bytes);
        ExactSquares squares = ExactSquares::load(reader);
        if (!reader.ok()) {
            REQUIRE(squares == ExactSquares{});
            continue;
        }
        ++accepted;
        REQUIRE(bytes.starts_with(bytes_of(squares)));
        squares.merge(squares);
        squares.add(1e308);
        squares.subtract(1e308);
        static_cast<void>(squares.rounded());
    }
    REQUIRE(accepted > 1000);
}
