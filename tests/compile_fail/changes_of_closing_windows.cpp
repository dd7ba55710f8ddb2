// expect: onefold: windows that close take no fact back
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        orders.changes<&Order::op, &Order::lsn>(),
        onefold::by<&Order::card>(onefold::tumbling(1_h), "n"_f = onefold::count())
#else
        orders, onefold::by<&Order::card>(onefold::tumbling(1_h), "n"_f = onefold::count())
#endif
    );
};

void score(const Order& order) { use<Features>(order); }
