// expect: onefold: partitioned_by<&T::partition>(2) takes the number of partitions, at least 1
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions.partitioned_by<&Transaction::shop>(0),
#else
        transactions.partitioned_by<&Transaction::shop>(1),
#endif
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)));
};

void score(const Transaction& transaction) { use<Features>(transaction); }
