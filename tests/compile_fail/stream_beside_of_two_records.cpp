// expect: onefold: the members of one by<>() belong to one stream
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card, &Transaction::shop>("logins"_f = onefold::count().over(10_min))
#else
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
