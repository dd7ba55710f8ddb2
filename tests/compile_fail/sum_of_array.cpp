// expect: onefold: this aggregate takes a number, and the field is not one
#include "fixture.hpp"

struct Visit {
    std::int64_t user;
    std::array<float, 2> embedding;
    double amount;
    onefold::Time at;
};
inline constexpr auto embedding = onefold::field<&Visit::embedding>;
inline constexpr auto visit_amount = onefold::field<&Visit::amount>;
inline constexpr auto visits = onefold::stream<Visit>("visits").time<&Visit::at>();

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        visits, onefold::by<&Visit::user>("s"_f = onefold::sum(embedding).over(24_h))
#else
        visits, onefold::by<&Visit::user>("s"_f = onefold::sum(onefold::each(embedding)).over(24_h))
#endif
    );
};

void score(const Visit& visit) {
    onefold::Live<Features> live;
    live.push(visit);
}
