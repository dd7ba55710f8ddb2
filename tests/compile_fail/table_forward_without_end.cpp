// expect: onefold: forward() needs a time_to_live(1_h)
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, customers.forward(), onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, customers.forward().time_to_live(1_h),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
