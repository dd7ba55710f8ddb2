// expect: onefold: matched<T>() takes the record of a table of the definition
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::derive("known"_f = onefold::matched<Customer>())
#else
        transactions, customers, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::derive("known"_f = onefold::matched<Customer>())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
