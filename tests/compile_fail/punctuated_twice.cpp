// expect: onefold: a stream has one punctuated_by(); join conditions with || instead
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions.punctuated_by(shop == "a").punctuated_by(amount < 0),
#else
        transactions.punctuated_by(shop == "a" || amount < 0),
#endif
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)));
};

void score(const Transaction& transaction) { use<Features>(transaction); }
