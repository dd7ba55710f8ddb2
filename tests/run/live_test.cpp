#include "onefold/run/live.hpp"

#include <random>

#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;
using onefold::Time;
using onefold::Verdict;

struct Account {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events")
                            .time<&Event::at>()
                            .id<&Event::id>()
                            .lateness(15_us)
                            .idle_timeout(60_us)
                            .future_guard(100_us),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(10_us, onefold::lifetime),
                                                     "max"_f = onefold::max(amount).over(10_us),
                                                     "tags"_f = onefold::distinct(tag).over(20_us)),
                        onefold::derive("twice"_f = "n_10us"_f * 2, "over"_f = "max_10us"_f - amount));
};

struct Partitioned {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events")
                            .time<&Event::at>()
                            .partitioned_by<&Event::shop>(2)
                            .lateness(10_us)
                            .idle_timeout(60_us),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(onefold::lifetime)));
};
struct Punctuated {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().id<&Event::id>().punctuated_by(tag == "end"),
        onefold::by<&Event::account>("n"_f = onefold::count().over(onefold::lifetime),
                                     "max"_f = onefold::max(amount).over(10_us)));
};

Event event(std::int64_t time, std::int64_t id, double value = 0, std::int64_t key = 1) {
    Event e;
    e.at.micros = time;
    e.id = id;
    e.amount = value;
    e.account = key;
    return e;
}

} // namespace

TEST_CASE("a served row holds what had arrived, a settled row what had happened") {
    std::vector<std::pair<std::int64_t, std::int64_t>> settled;
    onefold::LiveOptions<Account> options;
    options.settled = [&](const Event& e, const onefold::Settled<Account>& row) {
        settled.emplace_back(e.id, row["n_10us"_f]);
    };
    onefold::Live<Account> live(std::move(options));
    CHECK(live.push(event(100, 1))["n_10us"_f] == 1);
    CHECK(live.push(event(95, 2))["n_10us"_f] == 1);  // the later one has arrived, but had not happened
    CHECK(live.push(event(100, 0))["n_10us"_f] == 3); // ties are in, whichever came first
    CHECK(settled.empty());
    live.advance_watermark(Time{99});
    CHECK(settled == std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 1}});
    live.finish();
    CHECK(settled == std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 1}, {0, 3}, {1, 3}});
}

TEST_CASE("an event that is not applied has a verdict, null features and a dead letter") {
    std::vector<std::string> letters;
    onefold::LiveOptions<Account> options;
    options.dead_letter = [&](const onefold::DeadLetter<Event>& letter) {
        letters.push_back(std::to_string(letter.position) + " " + std::string(to_text(letter.reason)) + " " +
                          std::to_string(letter.event.id) + " at watermark " + std::to_string(letter.watermark.micros));
    };
    onefold::Live<Account> live(std::move(options));
    live.push(event(100, 1, 5.0));
    const auto late = live.push(event(84, 2));
    CHECK(late.verdict == Verdict::late);
    CHECK_FALSE(late.applied());
    CHECK(late["max_10us"_f] == std::nullopt);
    CHECK(live.push(event(90, 1)).verdict == Verdict::duplicate);
    CHECK(live.push(event(100, 3))["n_lifetime"_f] == 2); // neither left a trace
    CHECK(letters == std::vector<std::string>{"1 late 2 at watermark 84", "2 duplicate 1 at watermark 84"});
    CHECK(live.account() == onefold::Account{4, 2, 1, 1, 0, 0, 0});
}

TEST_CASE("read and preview answer without folding") {
    onefold::Live<Account> live;
    live.push(event(100, 1, 5.0));
    const auto read = live.read(Time{105}, std::int64_t{1});
    CHECK(read["n_10us"_f] == 1);
    CHECK(read["max_10us"_f] == std::optional(5.0));
    CHECK(read["twice"_f] == std::optional<std::int64_t>(2));
    CHECK(read["over"_f] == std::nullopt); // needs a field, and there is no event
    CHECK(live.read(Time{110}, std::int64_t{1})["n_10us"_f] == 0);
    CHECK(live.read(Time{105}, std::int64_t{2})["n_lifetime"_f] == 0);
    CHECK(live.read(Time{84}, std::int64_t{1}).verdict == Verdict::late);
    CHECK(live.read(Time{85}, std::int64_t{1}).verdict == Verdict::applied);

    const auto preview = live.preview(event(105, 9, 2.0));
    CHECK(preview["n_10us"_f] == 1);
    CHECK(preview["over"_f] == std::optional(3.0));
    CHECK(live.preview(event(84, 9)).verdict == Verdict::late);
    CHECK(live.account().in == 1);
    CHECK(live.push(event(105, 9, 2.0))["n_10us"_f] == 2);
}

TEST_CASE("the clock that is given judges the future and ends idle waiting") {
    std::int64_t now = 1'000;
    int settled = 0;
    onefold::LiveOptions<Account> options;
    options.clock = [&] { return Time{now}; };
    options.settled = [&](const Event&, const onefold::Settled<Account>&) { ++settled; };
    onefold::Live<Account> live(std::move(options));
    CHECK(live.push(event(1'101, 1)).verdict == Verdict::rejected);
    CHECK(live.push(event(1'100, 2)).verdict == Verdict::applied);
    CHECK(live.push(event(1'200, 3), Time{1'100}).verdict == Verdict::applied); // as recorded, not as of now
    CHECK(live.watermark().micros == 1'184);
    CHECK(settled == 1);
    live.tick(Time{1'159});
    CHECK(settled == 1);
    live.tick(Time{1'160});
    CHECK(live.watermark().micros == 1'244);
    CHECK(settled == 2);
}

TEST_CASE("rows settle when the slowest partition has passed them, and without the idle ones by the clock") {
    std::vector<std::int64_t> settled;
    std::int64_t now = 1'000;
    onefold::LiveOptions<Partitioned> options;
    options.clock = [&] { return Time{now}; };
    options.settled = [&](const Event& e, const onefold::Settled<Partitioned>&) { settled.push_back(e.id); };
    onefold::Live<Partitioned> live(std::move(options));
    const auto push = [&](const char* name, std::int64_t time, std::int64_t id) {
        auto e = event(time, id);
        e.shop = name;
        return live.push(e).verdict;
    };
    CHECK(push("a", 500, 1) == Verdict::applied);
    CHECK(push("a", 100, 2) == Verdict::applied); // nothing is late before the other has been heard of
    CHECK(settled.empty());
    CHECK(push("b", 300, 3) == Verdict::applied);
    CHECK(live.watermark().micros == 289);
    CHECK(settled == std::vector<std::int64_t>{2});
    now = 1'050;
    CHECK(push("a", 520, 4) == Verdict::applied);
    live.tick(Time{1'060}); // b is idle
    CHECK(live.watermark().micros == 509);
    CHECK(settled == std::vector<std::int64_t>{2, 3, 1});
    CHECK(push("b", 400, 5) == Verdict::late);
    live.tick(Time{1'110}); // a is idle, b is not: it has come no farther
    CHECK(live.watermark().micros == 509);
    live.tick(Time{1'120}); // both are
    CHECK(live.watermark().micros == 509 + 60);
    CHECK(settled == std::vector<std::int64_t>{2, 3, 1, 4});
    CHECK(live.account() == onefold::Account{5, 4, 1, 0, 0, 0, 0});
}

TEST_CASE("a punctuation settles what it has passed, has a null row, and is in no account and no dead letter") {
    std::vector<std::int64_t> settled;
    std::vector<std::string> letters;
    onefold::LiveOptions<Punctuated> options;
    options.settled = [&](const Event& e, const onefold::Settled<Punctuated>&) { settled.push_back(e.id); };
    options.dead_letter = [&](const onefold::DeadLetter<Event>& letter) {
        letters.push_back(std::to_string(letter.position) + " " + std::string(to_text(letter.reason)) + " at " +
                          std::to_string(letter.watermark.micros));
    };
    onefold::Live<Punctuated> live(std::move(options));
    const auto punctuate = [&](std::int64_t time) {
        auto e = event(time, 1, 9.0);
        e.tag = "end";
        return live.push(e);
    };
    live.push(event(200, 1));
    live.push(event(100, 2));
    CHECK(settled.empty());
    const auto row = punctuate(100);
    CHECK(row.verdict == Verdict::filtered);
    CHECK(row["max_10us"_f] == std::nullopt);
    CHECK(settled == std::vector<std::int64_t>{2});
    CHECK(live.push(event(100, 3)).verdict == Verdict::late);
    CHECK(live.push(event(101, 4))["n_lifetime"_f] == 2); // a punctuation of the same key is no event of it
    punctuate(50);                                        // lower than what was said before
    CHECK(live.push(event(101, 4)).verdict == Verdict::duplicate);
    live.reject();
    CHECK(live.watermark().micros == 100);
    CHECK(live.records() == 8);
    CHECK(live.account() == onefold::Account{6, 3, 1, 1, 1, 0, 0});
    CHECK(letters == std::vector<std::string>{"3 late at 100", "6 duplicate at 100"});
}

TEST_CASE("records that could not be read keep the account whole") {
    onefold::Live<Account> live;
    live.push(event(100, 1));
    live.reject();
    CHECK(live.account() == onefold::Account{2, 1, 0, 0, 1, 0, 0});
}

TEST_CASE("after the end everything is late") {
    onefold::Live<Account> live;
    live.push(event(100, 1));
    live.finish();
    CHECK(live.push(event(INT64_MAX - 1, 2)).verdict == Verdict::late);
    CHECK(live.read(Time{INT64_MAX}, std::int64_t{1}).verdict == Verdict::late);
}

TEST_CASE("state is saved per key group and loaded into another executor") {
    onefold::Live<Account> live;
    for (std::int64_t key = 0; key < 300; ++key) live.push(event(100 + key % 3, key, static_cast<double>(key), key));
    onefold::Live<Account> restored;
    std::size_t empty = 0;
    const auto none = onefold::Live<Account>().save(0);
    for (std::uint32_t group = 0; group < onefold::engine::key_groups; ++group) {
        const auto bytes = live.save(group);
        empty += bytes == none;
        restored.load(bytes);
    }
    CHECK(empty < onefold::engine::key_groups / 2); // 300 keys are spread over 128 groups
    restored.advance_watermark(live.watermark());
    for (std::int64_t key = 0; key < 300; ++key) {
        const auto row = restored.push(event(104, 1'000 + key, -1.0, key));
        REQUIRE(row["n_lifetime"_f] == 2);
        REQUIRE(row["max_10us"_f] == std::optional(static_cast<double>(key)));
    }
}

TEST_CASE("damaged state is refused in a sentence or loaded, and never ends the process") {
    onefold::Live<Account> live;
    for (std::int64_t key = 0; key < 40; ++key)
        for (std::int64_t i = 0; i < 5; ++i) live.push(event(100 + i, key * 10 + i, static_cast<double>(i), key));
    std::string bytes;
    for (std::uint32_t group = 0; bytes.size() < 100; ++group) bytes = live.save(group);
    for (std::size_t size = 0; size < bytes.size(); ++size) { // every one that is cut short
        onefold::Live<Account> other;
        CHECK_THROWS_AS(other.load(std::string_view(bytes).substr(0, size)), onefold::Error);
    }
    onefold::Live<Account> longer;
    CHECK_THROWS_AS(longer.load(bytes + "x"), onefold::Error);
    std::mt19937_64 random(1);
    std::size_t refused = 0;
    for (int round = 0; round < 400; ++round) {
        auto damaged = bytes;
        damaged[random() % damaged.size()] = static_cast<char>(random());
        onefold::Live<Account> other;
        try {
            other.load(damaged);
            for (std::int64_t i = 0; i < 8; ++i) other.push(event(104 + 3 * i, 9'000 + i, 1.0, i % 40));
        } catch (const onefold::Error& error) {
            ++refused;
            CHECK(error.kind() == onefold::ErrorKind::data);
        }
    }
    CHECK(refused > 0);
}
