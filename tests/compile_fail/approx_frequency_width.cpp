// expect: onefold: approx_frequency<Width, Depth>() takes a width from 2 to 2^24 and a depth from 1 to 16
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::approx_frequency<4, 2048>(shop).over(24_h))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::approx_frequency<2048, 4>(shop).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
