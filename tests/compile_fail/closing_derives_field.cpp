// expect: onefold: derive() over windows that close uses features only
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count()),
        onefold::derive("d"_f = amount / "n"_f)
#else
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count()),
        onefold::derive("d"_f = "n"_f / 2)
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
