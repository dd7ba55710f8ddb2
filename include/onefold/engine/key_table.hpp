#pragma once

#include <vector>

#include "onefold/core/hash.hpp"
#include "onefold/core/tuple.hpp"
#include "onefold/core/value_bytes.hpp"
#include "onefold/plan/input.hpp"

namespace onefold::engine {

// Keys belong to this many groups by the documented hash; state is saved, loaded and sharded by key group.
inline constexpr std::uint32_t key_groups = 128;

constexpr std::uint32_t key_group_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 57); }

// The key of an entity, owned, and how an event shows it without a copy.
template <class P, class Members> struct KeyOf;
template <class P, auto... M>
struct KeyOf<P, KeyMembers<M...>> {
    using Input = typename P::input;
    using Fields = TypeList<Field<M>...>;
    using Key = Tuple<typename plan::FieldIn<Field<M>, Input>::type...>;

    // The documented hash: composite keys chain their parts.
    static std::uint64_t hash(const Input& event, std::uint64_t seed) noexcept {
        auto h = seed;
        ((h = hash_value(plan::read_field<Field<M>>(event), h)), ...);
        return sizeof...(M) == 0 ? mix(seed) : h;
    }
    static std::uint64_t hash(const Key& key, std::uint64_t seed) noexcept {
        auto h = seed;
        for_each_index<sizeof...(M)>([&](auto i) { h = hash_value(get<decltype(i)::value>(key), h); });
        return sizeof...(M) == 0 ? mix(seed) : h;
    }
    // Equal hashes mean equal keys: the mix is a bijection of 64 bits.
    static constexpr bool hash_is_key =
        sizeof...(M) == 1 && ((std::is_integral_v<typename plan::FieldIn<Field<M>, Input>::type> ||
                               std::is_enum_v<typename plan::FieldIn<Field<M>, Input>::type> ||
                               std::same_as<typename plan::FieldIn<Field<M>, Input>::type, Time>) &&
                              ...);
    static bool equal(const Input& a, const Input& b) noexcept {
        return (total_equal(plan::read_field<Field<M>>(a), plan::read_field<Field<M>>(b)) && ...);
    }
    static bool equal(const Key& key, const Input& event) noexcept {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (total_equal(get<I>(key), plan::read_field<type_at<I, Fields>>(event)) && ...);
        }(std::make_index_sequence<sizeof...(M)>{});
    }
    static bool equal(const Key& a, const Key& b) noexcept {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (total_equal(get<I>(a), get<I>(b)) && ...);
        }(std::make_index_sequence<sizeof...(M)>{});
    }
    static Key make(const Input& event) {
        return onefold::make_tuple(typename plan::FieldIn<Field<M>, Input>::type(plan::read_field<Field<M>>(event))...);
    }
    static const Key& make(const Key& key) { return key; }
    static std::strong_ordering order(const Key& a, const Key& b) noexcept {
        auto order = std::strong_ordering::equal;
        for_each_index<sizeof...(M)>([&](auto i) {
            if (order == 0) order = total_order(get<decltype(i)::value>(a), get<decltype(i)::value>(b));
        });
        return order;
    }
    static void save(const Key& key, ByteWriter& to) {
        for_each_index<sizeof...(M)>([&](auto i) { detail::save_value(to, get<decltype(i)::value>(key)); });
    }
    static Key load(ByteReader& from) {
        Key key{};
        for_each_index<sizeof...(M)>(
            [&](auto i) { get<decltype(i)::value>(key) = detail::load_value<type_at<decltype(i)::value, Key>>(from); });
        return key;
    }
};

// Keys and their states: open addressing with linear probing over 16-byte slots of hash and index, so a look-up costs
// one cache line and then the state itself. States stay where they are in blocks of 64. The hash is seeded, so that
// nobody outside can aim at one slot. (boost::unordered_flat_map is as fast, and costs every user 0.5 s of compile
// time.)
template <class P, class State>
class KeyTable {
public:
    using Keys = KeyOf<P, typename P::key_members>;
    using Key = typename Keys::Key;
    struct Keyed {
        Key key;
        State state;
    };

    explicit KeyTable(std::uint64_t seed = 0) : seed_(seed) { slots_.resize(16); }

    // `from` is an event or a key; null if nothing is stored under it.
    template <class From>
    Keyed* find(const From& from) noexcept {
        const auto hash = Keys::hash(from, seed_);
        for (auto i = hash & mask();; i = (i + 1) & mask()) {
            const Slot& slot = slots_[i];
            if (slot.index == 0) return nullptr;
            if (slot.hash == hash && Keys::equal(at(slot.index - 1).key, from)) return &at(slot.index - 1);
        }
    }
    template <class From>
    Keyed& find_or_add(const From& from) {
        const auto hash = Keys::hash(from, seed_);
        auto i = hash & mask();
        for (; slots_[i].index != 0; i = (i + 1) & mask())
            if (slots_[i].hash == hash && Keys::equal(at(slots_[i].index - 1).key, from))
                return at(slots_[i].index - 1);
        const auto index = place(Keyed{Keys::make(from), State{}});
        slots_[i] = {hash, index + 1};
        if (++size_ * 8 > slots_.size() * 5) grow();
        return at(index);
    }
    // Forgets a key and its state; others stay where they are.
    void erase(Keyed& keyed) {
        auto hole = Keys::hash(keyed.key, seed_) & mask();
        while (slots_[hole].index == 0 || &at(slots_[hole].index - 1) != &keyed) hole = (hole + 1) & mask();
        keyed = Keyed{};
        free_.push_back(slots_[hole].index - 1);
        --size_;
        // Whoever was pushed behind the hole moves up, so that no look-up stops before it (Knuth, volume 3, 6.4 R).
        for (auto i = (hole + 1) & mask(); slots_[i].index != 0; i = (i + 1) & mask()) {
            const auto distance = (i - slots_[i].hash) & mask();
            if (distance < ((i - hole) & mask())) continue;
            slots_[hole] = slots_[i];
            hole = i;
        }
        slots_[hole] = {};
    }
    std::size_t size() const noexcept { return size_; }
    template <class F>
    void for_each(F&& visit) {
        for (const auto& slot : slots_)
            if (slot.index != 0) visit(at(slot.index - 1));
    }

private:
    struct Slot {
        std::uint64_t hash = 0;
        std::uint32_t index = 0; // 0: empty
    };
    static constexpr std::size_t block_size = 64;

    std::size_t mask() const noexcept { return slots_.size() - 1; }
    Keyed& at(std::size_t i) noexcept { return blocks_[i / block_size][i % block_size]; }

    std::uint32_t place(Keyed&& keyed) {
        if (!free_.empty()) {
            const auto index = free_.back();
            free_.pop_back();
            at(index) = std::move(keyed);
            return index;
        }
        if (blocks_.empty() || blocks_.back().size() == block_size) {
            blocks_.emplace_back();
            blocks_.back().reserve(block_size);
        }
        blocks_.back().push_back(std::move(keyed));
        return static_cast<std::uint32_t>((blocks_.size() - 1) * block_size + blocks_.back().size() - 1);
    }

    void grow() {
        std::vector<Slot> bigger(slots_.size() * 2);
        for (const auto& slot : slots_) {
            if (slot.index == 0) continue;
            auto i = slot.hash & (bigger.size() - 1);
            while (bigger[i].index != 0) i = (i + 1) & (bigger.size() - 1);
            bigger[i] = slot;
        }
        slots_ = std::move(bigger);
    }

    std::uint64_t seed_;
    std::size_t size_ = 0;
    std::vector<Slot> slots_;
    std::vector<std::vector<Keyed>> blocks_;
    std::vector<std::uint32_t> free_; // indexes of keys that were erased
};

} // namespace onefold::engine
