// expect: onefold: the stream has no event time
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::stream<Login>("logins"),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min)),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
