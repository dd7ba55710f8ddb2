// expect: onefold: on<>() and the by<>() before it take as many members, of the same types
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min)).on<&Transaction::shop>()
#else
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min)).on<&Transaction::card>()
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
