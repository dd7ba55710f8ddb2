// expect: onefold: a window has length 0
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(0_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(1_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
