#include "onefold/plan/row.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

struct Columns {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(1_h, 7_d),
                                                     "sum"_f = onefold::sum(amount).over(1_h, 10_rows)),
                        onefold::by<&Event::shop>("first"_f = onefold::first(note).over(onefold::lifetime),
                                                  "top"_f = onefold::top<2>(amount).over(1_h)),
                        onefold::derive("share"_f = "sum_1h"_f / "n_1h"_f, "big"_f = "share"_f > 10.0));
};
using Row = onefold::Row<Columns>;

struct SubKeys {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                        onefold::by<&Event::shop>("per"_f = onefold::mean(amount).per(account).over(1_h)));
};

template <std::size_t Slot, class T>
Row with(std::size_t position, std::size_t column, const T& value) {
    Row row;
    row.set<Slot>(position, column, value);
    return row;
}

} // namespace

TEST_CASE("columns are named after feature and window, entities first, then what is derived") {
    CHECK(Row::width == 8);
    const std::string_view names[] = {"n_1h",           "n_7d",   "sum_1h", "sum_10rows",
                                      "first_lifetime", "top_1h", "share",  "big"};
    for (std::size_t i = 0; i < Row::width; ++i) CHECK(Row::names[i] == names[i]);
}

TEST_CASE("values are read by name and by position, with the type of their feature") {
    Row row;
    row.set<0>(1, 1, std::int64_t{5});
    row.set<1>(1, 3, std::optional(2.5));
    row.set<1>(0, 2, std::optional<double>());
    row.set<2>(0, 4, std::optional<std::string>("a shop"));
    CHECK(row["n_7d"_f] == 5);
    CHECK(row["n_1h"_f] == 0);
    CHECK(row["sum_10rows"_f] == std::optional(2.5));
    CHECK(row["sum_1h"_f] == std::nullopt);
    CHECK(row.get<"first_lifetime">() == std::optional<std::string>("a shop"));
    CHECK(row.at<3>() == std::optional(2.5));
    CHECK(std::is_same_v<decltype(row["n_1h"_f]), std::int64_t>);
    CHECK(std::is_same_v<decltype(row["big"_f]), std::optional<bool>>);
    CHECK(std::is_same_v<decltype(row["top_1h"_f]), onefold::List<double, 2>>);
    CHECK(row.is_null(2));
    CHECK_FALSE(row.is_null(3));
    std::size_t visited = 0;
    row.for_each([&](std::string_view name, const auto&) { CHECK(name == Row::names[visited++]); });
    CHECK(visited == Row::width);
}

TEST_CASE("a value replaces null and null a value") {
    Row row;
    row.set<1>(0, 2, std::optional(1.0));
    row.set_null(2);
    CHECK(row["sum_1h"_f] == std::nullopt);
    row.set<1>(0, 2, std::optional(0.0));
    CHECK(row["sum_1h"_f] == std::optional(0.0));
    row.set<1>(0, 2, std::optional<double>());
    CHECK(row["sum_1h"_f] == std::nullopt);
}

TEST_CASE("rows are compared bit for bit: null, zero, its sign and NaN are different") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto of = [](std::optional<double> value) { return with<1>(0, 2, value); };
    CHECK(of(1.0).first_difference(of(1.0)) == Row::width);
    CHECK(of(nan).first_difference(of(nan)) == Row::width);
    CHECK(of(0.0) == of(0.0));
    CHECK(of(0.0).first_difference(of(-0.0)) == 2);
    CHECK(of(0.0).first_difference(of(std::nullopt)) == 2);
    CHECK(of(nan).first_difference(of(-nan)) == 2);
    CHECK(of(1.0).first_difference(of(1.0 + std::numeric_limits<double>::epsilon())) == 2);
    CHECK_FALSE(of(0.0) == of(-0.0));
    CHECK(with<0>(1, 1, std::int64_t{1}).first_difference(Row()) == 1);
    CHECK(with<2>(0, 4, std::optional<std::string>("")).first_difference(with<2>(0, 4, std::optional<std::string>())) ==
          4);
    CHECK(with<2>(0, 4, std::optional<std::string>("a"))
              .first_difference(with<2>(0, 4, std::optional<std::string>("b"))) == 4);
    onefold::List<double, 2> list;
    list.push_back(0.0);
    onefold::List<double, 2> other;
    other.push_back(-0.0);
    CHECK(with<3>(0, 5, list).first_difference(with<3>(0, 5, other)) == 5);
    CHECK(with<3>(0, 5, list).first_difference(Row()) == 5);
    CHECK(with<3>(0, 5, list) == with<3>(0, 5, list));
}

TEST_CASE("results per sub key are compared bit for bit, and by their keys") {
    const auto of = [](std::int64_t key, std::optional<double> value) {
        onefold::PerKey<std::int64_t, std::optional<double>> list;
        list.push_back(key, value);
        onefold::Row<SubKeys> row;
        row.set<0>(0, 0, list);
        return row;
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(of(1, 0.5) == of(1, 0.5));
    CHECK(of(1, nan) == of(1, nan));
    CHECK(of(1, std::nullopt) == of(1, std::nullopt));
    CHECK_FALSE(of(1, 0.5) == of(2, 0.5));
    CHECK_FALSE(of(1, 0.0) == of(1, -0.0));
    CHECK_FALSE(of(1, nan) == of(1, -nan));
    CHECK_FALSE(of(1, 0.0) == of(1, std::nullopt));
    CHECK_FALSE(of(1, 0.5) == onefold::Row<SubKeys>());
}
