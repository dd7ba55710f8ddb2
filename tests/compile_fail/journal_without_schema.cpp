// expect: onefold: a journal keeps records by their schema, and one of the definition's has none
#include "fixture.hpp"

#include "onefold/port/journal.hpp"

struct Claim {
    std::int64_t card;
    onefold::Time at;
};
#ifndef MISTAKE
template <> struct onefold::schema<Claim> : onefold::fields<&Claim::card, &Claim::at> {};
#endif

struct Claims {
    static constexpr auto definition = onefold::define(onefold::stream<Claim>("claims").time<&Claim::at>(),
                                                       onefold::by<&Claim::card>("n"_f = onefold::count().over(1_h)));
};

void write() { onefold::JournalWriter<Claims> journal("claims.journal"); }
