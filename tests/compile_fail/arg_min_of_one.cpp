// expect: onefold: arg_min() and arg_max() take two fields, the value to answer and what its event is ordered by
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("cheapest"_f = onefold::arg_min(shop).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("cheapest"_f = onefold::arg_min(shop, amount).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
