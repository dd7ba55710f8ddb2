// expect: onefold: this field belongs to a record that the definition does not read
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("spend"_f = onefold::sum(amount).over(10_min))
#else
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("tries"_f = onefold::sum(attempts).over(10_min))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
