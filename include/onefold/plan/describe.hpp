#pragma once

#include <string>
#include <vector>

#include "onefold/plan/check.hpp"
#include "onefold/plan/table_plan.hpp"
#include "onefold/record/format.hpp"

namespace onefold {

// A definition in words, for people and for programs: what `explain` prints. Nothing in it depends on the compiler or
// the machine but the two sizes in bytes.
struct FieldDescription {
    std::string name;
    std::string type;
    bool nullable = false;
};

// One column of the output: one window of one clause.
struct FeatureDescription {
    std::string name;
    std::string type;
    bool nullable = false;
    std::string clause;    // the name it was given, before the window's
    std::string aggregate; // "sum", "quantile<9, 10>"
    std::string argument;  // empty where events are counted
    std::string condition; // empty without a where()
    std::string window;    // "(t - 24h, t]"
};

struct DerivedDescription {
    std::string name;
    std::string type;
    bool nullable = false;
    std::string expression;
    std::vector<std::string> uses; // the features in the expression
};

// One accumulator of one argument under one condition; the clauses that need it share it.
struct FamilyDescription {
    std::string accumulator;
    std::string argument;
    std::string condition;
    std::string algebra; // group, selection or monoid; see aggregate/accumulator.hpp
    std::size_t windows = 0;
    std::vector<std::string> clauses;
};

struct EntityDescription {
    std::vector<FieldDescription> keys;
    std::string source;          // the stream that feeds it; empty: the first one
    std::vector<std::string> on; // where the event has the keys, if another stream feeds
    std::string closing;         // "hopping 1h every 15min, open 5min longer": of windows that close; else empty
    std::vector<FeatureDescription> features;
    std::vector<FamilyDescription> families;
    // How long an event is kept: the longest bounded window and its delay, and the lateness.
    std::int64_t retention_micros = 0;
    std::uint32_t retention_rows = 0; // the newest events kept whatever their age, for windows of rows
    std::int64_t hop_micros = 0;      // above 0: windows in hops keep one sum per hop, so many of them
    std::int64_t hops = 0;
    bool keeps_lifetime = false; // running states that never forget, for windows without a start
    // Filled by run::explain, which knows the engine: of each key and of each event that it keeps.
    std::size_t bytes_per_key = 0;
    std::size_t bytes_per_event = 0;
    std::size_t bytes_per_hop = 0;
    std::size_t bytes_per_slice = 0; // of windows that close, which keep slices instead of events
};

// What the members of changes are, of an input whose records are changes.
struct ChangesDescription {
    std::string operation; // empty where they are none
    std::vector<std::string> position;
};

// A table joined as of the event. Its fields are called `customers.limit` where they are not in here.
struct TableDescription {
    std::string name;
    std::vector<FieldDescription> keys;
    std::vector<std::string> on; // where the event has them
    std::string since;
    std::vector<std::string> tie_break;
    std::string tombstone; // empty without one
    ChangesDescription changes;
    bool last_arrived_wins = false;
    bool forward = false;
    bool strictly = false;
    std::int64_t time_to_live_micros = latest; // latest: for ever
    std::int64_t lateness_micros = 0;
};

// What is said of one stream.
struct StreamDescription {
    std::string stream; // its name
    std::string time;
    std::string id; // empty without one
    bool deduplicates = false;
    ChangesDescription changes;
    std::int64_t settle_delay_micros = 0; // how much later than the watermark rows settle
    std::string condition;
    std::int64_t lateness_micros = 0;
    std::int64_t idle_micros = latest;         // latest: never
    std::int64_t future_limit_micros = latest; // latest: no guard
    std::string partition;                     // empty without partitions
    std::int64_t partitions = 0;               // as many as were declared
    std::string arrival;                       // empty where no member holds it
    std::string punctuation;                   // the condition; empty without one
};

// The stream that it says of is the first one, whose events have the rows.
struct PlanDescription : StreamDescription {
    std::vector<FieldDescription> fields; // those that the definition reads
    std::vector<StreamDescription> sides; // the other streams
    std::vector<TableDescription> tables;
    std::vector<EntityDescription> entities;
    std::vector<DerivedDescription> derived;
    // FNV-1a of canonical_text(): equal for definitions that answer alike, under every compiler and on every machine.
    std::uint64_t fingerprint = 0;
};

// The lines that the fingerprint is a hash of. How the plan shares accumulators and what they take in memory is not
// among them: it may change while the answers stay.
std::string canonical_text(const PlanDescription& plan);

std::string to_text(const PlanDescription& plan);
std::string to_json(const PlanDescription& plan);
// A flowchart of the stream, the entities, their clauses and the derived features.
std::string to_mermaid(const PlanDescription& plan);

namespace plan {

// "(t - 24h, t]", "[t - 8d, t - 7d)", "the newest 10 rows up to t".
std::string window_text(const WindowLength& length, const WindowBounds& bounds);
// "hopping 1h every 15min, offset 5min, open 5min longer, discarding"; a calendar with its time zones' version.
std::string closing_text(const ClosingWindow& window);
// In the largest unit that divides it: "36h", "5min", "0s".
std::string duration_text(std::int64_t micros);

template <class T>
std::string type_text() {
    const auto of = [](const char* kind, std::size_t bits) { return kind + std::to_string(bits); };
    if constexpr (detail::is_optional<T>) return type_text<typename T::value_type>() + "?";
    else if constexpr (std::same_as<T, bool>) return "bool";
    else if constexpr (std::is_floating_point_v<T>) return of("float", 8 * sizeof(T));
    else if constexpr (std::is_enum_v<T>) return "enum<" + type_text<std::underlying_type_t<T>>() + ">";
    else if constexpr (std::is_integral_v<T>) return of(std::is_signed_v<T> ? "int" : "uint", 8 * sizeof(T));
    else if constexpr (std::same_as<T, Time>) return "time";
    else if constexpr (std::same_as<T, Duration>) return "duration";
    else if constexpr (std::convertible_to<const T&, std::string_view>) return "string";
    else if constexpr (detail::is_array<T>)
        return "array<" + type_text<typename T::value_type>() + ", " + std::to_string(std::tuple_size_v<T>) + ">";
    else if constexpr (detail::is_per_key<T>)
        return "per_key<" + type_text<typename T::key_type>() + ", " + type_text<typename T::result_type>() + ">";
    else if constexpr (requires { typename T::value_type; }) return "list<" + type_text<typename T::value_type>() + ">";
    else return "value";
}

// A field as an expression of Def is spelled: with the table's or other stream's name before it, if it is one's.
template <class Def, class F>
std::string field_text() {
    constexpr auto table = Plan<Def>::template table_of<typename F::record>;
    constexpr auto stream = Plan<Def>::template stream_of<typename F::record>;
    if constexpr (Plan<Def>::template is_beside<typename F::record>)
        return std::string(StreamPlan<Def, stream>::stream.name) + "." + std::string(F::name);
    else if constexpr (table == Plan<Def>::table_count) return std::string(F::name);
    else return std::string(TablePlan<Def, table>::table.name) + "." + std::string(F::name);
}

// Spells expressions, and collects the fields and features that it meets.
template <class Def>
class ExpressionText {
public:
    std::string text;
    std::vector<FieldDescription>& fields;
    std::vector<std::string> features;

    explicit ExpressionText(std::vector<FieldDescription>& all_fields) : fields(all_fields) {}

    template <class E>
    void append(const E& expression) {
        if constexpr (detail::is_field<E>) {
            add_field<E>();
            text += field_text<Def, E>();
        } else if constexpr (detail::is_feature_name<E>) {
            features.emplace_back(E::view);
            text += E::view;
        } else if constexpr (requires { expression.operands; }) append_node(expression);
        else if constexpr (requires { expression.value; }) append_constant(expression.value);
        else if constexpr (requires { E::spelled; }) text += E::spelled;
        else if constexpr (!std::same_as<E, EveryEvent> && !std::same_as<E, Always>) text += "callable";
    }
    template <class F>
    void add_field() {
        using V = typename FieldIn<F, typename Plan<Def>::input>::type;
        auto name = field_text<Def, F>();
        for (const auto& known : fields)
            if (known.name == name) return;
        fields.push_back({std::move(name), type_text<detail::stripped<V>>(), detail::is_optional<V>});
    }
    // matched<T>()
    template <class Version>
    void append(const Matched<Version>&) {
        text += "matched(" + std::string(TablePlan<Def, Plan<Def>::template table_of<Version>>::table.name) + ")";
    }

private:
    template <class Operation, class... Operands>
    void append_node(const detail::Node<Operation, Operands...>& node) {
        if constexpr (requires { Operation::separator; }) return append_operands(node, Operation::separator);
        constexpr std::string_view symbol = Operation::symbol;
        constexpr bool named = symbol[0] >= 'a' && symbol[0] <= 'z';
        if constexpr (sizeof...(Operands) == 1 || named) {
            text += symbol;
            if constexpr (requires { Operation::parameter; }) text += "<" + std::to_string(Operation::parameter) + ">";
            append_list(node, ", ");
        } else append_list(node, std::string(" ").append(symbol).append(" "));
    }
    template <class Node>
    void append_list(const Node& node, std::string_view separator) {
        text += "(";
        append_operands(node, separator);
        text += ")";
    }
    template <class Node>
    void append_operands(const Node& node, std::string_view separator) {
        const auto start = text.size();
        for_each_index<std::remove_cvref_t<decltype(node.operands)>::size>([&](auto i) {
            // Where nothing stands before it, as in count(per shop), the separator is without its space.
            if (decltype(i)::value != 0) text += separator.substr(text.size() == start);
            append(get<decltype(i)::value>(node.operands));
        });
    }
    template <class T>
    void append_constant(const T& value) {
        if constexpr (std::same_as<T, Duration>) text += duration_text(value.micros);
        else if constexpr (std::same_as<T, Time>) text += "time(" + std::to_string(value.micros) + ")";
        else if constexpr (detail::TextLike<T>) detail::append_json_text(text, value);
        else detail::append_scalar(text, value, false);
    }
};

template <class A>
std::string aggregate_text() {
    std::string text(A::name);
    if constexpr (requires { A::parameters; }) {
        const char* separator = "<";
        for (const auto parameter : A::parameters) {
            text += separator;
            detail::append_scalar(text, parameter, false);
            separator = ", ";
        }
        text += ">";
    }
    return text;
}

// What a user's aggregate or accumulator is called where it has not been given a name.
template <class A>
std::string accumulator_text() {
    if constexpr (requires { A::name; }) return std::string(A::name);
    else return "accumulator";
}

template <class Def, std::size_t G>
EntityDescription describe_entity(std::vector<FieldDescription>& fields) {
    using All = Plan<Def>;
    using P = EntityPlan<Def, G>;
    EntityDescription entity;
    const auto spell = [&](const auto& expression) {
        ExpressionText<Def> spelled(fields);
        spelled.append(expression);
        return std::move(spelled.text);
    };
    [&]<auto... M>(KeyMembers<M...>) {
        (entity.keys.push_back({field_text<Def, Field<M>>(), type_text<detail::stripped<typename Field<M>::value>>(),
                                detail::is_optional<typename FieldIn<Field<M>, typename All::input>::type>}),
         ...);
    }(typename P::key_members{});
    if constexpr (P::is_beside) {
        entity.source = StreamPlan<Def, P::source>::stream.name;
        [&]<class... F>(TypeList<F...>) { (entity.on.push_back(field_text<Def, F>()), ...); }(typename P::on_fields{});
    }

    for_each_index<P::clause_count>([&](auto c) {
        constexpr std::size_t C = decltype(c)::value, slot = All::slot_offset[G] + C;
        const auto& clause = P::template clause<C>();
        const auto argument = spell(clause.argument), condition = spell(clause.filter);
        for (std::size_t i = 0; i < P::template clause_type<C>::window_count; ++i) {
            const auto column = All::column_offset[G] + P::tables.clause_offset[C] + i;
            entity.features.push_back(
                {std::string(All::names[column]), type_text<typename All::template value_type<slot>>(),
                 All::template nullable<slot>, std::string(P::template clause_name<C>()),
                 aggregate_text<typename P::template clause_type<C>::aggregate>(), argument, condition,
                 All::closes ? std::string("the window") : window_text(clause.lengths[i], clause.bounds)});
        }
    });

    for_each_index<P::family_count>([&](auto f) {
        constexpr std::size_t F = decltype(f)::value, C = P::template family_request<F>.clause;
        constexpr const char* algebras[] = {"group", "selection", "monoid"};
        FamilyDescription family;
        family.accumulator = accumulator_text<typename P::template accumulator<F>>();
        family.argument = spell(P::template clause<C>().argument);
        family.condition = spell(P::template clause<C>().filter);
        family.algebra = algebras[static_cast<std::size_t>(P::family_algebra(F))];
        family.windows = P::tables.slot_count[F];
        entity.families.push_back(std::move(family));
    });
    for_each_index<P::clause_count>([&](auto c) {
        constexpr std::size_t C = decltype(c)::value;
        for (std::size_t r = 0; r < P::request_count; ++r)
            if (P::clause_of_request(r) == C)
                entity.families[P::tables.family_of_request[r]].clauses.emplace_back(P::template clause_name<C>());
    });

    if constexpr (All::closes) {
        entity.closing = closing_text(P::closing);
        entity.retention_micros = saturating_add(P::closing.reach(), Def::definition.stream.allowed_lateness);
        return entity;
    }
    for_each_index<P::clause_count>([&](auto c) {
        const auto& clause = P::template clause<decltype(c)::value>();
        for (const auto& length : clause.lengths) {
            if (length.rows > entity.retention_rows) entity.retention_rows = length.rows;
            if (length.micros == latest && length.rows == 0) entity.keeps_lifetime = true;
            // A window without a start still waits for its events until they are as old as its delay.
            auto reach = saturating_add(length.micros == latest ? 0 : length.micros, clause.bounds.delay);
            if (clause.bounds.hop > 0 && length.micros != latest && length.rows == 0 && clause.bounds.most_rows == 0) {
                reach = clause.bounds.delay;
                entity.hop_micros = clause.bounds.hop;
                const auto hops = length.micros / clause.bounds.hop + 2;
                if (hops > entity.hops) entity.hops = hops;
            }
            if (reach > entity.retention_micros) entity.retention_micros = reach;
        }
    });
    // The slowest stream makes all wait.
    auto lateness = Def::definition.stream.allowed_lateness;
    for_each_index<All::side_count>([&](auto s) {
        const auto own = StreamPlan<Def, decltype(s)::value + 1>::stream.allowed_lateness;
        if (own > lateness) lateness = own;
    });
    entity.retention_micros = saturating_add(entity.retention_micros, lateness);
    entity.retention_micros = saturating_add(entity.retention_micros, settle_delay<Def>);
    return entity;
}

inline ChangesDescription describe_changes(NoChanges) { return {}; }
template <auto OperationMember, auto... PositionMembers>
ChangesDescription describe_changes(ChangeMembers<OperationMember, PositionMembers...>) {
    return {std::string(Field<OperationMember>::name), {std::string(Field<PositionMembers>::name)...}};
}

template <class Def, std::size_t I>
TableDescription describe_table() {
    using P = TablePlan<Def, I>;
    using Table = typename P::table_type;
    TableDescription table;
    table.name = P::table.name;
    [&]<auto... M>(KeyMembers<M...>) {
        (table.keys.push_back({std::string(Field<M>::name), type_text<detail::stripped<typename Field<M>::value>>(),
                               detail::is_optional<typename Field<M>::value>}),
         ...);
    }(typename P::key_members{});
    [&]<class... F>(TypeList<F...>) { (table.on.push_back(field_text<Def, F>()), ...); }(typename P::on_fields{});
    table.since = Field<Table::since_member>::name;
    [&]<auto... M>(KeyMembers<M...>) {
        (table.tie_break.emplace_back(Field<M>::name), ...);
    }(typename Table::tie_break_members{});
    if constexpr (Table::has_tombstone) table.tombstone = Field<Table::tombstone_member>::name;
    table.changes = describe_changes(typename Table::change_members{});
    table.last_arrived_wins = P::table.last_arrived;
    table.forward = P::table.looks_forward;
    table.strictly = P::table.leaves_current_out;
    table.time_to_live_micros = P::table.oldest;
    table.lateness_micros = P::table.allowed_lateness;
    return table;
}

template <class Def, std::size_t I>
void describe_stream(StreamDescription& description, std::vector<FieldDescription>& fields) {
    using Stream = typename StreamPlan<Def, I>::stream_type;
    const auto& stream = StreamPlan<Def, I>::stream;
    description.stream = stream.name;
    ExpressionText<Def> condition(fields);
    condition.template add_field<Field<Stream::time_member>>();
    description.time = Field<Stream::time_member>::name;
    if constexpr (Stream::has_id) {
        condition.template add_field<Field<Stream::id_member>>();
        description.id = Field<Stream::id_member>::name;
        description.deduplicates = stream.deduplicates;
    }
    description.changes = plan::describe_changes(typename Stream::change_members{});
    description.settle_delay_micros = plan::settle_delay<Def>;
    if constexpr (Stream::has_partitions) {
        using Partition = Field<Stream::partition_member>;
        condition.template add_field<Partition>();
        description.partition = Partition::name;
        description.partitions = stream.partition_count;
    }
    if constexpr (Stream::has_arrival) {
        using ArrivalField = Field<Stream::arrival_member>;
        condition.template add_field<ArrivalField>();
        description.arrival = ArrivalField::name;
    }
    condition.append(stream.filter);
    description.condition = std::move(condition.text);
    if constexpr (Stream::has_punctuations) {
        ExpressionText<Def> punctuation(fields);
        punctuation.append(stream.punctuation);
        description.punctuation = std::move(punctuation.text);
    }
    description.lateness_micros = stream.allowed_lateness;
    description.idle_micros = stream.idle_after;
    description.future_limit_micros = stream.future_limit;
}

} // namespace plan

// The description of a definition; the sizes in bytes are 0, because only the engine knows them.
template <CheckedDefinition Def>
PlanDescription describe() {
    using All = plan::Plan<Def>;
    PlanDescription description;
    plan::describe_stream<Def, 0>(description, description.fields);
    for_each_index<All::side_count>([&](auto s) {
        plan::describe_stream<Def, decltype(s)::value + 1>(description.sides.emplace_back(), description.fields);
    });
    for_each_index<All::table_count>(
        [&](auto t) { description.tables.push_back(plan::describe_table<Def, decltype(t)::value>()); });
    for_each_index<All::entity_count>([&](auto g) {
        description.entities.push_back(plan::describe_entity<Def, decltype(g)::value>(description.fields));
    });
    for_each_index<All::derived_count>([&](auto d) {
        constexpr std::size_t slot = All::slot_offset[All::entity_count] + decltype(d)::value;
        const auto& named = get<decltype(d)::value>(Def::definition.derived.expressions);
        plan::ExpressionText<Def> spelled(description.fields);
        spelled.append(named.expression);
        description.derived.push_back(
            {std::string(named.name), plan::type_text<typename All::template value_type<slot>>(),
             All::template nullable<slot>, std::move(spelled.text), std::move(spelled.features)});
    });
    description.fingerprint = detail::fingerprint_of(canonical_text(description));
    return description;
}
template <MistakenDefinition Def>
PlanDescription describe() {
    return {};
}

} // namespace onefold
