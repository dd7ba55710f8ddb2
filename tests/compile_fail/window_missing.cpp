// expect: onefold: this feature has no window; write .over(24_h)
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount))
#else
        transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
