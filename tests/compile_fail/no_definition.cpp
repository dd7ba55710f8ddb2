// expect: onefold: Live<Def> takes a struct with `static constexpr auto definition = onefold::define(...)`
#include "fixture.hpp"

struct Features {
#ifdef MISTAKE
    static constexpr auto features =
#else
    static constexpr auto definition =
#endif
        onefold::define(transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)));
};

onefold::Live<Features> live;
