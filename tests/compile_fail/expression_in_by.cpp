// expect: onefold: by<>() takes named aggregates
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h), "twice"_f = amount * 2)
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::derive("twice"_f = amount * 2)
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
