// expect: onefold: approx_quantile<Q, alpha>() takes a relative error from 0.0001 to 0.25
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("p"_f = onefold::approx_quantile<0.9, 1.0>(amount).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("p"_f = onefold::approx_quantile<0.9, 0.02>(amount).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
