// expect: onefold: in_hops_of() takes a length of time above 0, for windows with a length in time
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(9_rows).in_hops_of(1_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(90_d).in_hops_of(1_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
