#pragma once

// Definitions drawn at random from fuzz/language.hpp, those first whose pairs of window, aggregate and option have been
// drawn least.

#include <random>
#include <string>
#include <vector>

#include "fuzz/coverage.hpp"

namespace fuzz {

// One feature: `"name"_f = text`, and what a derived feature can make of it.
struct Feature {
    Clause tags;
    std::string name, text;
    std::vector<std::string> columns; // names of its windows' features
    bool is_number = false, is_array = false;
};

struct Drawn {
    std::string stream, key, windows, other_key;
    std::vector<Feature> features; // of the first by<>(), then from `second` on of the other
    std::size_t second = 0;
    std::vector<std::string> derived;
    std::vector<Clause> clauses() const {
        std::vector<Clause> all;
        for (const auto& feature : features) all.push_back(feature.tags);
        return all;
    }
};

class Draw {
public:
    Draw(std::uint64_t seed, std::int64_t least, std::int64_t most) : random_(seed), least_(least), most_(most) {}

    // The one of several drawn that adds most to the coverage, which counts it.
    Drawn next(Coverage& coverage);

private:
    using Texts = std::vector<std::string>;
    struct Field {
        std::string text;
        Option type;
        bool nullable = false, computed = false;
    };
    // What all clauses of a by<>() share.
    struct Entity {
        std::uint64_t options = 0, windows = 0;
        bool closes = false;
        std::string hop;
    };

    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
    }
    bool once_in(std::int64_t n) { return below(n) == 0; }
    template <class T> T one_of(const std::vector<T>& values) {
        return values[static_cast<std::size_t>(below(static_cast<std::int64_t>(values.size())))];
    }

    Drawn definition(const Coverage& coverage);
    std::string stream(std::uint64_t& options);
    std::string key(std::uint64_t& options);
    std::string closing(std::uint64_t& windows);
    Feature feature(const Entity& entity, std::string name, std::size_t aggregate);
    void words(const Entity& entity, Feature& feature, std::size_t aggregate);
    std::string argument(Takes takes, bool each, Clause& tags, bool& is_number);
    Field field(Takes takes);
    Field condition();
    std::string where(Clause& tags);
    void derive(Drawn& drawn, bool closes);

    std::mt19937_64 random_;
    std::int64_t least_, most_;
};

} // namespace fuzz
