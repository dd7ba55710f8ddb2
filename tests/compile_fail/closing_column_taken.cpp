// expect: onefold: the rows of windows that close have columns window_start, window_end and pane of their own
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "pane"_f = onefold::count())
#else
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "panes"_f = onefold::count())
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
