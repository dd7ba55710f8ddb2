// expect: onefold: a derived feature uses itself or one that comes after it
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::derive("a"_f = "b"_f * 2, "b"_f = "n_24h"_f * 2)
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::derive("b"_f = "n_24h"_f * 2, "a"_f = "b"_f * 2)
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
