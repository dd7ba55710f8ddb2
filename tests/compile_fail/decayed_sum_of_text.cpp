// expect: onefold: this aggregate takes a number, and the field is not one
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("m"_f = onefold::decayed_mean<1_h>(shop).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("m"_f = onefold::decayed_mean<1_h>(amount).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
