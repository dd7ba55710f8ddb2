// expect: onefold: per() takes an integer, bool, enum, string or time
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).per(amount).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).per(shop).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
