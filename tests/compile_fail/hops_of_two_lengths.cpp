// expect: onefold: the windows of one by<>() move in hops of one length
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(90_d).in_hops_of(1_h),
                                                      "m"_f = onefold::count().over(7_d).in_hops_of(5_min))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(90_d).in_hops_of(1_h)),
        onefold::by<&Transaction::card>("m"_f = onefold::count().over(7_d).in_hops_of(5_min))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
