// expect: onefold: a stream beside the first one gives features by its own key
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
