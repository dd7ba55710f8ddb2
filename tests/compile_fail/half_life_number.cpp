// expect: onefold: a half-life is a length of time above 0; write decayed_sum<30_min>(x)
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::decayed_count<30>().over(onefold::lifetime))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::decayed_count<30_s>().over(onefold::lifetime))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
