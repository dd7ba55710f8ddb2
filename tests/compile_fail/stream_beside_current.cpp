// expect: onefold: the event being scored is none of another stream's
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min).excluding_current())
#else
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min).before_current())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
