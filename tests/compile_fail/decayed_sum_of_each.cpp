// expect: onefold: decayed_sum() and decayed_mean() take one number
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        visits, onefold::by<&Visit::user>("s"_f = onefold::decayed_sum<1_h>(onefold::each(embedding)).over(24_h))
#else
        visits, onefold::by<&Visit::user>("s"_f = onefold::decayed_sum<1_h>(onefold::element<0>(embedding)).over(24_h))
#endif
    );
};

void score(const Visit& visit) { use<Features>(visit); }
