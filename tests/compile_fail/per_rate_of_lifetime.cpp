// expect: onefold: rate() needs a window with a length in time
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::rate().per(shop).over(onefold::lifetime))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::rate().per(shop).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
