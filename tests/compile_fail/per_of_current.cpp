// expect: onefold: zscore() and time_since_last() compare the window with the event being scored
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("z"_f = onefold::zscore(amount).per(shop).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("z"_f = onefold::stddev(amount).per(shop).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
