// expect: onefold: punctuated_by() and lateness() exclude each other
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions.lateness(5_min).punctuated_by(shop == "heartbeat"),
#else
        transactions.punctuated_by(shop == "heartbeat"),
#endif
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)));
};

void score(const Transaction& transaction) { use<Features>(transaction); }
