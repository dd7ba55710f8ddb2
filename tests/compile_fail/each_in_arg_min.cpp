// expect: onefold: each() works in the aggregates of numbers and in min and max
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        visits, onefold::by<&Visit::user>("n"_f = onefold::arg_min(onefold::each(embedding), visit_amount).over(24_h))
#else
        visits, onefold::by<&Visit::user>("n"_f = onefold::arg_min(embedding, visit_amount).over(24_h))
#endif
    );
};

void score(const Visit& visit) { use<Features>(visit); }
