#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "onefold/core/callback.hpp"
#include "onefold/core/time.hpp"
#include "onefold/order/account.hpp"

// For applications that score without compiling a definition: this header knows nothing of how features are defined or
// computed. The one source file of yours that does includes run/handle_of.hpp and calls make_scorer<CardRisk>().
namespace onefold {

// null; boolean; integer (a Time is microseconds, an enum its number); natural, an unsigned integer above int64; real;
// text; list, of an array field, of top<K> or of results per sub key, each of which is a list of key and result.
enum class ValueKind : std::uint8_t { null, boolean, integer, natural, real, text, list };

// One value of any column. The accessors throw Error(usage) for a value of another kind; as_real takes integers that a
// double holds exactly.
class AnyValue {
public:
    AnyValue() noexcept = default;
    AnyValue(std::nullptr_t) noexcept {}
    AnyValue(bool value) noexcept : kind_(ValueKind::boolean), bits_{.boolean = value} {}
    AnyValue(std::int64_t value) noexcept : kind_(ValueKind::integer), bits_{.integer = value} {}
    AnyValue(int value) noexcept : AnyValue(std::int64_t{value}) {}
    AnyValue(std::uint64_t value) noexcept;
    AnyValue(double value) noexcept : kind_(ValueKind::real), bits_{.real = value} {}
    AnyValue(Time value) noexcept : AnyValue(value.micros) {}
    AnyValue(std::string value) noexcept : kind_(ValueKind::text), text_(std::move(value)) {}
    AnyValue(std::string_view value) : AnyValue(std::string(value)) {}
    AnyValue(const char* value) : AnyValue(std::string(value)) {}
    AnyValue(std::vector<AnyValue> values) noexcept : kind_(ValueKind::list), list_(std::move(values)) {}

    ValueKind kind() const noexcept { return kind_; }
    bool is_null() const noexcept { return kind_ == ValueKind::null; }
    bool as_bool() const;
    std::int64_t as_integer() const;
    std::uint64_t as_natural() const; // any integer that is not negative
    double as_real() const;
    const std::string& as_text() const;
    const std::vector<AnyValue>& as_list() const;

    // The same kind and the same bits: NaN equals itself, 0.0 and -0.0 differ.
    friend bool operator==(const AnyValue& a, const AnyValue& b) noexcept { return a.equals(b); }

private:
    [[noreturn]] void wrong_kind(const char* wanted) const;
    bool equals(const AnyValue& other) const noexcept;

    union Bits {
        std::int64_t integer = 0;
        bool boolean;
        std::uint64_t natural;
        double real;
    };
    ValueKind kind_ = ValueKind::null;
    Bits bits_;
    std::string text_;
    std::vector<AnyValue> list_;
};

// A column by its name in files and its type as `explain` spells it: "int64", "float64", "string", "time".
struct ScorerColumn {
    std::string name;
    std::string type;
    bool nullable = false;
};

struct NamedValue {
    std::string_view name;
    AnyValue value;
};

// The features of one event, in the order of Scorer::outputs(); all null unless it was applied.
struct ScoredRow {
    Verdict verdict = Verdict::applied;
    std::vector<AnyValue> values;
    std::string reason; // why the event could not be read; empty otherwise
};

// The settled features of an event, which is told by its id (null without one), its time and its keys.
struct SettledRow {
    AnyValue id;
    Time time;
    std::vector<AnyValue> keys; // by by<>(), in order of declaration
    std::vector<AnyValue> values;
};

struct RejectedEvent {
    Verdict reason;
    std::string_view detail; // why it could not be read; empty otherwise
    Time watermark;
    std::uint64_t position; // counts what was pushed, punctuations included, from 0
};

// As LiveOptions; see there.
struct ScorerOptions {
    Callback<void(const SettledRow&)> settled;
    Callback<void(const RejectedEvent&)> dead_letter;
    Callback<Time()> clock;
    std::uint64_t seed = 0;
};

namespace run {

// What a definition compiles to. `values` is one for each input, a null pointer where the event has none.
class ScorerCore {
public:
    std::vector<ScorerColumn> inputs, outputs;
    std::size_t key_members = 0;
    bool ignores_other_inputs = false;

    ScorerCore() = default;
    ScorerCore(const ScorerCore&) = delete;
    ScorerCore& operator=(const ScorerCore&) = delete;
    virtual ~ScorerCore() = default;

    // Both false if the event cannot be read, and then `out.reason` says why.
    virtual bool push(const AnyValue* const* values, bool folds, ScoredRow& out) = 0;
    virtual bool push_json(std::string_view object, bool folds, ScoredRow& out) = 0;
    virtual void reject(std::string_view reason) = 0;
    virtual bool read(Time at, const std::vector<AnyValue>& keys, ScoredRow& out) = 0;
    virtual void advance_watermark(Time to) = 0;
    virtual void tick(Time now) = 0;
    virtual Time watermark() const = 0;
    virtual const Account& account() const = 0;
    virtual std::string save(std::uint32_t key_group) = 0;
    virtual void load(std::string_view bytes) = 0;
};

} // namespace run

// A live executor of some definition: Live without its type. Move-only, in the caller's thread, not safe to share.
// An event is the columns of the record's schema. One that cannot be read is not an exception: it is counted and
// answered as rejected, with the reason. Beside Live it costs the values it converts, well under a microsecond.
class Scorer {
public:
    explicit Scorer(run::ScorerCore* owned) noexcept : core_(owned) {}
    Scorer(Scorer&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
    Scorer& operator=(Scorer&& other) noexcept {
        std::swap(core_, other.core_);
        return *this;
    }
    ~Scorer() { delete core_; }

    const std::vector<ScorerColumn>& inputs() const noexcept { return core_->inputs; }
    const std::vector<ScorerColumn>& outputs() const noexcept { return core_->outputs; }
    // The place of an output among ScoredRow::values; throws Error(usage) for a name that no feature has.
    std::size_t output(std::string_view name) const;

    // Folds the event and answers its features now. JSON is one flat object, read as a line of a JSONL file is.
    ScoredRow push(std::string_view json_object) { return push_json(json_object, true); }
    ScoredRow push(const char* json_object) { return push_json(json_object, true); }
    // Columns by name, in any order; one left out is null. Times are integers in microseconds, whatever unit the schema
    // gives files, or RFC 3339 text.
    ScoredRow push(const std::vector<NamedValue>& event) { return push_values(event, true); }
    // What push would answer, without folding it.
    ScoredRow preview(std::string_view json_object) { return push_json(json_object, false); }
    ScoredRow preview(const char* json_object) { return push_json(json_object, false); }
    ScoredRow preview(const std::vector<NamedValue>& event) { return push_values(event, false); }
    // The features of keys at a time above the watermark: a value for each member of each by<>(), in order of
    // declaration. Throws Error(usage) for another number of values or another type.
    ScoredRow read(Time at, const std::vector<AnyValue>& keys);

    void advance_watermark(Time to) { core_->advance_watermark(to); }
    void tick(Time now) { core_->tick(now); }
    void finish() { advance_watermark(Time{latest}); }
    Time watermark() const { return core_->watermark(); }
    const Account& account() const { return core_->account(); }

    // As Live::save and Live::load.
    std::string save(std::uint32_t key_group) { return core_->save(key_group); }
    void load(std::string_view bytes) { core_->load(bytes); }

private:
    ScoredRow push_values(const std::vector<NamedValue>& event, bool folds);
    ScoredRow push_json(std::string_view object, bool folds);
    ScoredRow rejected(ScoredRow row, bool folds);

    run::ScorerCore* core_;
};

} // namespace onefold
