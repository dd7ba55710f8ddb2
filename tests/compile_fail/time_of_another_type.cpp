// expect: onefold: time<>() takes a member of type onefold::Time
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        onefold::stream<Transaction>("transactions").time<&Transaction::id>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        onefold::stream<Transaction>("transactions").time<&Transaction::at>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
