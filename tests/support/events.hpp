#pragma once

// One record for all definitions under test, and streams of it made to hurt: ties, boundaries of windows, nulls, values
// that break inexact sums, hot keys, ids that come again, events beyond the lateness, times near the ends of time.

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "onefold/core/time.hpp"
#include "onefold/record/operation.hpp"
#include "onefold/record/schema.hpp"

namespace twin {

enum class Channel : std::int8_t { web = -1, shop = 2, phone = 7 };

struct Event {
    std::int64_t id = 0;
    std::optional<std::int64_t> maybe_id;
    std::int64_t serial = 0;
    onefold::Time at;
    std::optional<onefold::Time> maybe_at;
    std::optional<onefold::Time> arrived;
    std::int64_t account = 0;
    std::string shop;
    Channel channel = Channel::web;
    std::optional<std::int32_t> region;
    double amount = 0;
    std::optional<double> tip;
    float weight = 0;
    std::int64_t cents = 0;
    std::int16_t pieces = 0;
    std::optional<std::int64_t> points;
    bool fraud = false;
    std::optional<bool> returned;
    std::string tag;
    std::optional<std::string> note;
    std::array<float, 3> embedding{};
    std::optional<std::array<std::int64_t, 2>> counters;
    // Where events are changes of facts.
    onefold::Operation operation = onefold::Operation::create;
    std::int64_t position = 0;
};

} // namespace twin

template <>
struct onefold::schema<twin::Event>
    : onefold::fields<
          &twin::Event::id, &twin::Event::maybe_id, &twin::Event::serial, &twin::Event::at, &twin::Event::maybe_at,
          &twin::Event::arrived, &twin::Event::account, &twin::Event::shop, &twin::Event::channel, &twin::Event::region,
          &twin::Event::amount, &twin::Event::tip, &twin::Event::weight, &twin::Event::cents, &twin::Event::pieces,
          &twin::Event::points, &twin::Event::fraud, &twin::Event::returned, &twin::Event::tag, &twin::Event::note,
          &twin::Event::embedding, &twin::Event::counters, &twin::Event::operation, &twin::Event::position> {};

namespace twin {

inline constexpr auto serial = onefold::field<&Event::serial>;
inline constexpr auto account = onefold::field<&Event::account>;
inline constexpr auto shop = onefold::field<&Event::shop>;
inline constexpr auto channel = onefold::field<&Event::channel>;
inline constexpr auto region = onefold::field<&Event::region>;
inline constexpr auto amount = onefold::field<&Event::amount>;
inline constexpr auto tip = onefold::field<&Event::tip>;
inline constexpr auto weight = onefold::field<&Event::weight>;
inline constexpr auto cents = onefold::field<&Event::cents>;
inline constexpr auto pieces = onefold::field<&Event::pieces>;
inline constexpr auto points = onefold::field<&Event::points>;
inline constexpr auto fraud = onefold::field<&Event::fraud>;
inline constexpr auto returned = onefold::field<&Event::returned>;
inline constexpr auto tag = onefold::field<&Event::tag>;
inline constexpr auto note = onefold::field<&Event::note>;
inline constexpr auto embedding = onefold::field<&Event::embedding>;
inline constexpr auto counters = onefold::field<&Event::counters>;
inline constexpr auto at = onefold::field<&Event::at>;

// Lateness of every stream under test, in microseconds; windows are a few times that.
inline constexpr std::int64_t lateness = 15;

class Generator {
public:
    explicit Generator(std::uint64_t seed) : random_(seed) {
        wild_ = below(3) == 0;
        ties_ = 1 + below(5);
        strays_ = below(3) == 0;
        const std::int64_t starts[] = {0, -60, 1'700'000'000'000'000, INT64_MIN + 1, INT64_MAX - 120};
        clock_ = starts[below(5)];
    }

    // In order of arrival: mostly in order of time, often late within the lateness, sometimes beyond it.
    std::vector<Event> events(std::size_t count) {
        std::vector<Event> all;
        for (std::size_t i = 0; i < count; ++i) {
            clock_ = onefold::saturating_add(clock_, step());
            const auto late = below(4) == 0 ? below(lateness + 1) : strays_ && below(8) == 0 ? below(4 * lateness) : 0;
            auto event = content();
            event.at.micros = onefold::saturating_subtract(clock_, late);
            if (event.maybe_at) event.maybe_at = event.at;
            // Mostly soon after it happened, sometimes by a clock that is behind; not always known.
            if (i % 11 != 10)
                event.arrived =
                    onefold::Time{i % 9 == 8 ? onefold::saturating_subtract(clock_, 20)
                                             : onefold::saturating_add(clock_, static_cast<std::int64_t>(i % 5))};
            // The law orders ties by time, id and content. Here two events of one time and serial are one and the same,
            // so that the order of contents is the order of serials.
            for (const auto& before : all)
                if (before.at == event.at && before.serial == event.serial) event = before;
            all.push_back(event);
        }
        return all;
    }

    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
    }

private:
    std::int64_t step() {
        if (below(40) == 0) return 60 + below(100);  // everything leaves the windows
        return below(ties_) == 0 ? 1 + below(4) : 0; // steps of the lengths of windows' fractions: boundaries are hit
    }
    template <class T> T one_of(std::initializer_list<T> values) {
        return values.begin()[below(static_cast<std::int64_t>(values.size()))];
    }

    double number() {
        using limits = std::numeric_limits<double>;
        if (wild_ && below(3) == 0)
            return one_of<double>({limits::quiet_NaN(), -limits::quiet_NaN(), limits::infinity(), -limits::infinity(),
                                   1e300, -1e300, limits::max(), -limits::max(), limits::denorm_min(),
                                   -limits::denorm_min(), 0x1p54, 1.0, 1e-300});
        if (below(6) == 0) return one_of<double>({0.0, -0.0, 1.0, 0.1, -0.1});
        return static_cast<double>(below(400) - 100) / 10;
    }
    std::int64_t integer() {
        if (wild_ && below(4) == 0) return one_of<std::int64_t>({INT64_MAX, INT64_MIN, INT64_MAX - 1, 1, -1});
        return below(30) - 10;
    }
    std::string text() {
        return one_of<std::string>({"", "a", "b", "ab", "\xc3\xa9", "longer than a small string holds", "\x7f"});
    }

    Event content() {
        Event event;
        // Ids: mostly new, sometimes one that was there before, near or far.
        event.id = below(7) == 0 && next_ > 0 ? next_ - 1 - below(std::min<std::int64_t>(next_, 12)) : next_++;
        event.serial = event.id;
        if (event.id % 3 != 0) event.maybe_id = event.id;
        event.maybe_at = below(9) == 0 ? std::nullopt : std::optional(onefold::Time{});
        event.account = below(5) < 3 ? 1 : below(4) - 2;
        event.shop = text();
        event.channel = one_of({Channel::web, Channel::shop, Channel::phone});
        if (below(3) != 0) event.region = static_cast<std::int32_t>(below(2));
        event.amount = number();
        if (below(3) != 0) event.tip = below(4) == 0 ? 0.0 : number();
        event.weight = narrow(number());
        event.cents = integer();
        event.pieces = static_cast<std::int16_t>(below(9) - 4);
        if (below(3) != 0) event.points = below(4) == 0 ? 0 : integer();
        event.fraud = below(3) == 0;
        if (below(2) == 0) event.returned = below(2) == 0;
        event.tag = text();
        if (below(3) != 0) event.note = text();
        for (auto& element : event.embedding) element = narrow(number());
        if (below(3) != 0) event.counters = {integer(), integer()};
        return event;
    }
    // A float like this double: what a float cannot hold becomes its smallest or infinite.
    static float narrow(double w) {
        return w == 0 || w != w || (std::abs(w) > 1e-30 && std::abs(w) < 1e30) ? static_cast<float>(w)
               : w > 0 ? std::numeric_limits<float>::denorm_min()
                       : -std::numeric_limits<float>::infinity();
    }

    std::mt19937_64 random_;
    bool wild_ = false, strays_ = false;
    std::int64_t ties_ = 1, clock_ = 0, next_ = 0;
};

inline std::string describe(const Event& e) {
    const auto or_null = [](const auto& v) { return v ? std::to_string(*v) : std::string("null"); };
    return "at " + std::to_string(e.at.micros) + " id " + std::to_string(e.id) + " account " +
           std::to_string(e.account) + " shop '" + e.shop + "' channel " + std::to_string(static_cast<int>(e.channel)) +
           " region " + or_null(e.region) + " amount " + std::to_string(e.amount) + " tip " + or_null(e.tip) +
           " weight " + std::to_string(e.weight) + " cents " + std::to_string(e.cents) + " pieces " +
           std::to_string(e.pieces) + " points " + or_null(e.points) + " fraud " + std::to_string(e.fraud) + " tag '" +
           e.tag + "' note '" + e.note.value_or("null") + "'" + (e.maybe_at ? "" : " without time") + " " +
           std::string(to_text(e.operation)) + std::to_string(e.position);
}

// Aggregates of a user: one that is only a monoid and whose result tells the order of the values, one that is a group,
// and one that takes out whole states as well.
struct Sequence {
    static constexpr std::uint64_t base = 1'000'003;
    struct State {
        std::uint64_t hash = 0;
        std::uint64_t power = 1;
    };
    static void add(State& state, std::int64_t value) {
        state.hash = state.hash * base + static_cast<std::uint64_t>(value) + 1;
        state.power *= base;
    }
    static void merge(State& state, const State& later) {
        state.hash = state.hash * later.power + later.hash;
        state.power *= later.power;
    }
    static std::optional<std::int64_t> result(const State& state) {
        return state.power == 1 ? std::nullopt : std::optional(static_cast<std::int64_t>(state.hash));
    }
};
struct Parity {
    struct State {
        std::uint64_t bits = 0;
    };
    static void add(State& state, std::int64_t value) {
        state.bits ^= 0x9e3779b97f4a7c15 * (static_cast<std::uint64_t>(value) + 1);
    }
    static void subtract(State& state, std::int64_t value) { add(state, value); }
    static void merge(State& state, const State& other) { state.bits ^= other.bits; }
    static std::int64_t result(const State& state) { return static_cast<std::int64_t>(state.bits); }
};
struct UnmergingParity : Parity {
    static void unmerge(State& state, const State& other) { state.bits ^= other.bits; }
};

} // namespace twin
