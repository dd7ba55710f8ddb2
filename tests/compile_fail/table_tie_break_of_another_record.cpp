// expect: onefold: tie_break<>() takes members of the table's record
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, customers.tie_break<&Transaction::id>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, customers.tie_break<&Customer::limit>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
