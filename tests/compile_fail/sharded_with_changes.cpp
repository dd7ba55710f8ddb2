// expect: onefold: a stream with changes<>() runs in one Live
#include "fixture.hpp"

#include "onefold/run/sharded.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        orders.changes<&Order::op, &Order::lsn>(), onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#else
        orders, onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(onefold::ShardedLive<Features>& live) { live.finish(); }
