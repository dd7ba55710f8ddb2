#pragma once

#include "onefold/define/define.hpp"

namespace onefold::plan {

// Stream I of Def as the gate in front of the fold sees it: 0 is the spine, the others stand beside it in the order of
// the definition.
template <class Def, std::size_t I>
struct StreamPlan {
    using definition_type = std::remove_cvref_t<decltype(Def::definition)>;
    using stream_type = type_at<I - 1, typename definition_type::sides_type>;
    using record = typename stream_type::record;
    static constexpr const auto& stream = get<I - 1>(Def::definition.sides);
    // Windows that close judge lateness themselves, and take events for so long behind the watermark.
    static constexpr bool closes = false;
    static constexpr std::int64_t reach() { return 0; }

    // An event of a stream beside the spine that has no key in any by<>() is nobody's.
    static constexpr bool has_key(const record& event) {
        bool any = false;
        [&]<class... E>(const Tuple<E...>*) {
            (([&]<auto... M>(KeyMembers<M...>) {
                 if constexpr (sizeof...(M) > 0 && (std::same_as<typename Field<M>::record, record> && ...))
                     any = any || (detail::has_value(event.*M) && ...);
             }(typename E::keys{})),
             ...);
        }(static_cast<const typename definition_type::entities_type*>(nullptr));
        return any;
    }
};

template <class Def>
struct StreamPlan<Def, 0> {
    using definition_type = std::remove_cvref_t<decltype(Def::definition)>;
    using stream_type = typename definition_type::stream_type;
    using record = typename stream_type::record;
    static constexpr const auto& stream = Def::definition.stream;
    static constexpr std::size_t side_count = definition_type::sides_type::size;
    static constexpr bool closes = [] {
        if constexpr (definition_type::entities_type::size == 0) return false;
        else return type_at<0, typename definition_type::entities_type>::closes;
    }();
    static constexpr std::int64_t reach() {
        if constexpr (closes) return get<0>(Def::definition.entities).windows.reach();
        else return 0;
    }
    static constexpr bool has_key(const record&) { return true; }
};

// Which stream has records of this type; the number of all streams: none has.
template <class Definition, class Record>
inline constexpr std::size_t stream_of = [] {
    std::size_t found =
        std::same_as<typename Definition::stream_type::record, Record> ? 0 : Definition::sides_type::size + 1;
    for_each_index<Definition::sides_type::size>([&](auto i) {
        if (std::same_as<typename type_at<decltype(i)::value, typename Definition::sides_type>::record, Record>)
            found = i + 1;
    });
    return found;
}();

} // namespace onefold::plan
