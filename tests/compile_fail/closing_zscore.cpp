// expect: onefold: this aggregate is about the event being scored
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "z"_f = onefold::zscore(amount))
#else
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "m"_f = onefold::mean(amount))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
