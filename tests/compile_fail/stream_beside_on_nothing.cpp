// expect: onefold: no member of the event is said to hold the key of another stream's by<>()
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::user>("logins"_f = onefold::count().over(10_min))
#else
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::user>("logins"_f = onefold::count().over(10_min)).on<&Transaction::card>()
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
