// expect: onefold: correctable_for() is how long the facts
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        orders.correctable_for(7_d), onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#else
        orders.changes<&Order::op, &Order::lsn>().correctable_for(7_d),
        onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Order& order) { use<Features>(order); }
