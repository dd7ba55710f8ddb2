#include "onefold/aggregate/exact_integer.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "aggregate/exact_reference.hpp"
#include "support/catch.hpp"

using onefold::ByteReader;
using onefold::ByteWriter;
using onefold::ExactIntegerSquares;
using onefold::ExactIntegerSum;
using reference::Integer;
using reference::same;

namespace {

template <class Exact>
Exact exact_of(const std::vector<std::int64_t>& values) {
    Exact exact;
    for (const auto x : values) exact.add(x);
    return exact;
}

template <class Exact>
std::string bytes_of(const Exact& exact) {
    ByteWriter writer;
    exact.save(writer);
    return writer.take();
}

template <class Exact>
void require_exact(const Exact& exact, const Integer& expected, double rounded) {
    REQUIRE(same(exact.rounded(), rounded));
    const bool fits = expected >= INT64_MIN && expected <= INT64_MAX;
    REQUIRE(exact.exact().has_value() == fits);
    if (fits) REQUIRE(*exact.exact() == static_cast<std::int64_t>(expected));
}

template <class Exact>
void require_group(reference::Random& random, const std::vector<std::int64_t>& values) {
    const auto expected = exact_of<Exact>(values);
    const auto visitors = reference::random_integers(random, 2);
    std::vector<std::pair<std::int64_t, bool>> steps;
    for (const auto x : values) steps.emplace_back(x, true);
    for (const auto x : visitors) {
        steps.emplace_back(x, true);
        steps.emplace_back(x, false);
    }
    std::shuffle(steps.begin(), steps.end(), random);
    Exact interleaved;
    for (const auto& [x, enters] : steps) enters ? interleaved.add(x) : interleaved.subtract(x);
    REQUIRE(interleaved == expected);
    Exact merged = expected;
    merged.merge(exact_of<Exact>(visitors));
    REQUIRE_FALSE(bytes_of(merged) == bytes_of(Exact{}));
    merged.subtract(exact_of<Exact>(visitors));
    REQUIRE(merged == expected);
    merged.merge(merged);
    merged.subtract(expected);
    REQUIRE(merged == expected);
    merged.subtract(merged);
    REQUIRE(merged == Exact{});
    const std::string saved = bytes_of(expected);
    REQUIRE(saved == bytes_of(interleaved));
    ByteReader reader(saved);
    REQUIRE(Exact::load(reader) == expected);
    REQUIRE((reader.ok() && reader.at_end()));
    const auto cut = saved.substr(1);
    ByteReader short_reader(cut);
    REQUIRE(Exact::load(short_reader) == Exact{});
    REQUIRE_FALSE(short_reader.ok());
}

} // namespace

TEST_CASE("integer sums and squares are exact, and null or rounded once outside int64") {
    reference::Random random(21);
    for (int round = 0; round < 2500; ++round) {
        const auto values = reference::random_integers(random, round % reference::integer_shapes);
        const auto moments = reference::Moments::of(values);
        CAPTURE(round, values.size());
        require_exact(exact_of<ExactIntegerSum>(values), moments.sum, moments.rounded_sum());
        require_exact(exact_of<ExactIntegerSquares>(values), moments.squares, moments.rounded_squares());
        require_group<ExactIntegerSum>(random, values);
        require_group<ExactIntegerSquares>(random, values);
    }
}

TEST_CASE("integer sums know the edges of int64 and of the double's mantissa") {
    REQUIRE(exact_of<ExactIntegerSum>({}).exact() == 0);
    REQUIRE(same(exact_of<ExactIntegerSum>({}).rounded(), 0.0));
    REQUIRE(exact_of<ExactIntegerSum>({INT64_MAX}).exact() == INT64_MAX);
    REQUIRE(exact_of<ExactIntegerSum>({INT64_MIN}).exact() == INT64_MIN);
    REQUIRE_FALSE(exact_of<ExactIntegerSum>({INT64_MAX, 1}).exact());
    REQUIRE_FALSE(exact_of<ExactIntegerSum>({INT64_MIN, -1}).exact());
    REQUIRE(exact_of<ExactIntegerSum>({INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN}).exact() == -2);
    REQUIRE(same(exact_of<ExactIntegerSum>({(std::int64_t{1} << 54) + 2}).rounded(), 0x1p54));
    REQUIRE(same(exact_of<ExactIntegerSum>({(std::int64_t{1} << 54) + 6}).rounded(), 0x1p54 + 8));
    REQUIRE(same(exact_of<ExactIntegerSum>({-(std::int64_t{1} << 54) - 3}).rounded(), -0x1p54 - 4));
    REQUIRE(exact_of<ExactIntegerSquares>({3037000499}).exact() == 9223372030926249001);
    REQUIRE_FALSE(exact_of<ExactIntegerSquares>({3037000500}).exact());
    REQUIRE(same(exact_of<ExactIntegerSquares>({INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN}).rounded(), 0x1p128));
    STATIC_REQUIRE(sizeof(ExactIntegerSum) == 16);
    STATIC_REQUIRE(sizeof(ExactIntegerSquares) == 24);
}
