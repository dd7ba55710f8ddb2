// expect: onefold: ChangedTable<Def> takes a struct with
#include "fixture.hpp"

#include "onefold/run/changed_table.hpp"

struct Addresses {
    static constexpr auto definition =
#ifdef MISTAKE
        addresses;
#else
        addresses.changes<&Address::op, &Address::lsn>();
#endif
};

void take(const Address& address) {
    onefold::ChangedTable<Addresses> table;
    table.push(address);
}
