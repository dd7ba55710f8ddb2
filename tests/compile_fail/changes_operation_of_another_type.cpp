// expect: onefold: changes<>() takes the member of type onefold::Operation
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        orders.changes<&Order::op_text, &Order::lsn>(), onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#else
        orders.changes<&Order::op, &Order::lsn>(), onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Order& order) { use<Features>(order); }
