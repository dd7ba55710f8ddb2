// expect: onefold: a window that closes has no current event
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count().before_current())
#else
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
