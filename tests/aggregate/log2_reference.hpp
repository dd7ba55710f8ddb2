#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <map>

// Logarithms to 100 decimal digits, and the entropy as its formula says.
namespace reference {

using Precise = boost::multiprecision::cpp_bin_float_100;

inline Precise precise_log2(std::uint64_t n) {
    return boost::multiprecision::log(Precise(n)) / boost::multiprecision::log(Precise(2));
}

// The multiple of 2^-57 nearest to log2(n), in these steps.
inline boost::multiprecision::cpp_int log2_steps(std::uint64_t n) {
    static std::map<std::uint64_t, boost::multiprecision::cpp_int> known;
    const auto [at, fresh] = known.try_emplace(n);
    if (fresh)
        at->second = boost::multiprecision::cpp_int(
            boost::multiprecision::floor(boost::multiprecision::ldexp(precise_log2(n), 57) + Precise(0.5)));
    return at->second;
}

// -Σ p log2(p), p = c / n.
template <class Counts>
Precise entropy(const Counts& counts) {
    Precise n = 0, sum = 0;
    for (const auto count : counts) n += Precise(count);
    for (const auto count : counts)
        if (count != 0) {
            const Precise p = Precise(count) / n;
            sum -= p * boost::multiprecision::log(p) / boost::multiprecision::log(Precise(2));
        }
    return sum;
}

} // namespace reference
