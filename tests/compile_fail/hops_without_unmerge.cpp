// expect: onefold: a window in hops takes out the merged state of a whole hop
#include "fixture.hpp"

struct Total {
    struct State {
        std::int64_t sum = 0;
    };
    static void add(State& state, std::int64_t value) { state.sum += value; }
    static void subtract(State& state, std::int64_t value) { state.sum -= value; }
    static void merge(State& state, const State& other) { state.sum += other.sum; }
#ifndef MISTAKE
    static void unmerge(State& state, const State& other) { state.sum -= other.sum; }
#endif
    static std::int64_t result(const State& state) { return state.sum; }
};

struct Features {
    static constexpr auto definition = onefold::define(
        transactions,
        onefold::by<&Transaction::card>(
            "n"_f = onefold::aggregate<Total>(onefold::field<&Transaction::id>).over(90_d).in_hops_of(1_h)));
};

void score(const Transaction& transaction) { use<Features>(transaction); }
