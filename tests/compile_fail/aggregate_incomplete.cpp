// expect: onefold: this type is no aggregate of that field; it needs struct State, static void add(State&, const V&)
#include "fixture.hpp"

struct Product {
    struct State {
        std::int64_t product = 1;
    };
    static void add(State& state, double value) { state.product *= static_cast<std::int64_t>(value); }
#ifndef MISTAKE
    static void merge(State& state, const State& later) { state.product *= later.product; }
#endif
    static std::int64_t result(const State& state) { return state.product; }
};
struct Features {
    static constexpr auto definition = onefold::define(
        transactions, onefold::by<&Transaction::card>("product"_f = onefold::aggregate<Product>(amount).over(24_h)));
};

void score(const Transaction& transaction) { use<Features>(transaction); }
