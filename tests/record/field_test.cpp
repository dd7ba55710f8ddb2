#include "support/catch.hpp"

#include <type_traits>
#include <vector>

#include "onefold/record/field.hpp"

namespace {

struct Plain {
    std::int64_t id;
    double amount_2;
};
template <class T> struct Box {
    std::int64_t value;
};
struct Base {
    std::int32_t inherited;
};
struct Derived : Base {};
enum class Colour : std::uint8_t { red };
struct Opaque {};

} // namespace

namespace elsewhere {
struct Deep {
    struct Inner {
        bool flag;
    };
};
} // namespace elsewhere

using onefold::field;
using onefold::FieldType;

TEST_CASE("a field's name is its member's, wherever the record is declared", "[record][field]") {
    CHECK(field<&Plain::id>.name == "id");
    CHECK(field<&Plain::amount_2>.name == "amount_2");
    CHECK(field<&elsewhere::Deep::Inner::flag>.name == "flag");
    CHECK(field<&Box<int[3]>::value>.name == "value");
    CHECK(field<&Box<Box<Plain>>::value>.name == "value");
    CHECK(field<&Derived::inherited>.name == "inherited");
}

TEST_CASE("a field reads its member in place", "[record][field]") {
    const Plain record{7, 1.5};
    CHECK(field<&Plain::id>.read(record) == 7);
    CHECK(&field<&Plain::amount_2>.read(record) == &record.amount_2);
    CHECK(std::is_empty_v<std::remove_const_t<decltype(field<&Plain::id>)>>);
    CHECK(std::is_same_v<decltype(field<&Plain::id>)::value, std::int64_t>);
    CHECK(std::is_same_v<decltype(field<&Plain::id>)::record, Plain>);
}

TEST_CASE("the types that a field may have", "[record][field]") {
    CHECK((FieldType<std::int8_t> && FieldType<std::uint8_t> && FieldType<std::int16_t> && FieldType<std::uint64_t>));
    CHECK((FieldType<long long> && FieldType<float> && FieldType<double> && FieldType<bool> && FieldType<Colour>));
    CHECK((FieldType<std::string> && FieldType<onefold::Time> && FieldType<std::optional<onefold::Time>>));
    CHECK((FieldType<std::array<float, 4>> && FieldType<std::optional<std::array<std::int32_t, 2>>>));
    CHECK_FALSE((FieldType<char> || FieldType<wchar_t> || FieldType<char8_t> || FieldType<long double>));
    CHECK_FALSE((FieldType<Opaque> || FieldType<const char*> || FieldType<std::vector<int>>));
    CHECK_FALSE((FieldType<std::array<std::string, 2>> || FieldType<std::optional<std::optional<int>>>));
}
