#pragma once

// A record and its fields, for the sources beside this one.
#include "onefold/onefold.hpp"

struct Transaction {
    std::int64_t id, card;
    double amount;
    std::string shop;
    bool fraud;
    onefold::Time at;
};
struct Customer {
    std::int64_t card;
    std::int32_t region;
    double limit;
    bool closed;
    onefold::Time since;
};
struct Login {
    std::int64_t card, user;
    std::int32_t attempts;
    onefold::Time at;
};
struct Visit {
    std::int64_t user;
    std::array<float, 2> embedding;
    std::array<std::uint64_t, 2> hashes;
    double amount;
    onefold::Time at;
};
struct Order {
    std::int64_t id, card;
    double amount;
    std::string op_text;
    onefold::Operation op;
    std::int64_t lsn;
    onefold::Time at;
};
struct Address {
    std::int64_t card;
    std::string city;
    onefold::Operation op;
    std::int64_t lsn;
    onefold::Time since;
};

using namespace onefold::literals;
inline constexpr auto amount = onefold::field<&Transaction::amount>;
inline constexpr auto shop = onefold::field<&Transaction::shop>;
inline constexpr auto fraud = onefold::field<&Transaction::fraud>;
inline constexpr auto transactions = onefold::stream<Transaction>("transactions").time<&Transaction::at>();
inline constexpr auto customers =
    onefold::table<Customer>("customers").key<&Customer::card>().since<&Customer::since>();
inline constexpr auto orders = onefold::stream<Order>("orders").time<&Order::at>().id<&Order::id>();
inline constexpr auto addresses = onefold::table<Address>("addresses").key<&Address::card>().since<&Address::since>();
inline constexpr auto attempts = onefold::field<&Login::attempts>;
inline constexpr auto logins = onefold::stream<Login>("logins").time<&Login::at>();
inline constexpr auto embedding = onefold::field<&Visit::embedding>;
inline constexpr auto hashes = onefold::field<&Visit::hashes>;
inline constexpr auto visit_amount = onefold::field<&Visit::amount>;
inline constexpr auto visits = onefold::stream<Visit>("visits").time<&Visit::at>();

// What every user does next with a definition: run it. A mistake in it must not be told again there.
template <class Def, class Record>
void use(const Record& record) {
    onefold::Live<Def> live;
    live.push(record);
}
