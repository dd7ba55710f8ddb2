// expect: onefold: the changes of a table are ordered by their position
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, addresses.changes<&Address::op, &Address::lsn>().tie_break<&Address::city>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, addresses.changes<&Address::op, &Address::lsn>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
