#include "onefold/run/handle_of.hpp"

#include <array>
#include <random>

#include "onefold/onefold.hpp"
#include "support/catch.hpp"

using namespace onefold::literals;

enum class Kind : std::uint8_t { cash = 0, card = 3 };
struct Payment {
    std::int64_t id;
    std::string card;
    std::optional<double> amount;
    onefold::Time at;
    std::array<float, 2> scores;
    std::optional<Kind> kind;
};
template <> struct onefold::schema<Payment>
    : onefold::fields<&Payment::id, &Payment::card, &Payment::amount,
                      onefold::column<&Payment::at, "at", onefold::milliseconds>, &Payment::scores, &Payment::kind> {};

constexpr auto amount = onefold::field<&Payment::amount>;

struct Payments {
    static constexpr auto definition = onefold::define(
        onefold::stream<Payment>("payments").time<&Payment::at>().id<&Payment::id>().lateness(5_s),
        onefold::by<&Payment::card>("count"_f = onefold::count().over(1_h),
                                    "spend"_f = onefold::sum(amount).over(1_h, 24_h),
                                    "largest"_f = onefold::top<2>(amount).over(24_h),
                                    "kind"_f = onefold::last(onefold::field<&Payment::kind>).over(24_h)),
        onefold::by<>("everyone"_f = onefold::count().over(1_h)), onefold::derive("share"_f = amount / "spend_24h"_f));
};

onefold::Scorer make_payment_scorer(onefold::ScorerOptions options) {
    return onefold::make_scorer<Payments>(std::move(options));
}

namespace handle_of_test {

struct Visit {
    std::optional<std::int32_t> person;
    std::int32_t x;
    bool inside;
    std::uint64_t weight;
    std::optional<onefold::Time> at;
};

} // namespace handle_of_test
using namespace handle_of_test;
template <> struct onefold::schema<Visit>
    : onefold::fields<&Visit::person, &Visit::x, &Visit::inside, &Visit::weight, &Visit::at> {
    static constexpr bool ignore_other_columns = true;
};
namespace handle_of_test {

struct Visits {
    static constexpr auto definition = onefold::define(
        onefold::stream<Visit>("visits").time<&Visit::at>().lateness(1_s).future_guard(1_min),
        onefold::by<&Visit::x, &Visit::inside>("heaviest"_f = onefold::max(onefold::field<&Visit::weight>).over(1_h)),
        onefold::by<&Visit::person>("n"_f = onefold::count().over(1_h)));
};

} // namespace handle_of_test

TEST_CASE("handle: a scorer answers bit for bit as Live does, from values and from JSON") {
    std::mt19937_64 random(11);
    std::vector<std::string> live_settled, scorer_settled;
    onefold::LiveOptions<Payments> live_options;
    const auto spell = [](std::string& text, const onefold::AnyValue& value) {
        if (value.kind() == onefold::ValueKind::integer) text += std::to_string(value.as_integer()) + ";";
        else if (value.kind() == onefold::ValueKind::real) onefold::detail::append_float(text += "r", value.as_real());
        else if (value.kind() == onefold::ValueKind::list)
            for (const auto& element : value.as_list()) onefold::detail::append_float(text += "l", element.as_real());
        else text += "null";
    };
    const auto spell_row = [&](const onefold::Row<Payments>& row) {
        std::string text;
        row.for_each([&](std::string_view, const auto& value) { spell(text, onefold::run::to_value(value)); });
        return text;
    };
    live_options.settled = [&](const Payment&, const onefold::Settled<Payments>& row) {
        live_settled.push_back(spell_row(row));
    };
    onefold::Live<Payments> live(std::move(live_options));
    onefold::ScorerOptions options;
    options.settled = [&](const onefold::SettledRow& row) {
        std::string text;
        for (const auto& value : row.values) spell(text, value);
        scorer_settled.push_back(text);
    };
    auto scorer = onefold::make_scorer<Payments>(std::move(options));
    std::int64_t clock = 0;
    for (std::int64_t i = 0; i < 3000; ++i) {
        clock += static_cast<std::int64_t>(random() % 2000);
        Payment event{i - static_cast<std::int64_t>(random() % 20 == 0),
                      "card " + std::to_string(random() % 7),
                      {},
                      {},
                      {0.5f, 1.25f},
                      {}};
        event.at.micros = (clock - static_cast<std::int64_t>(random() % 6000)) * 1000;
        if (random() % 4 != 0) event.amount = static_cast<double>(random() % 100'000) / 7.0;
        if (random() % 3 != 0) event.kind = Kind::card;
        const auto expected = live.push(event);
        onefold::ScoredRow row;
        if (i % 2 == 0) {
            row = scorer.push({{"id", event.id},
                               {"card", event.card},
                               {"amount", onefold::run::to_value(event.amount)},
                               {"at", event.at},
                               {"scores", onefold::run::to_value(event.scores)},
                               {"kind", onefold::run::to_value(event.kind)}});
        } else {
            std::string json = "{\"id\":" + std::to_string(event.id) + ",\"card\":\"" + event.card +
                               "\",\"scores\":[0.5,1.25],\"at\":" + std::to_string(event.at.micros / 1000) +
                               ",\"amount\":";
            if (event.amount) onefold::detail::append_float(json, *event.amount);
            else json += "null";
            row = scorer.push(json + (event.kind ? ",\"kind\":3}" : "}"));
        }
        REQUIRE(row.reason == "");
        REQUIRE(row.verdict == expected.verdict);
        std::size_t column = 0;
        expected.for_each([&](std::string_view name, const auto& value) {
            INFO(name);
            REQUIRE(row.values[column++] == (expected.applied() ? onefold::run::to_value(value) : onefold::AnyValue()));
        });
    }
    REQUIRE(live.account() == scorer.account());
    REQUIRE(live.account().late > 10);
    REQUIRE(live.account().duplicate > 10);
    live.finish();
    scorer.finish();
    REQUIRE(live_settled.size() == live.account().applied);
    REQUIRE(live_settled == scorer_settled);
}

TEST_CASE("handle: results per sub key are lists of key and result") {
    using onefold::AnyValue;
    onefold::PerKey<std::optional<std::string>, std::array<std::optional<double>, 2>> list;
    list.push_back(std::nullopt, {0.5, std::nullopt});
    list.push_back("web", {-0.0, 1.0});
    const std::vector<AnyValue> first{nullptr, std::vector<AnyValue>{0.5, nullptr}};
    const std::vector<AnyValue> second{"web", std::vector<AnyValue>{-0.0, 1.0}};
    REQUIRE(onefold::run::to_value(list) == AnyValue(std::vector<AnyValue>{first, second}));
}

TEST_CASE("handle: composite and null keys, large naturals, null and future times") {
    onefold::Time now{0};
    onefold::ScorerOptions options;
    options.clock = [&] { return now; };
    auto scorer = onefold::make_scorer<Visits>(std::move(options));
    const auto greatest = onefold::AnyValue(UINT64_MAX);
    const auto row = scorer.push({{"x", 4}, {"inside", true}, {"weight", UINT64_MAX}, {"at", 5}, {"more", "ignored"}});
    REQUIRE(row.reason == "");
    REQUIRE(row.values == std::vector<onefold::AnyValue>{greatest, 1});
    REQUIRE(scorer.read(onefold::Time{6}, {4, true, nullptr}).values == std::vector<onefold::AnyValue>{greatest, 1});
    REQUIRE(scorer.read(onefold::Time{6}, {4, false, nullptr}).values == std::vector<onefold::AnyValue>{nullptr, 1});
    REQUIRE(scorer.read(onefold::Time{6}, {4, true, 9}).values == std::vector<onefold::AnyValue>{greatest, 0});
    REQUIRE_THROWS_AS(scorer.read(onefold::Time{6}, {nullptr, true, 9}), onefold::Error);

    REQUIRE(scorer.preview({{"x", 4}, {"inside", true}, {"weight", 1}}).verdict == onefold::Verdict::rejected);
    REQUIRE(scorer.account().in == 1);
    REQUIRE(scorer.push({{"x", 4}, {"inside", true}, {"weight", 1}}).reason != "");
    REQUIRE(scorer.push({{"x", 4}, {"inside", true}, {"weight", 1}, {"at", 60'000'001}}).verdict ==
            onefold::Verdict::rejected);
    now.micros = 1;
    REQUIRE(scorer.push({{"x", 4}, {"inside", true}, {"weight", 1}, {"at", 60'000'001}}).verdict ==
            onefold::Verdict::applied);
    REQUIRE(scorer.account().rejected == 2);
}

TEST_CASE("handle: state moves between scorers by key group") {
    auto from = make_payment_scorer({}), to = make_payment_scorer({});
    for (int i = 0; i < 100; ++i)
        from.push({{"id", i},
                   {"card", "card " + std::to_string(i % 9)},
                   {"amount", i * 0.1},
                   {"at", i * 1'000'000},
                   {"scores", std::vector<onefold::AnyValue>{0.0, 0.0}}});
    for (std::uint32_t group = 0; group < onefold::engine::key_groups; ++group) to.load(from.save(group));
    for (int card = 0; card < 10; ++card) {
        const std::vector<onefold::AnyValue> key{"card " + std::to_string(card)};
        REQUIRE(from.read(onefold::Time{99'000'000}, key).values == to.read(onefold::Time{99'000'000}, key).values);
    }
    REQUIRE(to.read(onefold::Time{99'000'000}, {"card 1"}).values[0] == onefold::AnyValue(11));
    REQUIRE_THROWS_AS(to.load("damaged"), onefold::Error);
}
