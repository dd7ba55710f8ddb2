// expect: onefold: each() takes a field that is a std::array of numbers
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        visits, onefold::by<&Visit::user>("m"_f = onefold::mean(onefold::each(visit_amount)).over(24_h))
#else
        visits, onefold::by<&Visit::user>("m"_f = onefold::mean(onefold::each(embedding)).over(24_h))
#endif
    );
};

void score(const Visit& visit) { use<Features>(visit); }
