// expect: onefold: punctuated_by() takes a comparison of fields or a callable from the record to bool
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions.punctuated_by(amount),
#else
        transactions.punctuated_by([](const Transaction& t) { return t.amount < 0; }),
#endif
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)));
};

void score(const Transaction& transaction) { use<Features>(transaction); }
