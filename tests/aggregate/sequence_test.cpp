#include "onefold/aggregate/sequence.hpp"

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace {

using Text = std::optional<std::string>;
using Oldest = onefold::accumulate::OldestN<Text, 3>;
using Newest = onefold::accumulate::NewestN<Text, 3>;

template <class State>
std::vector<Text> contents(const State& state) {
    std::vector<Text> values;
    for (std::size_t i = 0; i < state.size(); ++i) values.push_back(state[i]);
    return values;
}
template <class A>
std::string bytes_of(const typename A::State& state) {
    onefold::ByteWriter writer;
    A::save(state, writer);
    return writer.take();
}

// The values in runs of any length, each a state of its own, merged from the left.
template <class A>
typename A::State in_runs(const std::vector<Text>& values, std::mt19937_64& random) {
    typename A::State all;
    for (std::size_t i = 0; i < values.size();) {
        typename A::State run;
        for (auto end = i + random() % 6; i < values.size() && i <= end; ++i) A::add(run, values[i]);
        A::merge(all, run);
    }
    return all;
}

} // namespace

TEST_CASE("the ends of a sequence are the same however it was cut into runs") {
    std::mt19937_64 random(4);
    for (int round = 0; round < 300; ++round) {
        std::vector<Text> values;
        for (auto n = random() % 12; n > 0; --n)
            values.push_back(random() % 4 == 0 ? Text() : Text(std::to_string(random() % 1000)));
        const auto kept = values.size() < 3 ? values.size() : 3;
        const auto oldest = in_runs<Oldest>(values, random);
        const auto newest = in_runs<Newest>(values, random);
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(kept);
        CHECK(contents(oldest) == std::vector<Text>(values.begin(), middle));
        CHECK(contents(newest) == std::vector<Text>(values.end() - static_cast<std::ptrdiff_t>(kept), values.end()));
        CHECK(bytes_of<Oldest>(oldest) == bytes_of<Oldest>(in_runs<Oldest>(values, random)));
        CHECK(bytes_of<Newest>(newest) == bytes_of<Newest>(in_runs<Newest>(values, random)));
    }
}

TEST_CASE("a state merged with itself holds the sequence twice") {
    Newest::State newest;
    for (const char* value : {"a", "b", "c", "d"}) newest.add(value);
    Newest::merge(newest, newest);
    CHECK(contents(newest) == std::vector<Text>{"b", "c", "d"});
    Newest::State one;
    one.add("a");
    Newest::merge(one, one);
    CHECK(contents(one) == std::vector<Text>{"a", "a"});
}

TEST_CASE("ends of a sequence are loaded as they were saved, and damage is refused") {
    Newest::State newest;
    for (const char* value : {"a", "b", "c", "d"}) newest.add(value);
    newest.add(std::nullopt);
    const auto bytes = bytes_of<Newest>(newest);
    onefold::ByteReader reader(bytes);
    const auto loaded = Newest::load(reader);
    CHECK(reader.ok());
    CHECK(reader.at_end());
    CHECK(contents(loaded) == contents(newest));
    CHECK(bytes_of<Newest>(loaded) == bytes);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        onefold::ByteReader damaged(std::string_view(bytes).substr(0, cut));
        CHECK(Newest::load(damaged).size() == 0);
        CHECK_FALSE(damaged.ok());
    }
    // A list of four was never the state of three.
    onefold::accumulate::NewestN<Text, 4>::State four;
    for (const char* value : {"a", "b", "c", "d"}) four.add(value);
    const auto longer = bytes_of<onefold::accumulate::NewestN<Text, 4>>(four);
    onefold::ByteReader damaged(longer);
    CHECK(Newest::load(damaged).size() == 0);
    CHECK_FALSE(damaged.ok());
}

TEST_CASE("the ends of a sequence of bools are its values") {
    onefold::accumulate::OldestN<bool, 3>::State oldest;
    onefold::accumulate::NewestN<bool, 3>::State newest;
    for (const bool value : {true, false, false, true, true}) oldest.add(value), newest.add(value);
    CHECK((oldest[0] && !oldest[1] && !oldest[2]));
    CHECK((!newest[0] && newest[1] && newest[2]));
}
