#include "onefold/plan/as.hpp"

#include "onefold/run/live.hpp"
#include "support/catch.hpp"

namespace {

using namespace onefold::literals;

struct Click {
    std::int64_t user;
    std::string page;
    double seconds;
    onefold::Time at;
};

struct Clicks {
    static constexpr auto definition = onefold::define(
        onefold::stream<Click>("clicks").time<&Click::at>(),
        onefold::by<&Click::user>("n"_f = onefold::count().over(1_h),
                                  "time"_f = onefold::sum(onefold::field<&Click::seconds>).over(1_h),
                                  "page"_f = onefold::last(onefold::field<&Click::page>).over(1_h).before_current()));
};

// Other order than the row, other names than the features, and not all of them.
struct Seen {
    std::optional<std::string> previous;
    std::int64_t n_1h = 0;
};

} // namespace

template <> struct onefold::schema<Seen> : onefold::fields<onefold::column<&Seen::previous, "page_1h">, &Seen::n_1h> {};

TEST_CASE("a row becomes the user's own struct by name") {
    onefold::Live<Clicks> live;
    const auto first = onefold::as<Seen>(live.push({1, "home", 2.0, {0}}));
    REQUIRE(first.n_1h == 1);
    REQUIRE_FALSE(first.previous);
    live.push({1, "cart", 2.0, {1}});
    const auto third = onefold::as<Seen>(live.push({1, "cart", 2.0, {2}}));
    REQUIRE(third.n_1h == 3);
    REQUIRE(third.previous == "cart");
}
