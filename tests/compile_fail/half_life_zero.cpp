// expect: onefold: a half-life is a length of time above 0; write decayed_sum<30_min>(x)
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("s"_f = onefold::decayed_sum<0_min>(amount).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("s"_f = onefold::decayed_sum<30_min>(amount).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
