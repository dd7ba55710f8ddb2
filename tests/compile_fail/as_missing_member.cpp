// expect: onefold: no feature has this name
#include "fixture.hpp"
#include "onefold/plan/as.hpp"

struct Features {
    static constexpr auto definition =
        onefold::define(transactions, onefold::by<&Transaction::card>("spend"_f = onefold::sum(amount).over(24_h)));
};
struct Scored {
#ifdef MISTAKE
    std::optional<double> spend_25h;
#else
    std::optional<double> spend_24h;
#endif
};
template <>
struct onefold::schema<Scored>
#ifdef MISTAKE
    : onefold::fields<&Scored::spend_25h> {
};
#else
    : onefold::fields<&Scored::spend_24h> {
};
#endif

Scored score(const onefold::Row<Features>& row) { return onefold::as<Scored>(row); }
