// expect: onefold: changes<>() are of facts with an id
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        onefold::stream<Order>("orders").time<&Order::at>().changes<&Order::op, &Order::lsn>(),
        onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#else
        orders.changes<&Order::op, &Order::lsn>(), onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Order& order) { use<Features>(order); }
