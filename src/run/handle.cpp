#include "onefold/run/handle.hpp"

#include <bit>

#include "onefold/core/error.hpp"
#include "onefold/run/handle_of.hpp"
#include "text/records.hpp"

namespace onefold {

class run::JsonCells::Impl {
public:
    Impl(const std::string_view* names, std::size_t count, bool ignore_other) : cells_(count) {
        splitter_.set_names({names, names + count}, ignore_other);
    }
    std::string_view split(std::string_view object, CellRow& cells) {
        // The splitter reads lines. Inside a string a line end would be an error, so it can only be space between
        // values.
        if (object.find('\n') != std::string_view::npos) {
            line_ = object;
            for (char& c : line_)
                if (c == '\n') c = ' ';
            object = line_;
        }
        const auto reason = splitter_.split(object, cells_);
        cells = {cells_.data(), cells_.size()};
        return reason;
    }

private:
    detail::JsonSplitter splitter_;
    std::vector<Cell> cells_;
    std::string line_;
};

run::JsonCells::JsonCells(const std::string_view* names, std::size_t count, bool ignore_other)
    : impl_(new Impl(names, count, ignore_other)) {}
run::JsonCells::~JsonCells() { delete impl_; }
std::string_view run::JsonCells::split(std::string_view object, CellRow& cells) { return impl_->split(object, cells); }

AnyValue::AnyValue(std::uint64_t value) noexcept {
    const bool fits = value <= static_cast<std::uint64_t>(INT64_MAX);
    kind_ = fits ? ValueKind::integer : ValueKind::natural;
    if (fits) bits_.integer = static_cast<std::int64_t>(value);
    else bits_.natural = value;
}

void AnyValue::wrong_kind(const char* wanted) const {
    constexpr const char* kinds[] = {"null",          "a boolean", "an integer", "an integer above 2^63",
                                     "a real number", "text",      "a list"};
    throw Error(ErrorKind::usage, std::string("a value that is ") + kinds[static_cast<std::size_t>(kind_)] +
                                      " was asked for " + wanted + "; look at its kind() first");
}

bool AnyValue::as_bool() const {
    if (kind_ != ValueKind::boolean) wrong_kind("a boolean");
    return bits_.boolean;
}

std::int64_t AnyValue::as_integer() const {
    if (kind_ != ValueKind::integer) wrong_kind("an integer of 64 bits");
    return bits_.integer;
}

std::uint64_t AnyValue::as_natural() const {
    if (kind_ == ValueKind::natural) return bits_.natural;
    if (kind_ != ValueKind::integer || bits_.integer < 0) wrong_kind("an integer that is not negative");
    return static_cast<std::uint64_t>(bits_.integer);
}

double AnyValue::as_real() const {
    if (kind_ == ValueKind::real) return bits_.real;
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    if (kind_ != ValueKind::integer || bits_.integer < -exact || bits_.integer > exact) wrong_kind("a real number");
    return static_cast<double>(bits_.integer);
}

const std::string& AnyValue::as_text() const {
    if (kind_ != ValueKind::text) wrong_kind("text");
    return text_;
}

const std::vector<AnyValue>& AnyValue::as_list() const {
    if (kind_ != ValueKind::list) wrong_kind("a list");
    return list_;
}

bool AnyValue::equals(const AnyValue& other) const noexcept {
    if (kind_ != other.kind_) return false;
    switch (kind_) {
    case ValueKind::null: return true;
    case ValueKind::boolean: return bits_.boolean == other.bits_.boolean;
    case ValueKind::integer: return bits_.integer == other.bits_.integer;
    case ValueKind::natural: return bits_.natural == other.bits_.natural;
    case ValueKind::real:
        return std::bit_cast<std::uint64_t>(bits_.real) == std::bit_cast<std::uint64_t>(other.bits_.real);
    case ValueKind::text: return text_ == other.text_;
    case ValueKind::list: return list_ == other.list_;
    }
    return false;
}

std::size_t Scorer::output(std::string_view name) const {
    const auto& columns = core_->outputs;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == name) return i;
    std::string known;
    for (const auto& column : columns) known.append(known.empty() ? "" : ", ").append(column.name);
    throw Error(ErrorKind::usage, "no feature is named \"" + std::string(name) + "\"; the features are " + known);
}

ScoredRow Scorer::rejected(ScoredRow row, bool folds) {
    row.verdict = Verdict::rejected;
    row.values.assign(core_->outputs.size(), AnyValue());
    // A preview leaves no trace, in the account neither.
    if (folds) core_->reject(row.reason);
    return row;
}

ScoredRow Scorer::push_values(const std::vector<NamedValue>& event, bool folds) {
    const auto& inputs = core_->inputs;
    std::vector<const AnyValue*> values(inputs.size());
    ScoredRow row;
    for (std::size_t given = 0; given < event.size(); ++given) {
        const auto name = event[given].name;
        // Most callers give the columns in order.
        std::size_t i = given < inputs.size() && inputs[given].name == name ? given : 0;
        while (i < inputs.size() && inputs[i].name != name) ++i;
        if (i < inputs.size() && !values[i]) values[i] = &event[given].value;
        else if (i < inputs.size()) row.reason = "the column \"" + std::string(name) + "\" is given twice";
        else if (!core_->ignores_other_inputs) row.reason = "the schema has no column \"" + std::string(name) + "\"";
    }
    if (row.reason.empty() && core_->push(values.data(), folds, row)) return row;
    return rejected(std::move(row), folds);
}

ScoredRow Scorer::push_json(std::string_view object, bool folds) {
    ScoredRow row;
    if (core_->push_json(object, folds, row)) return row;
    return rejected(std::move(row), folds);
}

ScoredRow Scorer::read(Time at, const std::vector<AnyValue>& keys) {
    if (keys.size() != core_->key_members)
        throw Error(ErrorKind::usage, "read() was given " + std::to_string(keys.size()) +
                                          " key values; the definition's by<>() have " +
                                          std::to_string(core_->key_members) + " members together");
    ScoredRow row;
    if (!core_->read(at, keys, row)) throw Error(ErrorKind::usage, "read() was given a key whose " + row.reason);
    return row;
}

} // namespace onefold
