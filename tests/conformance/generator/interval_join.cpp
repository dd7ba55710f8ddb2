#include "conformance/generator/interval_join.hpp"

#include "conformance/generator/source.hpp"

namespace conformance {
namespace {

constexpr std::int64_t most = INT64_MAX / 1000 - 1;

std::string stream(const char* name, const char* record, std::size_t time) {
    // Nothing is late; live says by its end that all has come.
    return std::string("onefold::stream<") + record + ">(\"" + name + "\").time<&" + record + "::c" +
           std::to_string(time) + ">().id<&" + record +
           "::row>().keep_duplicates().lateness(onefold::Duration{onefold::latest})";
}

} // namespace

IntervalJoin parse_interval_join(const json& document) {
    IntervalJoin join;
    parse_join(join, document, "interval_join", [&](Object& object) {
        const auto end = [&](const char* name) {
            const auto millis = object.integer(name);
            if (millis > most || millis < -most) refuse(object.path(name), "in microseconds does not fit 64 bits");
            return millis;
        };
        join.lower = end("lower_ms");
        join.upper = end("upper_ms");
        join.lower_inclusive = object.flag("lower_inclusive", true);
        join.upper_inclusive = object.flag("upper_inclusive", true);
        if (join.lower > join.upper) refuse("join.lower_ms", "is greater than upper_ms");
        object.word("how", "inner", {"inner"});
    });
    return join;
}

std::string write_interval_join(const IntervalJoin& join, std::int64_t ticks) {
    const auto duration = [&](std::int64_t millis) {
        return "onefold::Duration{" + std::to_string(millis * ticks) + "}";
    };
    return "#include \"conformance/runtime/interval_join.hpp\"\n\n" + record("Left", join.left, true) + "\n" +
           record("Right", join.right, true) +
           "\nstruct Case {\n    static constexpr auto definition = onefold::interval_join(\n        " +
           stream("left", "Left", join.left_time) + ",\n        " + stream("right", "Right", join.right_time) +
           ")\n        .on<" + members("Left", join.left_key) + ">().equal_to<" + members("Right", join.right_key) +
           ">().between(" + duration(join.lower) + ", " + duration(join.upper) + ")" +
           (join.lower_inclusive ? "" : ".excluding_lower()") + (join.upper_inclusive ? "" : ".excluding_upper()") +
           ";\n};\n\n" + join_main(join, ticks, "            {.name = \"right_seq\"},\n", "run_interval_join<Case>");
}

} // namespace conformance
