// expect: onefold: the definition reads a member that is no column of its record's schema<T>
#include "fixture.hpp"

#include "onefold/port/journal.hpp"

struct Login {
    std::int64_t card, device;
    onefold::Time at;
};
#ifdef MISTAKE
template <> struct onefold::schema<Login> : onefold::fields<&Login::card, &Login::at> {};
#else
template <> struct onefold::schema<Login> : onefold::fields<&Login::card, &Login::device, &Login::at> {};
#endif

struct Logins {
    static constexpr auto definition = onefold::define(
        onefold::stream<Login>("logins").time<&Login::at>(),
        onefold::by<&Login::card>("devices"_f = onefold::distinct(onefold::field<&Login::device>).over(1_h)));
};

void read() { onefold::JournalReader<Logins> journal("logins.journal"); }
