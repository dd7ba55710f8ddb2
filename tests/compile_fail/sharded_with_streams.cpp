// expect: onefold: a definition of several streams runs in one Live
#include "fixture.hpp"
#include "onefold/run/sharded.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void finish(onefold::ShardedLive<Features>& live) { live.finish(); }
