// expect: onefold: at_most() without the current event needs a window that ends with it
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions,
        onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h).at_most(9_rows).excluding_current())
#else
        transactions, onefold::by<&Transaction::card>(
                          "n"_f = onefold::count().over(24_h).at_most(9_rows).excluding_current().up_to_current_row())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
