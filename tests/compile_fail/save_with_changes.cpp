// expect: onefold: the state of a stream with changes<>() cannot be saved
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        orders.changes<&Order::op, &Order::lsn>(), onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#else
        orders, onefold::by<&Order::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

std::string state(onefold::Live<Features>& live) { return live.save(0); }
