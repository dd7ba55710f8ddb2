#pragma once

// Include this to let BOOST_DESCRIBE_STRUCT stand in for a schema. It is not part of onefold.hpp, so that a program
// without Boost neither needs nor compiles it. A schema<T> written by hand wins over the description.

#include <boost/describe/members.hpp>

#include "onefold/record/schema.hpp"

namespace onefold {
namespace detail {

template <class Descriptors> struct DescribedFields;
template <template <class...> class List, class... Descriptor>
struct DescribedFields<List<Descriptor...>> : fields<Descriptor::pointer...> {};

} // namespace detail

// The public data members of the record, those of described base classes first.
template <class Record>
    requires boost::describe::has_describe_members<Record>::value
struct schema<Record>
    : detail::DescribedFields<
          boost::describe::describe_members<Record, boost::describe::mod_public | boost::describe::mod_inherited>> {};

} // namespace onefold
