// expect: onefold: a comparison takes two numbers, two strings or two values of one type
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().where(shop == 3).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().where(shop == "3").over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
