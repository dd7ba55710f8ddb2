// expect: onefold: only tumbling() and hopping() windows have an offset()
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>(onefold::session(1_h).offset(5_min), "n"_f = onefold::count())
#else
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h).offset(5_min), "n"_f = onefold::count())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
