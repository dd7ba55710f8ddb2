#include <cstdint>
#include <limits>

#include "onefold/run/backfill.hpp"
#include "onefold/run/sharded.hpp"
#include "support/catch.hpp"

namespace {

using namespace onefold::literals;

struct Amount {
    std::int64_t id;
    std::int64_t key;
    std::int64_t value;
    onefold::Time at;
};

struct Amounts {
    static constexpr auto definition =
        onefold::define(onefold::stream<Amount>("amounts").time<&Amount::at>().id<&Amount::id>(),
                        onefold::by<&Amount::key>(
                            "sum"_f = onefold::sum(onefold::field<&Amount::value>).over(2_s),
                            "before"_f = onefold::sum(onefold::field<&Amount::value>).over(2_s).before_current()));
};

constexpr auto most = std::numeric_limits<std::int64_t>::max();

} // namespace

TEST_CASE("a sum of integers beyond its type is null, is counted, and is whole again when it fits again") {
    // max, max + 1 does not fit, max + 1 - 1 fits though a sum from left to right would pass through an overflow.
    const std::vector<Amount> amounts{
        {1, 7, most, {0}}, {2, 7, 1, {1'000'000}}, {3, 7, -1, {1'500'000}}, {4, 7, 5, {10'000'000}}};
    onefold::Live<Amounts> live;
    REQUIRE(live.push(amounts[0])["sum_2s"_f] == most);
    REQUIRE(live.overflows() == 0);
    REQUIRE_FALSE(live.push(amounts[1])["sum_2s"_f]);
    REQUIRE(live.overflows() == 1);
    const auto third = live.push(amounts[2]);
    REQUIRE(third["sum_2s"_f] == most);
    REQUIRE_FALSE(third["before_2s"_f]);
    REQUIRE(live.overflows() == 2);
    // A window without values is null too, and no overflow.
    const auto fourth = live.push(amounts[3]);
    REQUIRE(fourth["sum_2s"_f] == 5);
    REQUIRE_FALSE(fourth["before_2s"_f]);
    REQUIRE(live.overflows() == 2);

    const auto batch = onefold::backfill<Amounts>(amounts);
    REQUIRE_FALSE(batch.rows[1]["sum_2s"_f]);
    REQUIRE(batch.rows[2]["sum_2s"_f] == most);
    REQUIRE(batch.overflows == 2);

    onefold::ShardedLive<Amounts> sharded(2, 2);
    std::vector<onefold::Served<Amounts>> rows(amounts.size());
    sharded.push_many(amounts.data(), amounts.size(), rows.data());
    REQUIRE(sharded.overflows() == 2);
}
