// expect: onefold: no feature has this name
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
        transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(1_h, 24_h)));
};

bool score(const onefold::Row<Features>& row) {
#ifdef MISTAKE
    return row["spned_24h"_f] == 3;
#else
    return row["spend_24h"_f] == 3;
#endif
}
