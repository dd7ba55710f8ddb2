// expect: onefold: as<T>() found a member that cannot hold null while its feature can be null; make it a std::optional
#include "fixture.hpp"
#include "onefold/plan/as.hpp"

struct Features {
    static constexpr auto definition =
        onefold::define(transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(24_h)));
};
struct Scored {
#ifdef MISTAKE
    double spend_24h;
#else
    std::optional<double> spend_24h;
#endif
};
template <> struct onefold::schema<Scored> : onefold::fields<&Scored::spend_24h> {};

Scored score(const onefold::Row<Features>& row) { return onefold::as<Scored>(row); }
