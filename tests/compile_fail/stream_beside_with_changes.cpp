// expect: onefold: facts are changed in the first stream only
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, orders.changes<&Order::op, &Order::lsn>(),
#else
        transactions, orders,
#endif
        onefold::by<&Order::card>("n"_f = onefold::count().over(24_h)).on<&Transaction::card>());
};

void score(const Transaction& transaction) { use<Features>(transaction); }
