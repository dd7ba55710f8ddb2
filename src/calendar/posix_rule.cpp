#include "calendar/posix_rule.hpp"

#include "calendar/civil.hpp"

namespace onefold::detail {

std::int64_t PosixRule::Date::local_seconds(std::int64_t year) const noexcept {
    const auto january = day_of({year, 1});
    if (kind == Kind::day) return (january + day) * day_seconds + seconds;
    if (kind == Kind::day_without_leap) {
        const bool leap = day_of({year, 3}) - january == 60;
        return (january + day - 1 + (leap && day >= 60 ? 1 : 0)) * day_seconds + seconds;
    }
    const auto first = day_of({year, month});
    const auto first_weekday = (first + 4) - floor_divide(first + 4, 7) * 7; // 1970-01-01 was a Thursday
    auto at = first + (weekday - first_weekday + 7) % 7 + (week - 1) * 7;
    if (at >= day_of(next({year, month}))) at -= 7;
    return at * day_seconds + seconds;
}

namespace {

class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool take(char c) {
        if (peek() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    // Abbreviations are passed over: letters, or anything in angle brackets.
    bool abbreviation() {
        std::size_t length = 0;
        if (take('<')) {
            length = rest_.find('>');
            if (length == rest_.npos) return false;
            rest_.remove_prefix(length + 1);
            return length >= 3;
        }
        const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
        while (length < rest_.size() && letter(rest_[length])) ++length;
        rest_.remove_prefix(length);
        return length >= 3;
    }
    bool number(int low, int high, int& value) {
        std::size_t digits = 0;
        for (value = 0; digits < 3 && digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
            value = value * 10 + (rest_[digits] - '0');
        rest_.remove_prefix(digits);
        return digits != 0 && value >= low && value <= high;
    }
    // [+-]hh[:mm[:ss]]
    bool seconds(std::int64_t& value) {
        const bool negative = take('-');
        if (!negative) take('+');
        int hours = 0, minutes = 0, rest = 0;
        if (!number(0, 167, hours)) return false;
        if (take(':') && !number(0, 59, minutes)) return false;
        if (take(':') && !number(0, 59, rest)) return false;
        value = hours * 3600 + minutes * 60 + rest;
        if (negative) value = -value;
        return true;
    }
    bool date(PosixRule::Date& to) {
        using Kind = PosixRule::Date::Kind;
        if (take('M')) {
            to.kind = Kind::month_week_day;
            if (!number(1, 12, to.month) || !take('.') || !number(1, 5, to.week) || !take('.') ||
                !number(0, 6, to.weekday))
                return false;
        } else if (take('J')) {
            to.kind = Kind::day_without_leap;
            if (!number(1, 365, to.day)) return false;
        } else if (!number(0, 365, to.day)) return false;
        return !take('/') || seconds(to.seconds);
    }

private:
    std::string_view rest_;
};

} // namespace

std::optional<PosixRule> parse_posix_rule(std::string_view text) {
    PosixRule rule;
    Reader in(text);
    // POSIX counts offsets westwards.
    if (!in.abbreviation() || !in.seconds(rule.standard)) return {};
    rule.standard = -rule.standard;
    if (in.done()) return rule;
    rule.has_summer = true;
    rule.summer = rule.standard + 3600;
    if (!in.abbreviation()) return {};
    if (in.peek() != ',') {
        if (!in.seconds(rule.summer)) return {};
        rule.summer = -rule.summer;
    }
    if (!in.take(',') || !in.date(rule.summer_starts) || !in.take(',') || !in.date(rule.summer_ends) || !in.done())
        return {};
    return rule;
}

} // namespace onefold::detail
