// expect: onefold: a journal is kept of a definition of one stream and its tables, and this one has further streams
#include "fixture.hpp"

#include "onefold/port/journal.hpp"

struct Shipment {
    std::int64_t card;
    onefold::Time at;
};
struct Claim {
    std::int64_t card;
    onefold::Time at;
};
template <> struct onefold::schema<Shipment> : onefold::fields<&Shipment::card, &Shipment::at> {};
template <> struct onefold::schema<Claim> : onefold::fields<&Claim::card, &Claim::at> {};

struct Shipments {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        onefold::stream<Shipment>("shipments").time<&Shipment::at>(),
        onefold::stream<Claim>("claims").time<&Claim::at>(),
        onefold::by<&Claim::card>("n"_f = onefold::count().over(1_h)).on<&Shipment::card>());
#else
        onefold::stream<Shipment>("shipments").time<&Shipment::at>(),
        onefold::by<&Shipment::card>("n"_f = onefold::count().over(1_h)));
#endif
};

void write() { onefold::JournalWriter<Shipments> journal("shipments.journal"); }
