// expect: onefold: windows that close are of one stream; write a definition for each stream
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Login::card>(onefold::tumbling(1_h), "logins"_f = onefold::count())
#else
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
