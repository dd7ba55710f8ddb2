// expect: onefold: ratio() takes two fields, ratio(discount, price)
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("r"_f = onefold::ratio(amount / 2.0).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("r"_f = onefold::ratio(amount, amount + 1.0).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
