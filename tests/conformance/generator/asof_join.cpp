#include "conformance/generator/asof_join.hpp"

#include "conformance/generator/source.hpp"
#include "onefold/core/time.hpp"

namespace conformance {
namespace {

std::string table(const AsofJoin& join, std::int64_t ticks) {
    auto text = "onefold::table<Version>(\"right\").key<" + members("Version", join.right_key) + ">().on<" +
                members("Event", join.left_key) + ">().since<&Version::c" + std::to_string(join.right_time) +
                // No version is late, and no row settles before the end.
                ">()\n            .lateness(onefold::Duration{onefold::latest}).last_arrived_wins()";
    if (join.strict) text += ".strictly()";
    if (join.forward) text += ".forward()";
    if (!join.tie_break.empty()) text += ".tie_break<" + members("Version", join.tie_break) + ">()";
    if (join.tombstone) text += ".tombstone<&Version::c" + std::to_string(*join.tombstone) + ">()";
    if (join.time_to_live && *join.time_to_live <= onefold::latest / ticks)
        text += ".time_to_live(onefold::Duration{" + std::to_string(*join.time_to_live * ticks) + "})";
    else if (join.forward) text += ".time_to_live(onefold::Duration{onefold::latest - 1})";
    return text;
}

} // namespace

AsofJoin parse_asof_join(const json& document) {
    AsofJoin join;
    parse_join(join, document, "asof_join", [&](Object& object) {
        join.inner = object.word("how", "left", {"left", "inner"}) == "inner";
        join.forward = object.word("direction", "backward", {"backward", "forward"}) == "forward";
        join.strict = object.flag("strict", false);
        join.tie_break = columns_of(object, "tie_break", join.right);
        if (const auto* ttl = object.find("ttl_ms"); ttl && !ttl->is_null())
            join.time_to_live = object.at_least(0, "ttl_ms", object.integer("ttl_ms", *ttl));
        if (const auto* tombstone = object.find("tombstone"); tombstone && !tombstone->is_null()) {
            join.tombstone = join.right.column(object.text("tombstone"), "join.tombstone");
            if (join.right.columns[*join.tombstone].type != Type::boolean)
                refuse("join.tombstone", "the column is no bool");
        }
    });
    return join;
}

std::string write_asof_join(const AsofJoin& join, std::int64_t ticks) {
    std::string derived = "\"matched\"_f = onefold::matched<Version>()";
    for (std::size_t i = 0; i < join.carry_right.size(); ++i)
        derived += ",\n            \"r" + std::to_string(i) + "\"_f = onefold::field<&Version::c" +
                   std::to_string(join.carry_right[i]) + ">";
    return "#include \"conformance/runtime/asof_join.hpp\"\n\n" + record("Event", join.left, true) + "\n" +
           record("Version", join.right, false) + "\nusing namespace onefold::literals;\n\nstruct Case {\n" +
           "    static constexpr bool inner = " + (join.inner ? "true" : "false") +
           ";\n    static constexpr auto definition = onefold::define(\n        "
           "onefold::stream<Event>(\"left\").time<&Event::c" +
           std::to_string(join.left_time) + ">().id<&Event::row>().keep_duplicates().lateness(" +
           "onefold::Duration{onefold::latest}),\n        " + table(join, ticks) + ",\n        onefold::derive(" +
           derived + "));\n};\n\n" + join_main(join, ticks, "", "run_asof_join<Case>");
}

} // namespace conformance
