#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "onefold/window/window.hpp"

namespace onefold::plan {

enum class Algebra : std::uint8_t { group, selection, monoid };

// One accumulator that one clause asks for. Requests with equal fingerprints are one accumulator with one state.
struct Request {
    std::size_t clause = 0;
    std::size_t position = 0; // within the aggregate's list of accumulators
    std::uint64_t accumulator = 0;
    std::uint64_t argument = 0;
    std::uint64_t filter = 0;
    std::uint64_t presence = 0; // 0: every event counts; else equal numbers are one presence bit
    Algebra algebra = Algebra::group;
    bool needs_value = true;
    bool sees_order = false; // of events of one time
};

inline constexpr std::size_t none = static_cast<std::size_t>(-1);

// Everything about an entity's clauses that is a number, computed once at compile time. A family is one accumulator of
// one argument under one filter, with a slot for each window that somebody asks of it.
template <std::size_t Clauses, std::size_t Requests, std::size_t Lengths>
struct Tables {
    // Arrays of length 0 cost special cases; an entity always has at least one clause, so only requests may be none.
    static constexpr std::size_t R = Requests == 0 ? 1 : Requests;

    std::array<Window, Lengths> windows{};
    std::size_t window_count = 0;
    std::array<Window, Lengths> ends{}; // the distinct ends among the windows; only `to` and `stop` count
    std::size_t end_count = 0;
    std::array<std::size_t, Lengths> end_of_window{};
    std::array<std::size_t, Lengths> window_of{}; // by clause offset + position in its `over`
    std::array<std::size_t, Clauses> clause_offset{};

    std::array<std::size_t, R> family_of_request{};
    std::array<std::size_t, R> request_of_family{};
    std::size_t family_count = 0;
    std::array<std::array<std::size_t, Lengths>, R> slot_of_window{}; // [family][window], or none
    std::array<std::size_t, R> slot_count{};

    std::array<std::size_t, R> column_of_family{}; // or none, where only presence counts
    std::array<std::size_t, R> request_of_column{};
    std::size_t column_count = 0;

    std::array<std::size_t, R> bit_of_family{}; // or none, where every event counts
    std::array<std::size_t, Clauses> bit_of_clause{};
    std::array<std::size_t, R> request_of_bit{};
    std::size_t bit_count = 0;
};

template <std::size_t Clauses, std::size_t Requests, std::size_t Lengths>
constexpr auto make_tables(const std::array<Window, Lengths>& asked,
                           const std::array<std::size_t, Clauses>& lengths_of_clause,
                           const std::array<std::uint64_t, Clauses>& presence_of_clause,
                           const std::array<Request, Requests == 0 ? 1 : Requests>& requests) {
    Tables<Clauses, Requests, Lengths> t;
    for (std::size_t c = 0, offset = 0; c < Clauses; offset += lengths_of_clause[c], ++c) t.clause_offset[c] = offset;

    for (std::size_t i = 0; i < Lengths; ++i) {
        std::size_t w = 0;
        while (w < t.window_count && !(t.windows[w] == asked[i])) ++w;
        if (w == t.window_count) t.windows[t.window_count++] = asked[i];
        t.window_of[i] = w;
    }
    for (std::size_t w = 0; w < t.window_count; ++w) {
        std::size_t e = 0;
        while (e < t.end_count && !t.ends[e].same_end(t.windows[w])) ++e;
        if (e == t.end_count) t.ends[t.end_count++] = t.windows[w];
        t.end_of_window[w] = e;
    }

    for (std::size_t r = 0; r < Requests; ++r) {
        const auto& request = requests[r];
        std::size_t f = 0;
        for (; f < t.family_count; ++f) {
            const auto& other = requests[t.request_of_family[f]];
            if (other.accumulator == request.accumulator && other.argument == request.argument &&
                other.filter == request.filter)
                break;
        }
        if (f == t.family_count) {
            t.request_of_family[t.family_count++] = r;
            for (auto& slot : t.slot_of_window[f]) slot = none;
        }
        t.family_of_request[r] = f;
        for (std::size_t i = 0; i < lengths_of_clause[request.clause]; ++i) {
            auto& slot = t.slot_of_window[f][t.window_of[t.clause_offset[request.clause] + i]];
            if (slot == none) slot = t.slot_count[f]++;
        }
    }

    for (std::size_t f = 0; f < t.family_count; ++f) {
        const auto& request = requests[t.request_of_family[f]];
        t.column_of_family[f] = none;
        if (request.needs_value) {
            std::size_t c = 0;
            while (c < t.column_count && requests[t.request_of_column[c]].argument != request.argument) ++c;
            if (c == t.column_count) t.request_of_column[t.column_count++] = t.request_of_family[f];
            t.column_of_family[f] = c;
        }
        t.bit_of_family[f] = none;
        if (request.presence != 0) {
            std::size_t b = 0;
            while (b < t.bit_count && requests[t.request_of_bit[b]].presence != request.presence) ++b;
            if (b == t.bit_count) t.request_of_bit[t.bit_count++] = t.request_of_family[f];
            t.bit_of_family[f] = b;
        }
    }
    for (std::size_t c = 0; c < Clauses; ++c) {
        t.bit_of_clause[c] = none;
        for (std::size_t b = 0; b < t.bit_count; ++b)
            if (presence_of_clause[c] != 0 && requests[t.request_of_bit[b]].presence == presence_of_clause[c])
                t.bit_of_clause[c] = b;
    }
    return t;
}

} // namespace onefold::plan
