// expect: onefold: time_since_last() of a window that holds the current event is always 0
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("since"_f = onefold::time_since_last().over(24_h))
#else
        transactions,
        onefold::by<&Transaction::card>("since"_f = onefold::time_since_last().over(24_h).before_current())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
