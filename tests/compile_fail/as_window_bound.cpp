// expect: onefold: as<T>() gives window_start and window_end to members of type onefold::Time
#include "fixture.hpp"

#include "onefold/plan/as.hpp"

struct Hour {
#ifdef MISTAKE
    std::int64_t window_end = 0;
#else
    onefold::Time window_end;
#endif
};
template <> struct onefold::schema<Hour> : onefold::fields<&Hour::window_end> {};

struct Hourly {
    static constexpr auto definition = onefold::define(
        transactions, onefold::by<&Transaction::card>(onefold::tumbling(1_h), "n"_f = onefold::count()));
};

Hour hour(const onefold::Closed<Hourly>& window) { return onefold::as<Hour>(window); }
