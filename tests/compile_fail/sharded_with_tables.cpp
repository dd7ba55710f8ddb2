// expect: onefold: a definition with tables runs in one Live
#include "fixture.hpp"

#include "onefold/run/sharded.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, customers, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(onefold::ShardedLive<Features>& live) { live.finish(); }
