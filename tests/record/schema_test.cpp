#include "support/catch.hpp"

#include <boost/describe/class.hpp>

#include "onefold/record/described.hpp"
#include "onefold/record/schema.hpp"

namespace {

struct Transaction {
    std::int64_t id;
    onefold::Time at;
    std::optional<onefold::Time> settled;
    double amount;
};
struct Unlisted {
    int id;
};
struct Base {
    std::int32_t first;
};
BOOST_DESCRIBE_STRUCT(Base, (), (first))
struct Described : Base {
    double second;
    std::string third;
};
BOOST_DESCRIBE_STRUCT(Described, (Base), (second, third))
struct Both {
    int a;
    int b;
};
BOOST_DESCRIBE_STRUCT(Both, (), (a, b))

} // namespace

template <>
struct onefold::schema<Transaction>
    : onefold::fields<&Transaction::id, onefold::column<&Transaction::at, "ts", onefold::milliseconds>,
                      onefold::column<&Transaction::settled, "", onefold::seconds>,
                      onefold::column<&Transaction::amount, "value">> {
    static constexpr bool ignore_other_columns = true;
};
template <> struct onefold::schema<Both> : onefold::fields<&Both::b> {};

using onefold::columns_of;
using onefold::HasSchema;
using onefold::type_at;

TEST_CASE("a schema names its columns in order, by member or by another name", "[record][schema]") {
    constexpr auto names = onefold::schema<Transaction>::column_names;
    CHECK(names.size() == 4);
    CHECK(names[0] == "id");
    CHECK(names[1] == "ts");
    CHECK(names[2] == "settled");
    CHECK(names[3] == "value");
    CHECK(type_at<0, columns_of<Transaction>>::unit == onefold::microseconds);
    CHECK(type_at<1, columns_of<Transaction>>::unit == onefold::milliseconds);
    CHECK(type_at<2, columns_of<Transaction>>::unit == onefold::seconds);
}

TEST_CASE("only a schema that says so lets a file have more columns", "[record][schema]") {
    CHECK(onefold::ignores_other_columns<Transaction>);
    CHECK_FALSE(onefold::ignores_other_columns<Described>);
}

TEST_CASE("a record without a schema is seen as such", "[record][schema]") {
    CHECK(HasSchema<Transaction>);
    CHECK_FALSE(HasSchema<Unlisted>);
    CHECK(columns_of<Unlisted>::size == 0);
}

TEST_CASE("Boost.Describe stands in for a schema, and a schema wins over it", "[record][schema]") {
    CHECK(HasSchema<Described>);
    constexpr auto names = onefold::schema<Described>::column_names;
    CHECK(names.size() == 3);
    CHECK(names[0] == "first");
    CHECK(names[1] == "second");
    CHECK(names[2] == "third");
    CHECK(onefold::schema<Both>::column_names.size() == 1);
    CHECK(onefold::schema<Both>::column_names[0] == "b");
}
