// expect: onefold: the journal of an executor is told of everything that comes
#include "fixture.hpp"

struct Spending {
    static constexpr auto definition =
        onefold::define(transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(1_h)));
};

struct Journal {
    void push(const Transaction&, onefold::Time) {}
    void reject() {}
    void advance_watermark(onefold::Time) {}
#ifndef MISTAKE
    void tick(onefold::Time) {}
#endif
};

void set(onefold::LiveOptions<Spending>& options, Journal& journal) { options.journal = journal; }
