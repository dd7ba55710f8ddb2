// expect: onefold: approx_quantile<Q>() takes Q from 0 to 1
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("p"_f = onefold::approx_quantile<99.0>(amount).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("p"_f = onefold::approx_quantile<0.99>(amount).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
