// expect: onefold: the features of a by<>() with a window that closes are over that window; remove .over()
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count().over(1_h))
#else
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
