#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "onefold/aggregate/counted_table.hpp"
#include "onefold/aggregate/sorted_entries.hpp"
#include "onefold/core/bytes.hpp"
#include "onefold/core/value_bytes.hpp"

namespace onefold {

// How often each value occurs: the state of an exact distinct. Values are canonical(); equality is total_order's.
//
// Empty it is two null pointers; up to 7 values are one small flat block, up to 512 one hash table. Beyond, the values
// are spread over tables of a few hundred by linear hashing (Litwin: Linear hashing, a new tool for file and table
// addressing, VLDB 1980), which splits or joins one table at a time: add and subtract are O(1) expected, and no call
// moves more than about a thousand values, however large the set. An 8-byte value takes about 15 bytes while counts
// stay under 256.
//
// add may throw std::bad_alloc or what copying a T throws, and then changes nothing; subtract never throws.
template <class T>
class CountedSet {
public:
    CountedSet() noexcept = default;
    CountedSet(CountedSet&& other) noexcept
        : one_(std::exchange(other.one_, nullptr)), many_(std::exchange(other.many_, nullptr)) {}
    CountedSet(const CountedSet& other) : CountedSet() {
        if (other.many_) copy_directory(*other.many_);
        else if (other.one_ && !Table::hashed(*other.one_)) one_ = Table::copy(other.one_);
        else merge(other);
    }
    CountedSet& operator=(CountedSet other) noexcept {
        std::swap(one_, other.one_);
        std::swap(many_, other.many_);
        return *this;
    }
    ~CountedSet() {
        Table::destroy(one_);
        if (!many_) return;
        for (std::size_t i = 0; i < many_->size; ++i) Table::destroy(many_->tables()[i]);
        ::operator delete(static_cast<void*>(many_));
    }

    void add(const T& value, std::uint64_t times = 1) {
        if (times == 0) return;
        const auto seed = many_ ? many_->seed : 0;
        auto hash = hash_of(value);
        auto*& table = table_of(hash);
        if (const auto i = table ? Table::find(*table, value, hash) : Table::absent; i != Table::absent) {
            const auto count = table->count(i) + times;
            if (table->fits(count)) return table->set_count(i, count);
            const T copy(value); // the caller may have passed a reference into the block that is replaced
            rebuild(table, table->capacity(), detail::count_width(count), seed);
            return table->set_count(Table::find(*table, copy, Table::hash_of(*table, copy, seed)), count);
        }
        T copy(value);
        if (!table || Table::full(*table) || !table->fits(times)) {
            const bool grow = !table || Table::full(*table);
            const auto width = table ? Table::width_needed(*table) : 0;
            const auto wanted = detail::count_width(times);
            rebuild(table, grow ? Table::capacity_for((table ? table->size : 0) + 1) : table->capacity(),
                    wanted > width ? wanted : width, seed);
            hash = Table::hash_of(*table, copy, seed);
        }
        Table::insert(*table, std::move(copy), times, hash);
        if (many_) ++many_->distinct;
        if (distinct() > most_per_table * (many_ ? many_->size : 1)) split();
    }

    // Precondition: the value occurs at least that often. A value whose count becomes zero is gone.
    void subtract(const T& value, std::uint64_t times = 1) noexcept {
        if (times == 0) return;
        const auto seed = many_ ? many_->seed : 0;
        const auto hash = hash_of(value);
        auto*& table = table_of(hash);
        const auto i = table ? Table::find(*table, value, hash) : Table::absent;
        assert(i != Table::absent && "onefold: subtract of a value that is not in the set");
        if (i == Table::absent) return;
        const auto count = table->count(i);
        assert(count >= times && "onefold: subtract of a value more often than it is in the set");
        if (count > times) return table->set_count(i, count - times);
        Table::erase(*table, i, seed);
        if (table->size == 0) {
            Block::release(table);
            table = nullptr;
        } else if (Table::sparse(*table)) {
            // Giving memory back is optional: without memory for the smaller block the larger one stays.
            Table::try_rebuild(table, Table::capacity_for(table->size + std::size_t{table->size} / 2 + 1),
                               Table::width_needed(*table), seed);
        }
        if (many_ && --many_->distinct < least_per_table * many_->size) join();
    }

    std::size_t distinct() const noexcept { return many_ ? many_->distinct : one_ ? one_->size : 0; }
    bool empty() const noexcept { return distinct() == 0; }

    std::uint64_t count(const T& value) const noexcept {
        const auto hash = hash_of(value);
        const auto* table = many_ ? many_->tables()[many_->index_of(hash)] : one_;
        const auto i = table ? Table::find(*table, value, hash) : Table::absent;
        return i == Table::absent ? 0 : table->count(i);
    }

    void merge(const CountedSet& other) {
        if (this == &other) return merge(CountedSet(other));
        other.for_each([this](const T& value, std::uint64_t count) { add(value, count); });
    }
    // Precondition: every value of the other set occurs here at least as often.
    void subtract(const CountedSet& other) noexcept {
        if (this == &other) *this = CountedSet();
        else other.for_each([this](const T& value, std::uint64_t count) { subtract(value, count); });
    }

    // Calls visit(value, count) in an order that differs from run to run: fold only what does not depend on order.
    template <class Visit>
    void for_each(Visit&& visit) const {
        if (one_) for_each_in(*one_, visit);
        for (std::size_t k = 0; many_ && k < many_->size; ++k)
            if (const auto* table = many_->tables()[k]) for_each_in(*table, visit);
    }

    // The number of values, then each with its count, ascending: the same bytes whatever the history. O(n log n).
    void save(ByteWriter& writer) const {
        detail::SortedEntries<T> entries(distinct());
        for_each([&](const T& value, std::uint64_t count) { entries.append(value, count); });
        entries.sort();
        detail::save_entries<T>(writer, distinct(), [&](auto&& visit) { entries.for_each(visit); });
    }
    // Bytes that save could not have written fail the reader and give an empty set.
    static CountedSet load(ByteReader& reader) { return detail::load_entries<CountedSet, T>(reader); }

private:
    using Block = detail::CountedBlock<T>;
    using Table = detail::CountedTable<T>;
    static constexpr std::size_t most_per_table = 512;
    static constexpr std::size_t least_per_table = 128;

    struct Directory {
        std::size_t size;     // tables
        std::size_t mask;     // the next power of two, less one
        std::size_t capacity; // room for tables
        std::size_t distinct;
        std::uint64_t seed; // never 0
        Block** tables() noexcept { return reinterpret_cast<Block**>(this + 1); }

        static Directory* try_make(std::size_t capacity) noexcept {
            void* raw = ::operator new(sizeof(Directory) + capacity * sizeof(Block*), std::nothrow);
            if (!raw) return nullptr;
            const auto seed = mix(static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(raw))) | 1;
            return ::new (raw) Directory{0, 0, capacity, 0, seed};
        }
        // The low bits of the hash choose the table (the high ones the slot): with as many bits as the next power of
        // two has, or one fewer where that table has not been split off yet.
        std::size_t index_of(std::uint64_t hash) const noexcept {
            const auto i = static_cast<std::size_t>(hash) & mask;
            return i < size ? i : i & (mask >> 1);
        }
        void resize(std::size_t tables_now) noexcept {
            size = tables_now;
            while (mask + 1 < size) mask = 2 * mask + 1;
            while (mask / 2 + 1 >= size && mask != 0) mask /= 2;
        }
        // The table that table i was split from.
        static std::size_t buddy_of(std::size_t i) noexcept {
            std::size_t top = 1;
            while (top * 2 <= i) top *= 2;
            return i - top;
        }
    };

    std::uint64_t hash_of(const T& value) const noexcept {
        return many_ ? hash_value(value, many_->seed) : one_ ? Table::hash_of(*one_, value, 0) : 0;
    }
    Block*& table_of(std::uint64_t hash) noexcept { return many_ ? many_->tables()[many_->index_of(hash)] : one_; }

    static void rebuild(Block*& table, std::size_t capacity, std::uint32_t width, std::uint64_t seed) {
        if (!Table::try_rebuild(table, capacity, width, seed)) throw std::bad_alloc();
    }

    // One more table. Splitting is optional: without memory the tables just stay larger.
    void split() noexcept {
        if (!many_) {
            auto* directory = Directory::try_make(4);
            if (!directory) return;
            if (!Table::try_rebuild(one_, one_->capacity(), one_->width(), directory->seed)) {
                ::operator delete(static_cast<void*>(directory));
                return;
            }
            directory->distinct = one_->size;
            directory->resize(1);
            directory->tables()[0] = std::exchange(one_, nullptr);
            many_ = directory;
        }
        if (many_->size == many_->capacity) {
            auto* larger = Directory::try_make(many_->capacity * 2);
            if (!larger) return;
            larger->resize(many_->size);
            larger->distinct = many_->distinct;
            larger->seed = many_->seed;
            std::memcpy(larger->tables(), many_->tables(), many_->size * sizeof(Block*));
            ::operator delete(static_cast<void*>(std::exchange(many_, larger)));
        }
        const auto fresh = many_->size;
        const auto buddy = Directory::buddy_of(fresh);
        auto* from = many_->tables()[buddy];
        many_->tables()[fresh] = nullptr;
        many_->resize(fresh + 1);
        if (!from) return;
        std::size_t moved = 0;
        for_each_in(*from, [&](const T& value, std::uint64_t) { moved += many_->index_of(hash_of(value)) == fresh; });
        if (moved == 0) return;
        const auto width = Table::width_needed(*from);
        auto* stay = Block::try_make(Table::capacity_for(from->size - moved), width);
        auto* leave = Block::try_make(Table::capacity_for(moved), width);
        if (!stay || !leave) {
            Block::release(stay);
            Block::release(leave);
            many_->resize(fresh);
            return;
        }
        for (std::size_t i = 0, n = Table::slots(*from); i < n; ++i)
            if (const auto count = from->count(i)) {
                auto& value = from->values()[i];
                const auto hash = hash_of(value);
                auto& to = many_->index_of(hash) == fresh ? *leave : *stay;
                Table::insert(to, std::move(value), count, hash);
                value.~T();
            }
        Block::release(from);
        many_->tables()[buddy] = stay;
        many_->tables()[fresh] = leave;
    }

    // One table fewer; optional as well.
    void join() noexcept {
        const auto last = many_->size - 1;
        auto*& from = many_->tables()[last];
        if (last == 0) {
            // Back to one table with a seed of its own.
            if (from && !Table::try_rebuild(from, Table::capacity_for(from->size), from->width(), 0)) return;
            one_ = from;
            ::operator delete(static_cast<void*>(std::exchange(many_, nullptr)));
            return;
        }
        auto*& to = many_->tables()[Directory::buddy_of(last)];
        if (!to) {
            to = from;
        } else if (from) {
            const auto width = Table::width_needed(*from) > Table::width_needed(*to) ? Table::width_needed(*from)
                                                                                     : Table::width_needed(*to);
            if (!Table::try_rebuild(to, Table::capacity_for(std::size_t{to->size} + from->size), width, many_->seed))
                return;
            Table::pour(*to, *from, many_->seed);
            Block::release(from);
        }
        many_->resize(last);
    }

    void copy_directory(Directory& other) {
        many_ = Directory::try_make(other.capacity);
        if (!many_) throw std::bad_alloc();
        many_->seed = other.seed;
        for (std::size_t i = 0; i < other.size; ++i) {
            many_->tables()[i] = nullptr; // what the destructor frees if the copy throws
            many_->resize(i + 1);
            many_->tables()[i] = Table::copy(other.tables()[i]);
        }
        many_->distinct = other.distinct;
    }

    template <class Visit>
    static void for_each_in(const Block& table, Visit&& visit) {
        for (std::size_t i = 0, n = Table::slots(table); i < n; ++i)
            if (const auto count = table.count(i)) visit(table.values()[i], count);
    }

    Block* one_ = nullptr;
    Directory* many_ = nullptr;
};

} // namespace onefold
