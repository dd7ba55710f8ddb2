// expect: onefold: no feature has this name
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::derive("twice"_f = "m_24h"_f * 2)
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::derive("twice"_f = "n_24h"_f * 2)
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
