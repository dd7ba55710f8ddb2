// expect: onefold: approx_distinct<P>() takes a precision from 4 to 18
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::approx_distinct<4096>(shop).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::approx_distinct<12>(shop).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
