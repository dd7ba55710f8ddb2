// expect: onefold: first_n<N>() and last_n<N>() take at least one value
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::last_n<0>(amount).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::last_n<1>(amount).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
