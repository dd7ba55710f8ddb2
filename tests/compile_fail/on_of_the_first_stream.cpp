// expect: onefold: on<>() says where the first stream's event has the key of another stream's by<>()
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)).on<&Transaction::card>()
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
