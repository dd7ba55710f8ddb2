// expect: onefold: a scorer reads the columns of one stream, and this definition has several
#include "fixture.hpp"
#include "onefold/run/handle_of.hpp"

template <> struct onefold::schema<Transaction>
    : onefold::fields<&Transaction::id, &Transaction::card, &Transaction::amount, &Transaction::at> {};

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions, logins, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h)),
        onefold::by<&Login::card>("logins"_f = onefold::count().over(10_min))
#else
        transactions, onefold::by<&Transaction::card>("n"_f = onefold::count().over(24_h))
#endif
    );
};

onefold::Scorer scorer() { return onefold::make_scorer<Features>(); }
