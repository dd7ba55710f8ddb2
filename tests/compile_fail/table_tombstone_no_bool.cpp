// expect: onefold: tombstone<>() takes a bool of the table's record
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, customers.tombstone<&Customer::limit>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, customers.tombstone<&Customer::closed>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
