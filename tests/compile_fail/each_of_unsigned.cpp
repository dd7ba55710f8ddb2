// expect: onefold: this aggregate takes numbers, and the elements of the array are none
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        visits, onefold::by<&Visit::user>("s"_f = onefold::sum(onefold::each(hashes)).over(24_h))
#else
        visits, onefold::by<&Visit::user>("s"_f = onefold::max(onefold::each(hashes)).over(24_h))
#endif
    );
};

void score(const Visit& visit) { use<Features>(visit); }
