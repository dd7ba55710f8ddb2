// expect: onefold: this aggregate takes numbers, and the elements of the array are none
#include "fixture.hpp"

struct Visit {
    std::int64_t user;
    std::array<std::uint64_t, 2> hashes;
    onefold::Time at;
};
inline constexpr auto hashes = onefold::field<&Visit::hashes>;
inline constexpr auto visits = onefold::stream<Visit>("visits").time<&Visit::at>();

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        visits, onefold::by<&Visit::user>("s"_f = onefold::sum(onefold::each(hashes)).over(24_h))
#else
        visits, onefold::by<&Visit::user>("s"_f = onefold::max(onefold::each(hashes)).over(24_h))
#endif
    );
};

void score(const Visit& visit) {
    onefold::Live<Features> live;
    live.push(visit);
}
