// expect: onefold: over() takes window lengths such as 1_h
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(86400))
#else
        transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(86400_s))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
