#include "onefold/aggregate/decayed.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/approximate_twin.hpp"
#include "support/catch.hpp"

using onefold::DecayedSum;
using onefold::detail::decayed_term;
using reference::Integer;
using reference::Random;
using reference::same;
using reference::uniform;

namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();
constexpr auto not_a_number = std::numeric_limits<double>::quiet_NaN();
using Values = onefold::accumulate::Decayed<1>;
using Weights = onefold::accumulate::Decayed<2>;

double value(const onefold::detail::DecayedTerm& term) { return std::bit_cast<double>(term[1]); }
double weight(const onefold::detail::DecayedTerm& term) { return std::bit_cast<double>(term[2]); }

std::string bytes_of(const DecayedSum& sum) {
    onefold::ByteWriter to;
    sum.save(to);
    return to.take();
}

// Events of random times within some half-lives of each other.
struct Set {
    std::vector<double> values;
    std::vector<std::int64_t> times;
    std::int64_t now = 0;
    std::int64_t half_life = 1;

    Set(Random& random, int shape) {
        values = reference::random_set(random, shape);
        half_life = std::int64_t{1} << uniform(random, 0, 50);
        if (random() % 2 == 0) half_life = 1 + static_cast<std::int64_t>(random() % 10'000'000);
        const std::int64_t start = uniform(random, -1, 1) * std::int64_t{1'700'000'000'000'000};
        const auto reach = half_life * (std::int64_t{1} << uniform(random, 0, 11));
        for (std::size_t i = 0; i < values.size(); ++i)
            times.push_back(start + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(reach)));
        now = *std::max_element(times.begin(), times.end()) +
              static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(1 + reach / 8));
    }
    twin::Seen<double> seen() const {
        twin::Seen<double> all;
        all.values = values;
        all.times = times;
        all.now = now;
        return all;
    }
    onefold::detail::DecayedTerm term(std::size_t i) const { return decayed_term(values[i], times[i], half_life); }
};

} // namespace

TEST_CASE("a term is the value times the power of its phase, halved and rounded to nearest even") {
    Random random(1);
    for (int i = 0; i < 20000; ++i) {
        const auto half_life = 1 + static_cast<std::int64_t>(random() >> uniform(random, 1, 63));
        const auto time = static_cast<std::int64_t>(random()) >> uniform(random, 0, 63);
        auto phase = time % half_life;
        if (phase < 0) phase += half_life;
        const auto k = static_cast<std::int64_t>((twin::Wide(time) - phase) / half_life);
        const Integer power = twin::power_of_two(phase, half_life);
        const auto expected = [&](const Integer& units) {
            return reference::nearest(units * power, Integer(1) << 257, 1);
        };
        const double x = i % 4 == 0 ? reference::random_double(random, 0, 2046)
                                    : static_cast<double>(uniform(random, -10'000'000, 10'000'000)) / 100;
        const auto term = decayed_term(x, time, half_life);
        REQUIRE(term[0] == k);
        REQUIRE(same(value(term), expected(reference::units(x))));
        REQUIRE(same(weight(term), expected(reference::units(1.0))));
        const auto integer = static_cast<std::int64_t>(random()) >> uniform(random, 0, 63);
        REQUIRE(same(value(decayed_term(integer, time, half_life)), expected(twin::in_units(integer))));
    }
}

TEST_CASE("whole half-lives and what is not finite have exact terms") {
    CHECK(decayed_term(3.0, 0, 60) == decayed_term(std::int64_t{3}, 0, 60));
    CHECK(value(decayed_term(3.0, -120, 60)) == 1.5);
    CHECK(decayed_term(3.0, -120, 60)[0] == -2);
    CHECK(decayed_term(3.0, -121, 60)[0] == -3);
    CHECK(value(decayed_term(0.0, 7, 60)) == 0.0);
    CHECK(decayed_term(-0.0, 7, 60) == decayed_term(0.0, 7, 60));
    CHECK(value(decayed_term(-infinity, 7, 60)) == -infinity);
    CHECK(decayed_term(-not_a_number, 7, 60) == decayed_term(not_a_number, 7, 60));
    CHECK(same(value(decayed_term(not_a_number, 7, 60)), not_a_number));
    CHECK(value(decayed_term(INT64_MIN, 60, 60)) == -0x1p62);
    CHECK(value(decayed_term(std::numeric_limits<double>::max(), 59, 60)) <= std::numeric_limits<double>::max());
}

TEST_CASE("decayed sums, counts and means are those of the law, and within the stated bound of the real numbers") {
    Random random(2);
    using twin::Real;
    for (int round = 0; round < 700; ++round) {
        const Set set(random, round % reference::shapes);
        DecayedSum values, weights;
        for (std::size_t i = 0; i < set.values.size(); ++i) {
            Values::add(values, set.term(i));
            Weights::add(weights, set.term(i));
        }
        const twin::Decay<double> decay(set.seen(), set.now, set.half_life);
        const double sum = values.decayed(set.now, set.half_life);
        REQUIRE(same(sum, decay.as_of_now(decay.values)));
        REQUIRE(same(weights.decayed(set.now, set.half_life), decay.as_of_now(decay.weights)));
        const twin::Decay<double> newest(set.seen(), *std::max_element(set.times.begin(), set.times.end()),
                                         set.half_life);
        const double mean = DecayedSum::ratio(values, weights);
        REQUIRE(same(mean, reference::nearest(newest.values << 1074, newest.weights, 1)));

        Real exact = 0, magnitudes = 0, count = 0;
        for (std::size_t i = 0; i < set.values.size(); ++i) {
            const Real w = boost::multiprecision::pow(Real(2), -Real(set.now - set.times[i]) / Real(set.half_life));
            exact += w * set.values[i];
            magnitudes += w * std::abs(set.values[i]);
            count += w;
        }
        const Real tiny = ldexp(Real(1), -1073) * set.values.size();
        if (std::isfinite(sum)) REQUIRE(abs(Real(sum) - exact) <= ldexp(magnitudes, -52) + tiny);
        else REQUIRE(abs(exact) > std::numeric_limits<double>::max());
        if (std::isfinite(mean)) REQUIRE(abs(Real(mean) - exact / count) <= ldexp(magnitudes / count, -51) + tiny);
    }
}

TEST_CASE("a decayed sum is a function of its events: any order, any tree of merges, any that came and left") {
    Random random(3);
    for (int round = 0; round < 200; ++round) {
        const Set set(random, round % reference::shapes), guests(random, (round + 3) % reference::shapes);
        std::vector<onefold::detail::DecayedTerm> terms, visitors;
        for (std::size_t i = 0; i < set.values.size(); ++i) terms.push_back(set.term(i));
        terms.push_back(decayed_term(round % 2 == 0 ? not_a_number : -infinity, set.times[0], set.half_life));
        for (std::size_t i = 0; i < guests.values.size(); ++i) visitors.push_back(guests.term(i));
        visitors.push_back(decayed_term(infinity, set.times[0], set.half_life));
        DecayedSum one, left, right, all_visitors;
        for (const auto& term : terms) Values::add(one, term);
        std::shuffle(terms.begin(), terms.end(), random);
        for (const auto& visitor : visitors) Values::add(left, visitor), Values::add(all_visitors, visitor);
        for (std::size_t i = 0; i < terms.size(); ++i) Values::add(i % 3 == 0 ? left : right, terms[i]);
        Values::merge(right, left);
        std::shuffle(visitors.begin(), visitors.end(), random);
        if (round % 2 == 0)
            for (const auto& visitor : visitors) Values::subtract(right, visitor);
        else Values::unmerge(right, all_visitors);
        REQUIRE(right == one);
        const auto bytes = bytes_of(one);
        REQUIRE(bytes_of(right) == bytes);
        onefold::ByteReader from(bytes);
        REQUIRE(DecayedSum::load(from) == one);
        REQUIRE((from.ok() && from.at_end()));
        auto twice = one;
        twice.merge(twice);
        twice.subtract(one);
        REQUIRE(twice == one);
        twice.subtract(twice);
        REQUIRE(twice == DecayedSum());
    }
}

TEST_CASE("the largest values and the longest times neither overflow nor get lost") {
    const double most = std::numeric_limits<double>::max();
    DecayedSum sum;
    for (int i = 0; i < 4; ++i) sum.add(31, most / 2); // 4 max 2^31 on the grid of their span
    CHECK(sum.decayed(31, 1) == infinity);
    CHECK(sum.decayed(33, 1) == most);
    CHECK(sum.decayed(34, 1) == most / 2);
    for (int i = 0; i < 4; ++i) sum.subtract(31, most / 2);
    CHECK(sum == DecayedSum());
    // From one end of time to the other.
    Values::add(sum, decayed_term(1.0, INT64_MIN + 1, 1));
    Values::add(sum, decayed_term(-2.0, INT64_MAX - 1, 1));
    CHECK(sum.decayed(INT64_MAX - 1, 1) == -2.0);
    CHECK(sum.decayed(INT64_MAX, 1) == -1.0);
    Values::subtract(sum, decayed_term(-2.0, INT64_MAX - 1, 1));
    CHECK(sum.decayed(INT64_MAX, 1) == 0.0);
    CHECK(sum.decayed(INT64_MIN + 2, 1) == 0.5);
    CHECK(sum.decayed(INT64_MIN + 1 + 1074, 1) == 0x1p-1074);
    CHECK(sum.decayed(INT64_MIN + 1 + 1075, 1) == 0.0);
    CHECK(DecayedSum().decayed(0, 1) == 0.0);
}

TEST_CASE("the bytes of a decayed sum never change") {
    DecayedSum sum;
    Values::add(sum, decayed_term(2.0, 64, 2)); // k = 32: number 1, 1.0
    Values::add(sum, decayed_term(3.0, -2, 2)); // k = -1: number -1, 1.5 2^31
    std::string expected("\2\0\0\0\0\0\0\0", 8);
    expected.append(8, '\377');
    // Of an exact sum: limbs, their place on its grid (17 weighs one), no infinities; then the limbs.
    expected.append("\1\21\0\0\0\0\300\0\0\0\0", 11);
    expected.append("\1\0\0\0\0\0\0\0\1\21\0\1\0\0\0\0\0\0\0", 19);
    CHECK(bytes_of(sum) == expected);
    CHECK(bytes_of({}) == std::string(8, '\0'));
}

TEST_CASE("damaged bytes of a decayed sum are refused") {
    const auto loads = [](const std::string& bytes) {
        onefold::ByteReader from(bytes);
        const auto sum = DecayedSum::load(from);
        return from.ok() || !(sum == DecayedSum());
    };
    DecayedSum sum;
    sum.add(0, 1.0);
    sum.add(100, 1.0);
    const auto good = bytes_of(sum);
    CHECK(loads(good));
    for (std::size_t size = 0; size < good.size(); ++size) CHECK_FALSE(loads(good.substr(0, size)));
    auto again = good;
    again[8] = '\3'; // the second number, before which nothing equal may stand
    CHECK_FALSE(loads(again));
    again[8] = '\4';
    CHECK_FALSE(loads(again));
    CHECK_FALSE(loads(std::string("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 19))); // a sum of zero
    CHECK_FALSE(loads(std::string("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\177\1\21\0\1\0\0\0\0\0\0\0", 27)));
}
