// expect: onefold: a clause has one where(); join conditions with && instead
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().where(amount > 1).where(fraud).over(1_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().where(amount > 1 && fraud).over(1_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
