// expect: onefold: as<T>() found a member of a key's name whose type is not the key's
#include "fixture.hpp"

#include "onefold/plan/as.hpp"

struct Hour {
#ifdef MISTAKE
    std::int32_t card = 0;
#else
    std::int64_t card = 0;
#endif
};
template <> struct onefold::schema<Hour> : onefold::fields<&Hour::card> {};

struct Hourly {
    static constexpr auto definition = onefold::define(
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count()));
};

Hour hour(const onefold::Closed<Hourly>& window) { return onefold::as<Hour>(window); }
