// expect: onefold: two features of this definition have one name
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(24_h),
                                                      "spend"_f = onefold::mean(amount).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(24_h),
                                                      "mean_spend"_f = onefold::mean(amount).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
