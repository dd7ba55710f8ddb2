// expect: onefold: an interval join needs a key
#include "fixture.hpp"
#include "onefold/run/interval_join.hpp"

struct Pairs {
    static constexpr auto definition =
#ifdef MISTAKE
        onefold::interval_join(transactions, logins).between(-5_min, 0_min);
#else
        onefold::interval_join(transactions, logins)
            .on<&Transaction::card>()
            .equal_to<&Login::card>()
            .between(-5_min, 0_min);
#endif
};

std::size_t pairs(const std::vector<Transaction>& transactions_given, const std::vector<Login>& logins_given) {
    return onefold::join_intervals<Pairs>(transactions_given, logins_given).pairs.size();
}
onefold::Verdict pushed(onefold::LiveIntervalJoin<Pairs>& live, const Login& login) {
    live.push(login);
    return onefold::Verdict::applied;
}
