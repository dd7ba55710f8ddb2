// expect: onefold: time_to_live() and lateness() of a table are lengths of time
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, customers.lateness(onefold::Duration{-1}),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#else
        transactions, customers.lateness(onefold::Duration{1}),
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
