// expect: onefold: at_most() takes a number of rows
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h).at_most(1_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h).at_most(9_rows))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
