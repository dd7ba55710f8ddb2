// expect: onefold: per() takes a field, or something computed from fields
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().per("shop").over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().per(shop).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
