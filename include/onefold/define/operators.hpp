#pragma once

#include <string_view>
#include <utility>

#include "onefold/define/expression.hpp"

namespace onefold {
namespace detail {

// Each operation's `symbol` is how `explain` and the fingerprint of a definition spell it.

// Integers keep their exactness: a result that leaves int64 is null. Everything else is IEEE double, computed out of
// line so that the user's compiler flags cannot fuse or reorder it.
template <class T> inline constexpr bool is_integer = std::is_integral_v<T> && !std::same_as<T, bool>;

template <class T>
concept Numeric = is_integer<T> || std::is_floating_point_v<T>;

template <class Derived>
struct Arithmetic {
    template <class A, class B>
    static constexpr auto apply(const A& a, const B& b) {
        using L = stripped<A>;
        using R = stripped<B>;
        if constexpr (std::same_as<L, Silent> || std::same_as<R, Silent>) return Silent{};
        else if constexpr (requires { Derived::times(std::declval<L>(), std::declval<R>()); }) {
            using T = std::optional<decltype(Derived::times(std::declval<L>(), std::declval<R>()))>;
            return has_value(a) && has_value(b) ? T(Derived::times(value_of(a), value_of(b))) : T();
        } else if constexpr (!Numeric<L> || !Numeric<R>) {
            static_assert(Numeric<L> && Numeric<R>,
                          "onefold: + - * and / take numbers; write a comparison or give a numeric field instead");
            return Silent{};
        } else if constexpr (is_integer<L> && is_integer<R>) {
            std::int64_t result = 0;
            const bool ok = has_value(a) && has_value(b) && std::in_range<std::int64_t>(value_of(a)) &&
                            std::in_range<std::int64_t>(value_of(b)) &&
                            !Derived::overflows(static_cast<std::int64_t>(value_of(a)),
                                                static_cast<std::int64_t>(value_of(b)), result);
            return ok ? std::optional(result) : std::optional<std::int64_t>();
        } else if constexpr (is_optional<A> || is_optional<B>) {
            if (!has_value(a) || !has_value(b)) return std::optional<double>();
            return std::optional<double>(
                Derived::real(static_cast<double>(value_of(a)), static_cast<double>(value_of(b))));
        } else {
            return Derived::real(static_cast<double>(a), static_cast<double>(b));
        }
    }
};

struct Plus : Arithmetic<Plus> {
    static constexpr std::string_view symbol = "+";
    static constexpr bool overflows(std::int64_t a, std::int64_t b, std::int64_t& r) {
        return __builtin_add_overflow(a, b, &r);
    }
    static double real(double a, double b) { return arithmetic::add(a, b); }
    static constexpr Time times(Time t, Duration d) { return {saturating_add(t.micros, d.micros)}; }
};
struct Minus : Arithmetic<Minus> {
    static constexpr std::string_view symbol = "-";
    static constexpr bool overflows(std::int64_t a, std::int64_t b, std::int64_t& r) {
        return __builtin_sub_overflow(a, b, &r);
    }
    static double real(double a, double b) { return arithmetic::subtract(a, b); }
    // The distance of two times is a number of microseconds, so that it can be divided and compared.
    static constexpr std::int64_t times(Time a, Time b) { return saturating_subtract(a.micros, b.micros); }
};
struct Times : Arithmetic<Times> {
    static constexpr std::string_view symbol = "*";
    static constexpr bool overflows(std::int64_t a, std::int64_t b, std::int64_t& r) {
        return __builtin_mul_overflow(a, b, &r);
    }
    static double real(double a, double b) { return arithmetic::multiply(a, b); }
};
// Always a double, of integers too; by zero it is null.
struct Over {
    static constexpr std::string_view symbol = "/";
    template <class A, class B>
    static constexpr auto apply(const A& a, const B& b) {
        using L = stripped<A>;
        using R = stripped<B>;
        if constexpr (std::same_as<L, Silent> || std::same_as<R, Silent>) return Silent{};
        else {
            static_assert(Numeric<L> && Numeric<R>,
                          "onefold: / takes numbers; give a numeric field or feature instead");
            if constexpr (Numeric<L> && Numeric<R>) {
                if (has_value(a) && has_value(b) && value_of(b) != R{0})
                    return std::optional(
                        arithmetic::divide(static_cast<double>(value_of(a)), static_cast<double>(value_of(b))));
                return std::optional<double>();
            } else return Silent{};
        }
    }
};

// Three-valued: a comparison with null is null, and null never passes a `where`.
template <class Derived>
struct Comparison {
    template <class A, class B>
    static constexpr auto apply(const A& a, const B& b) {
        using L = stripped<A>;
        using R = stripped<B>;
        if constexpr (std::same_as<L, Silent> || std::same_as<R, Silent>) return Silent{};
        else {
            constexpr bool ok =
                (Numeric<L> && Numeric<R>) || std::same_as<L, R> ||
                (std::convertible_to<const L&, std::string_view> && std::convertible_to<const R&, std::string_view>);
            static_assert(
                ok, "onefold: a comparison takes two numbers, two strings or two values of one type; convert one side");
            if constexpr (!ok) return Silent{};
            else if constexpr (is_optional<A> || is_optional<B>) {
                if (!has_value(a) || !has_value(b)) return std::optional<bool>();
                return std::optional<bool>(Derived::holds(order(value_of(a), value_of(b))));
            } else {
                return Derived::holds(order(a, b));
            }
        }
    }

private:
    template <class L, class R>
    static constexpr std::strong_ordering order(const L& a, const R& b) {
        if constexpr (is_integer<L> && is_integer<R>)
            return std::cmp_less(a, b)   ? std::strong_ordering::less
                   : std::cmp_less(b, a) ? std::strong_ordering::greater
                                         : std::strong_ordering::equal;
        else if constexpr (Numeric<L> && Numeric<R>)
            // As in SQL, -0.0 equals 0.0 and NaN equals itself and is greatest.
            return total_order(canonical(static_cast<double>(a)), canonical(static_cast<double>(b)));
        else if constexpr (std::same_as<L, R> && !std::convertible_to<const L&, std::string_view>)
            return total_order(a, b);
        else return std::string_view(a).compare(std::string_view(b)) <=> 0;
    }
};

struct Equal : Comparison<Equal> {
    static constexpr std::string_view symbol = "==";
    static constexpr bool holds(std::strong_ordering o) { return o == 0; }
};
struct NotEqual : Comparison<NotEqual> {
    static constexpr std::string_view symbol = "!=";
    static constexpr bool holds(std::strong_ordering o) { return o != 0; }
};
struct Less : Comparison<Less> {
    static constexpr std::string_view symbol = "<";
    static constexpr bool holds(std::strong_ordering o) { return o < 0; }
};
struct LessEqual : Comparison<LessEqual> {
    static constexpr std::string_view symbol = "<=";
    static constexpr bool holds(std::strong_ordering o) { return o <= 0; }
};
struct Greater : Comparison<Greater> {
    static constexpr std::string_view symbol = ">";
    static constexpr bool holds(std::strong_ordering o) { return o > 0; }
};
struct GreaterEqual : Comparison<GreaterEqual> {
    static constexpr std::string_view symbol = ">=";
    static constexpr bool holds(std::strong_ordering o) { return o >= 0; }
};

// Kleene's logic: false decides an `and`, true an `or`, whatever the null on the other side would have been.
template <bool Deciding>
struct Logic {
    static constexpr std::string_view symbol = Deciding ? "||" : "&&";
    template <class A, class B>
    static constexpr auto apply(const A& a, const B& b) {
        constexpr bool ok = std::same_as<stripped<A>, bool> && std::same_as<stripped<B>, bool>;
        if constexpr (std::same_as<stripped<A>, Silent> || std::same_as<stripped<B>, Silent>) return Silent{};
        else {
            static_assert(ok, "onefold: && and || take conditions; compare the field with something first");
            if constexpr (!ok) return Silent{};
            else if constexpr (is_optional<A> || is_optional<B>) {
                if ((has_value(a) && value_of(a) == Deciding) || (has_value(b) && value_of(b) == Deciding))
                    return std::optional(Deciding);
                if (has_value(a) && has_value(b)) return std::optional(!Deciding);
                return std::optional<bool>();
            } else {
                return Deciding ? (a || b) : (a && b);
            }
        }
    }
};
using And = Logic<false>;
using Or = Logic<true>;

struct Not {
    static constexpr std::string_view symbol = "!";
    template <class A>
    static constexpr auto apply(const A& a) {
        static_assert(std::same_as<stripped<A>, bool> || std::same_as<stripped<A>, Silent>,
                      "onefold: ! takes a condition; compare the field with something first");
        if constexpr (std::same_as<A, std::optional<bool>>) return a ? std::optional(!*a) : a;
        else if constexpr (std::same_as<A, bool>) return !a;
        else return Silent{};
    }
};
struct IsNull {
    static constexpr std::string_view symbol = "is_null";
    template <class A> static constexpr bool apply(const A& a) { return !has_value(a); }
};
// The first operand that is not null; both must have one type.
struct Coalesce {
    static constexpr std::string_view symbol = "coalesce";
    template <class A, class B>
    static constexpr auto apply(const A& a, const B& b) {
        using L = stripped<A>;
        using R = stripped<B>;
        if constexpr (std::same_as<L, Silent> || std::same_as<R, Silent>) return Silent{};
        else {
            using T =
                std::conditional_t<std::same_as<L, R>, L, std::conditional_t<Numeric<L> && Numeric<R>, double, Silent>>;
            static_assert(!std::same_as<T, Silent>, "onefold: coalesce takes two values of one type");
            if constexpr (std::same_as<T, Silent>) return Silent{};
            else if constexpr (is_optional<B>)
                return has_value(a)   ? std::optional<T>(static_cast<T>(value_of(a)))
                       : has_value(b) ? std::optional<T>(static_cast<T>(value_of(b)))
                                      : std::optional<T>();
            else return has_value(a) ? static_cast<T>(value_of(a)) : static_cast<T>(b);
        }
    }
};
// A null condition chooses the second value, as SQL's CASE does.
struct IfElse {
    static constexpr std::string_view symbol = "if_else";
    template <class C, class A, class B>
    static constexpr auto apply(const C& c, const A& a, const B& b) {
        using T = std::conditional_t<std::same_as<stripped<A>, stripped<B>>, stripped<A>, double>;
        constexpr bool ok = std::same_as<stripped<C>, bool> &&
                            (std::same_as<stripped<A>, stripped<B>> || (Numeric<stripped<A>> && Numeric<stripped<B>>));
        static_assert(ok, "onefold: if_else takes a condition and two values of one type");
        if constexpr (!ok) return Silent{};
        else {
            const auto pick = [](const auto& v) {
                return has_value(v) ? std::optional<T>(static_cast<T>(value_of(v))) : std::optional<T>();
            };
            const bool yes = has_value(c) && value_of(c);
            if constexpr (is_optional<A> || is_optional<B>) return yes ? pick(a) : pick(b);
            else return yes ? static_cast<T>(a) : static_cast<T>(b);
        }
    }
};
template <std::size_t I>
struct Element {
    static constexpr std::string_view symbol = "element";
    static constexpr std::size_t parameter = I;
    template <class A> static constexpr auto apply(const A& a) {
        constexpr bool ok = is_array<stripped<A>>;
        static_assert(ok, "onefold: element<I>() takes a field that is a std::array longer than I");
        if constexpr (!ok) return Silent{};
        else if constexpr (is_optional<A>) {
            using T = typename stripped<A>::value_type;
            return a ? std::optional<T>((*a)[I]) : std::optional<T>();
        } else return a[I];
    }
};

template <class A, class B>
concept Operands = Operand<A> && Operand<B> && (Expression<A> || Expression<B>);

} // namespace detail

template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator+(const A& a, const B& b) {
    return detail::make_node<detail::Plus>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator-(const A& a, const B& b) {
    return detail::make_node<detail::Minus>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator*(const A& a, const B& b) {
    return detail::make_node<detail::Times>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator/(const A& a, const B& b) {
    return detail::make_node<detail::Over>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator==(const A& a, const B& b) {
    return detail::make_node<detail::Equal>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator!=(const A& a, const B& b) {
    return detail::make_node<detail::NotEqual>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator<(const A& a, const B& b) {
    return detail::make_node<detail::Less>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator<=(const A& a, const B& b) {
    return detail::make_node<detail::LessEqual>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator>(const A& a, const B& b) {
    return detail::make_node<detail::Greater>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator>=(const A& a, const B& b) {
    return detail::make_node<detail::GreaterEqual>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator&&(const A& a, const B& b) {
    return detail::make_node<detail::And>(a, b);
}
template <class A, class B>
    requires detail::Operands<A, B>
constexpr auto operator||(const A& a, const B& b) {
    return detail::make_node<detail::Or>(a, b);
}
template <Expression A> constexpr auto operator!(const A& a) { return detail::make_node<detail::Not>(a); }
template <Expression A> constexpr auto operator-(const A& a) { return detail::make_node<detail::Minus>(0, a); }

// True where the operand is null; itself never null.
template <Expression A> constexpr auto is_null(const A& a) { return detail::make_node<detail::IsNull>(a); }
// The operand, or the second one where it is null.
template <Expression A, Operand B> constexpr auto coalesce(const A& a, const B& b) {
    return detail::make_node<detail::Coalesce>(a, b);
}
template <Expression C, Operand A, Operand B>
constexpr auto if_else(const C& c, const A& a, const B& b) {
    return detail::make_node<detail::IfElse>(c, a, b);
}
// One number of a std::array field, such as an embedding.
template <std::size_t I, Expression A> constexpr auto element(const A& a) {
    return detail::make_node<detail::Element<I>>(a);
}

} // namespace onefold
