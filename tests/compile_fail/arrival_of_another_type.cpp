// expect: onefold: arrival<>() takes a member of type onefold::Time
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions.arrival<&Transaction::id>().future_guard(1_h),
#else
        transactions.arrival<&Transaction::at>().future_guard(1_h),
#endif
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)));
};

void score(const Transaction& transaction) { use<Features>(transaction); }
