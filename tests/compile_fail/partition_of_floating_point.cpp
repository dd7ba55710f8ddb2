// expect: onefold: partitioned_by<&T::partition>(2) takes a member that is an integer, an enum or a string
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions.partitioned_by<&Transaction::amount>(2),
#else
        transactions.partitioned_by<&Transaction::shop>(2),
#endif
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)));
};

void score(const Transaction& transaction) { use<Features>(transaction); }
