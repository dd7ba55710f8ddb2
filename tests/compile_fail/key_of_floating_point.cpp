// expect: onefold: by<>() takes members that are integers, bools, enums, strings or times
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::amount>("n"_f = onefold::count().over(24_h))
#else
        transactions, onefold::by<&Transaction::shop>("n"_f = onefold::count().over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
