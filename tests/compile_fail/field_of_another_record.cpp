// expect: onefold: this field belongs to a record that the definition does not read
#include "fixture.hpp"

struct Features {
    static constexpr auto definition = onefold::define(
#ifdef MISTAKE
        transactions,
        onefold::by<&Transaction::card>("limit"_f = onefold::max(onefold::field<&Customer::limit>).over(24_h))
#else
        transactions,
        onefold::by<&Transaction::card>("limit"_f = onefold::max(onefold::field<&Transaction::amount>).over(24_h))
#endif
    );
};

void score(const Transaction& transaction) { use<Features>(transaction); }
