// expect: onefold: rate() needs a window with a length in time
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("r"_f = onefold::rate().over(onefold::lifetime))
#else
        transactions, onefold::by<&Transaction::card>("r"_f = onefold::rate().over(1_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
