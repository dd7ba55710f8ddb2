#include "onefold/define/operators.hpp"

#include <limits>

#include "support/catch.hpp"

namespace {

struct Values {
    std::int64_t a = 0, b = 0;
    std::optional<std::int64_t> n;
    std::uint64_t u = 0;
    std::int8_t small = 0;
    double x = 0, y = 0;
    std::optional<double> z;
    float f = 0;
    bool p = false;
    std::optional<bool> q, r;
    std::string s, t;
    std::optional<std::string> o;
    onefold::Time at, then;
    std::array<double, 3> numbers{};
    std::optional<std::array<std::int32_t, 2>> maybe;
};
constexpr auto a = onefold::field<&Values::a>;
constexpr auto b = onefold::field<&Values::b>;
constexpr auto n = onefold::field<&Values::n>;
constexpr auto u = onefold::field<&Values::u>;
constexpr auto small = onefold::field<&Values::small>;
constexpr auto x = onefold::field<&Values::x>;
constexpr auto y = onefold::field<&Values::y>;
constexpr auto z = onefold::field<&Values::z>;
constexpr auto f = onefold::field<&Values::f>;
constexpr auto p = onefold::field<&Values::p>;
constexpr auto q = onefold::field<&Values::q>;
constexpr auto r = onefold::field<&Values::r>;
constexpr auto s = onefold::field<&Values::s>;
constexpr auto t = onefold::field<&Values::t>;
constexpr auto o = onefold::field<&Values::o>;
constexpr auto at = onefold::field<&Values::at>;
constexpr auto then = onefold::field<&Values::then>;

struct Context {
    const Values& values;
    template <class F> const typename F::value& field() const { return F::read(values); }
};
template <class E>
auto of(const E& expression, const Values& values) {
    return std::remove_cvref_t<decltype(onefold::detail::evaluate(expression, Context{values}))>(
        onefold::detail::evaluate(expression, Context{values}));
}
template <class T> bool is_null_value(const std::optional<T>& value) { return !value; }

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
const double a_nan = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

using Integer = std::optional<std::int64_t>;
using Real = std::optional<double>;
using Truth = std::optional<bool>;

} // namespace

TEST_CASE("integer arithmetic is exact, and null where the result is no int64") {
    Values v;
    v.a = largest;
    v.b = 1;
    CHECK(of(a + b, v) == Integer());
    CHECK(of(a - b, v) == Integer(largest - 1));
    CHECK(of(a * 2, v) == Integer());
    CHECK(of(a + lowest, v) == Integer(-1));
    v.a = lowest;
    CHECK(of(a - b, v) == Integer());
    CHECK(of(-a, v) == Integer());
    CHECK(of(a * -1, v) == Integer());
    CHECK(of(-b, v) == Integer(-1));
    v.u = std::numeric_limits<std::uint64_t>::max();
    CHECK(of(u + b, v) == Integer());
    v.u = 5;
    CHECK(of(u - 7, v) == Integer(-2)); // never modulo 2^64
    v.small = -128;
    CHECK(of(small - 1, v) == Integer(-129));
    CHECK(of(small * small, v) == Integer(16384));
}

TEST_CASE("arithmetic with null is null") {
    Values v;
    v.a = 5;
    CHECK(of(a + n, v) == Integer());
    CHECK(of(n - a, v) == Integer());
    CHECK(of(z * 2.0, v) == Real());
    CHECK(of(a / z, v) == Real());
    CHECK(of(-n, v) == Integer());
    v.n = 0; // and zero is not null
    v.z = 0.0;
    CHECK(of(a + n, v) == Integer(5));
    CHECK(of(z * 2.0, v) == Real(0.0));
}

TEST_CASE("a division is a double, and null by zero") {
    Values v;
    v.a = 7;
    v.b = 2;
    CHECK(of(a / b, v) == Real(3.5));
    CHECK(of(a / 0, v) == Real());
    CHECK(of(a / 0.0, v) == Real());
    CHECK(of(a / -0.0, v) == Real());
    CHECK(of(x / y, v) == Real());
    v.x = infinity;
    v.y = infinity;
    CHECK(std::isnan(*of(x / y, v)));
    v.y = 2;
    CHECK(of(x / y, v) == Real(infinity));
}

TEST_CASE("doubles are IEEE doubles, never fused nor wider") {
    Values v;
    v.x = 1.0 + std::numeric_limits<double>::epsilon();
    v.y = 1.0 - std::numeric_limits<double>::epsilon();
    // x * y is 1 - 2^-104; rounded to 1 first, the difference is 0, and -2^-104 when fused.
    CHECK(of(x * y - 1.0, v) == 0.0);
    v.x = 1e308;
    CHECK(of(x + x, v) == infinity);
    CHECK(of(x + x - x, v) == infinity);
    v.x = 0.1;
    CHECK(of(x + 0.2, v) == 0.30000000000000004);
    v.f = 0.1f;
    CHECK(of(f + 0.0, v) == static_cast<double>(0.1f));
    CHECK(of(a + x, v) == 0.1);
}

TEST_CASE("a comparison of integers is of their values, whatever their types") {
    Values v;
    v.a = -1;
    v.u = std::numeric_limits<std::uint64_t>::max();
    CHECK(of(a < u, v));
    CHECK_FALSE(of(a == u, v));
    CHECK(of(u > a, v));
    CHECK(of(a <= -1, v));
    CHECK(of(a != 1u, v));
    v.small = -1;
    CHECK(of(small == a, v));
    v.a = largest; // not equal as integers, though equal as doubles
    v.b = largest - 1;
    CHECK(of(b < a, v));
}

TEST_CASE("a comparison with a double is of doubles: NaN is one value, the greatest, and zero has no sign") {
    Values v;
    v.a = 3;
    v.x = 3.5;
    CHECK(of(a < x, v));
    CHECK(of(x >= a, v));
    CHECK(of(x == 3.5, v));
    CHECK_FALSE(of(x == 3, v));
    v.x = a_nan;
    v.y = -a_nan;
    CHECK(of(x == y, v));
    CHECK(of(x > infinity, v));
    CHECK_FALSE(of(x < 1.0, v));
    CHECK(of(x >= a, v));
    v.x = 0.0;
    v.y = -0.0;
    CHECK(of(x == y, v));
    CHECK_FALSE(of(y < x, v));
}

TEST_CASE("text is compared by its bytes") {
    Values v;
    v.s = "a";
    v.t = "ab";
    CHECK(of(s < t, v));
    CHECK(of(s == "a", v));
    CHECK(of(s != "A", v));
    CHECK(of(t >= std::string_view("aa"), v));
    v.s = "\xc3\xa9"; // a letter beyond ASCII is after all of ASCII
    v.t = "z";
    CHECK(of(s > t, v));
    v.s = std::string("a\0b", 3);
    CHECK(of(s > "a", v));
    CHECK(of(o == "a", v) == Truth());
    v.o = "";
    CHECK(of(o == "", v) == Truth(true));
}

TEST_CASE("a comparison with null is null") {
    Values v;
    CHECK(of(n == 0, v) == Truth());
    CHECK(of(n != 0, v) == Truth());
    CHECK(of(n == n, v) == Truth());
    CHECK(of(z < x, v) == Truth());
    v.n = 0;
    CHECK(of(n == 0, v) == Truth(true));
    CHECK(of(q == r, v) == Truth());
}

TEST_CASE("and, or and not are Kleene's: null is a truth that is not known") {
    const Truth yes(true), no(false), unknown;
    for (const Truth left : {yes, no, unknown})
        for (const Truth right : {yes, no, unknown}) {
            Values v;
            v.q = left;
            v.r = right;
            // Try both truths in place of each null: the result is known when it is always the same.
            int ands = 0, ors = 0, ways = 0;
            for (const bool first : {false, true})
                for (const bool second : {false, true})
                    if ((!left || *left == first) && (!right || *right == second)) {
                        ++ways;
                        ands += first && second;
                        ors += first || second;
                    }
            INFO((left ? *left : -1) << " and " << (right ? *right : -1));
            const auto known = [&](int count) { return count == ways ? yes : count == 0 ? no : unknown; };
            CHECK(of(q && r, v) == known(ands));
            CHECK(of(q || r, v) == known(ors));
        }
    Values v;
    CHECK(of(!q, v) == unknown);
    v.q = true;
    CHECK(of(!q, v) == no);
    v.p = true;
    CHECK(of(p && !p, v) == false);
    CHECK(of(p || q, v) == yes);
}

TEST_CASE("is_null is never null, and coalesce fills what is") {
    Values v;
    CHECK(of(onefold::is_null(n), v));
    CHECK_FALSE(of(onefold::is_null(a), v));
    CHECK(of(onefold::coalesce(n, 7), v) == 7);
    CHECK(of(onefold::coalesce(n, z), v) == Real());
    CHECK(of(onefold::coalesce(z, 1.5), v) == 1.5);
    v.z = 2.5;
    CHECK(of(onefold::coalesce(n, z), v) == Real(2.5));
    v.n = 0;
    CHECK_FALSE(of(onefold::is_null(n), v));
    CHECK(of(onefold::coalesce(n, z), v) == Real(0.0));
    CHECK(of(onefold::coalesce(n, a), v) == 0);
}

TEST_CASE("a condition that is null chooses the second value") {
    Values v;
    v.a = 1;
    v.b = 2;
    CHECK(of(onefold::if_else(q, a, b), v) == 2);
    v.q = true;
    CHECK(of(onefold::if_else(q, a, b), v) == 1);
    CHECK(of(onefold::if_else(q, n, b), v) == Integer());
    CHECK(of(onefold::if_else(q == false, n, b), v) == Integer(2));
    CHECK(of(onefold::if_else(q, a, 0.5), v) == 1.0);
}

TEST_CASE("the distance of two times is a number of microseconds, which stops at the ends") {
    Values v;
    v.at.micros = 5'000'000;
    v.then.micros = 2'000'000;
    CHECK(of(at - then, v) == Integer(3'000'000));
    CHECK(of((at - then) / 1'000'000, v) == Real(3.0));
    CHECK(of(at + onefold::Duration{1}, v) == std::optional(onefold::Time{5'000'001}));
    CHECK(of(at > then, v));
    v.at.micros = largest;
    v.then.micros = -1;
    CHECK(of(at - then, v) == Integer(largest));
    CHECK(of(at + onefold::Duration{1}, v) == std::optional(onefold::Time{largest}));
}

TEST_CASE("an element of an array is a number, null where the array is") {
    Values v;
    v.numbers = {1.5, 2.5, 3.5};
    CHECK(of(onefold::element<2>(onefold::field<&Values::numbers>), v) == 3.5);
    CHECK(of(onefold::element<0>(onefold::field<&Values::numbers>) * 2.0, v) == 3.0);
    CHECK(is_null_value(of(onefold::element<1>(onefold::field<&Values::maybe>), v)));
    v.maybe = {7, 8};
    CHECK(of(onefold::element<1>(onefold::field<&Values::maybe>), v) == std::optional(8));
}

TEST_CASE("equal expressions have equal fingerprints and others do not") {
    const auto print = [](const auto& expression) { return onefold::detail::fingerprint(expression); };
    CHECK(print(a + b) == print(a + b));
    CHECK(print(x > 1.0) == print(x > 1.0));
    CHECK(print(a + b) != print(b + a));
    CHECK(print(a + b) != print(a - b));
    CHECK(print(x > 1.0) != print(x > 2.0));
    CHECK(print(x > 1.0) != print(x >= 1.0));
    CHECK(print(x > 1.0) != print(y > 1.0));
    CHECK(print(x > 1) != print(x > 1.0));
    CHECK(print(s == "a") != print(s == "b"));
    CHECK(print((a + b) * a) != print(a + (b * a)));
}
