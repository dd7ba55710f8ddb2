// expect: onefold: this aggregate takes a number, and the field is not one
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        visits, onefold::by<&Visit::user>("s"_f = onefold::sum(embedding).over(24_h))
#else
        visits, onefold::by<&Visit::user>("s"_f = onefold::sum(onefold::each(embedding)).over(24_h))
#endif
    );
};

void score(const Visit& visit) { use<Features>(visit); }
