#pragma once

#include "onefold/aggregate/count_min.hpp"
#include "onefold/aggregate/dd_sketch.hpp"
#include "onefold/aggregate/decayed.hpp"
#include "onefold/aggregate/hyper_log_log.hpp"
#include "onefold/define/aggregates.hpp"

// The verbs whose answers are approximate: each has a stated bound, and each is as much a function of the set of events
// as the exact ones, so that batch and live agree bit for bit. The bound of each stands with its aggregate in
// aggregate/; the README has one table of them all.
namespace onefold {
namespace detail {

// The event time as a part of an argument. Only what reads an event of a stream knows it.
struct EventTime {
    static constexpr std::string_view spelled = "event_time";
    template <class Context> constexpr std::int64_t evaluate(const Context& context) const { return context.time(); }
};

// A value together with its time, in the form in which it decays.
template <std::int64_t HalfLife>
struct Decayed {
    static constexpr std::string_view symbol = "decayed";
    static constexpr std::int64_t parameter = HalfLife;
    template <class X>
    static auto apply(const X& x, std::int64_t time) {
        using Wide = std::conditional_t<std::is_integral_v<stripped<X>>, std::int64_t, double>;
        if constexpr (is_optional<X>)
            return x ? std::optional(decayed_term(static_cast<Wide>(*x), time, HalfLife)) : std::nullopt;
        else return decayed_term(static_cast<Wide>(x), time, HalfLife);
    }
};

// In microseconds; 0 for what is no length of time.
template <auto HalfLife>
inline constexpr std::int64_t half_life_micros = [] {
    // Compilers differ in whether the parameter's own type is const.
    using Length = std::remove_cvref_t<decltype(HalfLife)>;
    if constexpr (std::same_as<Length, WindowLength>)
        return HalfLife.rows == 0 && HalfLife.micros != latest ? HalfLife.micros : 0;
    else if constexpr (any_duration<Length>) return micros_of(HalfLife);
    else return 0;
}();

template <template <std::int64_t> class Aggregate, auto HalfLife, class E>
constexpr auto decayed_clause(const E& of) {
    constexpr std::int64_t micros = half_life_micros<HalfLife>;
    static_assert(micros > 0, "onefold: a half-life is a length of time above 0; write decayed_sum<30_min>(x)");
    constexpr bool one = !is_each<E>;
    static_assert(one, "onefold: decayed_sum() and decayed_mean() take one number; write "
                       "decayed_sum<30_min>(element<0>(x)) for one of an array");
    if constexpr (micros <= 0 || !one) return Silent{};
    else if constexpr (std::same_as<decltype(numeric_clause<Aggregate<micros>>(of)), Silent>) return Silent{};
    else {
        using Term = Node<Decayed<micros>, E, EventTime>;
        return clause_of<Aggregate<micros>>(Term{onefold::make_tuple(of, EventTime{})});
    }
}

} // namespace detail

// Nearest rank within a relative error of Alpha: a group, for windows whose exact quantile would keep too many values.
// The result is a double whatever the field. Q and Alpha are taken as the decimals written.
template <double Q, double Alpha = 0.01, Expression E>
constexpr auto approx_quantile(const E& of) {
    constexpr bool ok = Q >= 0.0 && Q <= 1.0;
    constexpr bool accurate = Alpha >= 0.0001 && Alpha <= 0.25;
    static_assert(ok, "onefold: approx_quantile<Q>() takes Q from 0 to 1; write approx_quantile<0.9>(x) for the "
                      "ninetieth percentile");
    static_assert(!ok || accurate, "onefold: approx_quantile<Q, alpha>() takes a relative error from 0.0001 to 0.25; "
                                   "write approx_quantile<0.9, 0.01>(x) for one percent");
    if constexpr (ok && accurate) {
        constexpr auto q = detail::decimal_fraction(Q), alpha = detail::decimal_fraction(Alpha);
        return detail::numeric_clause<
            aggregates::ApproxQuantile<q.numerator, q.denominator, alpha.numerator, alpha.denominator>>(of);
    } else return Silent{};
}

// About how many different values, in at most 2^Precision bytes for each block of the log: standard error
// 1.04 / sqrt(2^Precision), and nearly always exact while there are few.
template <int Precision = 12, Expression E>
constexpr auto approx_distinct(const E& of) {
    constexpr bool ok = Precision >= 4 && Precision <= 18;
    static_assert(ok, "onefold: approx_distinct<P>() takes a precision from 4 to 18, for 2^P registers; write "
                      "approx_distinct<12>(x) for an error of 1.6 %");
    if constexpr (ok) return detail::value_clause<aggregates::ApproxDistinct<Precision>>(of);
    else return Silent{};
}

// Sums that forget: an event of age a counts 2^-(a / half-life), exactly subtracted when it leaves the window. The
// half-life is a duration such as 30_min, and a window of 64 of them holds all that a double can show.
template <auto HalfLife, Expression E>
constexpr auto decayed_sum(const E& of) {
    return detail::decayed_clause<aggregates::DecayedSum, HalfLife>(of);
}
template <auto HalfLife>
constexpr auto decayed_count() {
    return detail::decayed_clause<aggregates::DecayedCount, HalfLife>(detail::Constant<std::int64_t>{1});
}
template <auto HalfLife, Expression E>
constexpr auto decayed_mean(const E& of) {
    return detail::decayed_clause<aggregates::DecayedMean, HalfLife>(of);
}

// About how often the window has the value of the event being scored: never too few, and more than n e / Width too many
// (of n values) with a probability of at most e^-Depth.
template <std::uint32_t Width = 2048, std::uint32_t Depth = 4, Expression E>
constexpr auto approx_frequency(const E& of) {
    constexpr bool ok = Width >= 2 && Width <= (1u << 24) && Depth >= 1 && Depth <= 16;
    static_assert(ok,
                  "onefold: approx_frequency<Width, Depth>() takes a width from 2 to 2^24 and a depth from 1 to 16; "
                  "write approx_frequency<2048, 4>(x)");
    if constexpr (ok) return detail::value_clause<aggregates::ApproxFrequency<Width, Depth>>(of);
    else return Silent{};
}

} // namespace onefold
