// expect: onefold: a record's type says which input it is for
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::table<Transaction>("others").key<&Transaction::card>().since<&Transaction::at>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, customers, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
