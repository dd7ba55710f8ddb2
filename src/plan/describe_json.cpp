#include "onefold/plan/describe.hpp"

#include <nlohmann/json.hpp>

namespace onefold {

// The members are in the order in which a reader would want them.
using Json = nlohmann::ordered_json;

static Json typed(const std::string& name, const std::string& type, bool nullable) {
    return {{"name", name}, {"type", type}, {"nullable", nullable}};
}

static Json fields_json(const std::vector<FieldDescription>& fields) {
    auto list = Json::array();
    for (const auto& field : fields) list.push_back(typed(field.name, field.type, field.nullable));
    return list;
}

// What was not said is null, as everywhere.
static Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

static Json micros_or_null(std::int64_t micros) { return micros == latest ? Json() : Json(micros); }

static Json changes_json(const ChangesDescription& changes) {
    if (changes.operation.empty()) return {};
    return {{"operation", changes.operation}, {"position", changes.position}};
}

Json entity_json(const EntityDescription& entity) {
    Json out{{"key", fields_json(entity.keys)}, {"features", Json::array()}, {"accumulators", Json::array()}};
    if (!entity.source.empty()) {
        out["stream"] = entity.source;
        out["on"] = entity.on;
    }
    for (const auto& feature : entity.features) {
        auto json = typed(feature.name, feature.type, feature.nullable);
        json["clause"] = feature.clause;
        json["aggregate"] = feature.aggregate;
        json["argument"] = text_or_null(feature.argument);
        json["where"] = text_or_null(feature.condition);
        json["window"] = feature.window;
        out["features"].push_back(std::move(json));
    }
    for (const auto& family : entity.families)
        out["accumulators"].push_back({{"name", family.accumulator},
                                       {"argument", text_or_null(family.argument)},
                                       {"where", text_or_null(family.condition)},
                                       {"algebra", family.algebra},
                                       {"windows", family.windows},
                                       {"clauses", family.clauses}});
    out["retention"] = {
        {"micros", entity.retention_micros}, {"rows", entity.retention_rows}, {"lifetime", entity.keeps_lifetime}};
    out["bytes_per_key"] = entity.bytes_per_key;
    out["bytes_per_event"] = entity.bytes_per_event;
    if (entity.hop_micros != 0) {
        out["hop_micros"] = entity.hop_micros;
        out["hops"] = entity.hops;
        out["bytes_per_hop"] = entity.bytes_per_hop;
    }
    if (!entity.closing.empty()) {
        out["closing"] = entity.closing;
        out["bytes_per_slice"] = entity.bytes_per_slice;
    }
    return out;
}

static Json stream_json(const StreamDescription& stream) {
    return {{"name", stream.stream},
            {"time", stream.time},
            {"id", text_or_null(stream.id)},
            {"deduplicates", stream.deduplicates},
            {"changes", changes_json(stream.changes)},
            {"settle_delay_micros", stream.settle_delay_micros},
            {"where", text_or_null(stream.condition)},
            {"lateness_micros", stream.lateness_micros},
            {"idle_timeout_micros", micros_or_null(stream.idle_micros)},
            {"future_guard_micros", micros_or_null(stream.future_limit_micros)},
            {"partitioned_by", text_or_null(stream.partition)},
            {"partitions", stream.partition.empty() ? Json() : Json(stream.partitions)},
            {"arrival", text_or_null(stream.arrival)},
            {"punctuated_by", text_or_null(stream.punctuation)}};
}

std::string to_json(const PlanDescription& plan) {
    auto spine = stream_json(plan);
    spine["fields"] = fields_json(plan.fields);
    Json out{{"stream", std::move(spine)},
             {"streams_beside", Json::array()},
             {"tables", Json::array()},
             {"entities", Json::array()},
             {"derived", Json::array()}};
    for (const auto& side : plan.sides) out["streams_beside"].push_back(stream_json(side));
    for (const auto& table : plan.tables)
        out["tables"].push_back({{"name", table.name},
                                 {"key", fields_json(table.keys)},
                                 {"on", table.on},
                                 {"since", table.since},
                                 {"tie_break", table.tie_break},
                                 {"changes", changes_json(table.changes)},
                                 {"last_arrived_wins", table.last_arrived_wins},
                                 {"tombstone", text_or_null(table.tombstone)},
                                 {"forward", table.forward},
                                 {"strictly", table.strictly},
                                 {"time_to_live_micros", micros_or_null(table.time_to_live_micros)},
                                 {"lateness_micros", table.lateness_micros}});
    for (const auto& entity : plan.entities) out["entities"].push_back(entity_json(entity));
    for (const auto& feature : plan.derived) {
        auto json = typed(feature.name, feature.type, feature.nullable);
        json["expression"] = feature.expression;
        json["uses"] = feature.uses;
        out["derived"].push_back(std::move(json));
    }
    // A string: many readers of JSON would round 64 bits to a double.
    std::string fingerprint;
    for (int shift = 60; shift >= 0; shift -= 4) fingerprint += "0123456789abcdef"[plan.fingerprint >> shift & 15];
    out["fingerprint"] = fingerprint;
    return out.dump(2) + "\n";
}

} // namespace onefold
