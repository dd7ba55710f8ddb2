// expect: onefold: a journal keeps records by their schema, and one of the definition's has none
#include "fixture.hpp"

#include "onefold/port/journal.hpp"

struct Login {
    std::int64_t card;
    onefold::Time at;
};
#ifndef MISTAKE
template <> struct onefold::schema<Login> : onefold::fields<&Login::card, &Login::at> {};
#endif

struct Logins {
    static constexpr auto definition = onefold::define(onefold::stream<Login>("logins").time<&Login::at>(),
                                                       onefold::by<&Login::card>("n"_f = onefold::count().over(1_h)));
};

void write() { onefold::JournalWriter<Logins> journal("logins.journal"); }
