// expect: onefold: the stream has no event time; write stream<T>("name").time<&T::at>()
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        onefold::stream<Transaction>("transactions"),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        onefold::stream<Transaction>("transactions").time<&Transaction::at>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
