// expect: onefold: the state of a definition with tables cannot be saved
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, customers, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

std::string state(onefold::Live<Features>& live) { return live.save(0); }
