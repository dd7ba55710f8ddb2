// expect: onefold: on<>() and key<>() of a table take as many members, of the same types
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions,
        onefold::table<Customer>("customers")
            .key<&Customer::region>()
            .on<&Transaction::card>()
            .since<&Customer::since>(),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, customers, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
