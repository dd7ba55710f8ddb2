// expect: onefold: zscore() and approx_frequency() compare the event being scored with others of its own stream
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("odd"_f = onefold::zscore(attempts).over(10_min).before_current())
#else
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("odd"_f = onefold::stddev(attempts).over(10_min).before_current())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
