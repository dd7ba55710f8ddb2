#pragma once

#include "onefold/plan/describe.hpp"
#include "onefold/record/decode.hpp"
#include "onefold/run/handle.hpp"
#include "onefold/run/live.hpp"

namespace onefold {
namespace run {

// Reads flat JSON objects into cells in the order of the names.
class JsonCells {
public:
    JsonCells(const std::string_view* names, std::size_t count, bool ignore_other);
    JsonCells(const JsonCells&) = delete;
    JsonCells& operator=(const JsonCells&) = delete;
    ~JsonCells();
    // An empty reason if the text is one flat object; the cells belong to this until the next call.
    std::string_view split(std::string_view object, CellRow& cells);

private:
    class Impl;
    Impl* impl_;
};

template <class T>
AnyValue to_value(const T& value) {
    if constexpr (detail::is_optional<T>) return value ? to_value(*value) : AnyValue();
    else if constexpr (std::same_as<T, bool>) return AnyValue(value);
    else if constexpr (std::is_floating_point_v<T>) return AnyValue(static_cast<double>(value));
    else if constexpr (std::is_enum_v<T>) return to_value(static_cast<std::underlying_type_t<T>>(value));
    else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) return AnyValue(static_cast<std::int64_t>(value));
    else if constexpr (std::is_integral_v<T>) return AnyValue(static_cast<std::uint64_t>(value));
    else if constexpr (std::same_as<T, Time> || std::same_as<T, Duration>) return AnyValue(value.micros);
    else if constexpr (std::convertible_to<const T&, std::string_view>) return AnyValue(std::string_view(value));
    else if constexpr (detail::is_pair<T>)
        return AnyValue(std::vector<AnyValue>{to_value(value.first), to_value(value.second)});
    else {
        static_assert(
            requires {
                value.begin();
                value.end();
            }, "onefold: a scorer has no kind of value for this feature's type; let the aggregate answer a number, a "
               "boolean, a time, a string or a list of these");
        std::vector<AnyValue> list;
        for (const auto& element : value) list.push_back(to_value(element));
        return AnyValue(std::move(list));
    }
}

// As strict as parse_cell: no text for numbers, nothing out of range. Integers are numbers where a double holds them.
template <FieldType T>
ParseError from_value(const AnyValue& value, T& out) {
    if constexpr (detail::is_optional<T>) {
        out.reset();
        return value.is_null() ? ParseError::none : from_value(value, out.emplace());
    } else {
        const auto kind = value.kind();
        if (kind == ValueKind::null) return ParseError::null;
        if constexpr (detail::is_array<T>) {
            if (kind != ValueKind::list) return ParseError::not_an_array;
            const auto& list = value.as_list();
            if (list.size() != out.size()) return ParseError::array_length;
            for (std::size_t i = 0; i < out.size(); ++i)
                if (const auto error = from_value(list[i], out[i]); error != ParseError::none) return error;
            return ParseError::none;
        } else if constexpr (std::is_enum_v<T>) {
            std::underlying_type_t<T> number{};
            const auto error = from_value(value, number);
            out = static_cast<T>(number);
            return error;
        } else if constexpr (std::same_as<T, bool>) {
            if (kind != ValueKind::boolean) return ParseError::not_a_boolean;
            out = value.as_bool();
            return ParseError::none;
        } else if constexpr (std::same_as<T, std::string>) {
            if (kind != ValueKind::text) return ParseError::not_text;
            if (!is_utf8(value.as_text())) return ParseError::invalid_utf8;
            out = value.as_text();
            return ParseError::none;
        } else if constexpr (std::same_as<T, Time>) {
            if (kind == ValueKind::text)
                return detail::parse_time({value.as_text(), CellKind::text}, TimeUnit::microseconds, out.micros);
            if (kind != ValueKind::integer) return ParseError::not_a_time;
            out.micros = value.as_integer();
            return ParseError::none;
        } else if constexpr (std::is_floating_point_v<T>) {
            constexpr std::int64_t exact = std::int64_t{1} << std::numeric_limits<T>::digits;
            if (kind == ValueKind::integer) {
                const auto integer = value.as_integer();
                if (integer < -exact || integer > exact) return ParseError::out_of_range;
                out = static_cast<T>(integer);
                return ParseError::none;
            }
            if (kind != ValueKind::real) return ParseError::not_a_number;
            const auto real = value.as_real();
            // A float takes the nearest of its own values, as it does from text; what is too large for it is refused.
            constexpr double greatest = std::numeric_limits<T>::max();
            if (real - real == 0 && (real > greatest || real < -greatest)) return ParseError::out_of_range;
            out = static_cast<T>(real);
            return ParseError::none;
        } else {
            if (kind == ValueKind::integer) {
                if (!std::in_range<T>(value.as_integer())) return ParseError::out_of_range;
                out = static_cast<T>(value.as_integer());
            } else if (kind == ValueKind::natural) {
                if (!std::in_range<T>(value.as_natural())) return ParseError::out_of_range;
                out = static_cast<T>(value.as_natural());
            } else return ParseError::not_an_integer;
            return ParseError::none;
        }
    }
}

template <class Def>
class ScorerOf final : public ScorerCore {
    using All = plan::Plan<Def>;
    using Stream = typename All::stream_type;
    using record = typename All::record;
    using columns = typename Decoder<record>::columns;
    using EntityIndices = std::make_index_sequence<All::entity_count>;
    static_assert(All::side_count == 0, "onefold: a scorer reads the columns of one stream, and this definition has "
                                        "several; use Live<Def>");
    static_assert(All::table_count == 0, "onefold: a scorer reads the columns of one stream, and this definition has "
                                         "tables; use Live<Def>");

public:
    explicit ScorerOf(ScorerOptions options)
        : options_(std::move(options)), live_(live_options()),
          json_(Decoder<record>::column_names.data(), columns::size, Decoder<record>::ignores_other_columns) {
        auto description = describe<Def>();
        for_each_index<columns::size>([&](auto i) {
            using Column = type_at<decltype(i)::value, columns>;
            using V = typename Column::value;
            inputs.push_back(
                {std::string(Column::name), plan::type_text<detail::stripped<V>>(), detail::is_optional<V>});
        });
        for (auto& entity : description.entities) {
            key_members += entity.keys.size();
            for (auto& feature : entity.features) outputs.push_back({feature.name, feature.type, feature.nullable});
        }
        for (auto& feature : description.derived) outputs.push_back({feature.name, feature.type, feature.nullable});
        ignores_other_inputs = Decoder<record>::ignores_other_columns;
    }

    bool push(const AnyValue* const* values, bool folds, ScoredRow& out) override {
        DecodeResult result;
        for_each_index<columns::size>([&](auto i) {
            using Column = type_at<decltype(i)::value, columns>;
            if (!result) return;
            static const AnyValue null{};
            const auto* value = values[decltype(i)::value];
            auto error = from_value(value ? *value : null, event_.*Column::member);
            if (!value && error == ParseError::null) error = ParseError::missing;
            if (error != ParseError::none) result = {error, Column::name};
        });
        return fold(result, folds, out);
    }
    bool push_json(std::string_view object, bool folds, ScoredRow& out) override {
        CellRow cells;
        if (const auto reason = json_.split(object, cells); !reason.empty()) {
            out.reason = reason;
            return false;
        }
        return fold(decoder_.decode(cells, event_), folds, out);
    }
    void reject(std::string_view reason) override {
        live_.reject();
        if (options_.dead_letter)
            options_.dead_letter({Verdict::rejected, reason, live_.watermark(), live_.records() - 1});
    }
    bool read(Time at, const std::vector<AnyValue>& keys, ScoredRow& out) override {
        return read_keys(EntityIndices{}, at, keys, out);
    }
    void advance_watermark(Time to) override { live_.advance_watermark(to); }
    void tick(Time now) override { live_.tick(now); }
    Time watermark() const override { return live_.watermark(); }
    const Account& account() const override { return live_.account(); }
    std::string save(std::uint32_t key_group) override { return live_.save(key_group); }
    void load(std::string_view bytes) override { live_.load(bytes); }

private:
    template <std::size_t G>
    using KeyOf = typename engine::EntityStore<Def, G>::Key;

    LiveOptions<Def> live_options() {
        LiveOptions<Def> options;
        options.clock = std::move(options_.clock);
        options.seed = options_.seed;
        if (options_.settled)
            options.settled = [this](const record& event, const Settled<Def>& row) {
                SettledRow settled{{}, Time{engine::time_of<Stream>(event)}, {}, values_of(row)};
                if constexpr (Stream::has_id) settled.id = to_value(event.*Stream::id_member);
                for_each_index<All::entity_count>([&](auto g) {
                    [&]<auto... M>(KeyMembers<M...>) {
                        (settled.keys.push_back(to_value(event.*M)), ...);
                    }(typename All::template entity<decltype(g)::value>::key_members{});
                });
                options_.settled(settled);
            };
        if (options_.dead_letter)
            options.dead_letter = [this](const DeadLetter<record>& letter) {
                options_.dead_letter({letter.reason, letter.reason == Verdict::rejected ? unusable_time : "",
                                      letter.watermark, letter.position});
            };
        return options;
    }

    static std::vector<AnyValue> values_of(const Row<Def>& row) {
        std::vector<AnyValue> values;
        values.reserve(Row<Def>::width);
        row.for_each([&](std::string_view, const auto& value) { values.push_back(to_value(value)); });
        return values;
    }
    void answer(const Served<Def>& row, ScoredRow& out) {
        out.verdict = row.verdict;
        if (row.verdict == Verdict::rejected) out.reason = unusable_time;
        if (row.applied()) out.values = values_of(row);
        else out.values.assign(Row<Def>::width, AnyValue());
    }
    bool fold(const DecodeResult& result, bool folds, ScoredRow& out) {
        if (!result) {
            out.reason = result.reason();
            return false;
        }
        if constexpr (detail::is_optional<typename Field<Stream::time_member>::value>)
            if (!folds && !(event_.*Stream::time_member)) {
                out.reason = unusable_time;
                return false;
            }
        answer(folds ? live_.push(event_) : live_.preview(event_), out);
        return true;
    }

    template <std::size_t... G>
    bool read_keys(std::index_sequence<G...>, Time at, const std::vector<AnyValue>& values, ScoredRow& out) {
        Tuple<KeyOf<G>...> keys{};
        std::size_t next = 0;
        DecodeResult result;
        (read_key<G>(get<G>(keys), values, next, result), ...);
        if (!result) {
            out.reason = result.reason();
            return false;
        }
        answer(live_.read(at, get<G>(keys)...), out);
        return true;
    }
    template <std::size_t G>
    static void read_key(KeyOf<G>& key, const std::vector<AnyValue>& values, std::size_t& next, DecodeResult& result) {
        using Members = typename All::template entity<G>::key_members;
        read_members(Members{}, std::make_index_sequence<Members::size>{}, key, values, next, result);
    }
    template <auto... M, std::size_t... I, class Key>
    static void read_members(KeyMembers<M...>, std::index_sequence<I...>, [[maybe_unused]] Key& key,
                             [[maybe_unused]] const std::vector<AnyValue>& values, [[maybe_unused]] std::size_t& next,
                             [[maybe_unused]] DecodeResult& result) {
        (read_member(get<I>(key), values[next++], Field<M>::name, result), ...);
    }
    template <class T>
    static void read_member(T& out, const AnyValue& value, std::string_view name, DecodeResult& result) {
        if (!result) return;
        if (const auto error = from_value(value, out); error != ParseError::none) result = {error, name};
    }

    static constexpr const char* unusable_time =
        "the event's time is null, or further in the future than the stream allows";

    ScorerOptions options_;
    Live<Def> live_;
    Decoder<record> decoder_;
    JsonCells json_;
    record event_{};
};

} // namespace run

// Compiles the definition behind a handle. Call it in one source file, and let the others include run/handle.hpp only.
template <AsOfDefinition Def>
Scorer make_scorer(ScorerOptions options = {}) {
    return Scorer(new run::ScorerOf<Def>(std::move(options)));
}
template <MistakenDefinition Def>
Scorer make_scorer(ScorerOptions = {}) {
    return Scorer(nullptr);
}

} // namespace onefold
