// expect: onefold: this record has no schema
#include "fixture.hpp"
#include "onefold/port/record_reader.hpp"

#ifndef MISTAKE
template <>
struct onefold::schema<Transaction> : onefold::fields<&Transaction::id, &Transaction::card, &Transaction::amount,
                                                      &Transaction::shop, &Transaction::fraud, &Transaction::at> {};
#endif

bool read(Transaction& transaction) { return onefold::RecordReader<Transaction>("transactions.csv").next(transaction); }
