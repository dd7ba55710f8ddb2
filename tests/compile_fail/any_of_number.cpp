// expect: onefold: any(), all() and share() take a condition of fields
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("a"_f = onefold::any(amount).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("a"_f = onefold::any(amount > 100.0).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
