// expect: onefold: define() needs a stream<T>("name").time<&T::at>()
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
