// expect: onefold: a journal is kept of a definition of one stream and its tables, and this one has further streams
#include "fixture.hpp"

#include "onefold/port/journal.hpp"

struct Order {
    std::int64_t card;
    onefold::Time at;
};
struct Refund {
    std::int64_t card;
    onefold::Time at;
};
template <> struct onefold::schema<Order> : onefold::fields<&Order::card, &Order::at> {};
template <> struct onefold::schema<Refund> : onefold::fields<&Refund::card, &Refund::at> {};

struct Orders {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        onefold::stream<Order>("orders").time<&Order::at>(), onefold::stream<Refund>("refunds").time<&Refund::at>(),
        onefold::by<&Refund::card>("n"_f = onefold::count().over(1_h)).on<&Order::card>());
#else
        onefold::stream<Order>("orders").time<&Order::at>(),
        onefold::by<&Order::card>("n"_f = onefold::count().over(1_h)));
#endif
};

void write() { onefold::JournalWriter<Orders> journal("orders.journal"); }
