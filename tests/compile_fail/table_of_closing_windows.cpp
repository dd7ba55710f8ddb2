// expect: onefold: windows that close are of one stream
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, customers, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count())
#else
        transactions, customers, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
