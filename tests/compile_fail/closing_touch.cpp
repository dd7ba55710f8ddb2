// expect: onefold: only session() windows have excluding_touch()
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions,
        onefold::by<&Transaction::card>(onefold::tumbling(1_h).excluding_touch(), "n"_f = onefold::count())
#else
        transactions, onefold::by<&Transaction::card>(onefold::session(1_h).excluding_touch(), "n"_f = onefold::count())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
