#pragma once

#include <bit>
#include <unordered_map>
#include <vector>

#include "onefold/core/bytes.hpp"
#include "onefold/define/expression.hpp"
#include "onefold/record/schema.hpp"

namespace onefold::port {

// How the entries of a journal's block are coded, each by its difference from what stood before it in the block. A
// varint is of seven bits a byte, the lowest first; a difference is a varint of 2d for d >= 0, of -2d - 1 below 0.
//
//   entry      tag u8: its kind in bits 0 to 2; in bits 3 and 4 whether it has a time of arrival (0: none, 1: that of
//              the entry that had one before, 2: a difference follows); in bits 5 to 7 the number of the input, or 7
//              and then a varint of what is above it
//   record     the time of arrival, flags, then the columns of the layout, one after the other
//   reference  the time of arrival, then the record's position in its source, as a difference from the last one + 1
//   rejected   nothing more: a record that could not be read
//   watermark  a difference from the last one of the block
//   tick       a reading of the clock, as a difference from the last one
//   flags      a bit for each column that can be null (1: it is not) and a bit for each bool, in the columns' order,
//              the lowest first, in whole bytes
//   columns    integer, enum: a difference from the last one that was not null; the first is one from 0.
//              time, and every time above: the same of microseconds, in the greatest unit that tells it exactly, as a
//              varint of four times what a difference is, and 0 for microseconds, 1 for milliseconds, 2 for seconds;
//              one that does not fit is 3, and then the time itself as i64 float, double: the bits that differ from the
//              last one's, u8 16 t + n, where t is how many zero bytes are at its low end and n how many others follow,
//              lowest first; 0: the same. string: a varint, 0 for one that was not in this column of the block yet,
//              then its size and its bytes; k for the k-th of those. array: its elements, each compared with the one in
//              its place. bool: its flag.
enum class JournalStep : std::uint8_t { record, reference, rejected, watermark, tick };

// The last value of a column, or of an element of one.
template <class V>
class ValueCode { // integers, enums, bools in arrays
public:
    void put(ByteWriter& to, const V& value) {
        const auto now = bits_of(value);
        to.put_varint(zigzag(static_cast<std::int64_t>(now - last_)));
        last_ = now;
    }
    V get(ByteReader& from) {
        last_ += static_cast<std::uint64_t>(unzigzag(from.get_varint()));
        const auto value = of_bits(last_);
        if (bits_of(value) != last_) from.fail(); // a number that the type does not hold
        return value;
    }

private:
    static std::uint64_t bits_of(const V& value) noexcept {
        if constexpr (std::is_enum_v<V>) return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
        else if constexpr (std::is_signed_v<V>) return static_cast<std::uint64_t>(std::int64_t{value});
        else return value;
    }
    static V of_bits(std::uint64_t bits) noexcept {
        if constexpr (std::same_as<V, bool>) return bits == 1;
        else return static_cast<V>(bits);
    }
    std::uint64_t last_ = 0;
};

template <>
class ValueCode<Time> {
    static constexpr std::int64_t units[] = {1, 1'000, 1'000'000};
    static constexpr std::uint64_t whole = 3;

public:
    void put(ByteWriter& to, Time time) {
        std::int64_t difference = 0;
        const bool fits = !__builtin_sub_overflow(time.micros, last_, &difference);
        unsigned unit = 2;
        while (difference % units[unit] != 0) --unit;
        last_ = time.micros;
        if (const auto bits = zigzag(difference / units[unit]); fits && bits >> 62 == 0)
            return to.put_varint(bits << 2 | unit);
        to.put_varint(whole);
        to.put(time.micros);
    }
    Time get(ByteReader& from) {
        const auto bits = from.get_varint();
        if ((bits & 3) == whole) {
            if (bits != whole) from.fail();
            last_ = from.get<std::int64_t>();
        } else {
            std::int64_t difference = 0;
            if (__builtin_mul_overflow(unzigzag(bits >> 2), units[bits & 3], &difference) ||
                __builtin_add_overflow(last_, difference, &last_))
                from.fail();
        }
        return Time{last_};
    }

private:
    std::int64_t last_ = 0;
};

template <std::floating_point V>
class ValueCode<V> {
    using Bits = std::conditional_t<sizeof(V) == 4, std::uint32_t, std::uint64_t>;

public:
    void put(ByteWriter& to, V value) {
        const auto now = std::bit_cast<Bits>(value);
        auto changed = static_cast<Bits>(now ^ last_);
        last_ = now;
        if (changed == 0) return to.put(std::uint8_t{0});
        const auto low = std::countr_zero(changed) / 8;
        changed >>= 8 * low;
        const auto size = (static_cast<int>(std::bit_width(changed)) + 7) / 8;
        to.put(static_cast<std::uint8_t>(16 * low + size));
        for (int i = 0; i < size; ++i) to.put(static_cast<std::uint8_t>((changed >> (8 * i)) & 0xff));
    }
    V get(ByteReader& from) {
        const auto shape = from.get<std::uint8_t>();
        const unsigned low = shape / 16u, size = shape % 16u;
        if (low + size > sizeof(V)) from.fail();
        Bits changed = 0;
        for (unsigned i = 0; i < size && from.ok(); ++i)
            changed = static_cast<Bits>(changed | static_cast<Bits>(Bits{from.get<std::uint8_t>()} << (8 * (low + i))));
        last_ ^= changed;
        return std::bit_cast<V>(last_);
    }

private:
    Bits last_ = 0;
};

template <>
class ValueCode<std::string> {
public:
    void put(ByteWriter& to, const std::string& text) {
        const auto [known, added] = numbers_.try_emplace(text, numbers_.size() + 1);
        if (!added) return to.put_varint(known->second);
        to.put_varint(0);
        to.put_varint(text.size());
        to.put_bytes(text);
    }
    std::string get(ByteReader& from) {
        const auto number = from.get_varint();
        if (number == 0) return texts_.emplace_back(from.get_bytes(from.get_varint()));
        if (number <= texts_.size()) return texts_[number - 1];
        from.fail();
        return {};
    }

private:
    std::unordered_map<std::string, std::size_t> numbers_; // where it writes
    std::vector<std::string> texts_;                       // where it reads
};

template <class E, std::size_t N>
class ValueCode<std::array<E, N>> {
public:
    void put(ByteWriter& to, const std::array<E, N>& values) {
        for (std::size_t i = 0; i < N; ++i) elements_[i].put(to, values[i]);
    }
    std::array<E, N> get(ByteReader& from) {
        std::array<E, N> values{};
        for (std::size_t i = 0; i < N; ++i) values[i] = elements_[i].get(from);
        return values;
    }

private:
    std::array<ValueCode<E>, N> elements_;
};

template <class Columns> struct ColumnCodes;
template <class... C> struct ColumnCodes<TypeList<C...>> {
    using type = Tuple<ValueCode<detail::stripped<typename C::value>>...>;
};

// Codes the records of one input of one block, through schema<Record>.
template <HasSchema Record>
class RecordCode {
    using columns = columns_of<Record>;
    template <class V> static constexpr bool is_bool = std::same_as<detail::stripped<V>, bool>;
    static constexpr std::size_t flag_count = [] {
        std::size_t count = 0;
        for_each_index<columns::size>([&](auto i) {
            using V = typename type_at<decltype(i)::value, columns>::value;
            count += (detail::is_optional<V> ? 1u : 0u) + (is_bool<V> ? 1u : 0u);
        });
        return count;
    }();
    using Flags = std::array<std::uint8_t, (flag_count + 7) / 8>;

public:
    void put(ByteWriter& to, const Record& record) {
        Flags flags{};
        std::size_t next = 0;
        for_each_column([&]<class Column>(auto, Column) {
            const auto& value = record.*Column::member;
            if constexpr (detail::is_optional<typename Column::value>) set(flags, next++, value.has_value());
            if constexpr (is_bool<typename Column::value>)
                set(flags, next++, detail::has_value(value) && detail::value_of(value));
        });
        for (const auto byte : flags) to.put(byte);
        for_each_column([&]<class Column>(auto i, Column) {
            const auto& value = record.*Column::member;
            if constexpr (!is_bool<typename Column::value>)
                if (detail::has_value(value)) onefold::get<decltype(i)::value>(codes_).put(to, detail::value_of(value));
        });
    }
    // Members that are no columns keep what they had.
    void get(ByteReader& from, Record& record) {
        Flags flags{};
        for (auto& byte : flags) byte = from.get<std::uint8_t>();
        std::size_t next = 0;
        for_each_column([&]<class Column>(auto i, Column) {
            using V = typename Column::value;
            auto& value = record.*Column::member;
            bool present = true;
            if constexpr (detail::is_optional<V>) present = is_set(flags, next++);
            if constexpr (is_bool<V>) {
                const bool truth = is_set(flags, next++);
                if (truth && !present) from.fail();
                if (present) value = truth;
            } else if (present) value = onefold::get<decltype(i)::value>(codes_).get(from);
            if constexpr (detail::is_optional<V>)
                if (!present) value.reset();
        });
        for (auto unused = next; unused < 8 * flags.size(); ++unused)
            if (is_set(flags, unused)) from.fail();
    }

private:
    static void for_each_column(auto&& visit) {
        for_each_index<columns::size>([&](auto i) { visit(i, type_at<decltype(i)::value, columns>{}); });
    }
    static void set(Flags& flags, std::size_t bit, bool value) noexcept {
        flags[bit / 8] = static_cast<std::uint8_t>(flags[bit / 8] | (value ? 1u << (bit % 8) : 0u));
    }
    static bool is_set(const Flags& flags, std::size_t bit) noexcept { return (flags[bit / 8] >> (bit % 8) & 1) != 0; }

    typename ColumnCodes<columns>::type codes_;
};

} // namespace onefold::port
