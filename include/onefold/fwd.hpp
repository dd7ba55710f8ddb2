#pragma once

// Names for headers that only mention them.
namespace onefold {

struct Time;
struct Duration;
template <class Def> class Row;
template <class Def> struct Served;
template <class Def> struct Settled;
template <class Def> class Live;
template <class Def> class ShardedLive;
template <class Record> struct schema;

} // namespace onefold
