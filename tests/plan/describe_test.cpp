#include "onefold/plan/describe.hpp"

#include <array>
#include <sstream>

#include <nlohmann/json.hpp>

#include "onefold/onefold.hpp"
#include "support/catch.hpp"
#include "support/contains.hpp"

namespace describe_test {

using namespace onefold::literals;

enum class Channel : std::uint8_t { shop, web };
struct Order {
    std::uint32_t id;
    std::string customer;
    std::optional<Channel> channel;
    std::optional<double> amount;
    std::int32_t items;
    bool vip;
    std::array<std::int16_t, 4> tags;
    std::optional<std::string> country;
    onefold::Time at;
};

template <class V>
struct Longest {
    struct State {
        std::int64_t longest = 0;
    };
    static void add(State& s, const V& v) { s.longest = v > 0 ? 1 : s.longest; }
    static void merge(State& s, const State& other) { s.longest += other.longest; }
    static std::optional<double> result(const State& s) { return static_cast<double>(s.longest); }
};
struct Named {
    static constexpr std::string_view name = "the_named";
    struct State {
        std::int64_t total = 0;
    };
    static void add(State& s, const std::int32_t& v) { s.total += v; }
    static void subtract(State& s, const std::int32_t& v) { s.total -= v; }
    static void merge(State& s, const State& other) { s.total += other.total; }
    static std::int64_t result(const State& s) { return s.total; }
};

constexpr auto amount = onefold::field<&Order::amount>;
constexpr auto items = onefold::field<&Order::items>;
constexpr auto vip = onefold::field<&Order::vip>;
constexpr auto tags = onefold::field<&Order::tags>;
constexpr auto country = onefold::field<&Order::country>;
constexpr auto at = onefold::field<&Order::at>;

struct Orders {
    static constexpr auto definition = onefold::define(
        onefold::stream<Order>("orders").time<&Order::at>().id<&Order::id>().lateness(5_min).future_guard(1_h).where(
            items > 0),
        onefold::by<&Order::customer, &Order::channel>(
            "n"_f = onefold::count().over(1_h, onefold::lifetime),
            "spend"_f = onefold::sum(amount).over(24_h).before_current(),
            "p90"_f = onefold::quantile<0.9>(amount).over(7_d).delayed(36_h),
            "vips"_f = onefold::count_if(vip && onefold::element<2>(tags) != -3).over(10_rows),
            "best"_f = onefold::top<3>(onefold::coalesce(amount, -0.5)).over(1_rows).before_current(),
            "odd"_f = onefold::count()
                          .where([](const Order& order) { return order.items % 2 == 1; })
                          .over(30_min)
                          .including_start(),
            "own"_f = onefold::aggregate<Longest<double>>(amount).over(1_h).before_current().excluding_start(),
            "named"_f = onefold::aggregate<Named>(items).over(1_h)),
        onefold::by<>("per_hour"_f = onefold::rate<3'600'000'000>().over(5_min)),
        onefold::derive(
            "share"_f = amount / "spend_24h"_f,
            "french"_f = onefold::if_else(onefold::is_null(country) || country == "FR \"metro\"", 1, -(items + 2)),
            "fresh"_f = at + onefold::Duration{90'000'000} < onefold::Time{5}, "twice"_f = "share"_f * 2.0));
};

// Written by hand, from what `canonical_text` promises.
const std::string canonical =
    R"(onefold definition 1)"
    "\n"
    R"(stream orders)"
    "\n"
    R"(time at)"
    "\n"
    R"(id id deduplicated)"
    "\n"
    R"(lateness 300000000)"
    "\n"
    R"(future 3600000000)"
    "\n"
    R"(where (items > 0))"
    "\n"
    R"(field at: time)"
    "\n"
    R"(field id: uint32)"
    "\n"
    R"(field items: int32)"
    "\n"
    R"(field amount: float64?)"
    "\n"
    R"(field vip: bool)"
    "\n"
    R"(field tags: array<int16, 4>)"
    "\n"
    R"(field country: string?)"
    "\n"
    R"(by customer: string channel: enum<uint8>?)"
    "\n"
    R"(feature n_1h: int64 = count() over (t - 1h, t])"
    "\n"
    R"(feature n_lifetime: int64 = count() over (-inf, t])"
    "\n"
    R"(feature spend_24h: float64? = sum(amount) over [t - 24h, t))"
    "\n"
    R"(feature p90_7d: float64? = quantile<9, 10>(amount) over (t - 7d - 36h, t - 36h])"
    "\n"
    R"(feature vips_10rows: int64 = count() where (vip && (element<2>(tags) != -3)) over the newest 10 rows up to t)"
    "\n"
    R"(feature best_1rows: list<float64> = top<3>(coalesce(amount, -0.5)) over the newest 1 row before t)"
    "\n"
    R"(feature odd_30min: int64 = count() where callable over [t - 30min, t])"
    "\n"
    R"(feature own_1h: float64? = Longest(amount) over (t - 1h, t))"
    "\n"
    R"(feature named_1h: int64 = the_named(items) over (t - 1h, t])"
    "\n"
    R"(by)"
    "\n"
    R"(feature per_hour_5min: float64? = rate<3600000000>() over (t - 5min, t])"
    "\n"
    R"(derived share: float64? = (amount / spend_24h))"
    "\n"
    R"(derived french: float64? = if_else((is_null(country) || (country == "FR \"metro\"")), 1, (0 - (items + 2))))"
    "\n"
    R"(derived fresh: bool? = ((at + 90s) < time(5)))"
    "\n"
    R"(derived twice: float64? = (share * 2.0))"
    "\n";

struct Base {
    static constexpr auto stream = onefold::stream<Order>("orders").time<&Order::at>().id<&Order::id>().lateness(5_min);
    static constexpr auto clause = onefold::sum(amount);
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::customer>("spend"_f = clause.over(1_h)));
};
struct OtherName : Base {
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::customer>("spent"_f = clause.over(1_h)));
};
struct OtherWindow : Base {
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::customer>("spend"_f = clause.over(1_h).before_current()));
};
struct OtherStart : Base {
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::customer>("spend"_f = clause.over(1_h).including_start()));
};
struct OtherDelay : Base {
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::customer>("spend"_f = clause.over(1_h).delayed(1_us)));
};
struct OtherAggregate : Base {
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::customer>("spend"_f = onefold::mean(amount).over(1_h)));
};
struct OtherArgument : Base {
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::customer>("spend"_f = onefold::sum(amount + 0.5).over(1_h)));
};
struct OtherConstant : Base {
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::customer>("spend"_f = onefold::sum(amount + 0.25).over(1_h)));
};
struct OtherKey : Base {
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::country>("spend"_f = clause.over(1_h)));
};
struct OtherCondition : Base {
    static constexpr auto definition =
        onefold::define(stream, onefold::by<&Order::customer>("spend"_f = clause.where(vip).over(1_h)));
};
struct OtherLateness : Base {
    static constexpr auto definition =
        onefold::define(stream.lateness(6_min), onefold::by<&Order::customer>("spend"_f = clause.over(1_h)));
};
struct OtherDuplicates : Base {
    static constexpr auto definition =
        onefold::define(stream.keep_duplicates(), onefold::by<&Order::customer>("spend"_f = clause.over(1_h)));
};
struct OtherPartitions : Base {
    static constexpr auto definition = onefold::define(stream.partitioned_by<&Order::items>(2),
                                                       onefold::by<&Order::customer>("spend"_f = clause.over(1_h)));
};
struct MorePartitions : Base {
    static constexpr auto definition = onefold::define(stream.partitioned_by<&Order::items>(3),
                                                       onefold::by<&Order::customer>("spend"_f = clause.over(1_h)));
};
struct OtherArrival : Base {
    static constexpr auto definition =
        onefold::define(stream.arrival<&Order::at>(), onefold::by<&Order::customer>("spend"_f = clause.over(1_h)));
};
struct Punctuated : Base {
    static constexpr auto definition = onefold::define(onefold::stream<Order>("orders")
                                                           .time<&Order::at>()
                                                           .punctuated_by(items == 0 && vip)
                                                           .partitioned_by<&Order::id>(12)
                                                           .arrival<&Order::at>()
                                                           .idle_timeout(1_min),
                                                       onefold::by<&Order::customer>("spend"_f = clause.over(1_h)));
};
struct Same : Base {
    static constexpr auto definition =
        onefold::define(onefold::by<&Order::customer>("spend"_f = onefold::sum(amount).over(60_min)), stream);
};
struct SameAgain : Base {
    static constexpr auto definition =
        onefold::define(onefold::by<&Order::customer>("spend"_f = onefold::sum(amount).over(1_h)), stream);
};

template <class... Def>
std::vector<std::uint64_t> fingerprints() {
    return {onefold::describe<Def>().fingerprint...};
}

} // namespace describe_test
using namespace describe_test;

TEST_CASE("describe: the canonical text of a definition with everything in it") {
    const auto description = onefold::describe<Orders>();
    REQUIRE(onefold::canonical_text(description) == canonical);
    // FNV-1a, 64 bit, of the text above, computed by another program.
    REQUIRE(description.fingerprint == 0x91e93873998076c6);
}

TEST_CASE("describe: the fingerprint tells definitions apart by what can be answered, and by nothing else") {
    auto all = fingerprints<Base, OtherName, OtherWindow, OtherStart, OtherDelay, OtherAggregate, OtherArgument,
                            OtherConstant, OtherKey, OtherCondition, OtherLateness, OtherDuplicates, OtherPartitions,
                            MorePartitions, OtherArrival, Punctuated>();
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            INFO(i << " " << j);
            REQUIRE(all[i] != all[j]);
        }
    REQUIRE(fingerprints<SameAgain>()[0] == all[0]);
    // 60_min is as long, but names its feature otherwise.
    REQUIRE(fingerprints<Same>()[0] != all[0]);
}

TEST_CASE("describe: features, types, nullability and sharing of accumulators") {
    const auto description = onefold::describe<Orders>();
    REQUIRE(description.entities.size() == 2);
    const auto& entity = description.entities[0];
    REQUIRE(entity.features.size() == 9);
    REQUIRE(entity.features[1].name == "n_lifetime");
    REQUIRE(entity.features[1].clause == "n");
    REQUIRE(entity.features[1].argument.empty());
    REQUIRE(!entity.features[1].nullable);
    REQUIRE(entity.features[2].nullable);
    REQUIRE(entity.features[4].condition == "(vip && (element<2>(tags) != -3))");
    REQUIRE(entity.keys[1].nullable);
    REQUIRE(description.derived[0].uses == std::vector<std::string>{"spend_24h"});
    REQUIRE(description.derived[3].uses == std::vector<std::string>{"share"});

    // 36 hours and 7 days, and 5 minutes of lateness.
    REQUIRE(entity.retention_micros == 8 * 86'400'000'000 + 12 * 3'600'000'000 + 300'000'000);
    REQUIRE(entity.retention_rows == 10);
    REQUIRE(entity.keeps_lifetime);
    REQUIRE(!description.entities[1].keeps_lifetime);
    REQUIRE(description.entities[1].retention_micros == 600'000'000);

    const auto family = [&](const std::string& accumulator, const std::string& argument, const std::string& condition) {
        for (const auto& f : entity.families)
            if (f.accumulator == accumulator && f.argument == argument && f.condition == condition) return f;
        FAIL("no accumulator " << accumulator << "(" << argument << ")");
        return onefold::FamilyDescription{};
    };
    REQUIRE(family("sum", "amount", "").algebra == "group");
    REQUIRE(family("sum", "amount", "").clauses == std::vector<std::string>{"spend"});
    REQUIRE(family("present", "", "").windows == 2);
    REQUIRE(family("Longest", "amount", "").algebra == "monoid");
    REQUIRE(family("the_named", "items", "").algebra == "group");
    REQUIRE(family("present", "", "callable").clauses == std::vector<std::string>{"odd"});
}

namespace describe_test {

struct Shared {
    static constexpr auto definition =
        onefold::define(onefold::stream<Order>("orders").time<&Order::at>(),
                        onefold::by<&Order::customer>("mean"_f = onefold::mean(items).over(1_h, 2_h),
                                                      "sd"_f = onefold::stddev(items).over(2_h, 3_h),
                                                      "low"_f = onefold::min(items).over(1_h)));
};

} // namespace describe_test

TEST_CASE("describe: clauses of one argument share its sum, each window once") {
    const auto families = onefold::describe<Shared>().entities[0].families;
    REQUIRE(families.size() == 4);
    REQUIRE(families[1].accumulator == "sum");
    REQUIRE(families[1].clauses == std::vector<std::string>{"mean", "sd"});
    REQUIRE(families[1].windows == 3);
    REQUIRE(families[2].accumulator == "squares");
    REQUIRE(families[2].windows == 2);
    REQUIRE(families[3].algebra == "selection");
    REQUIRE_THAT(onefold::to_text(onefold::describe<Shared>()), Contains("shared by mean, sd"));
}

TEST_CASE("describe: partitions, arrival times and punctuations") {
    const auto description = onefold::describe<Punctuated>();
    REQUIRE(onefold::canonical_text(description) == "onefold definition 1\nstream orders\ntime at\nlateness 0\n"
                                                    "idle 60000000\npartition id 12\narrival at\n"
                                                    "punctuation ((items == 0) && vip)\n"
                                                    "field at: time\nfield id: uint32\nfield items: int32\n"
                                                    "field vip: bool\nfield amount: float64?\nby customer: string\n"
                                                    "feature spend_1h: float64? = sum(amount) over (t - 1h, t]\n");
    const auto text = onefold::to_text(description);
    REQUIRE_THAT(text, Contains("  time at, punctuated by ((items == 0) && vip), idle after 1min\n"
                                "  partition id, 12 of them: the slowest sets the watermark\n  arrival at\n"));
    const auto json = nlohmann::json::parse(onefold::to_json(description))["stream"];
    REQUIRE(json["partitioned_by"] == "id");
    REQUIRE(json["partitions"] == 12);
    REQUIRE(json["arrival"] == "at");
    REQUIRE(json["punctuated_by"] == "((items == 0) && vip)");
    const auto plain = nlohmann::json::parse(onefold::to_json(onefold::describe<Base>()))["stream"];
    for (const auto* word : {"partitioned_by", "partitions", "arrival", "punctuated_by"})
        REQUIRE(plain[word].is_null());
}

namespace describe_test {

struct Arguments {
    static constexpr auto definition = onefold::define(
        onefold::stream<Order>("orders").time<&Order::at>(),
        onefold::by<&Order::customer>(
            "dearest"_f = onefold::arg_max(country, amount).over(1_h), "n"_f = onefold::count().per(country).over(1_h),
            "spend"_f = onefold::sum(amount).per(vip).over(1_h), "mean"_f = onefold::mean(amount).per(vip).over(1_h),
            "low"_f = onefold::arg_min(items, amount * 2).per(country).where(vip).over(1_h),
            "p90"_f = onefold::quantile<0.9>(items).per(vip).over(1_h),
            "spread"_f = onefold::histogram<-1, 0, 100>(amount).over(1_h),
            "fine"_f = onefold::histogram<0, 0.5>(amount).over(1_h), "lag"_f = onefold::lag<2>(items).over(1_h)));
};

} // namespace describe_test

TEST_CASE("describe: aggregates of two fields, of sub keys and with parameters") {
    const auto description = onefold::describe<Arguments>();
    const auto text = onefold::canonical_text(description);
    for (const auto* line : {
             "feature dearest_1h: string? = arg_max(country, amount) over",
             "feature n_1h: per_key<string?, int64> = count(per country) over",
             "feature spend_1h: per_key<bool, float64?> = sum(amount per vip) over",
             "feature low_1h: per_key<string?, int32?> = arg_min(items, (amount * 2) per country) where vip over",
             "feature p90_1h: per_key<bool, int32?> = quantile<9, 10>(items per vip) over",
             "feature spread_1h: array<int64, 4> = histogram<-1, 0, 100>(amount) over",
             "feature fine_1h: array<int64, 3> = histogram<0.0, 0.5>(amount) over",
             "feature lag_1h: int32? = lag<2>(items) over",
         })
        REQUIRE_THAT(text, Contains(line));
    const auto& families = description.entities[0].families;
    const auto* sums = &families[0];
    for (const auto& family : families)
        if (family.argument == "amount per vip") sums = &family;
    REQUIRE(sums->accumulator == "present and sum per key");
    REQUIRE(sums->algebra == "group");
    REQUIRE(sums->clauses == std::vector<std::string>{"spend", "mean"});
}

TEST_CASE("describe: windows and durations in words") {
    using onefold::WindowBounds;
    const auto words = [](bool before_current, WindowBounds::Start start, std::int64_t delay) {
        WindowBounds bounds;
        bounds.before_current = before_current;
        bounds.start = start;
        bounds.delay = delay;
        return bounds;
    };
    REQUIRE(onefold::plan::window_text(24_h, {}) == "(t - 24h, t]");
    REQUIRE(onefold::plan::window_text(24_h, words(true, WindowBounds::Start::usual, 0)) == "[t - 24h, t)");
    REQUIRE(onefold::plan::window_text(24_h, words(true, WindowBounds::Start::open, 0)) == "(t - 24h, t)");
    REQUIRE(onefold::plan::window_text(90_s, words(false, WindowBounds::Start::closed, 86'400'000'000)) ==
            "[t - 90s - 1d, t - 1d]");
    REQUIRE(onefold::plan::window_text(onefold::lifetime, words(true, WindowBounds::Start::usual, 1'500'000)) ==
            "(-inf, t - 1500ms)");
    REQUIRE(onefold::plan::window_text(3_rows, words(false, WindowBounds::Start::usual, 3'600'000'000)) ==
            "the newest 3 rows up to t - 1h");
    WindowBounds bounds;
    bounds.up_to_current_row = true;
    bounds.most_rows = 5;
    REQUIRE(onefold::plan::window_text(1_h, bounds) == "(t - 1h, t], up to the current row, at most 5 rows");
    bounds = {};
    bounds.exclude = WindowBounds::Exclude::ties;
    REQUIRE(onefold::plan::window_text(3_rows, bounds) ==
            "the newest 3 rows up to t, without the current event's ties");
    bounds.exclude = WindowBounds::Exclude::current;
    bounds.hop = 60'000'000;
    REQUIRE(onefold::plan::window_text(1_h, bounds) ==
            "(t - 1h, t], without the current event, in hops of 1min (up to that much longer)");
    REQUIRE(onefold::plan::duration_text(0) == "0s");
    REQUIRE(onefold::plan::duration_text(7) == "7us");
    REQUIRE(onefold::plan::duration_text(7'000) == "7ms");
    REQUIRE(onefold::plan::duration_text(61'000'000) == "61s");
    REQUIRE(onefold::plan::duration_text(129'600'000'000) == "36h");
}

TEST_CASE("describe: windows that close in words") {
    using namespace onefold;
    using plan::closing_text;
    REQUIRE(closing_text(tumbling(1_h)) == "tumbling 1h");
    REQUIRE(closing_text(hopping(1_h, 15_min).offset(-5_min).allowed_lateness(2_min).discarding()) ==
            "hopping 1h every 15min, offset -5min, open 2min longer, discarding");
    REQUIRE(closing_text(session(30_min)) == "sessions with a gap of at most 30min");
    REQUIRE(closing_text(session(30_min).excluding_touch()) == "sessions with a gap of less than 30min");
    REQUIRE(closing_text(calendar_week("Asia/Kolkata")) ==
            "each week in Asia/Kolkata, time zones of " + time_zone_database_version());
}

TEST_CASE("describe: text, JSON and mermaid say the same") {
    const auto description = onefold::describe<Orders>();
    const auto text = onefold::to_text(description);
    const auto json = nlohmann::json::parse(onefold::to_json(description));
    const auto mermaid = onefold::to_mermaid(description);
    REQUIRE(json["stream"]["name"] == "orders");
    REQUIRE(json["stream"]["future_guard_micros"] == 3'600'000'000);
    REQUIRE(json["stream"]["idle_timeout_micros"].is_null());
    REQUIRE(json["stream"]["fields"].size() == 7);
    std::size_t features = 0;
    for (const auto& entity : json["entities"])
        for (const auto& feature : entity["features"]) {
            ++features;
            INFO(feature);
            REQUIRE_THAT(text, Contains("  " + feature["name"].get<std::string>() + " "));
            REQUIRE_THAT(text, Contains(feature["window"].get<std::string>()));
            REQUIRE_THAT(mermaid, Contains("[\"" + feature["clause"].get<std::string>() + " = "));
        }
    REQUIRE(features == 10);
    REQUIRE(json["derived"][1]["expression"] == description.derived[1].expression);
    REQUIRE(json["entities"][0]["features"][0]["where"].is_null());
    REQUIRE_THAT(text, Contains("14 features, fingerprint ") && Contains(json["fingerprint"].get<std::string>()));
    REQUIRE_THAT(text,
                 Contains("keeps events for 8d 12h 5min, the newest 10 of a key forever, lifetime states forever"));

    // Quotes and angle brackets of labels are escaped; every edge leads to a node that is declared.
    REQUIRE_THAT(mermaid, Contains("quantile#lt;9, 10#gt;(amount)") && Contains("#quot;FR") &&
                              Contains("key0_1 --> derived0\n") && Contains("derived0 --> derived3\n") &&
                              Contains("stream --> derived1\n"));
    std::istringstream lines(mermaid);
    for (std::string line; std::getline(lines, line);)
        if (const auto arrow = line.find(" --> "); arrow != std::string::npos) {
            auto target = line.substr(arrow + 5);
            target = target.substr(0, target.find_first_of("[{("));
            INFO(line);
            REQUIRE((mermaid.find(" " + target + "[") != std::string::npos ||
                     mermaid.find(" " + target + "{") != std::string::npos ||
                     mermaid.find(" " + target + "(") != std::string::npos));
        }
}
