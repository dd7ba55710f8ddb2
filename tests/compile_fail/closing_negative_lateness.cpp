// expect: onefold: allowed_lateness() is a time that a window stays open
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions,
        onefold::by<&Transaction::card>(onefold::tumbling(1_h).allowed_lateness(-5_min), "n"_f = onefold::count())
#else
        transactions,
        onefold::by<&Transaction::card>(onefold::tumbling(1_h).allowed_lateness(5_min), "n"_f = onefold::count())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
