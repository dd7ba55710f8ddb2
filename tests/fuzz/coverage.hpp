#pragma once

// How often each window has met each aggregate and each option: what the fuzz prints, and what the generator steers by.

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string>

#include "fuzz/language.hpp"

namespace fuzz {

class Coverage {
    static constexpr std::size_t none = 63;
    template <std::size_t Rows, std::size_t Columns> using Counts =
        std::array<std::array<std::uint64_t, Columns>, Rows>;

    // Each pair that these clauses hold, once: see(counter).
    template <class Self, class See>
    static void each_pair(Self& self, const Clause& clause, See see) {
        for (std::size_t w = 0; w < window_names.size(); ++w) {
            if (!has(clause.windows, w)) continue;
            see(self.windows_aggregates_[w][clause.aggregate]);
            for (std::size_t o = 0; o < option_names.size(); ++o)
                if (has(clause.options, o)) see(self.windows_options_[w][o]);
        }
        for (std::size_t o = 0; o < option_names.size(); ++o)
            if (has(clause.options, o)) see(self.aggregates_options_[clause.aggregate][o]);
    }

public:
    // A definition counts once for each pair, however many of its clauses hold it.
    void add(const std::vector<Clause>& clauses) {
        std::set<std::uint64_t*> seen;
        for (const auto& clause : clauses) each_pair(*this, clause, [&](std::uint64_t& count) { seen.insert(&count); });
        for (auto* count : seen) ++*count;
    }
    // What a clause would add: most for pairs that have never been.
    double gain(const Clause& clause) const {
        double sum = 0;
        each_pair(*this, clause, [&](const std::uint64_t& count) {
            sum += count == 0 ? 20.0 : 1.0 / (static_cast<double>(count) * static_cast<double>(count));
        });
        return sum;
    }

    // The tables, and how many pairs the language has of which nothing has been seen.
    std::size_t print() const {
        std::size_t missing = 0;
        std::vector<std::string_view> aggregate_names;
        for (const auto& aggregate : aggregates) aggregate_names.push_back(aggregate.name);
        const auto table = [&](const char* title, const auto& down, const auto& across, const auto& counts,
                               auto refusal) {
            std::printf("\n%s: definitions that hold both; `-` where the language has no such pair\n", title);
            for (std::size_t c = 0; c < across.size(); ++c)
                std::printf("  %2zu %.*s%s", c, static_cast<int>(across[c].size()), across[c].data(),
                            c % 6 == 5 || c + 1 == across.size() ? "\n" : ",");
            std::printf("%22s", "");
            for (std::size_t c = 0; c < across.size(); ++c) std::printf(" %4zu", c);
            std::printf("\n");
            for (std::size_t r = 0; r < down.size(); ++r) {
                std::printf("%-22.*s", static_cast<int>(down[r].size()), down[r].data());
                for (std::size_t c = 0; c < across.size(); ++c) {
                    if (const auto* rule = refusal(r, c)) {
                        std::printf("    %s", counts[r][c] == 0 ? "-" : "!");
                        missing += counts[r][c] == 0 ? 0 : 1; // the table is wrong of what the language refuses
                        static_cast<void>(rule);
                    } else {
                        std::printf(" %4llu", static_cast<unsigned long long>(counts[r][c]));
                        missing += counts[r][c] == 0 ? 1 : 0;
                    }
                }
                std::printf("\n");
            }
        };
        table("windows x aggregates", aggregate_names, window_names, transposed(windows_aggregates_),
              [](std::size_t a, std::size_t w) { return refused(w, a, none); });
        table("windows x options", option_names, window_names, transposed(windows_options_),
              [](std::size_t o, std::size_t w) { return refused(w, none, o); });
        table("aggregates x options", aggregate_names, option_names, aggregates_options_,
              [](std::size_t a, std::size_t o) { return refused(none, a, o); });
        std::printf("\npairs that cannot be written, and the test in tests/compile_fail that says so:\n");
        for (const auto& rule : refusals())
            std::printf("  %s: %.*s\n", describe(rule).c_str(), static_cast<int>(rule.sentence.size()),
                        rule.sentence.data());
        return missing;
    }
    std::size_t zeros() const {
        std::size_t count = 0;
        for (std::size_t w = 0; w < window_names.size(); ++w)
            for (std::size_t a = 0; a < aggregates.size(); ++a)
                count += windows_aggregates_[w][a] == 0 && !refused(w, a, none);
        for (std::size_t w = 0; w < window_names.size(); ++w)
            for (std::size_t o = 0; o < option_names.size(); ++o)
                count += windows_options_[w][o] == 0 && !refused(w, none, o);
        for (std::size_t a = 0; a < aggregates.size(); ++a)
            for (std::size_t o = 0; o < option_names.size(); ++o)
                count += aggregates_options_[a][o] == 0 && !refused(none, a, o);
        return count;
    }

private:
    template <std::size_t Rows, std::size_t Columns>
    static Counts<Columns, Rows> transposed(const Counts<Rows, Columns>& counts) {
        Counts<Columns, Rows> other{};
        for (std::size_t r = 0; r < Rows; ++r)
            for (std::size_t c = 0; c < Columns; ++c) other[c][r] = counts[r][c];
        return other;
    }
    static std::string describe(const Refusal& rule) {
        std::string text;
        const auto add = [&](std::uint64_t set, const auto& names) {
            if (set == 0) return;
            if (!text.empty()) text += " with ";
            bool first = true;
            for (std::size_t i = 0; i < names.size(); ++i) {
                if (!has(set, i)) continue;
                text += first ? "" : " | ";
                first = false;
                if constexpr (requires { names[i].name; }) text += names[i].name;
                else text += names[i];
            }
        };
        if (rule.windows == closing_windows) text = "windows that close";
        else add(rule.windows, window_names);
        add(rule.aggregates, aggregates);
        add(rule.options, option_names);
        if (!rule.source.empty()) text += " (" + std::string(rule.source) + ".cpp)";
        return text;
    }

    Counts<window_names.size(), aggregates.size()> windows_aggregates_{};
    Counts<window_names.size(), option_names.size()> windows_options_{};
    Counts<aggregates.size(), option_names.size()> aggregates_options_{};
};

} // namespace fuzz
