// expect: onefold: a definition whose windows close has one by<>()
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count()),
        onefold::by<&Transaction::shop>("m"_f = onefold::count().over(1_h))
#else
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
