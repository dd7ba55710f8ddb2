// expect: onefold: histogram<edges...>() takes finite numbers that ascend, at least one
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("h"_f = onefold::histogram<0, 100, 10>(amount).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("h"_f = onefold::histogram<0, 10, 100>(amount).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
