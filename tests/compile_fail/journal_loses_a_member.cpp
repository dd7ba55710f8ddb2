// expect: onefold: the definition reads a member that is no column of its record's schema<T>
#include "fixture.hpp"

#include "onefold/port/journal.hpp"

struct Claim {
    std::int64_t card, device;
    onefold::Time at;
};
#ifdef MISTAKE
template <> struct onefold::schema<Claim> : onefold::fields<&Claim::card, &Claim::at> {};
#else
template <> struct onefold::schema<Claim> : onefold::fields<&Claim::card, &Claim::device, &Claim::at> {};
#endif

struct Claims {
    static constexpr auto definition = onefold::define(
        onefold::stream<Claim>("claims").time<&Claim::at>(),
        onefold::by<&Claim::card>("devices"_f = onefold::distinct(onefold::field<&Claim::device>).over(1_h)));
};

void read() { onefold::JournalReader<Claims> journal("claims.journal"); }
