// expect: onefold: a window that closes needs a length and a hop above 0
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>(onefold::hopping(1_h, 0_min), "n"_f = onefold::count())
#else
        transactions, onefold::by<&Transaction::card>(onefold::hopping(1_h, 15_min), "n"_f = onefold::count())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
