// expect: onefold: + - * and / take numbers
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::sum(shop * 2).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::sum(amount * 2).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
