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
    double limit;
};

using namespace onefold::literals;
inline constexpr auto amount = onefold::field<&Transaction::amount>;
inline constexpr auto shop = onefold::field<&Transaction::shop>;
inline constexpr auto fraud = onefold::field<&Transaction::fraud>;
inline constexpr auto transactions = onefold::stream<Transaction>("transactions").time<&Transaction::at>();

// What every user does next with a definition: run it. A mistake in it must not be told again there.
template <class Def>
void use(const Transaction& transaction) {
    onefold::Live<Def> live;
    live.push(transaction);
}
