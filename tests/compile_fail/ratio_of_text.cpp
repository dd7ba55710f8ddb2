// expect: onefold: ratio() takes two numbers, and one field is none
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("r"_f = onefold::ratio(amount, shop).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("r"_f = onefold::ratio(amount, fraud).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
