#include "onefold/aggregate/histogram.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "support/catch.hpp"

namespace {

template <class V, auto... Edges> using Buckets = onefold::accumulate::Buckets<V, Edges...>;
using Real = std::numeric_limits<double>;

} // namespace

TEST_CASE("a value on an edge belongs to the bucket above it") {
    using B = Buckets<double, 0, 0.5, 10>;
    CHECK(B::bucket_of(-Real::infinity()) == 0);
    CHECK(B::bucket_of(-Real::denorm_min()) == 0);
    CHECK(B::bucket_of(0.0) == 1);
    CHECK(B::bucket_of(-0.0) == 1);
    CHECK(B::bucket_of(std::nextafter(0.5, 0.0)) == 1);
    CHECK(B::bucket_of(0.5) == 2);
    CHECK(B::bucket_of(std::nextafter(10.0, 0.0)) == 2);
    CHECK(B::bucket_of(10.0) == 3);
    CHECK(B::bucket_of(Real::infinity()) == 3);
    CHECK(B::bucket_of(Real::quiet_NaN()) == 3);
    CHECK(B::bucket_of(-Real::quiet_NaN()) == 3);
    CHECK(Buckets<bool, 1>::bucket_of(false) == 0);
    CHECK(Buckets<bool, 1>::bucket_of(true) == 1);
    CHECK(Buckets<float, 0.1>::bucket_of(0.1F) == 1); // 0.1F is above 0.1
    CHECK(Buckets<float, 0.7>::bucket_of(0.7F) == 0); // 0.7F is below 0.7
}

TEST_CASE("integers and fractions are compared exactly") {
    using Integers = Buckets<std::int64_t, -0x1p63, -2.5, 2.5, 0x1p63>;
    CHECK(Integers::bucket_of(INT64_MIN) == 1);
    CHECK(Integers::bucket_of(-3) == 1);
    CHECK(Integers::bucket_of(-2) == 2);
    CHECK(Integers::bucket_of(2) == 2);
    CHECK(Integers::bucket_of(3) == 3);
    CHECK(Integers::bucket_of(INT64_MAX) == 3); // no integer reaches 2^63
    CHECK(Buckets<std::int64_t, INT64_MAX>::bucket_of(INT64_MAX) == 1);
    CHECK(Buckets<std::int64_t, INT64_MAX>::bucket_of(INT64_MAX - 1) == 0);
    CHECK(Buckets<std::int64_t, UINT64_MAX>::bucket_of(INT64_MAX) == 0);
    CHECK(Buckets<std::int64_t, -1e300>::bucket_of(INT64_MIN) == 1);
    // 2^53 + 1 is no double: the next one, 2^53 + 2, is the first that reaches it.
    using Odd = Buckets<double, (std::int64_t{1} << 53) + 1>;
    CHECK(Odd::bucket_of(0x1p53) == 0);
    CHECK(Odd::bucket_of(0x1p53 + 2) == 1);
    using NegativeOdd = Buckets<double, -(std::int64_t{1} << 53) - 1>;
    CHECK(NegativeOdd::bucket_of(-0x1p53 - 2) == 0);
    CHECK(NegativeOdd::bucket_of(-0x1p53) == 1);
    CHECK(Buckets<double, INT64_MAX>::bucket_of(std::nextafter(0x1p63, 0.0)) == 0);
    CHECK(Buckets<double, INT64_MAX>::bucket_of(0x1p63) == 1);
}

TEST_CASE("many edges are searched as few are") {
    using B = Buckets<int, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20>;
    for (int x = -3; x < 25; ++x) CHECK(B::bucket_of(x) == static_cast<std::size_t>(x < 0 ? 0 : x > 20 ? 21 : x + 1));
}

TEST_CASE("counts are a group and are loaded as they were saved") {
    using B = Buckets<int, 0, 10>;
    B::State all{}, some{};
    for (const int x : {-1, 5, 5, 20}) B::add(all, x);
    for (const int x : {5, 20, 20}) B::add(some, x);
    B::merge(all, some);
    CHECK(all == B::State{1, 3, 3});
    B::subtract(all, -1);
    B::unmerge(all, some);
    CHECK(all == B::State{0, 2, 1});
    onefold::ByteWriter writer;
    B::save(all, writer);
    onefold::ByteReader reader(writer.view());
    CHECK(B::load(reader) == all);
    CHECK(reader.at_end());
    onefold::ByteReader damaged(writer.view().substr(1));
    CHECK(B::load(damaged) == B::State{});
    CHECK_FALSE(damaged.ok());
}
