#include "onefold/order/account.hpp"

#include "support/catch.hpp"

using onefold::Account;
using onefold::Verdict;

TEST_CASE("every verdict is counted in its own place, and the places add up") {
    Account account;
    CHECK(account.balances());
    for (const auto verdict :
         {Verdict::applied, Verdict::late, Verdict::duplicate, Verdict::rejected, Verdict::filtered}) {
        ++account.in;
        CHECK_FALSE(account.balances());
        account.count(verdict);
        CHECK(account.balances());
    }
    CHECK(account == Account{5, 1, 1, 1, 1, 1, 0});
    ++account.in;
    ++account.pending;
    CHECK(account.balances());
}

TEST_CASE("verdicts have the words that dead letters carry") {
    CHECK(to_text(Verdict::applied) == "applied");
    CHECK(to_text(Verdict::late) == "late");
    CHECK(to_text(Verdict::duplicate) == "duplicate");
    CHECK(to_text(Verdict::rejected) == "rejected");
    CHECK(to_text(Verdict::filtered) == "filtered");
}
