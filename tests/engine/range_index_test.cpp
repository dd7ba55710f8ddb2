#include "onefold/engine/range_index.hpp"

#include <random>

#include "onefold/engine/log.hpp"
#include "onefold/plan/plan.hpp"
#include "support/catch.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using namespace twin;

struct Ranges {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>(),
                        onefold::by<>("order"_f = onefold::aggregate<Sequence>(points).over(1_h),
                                      "max"_f = onefold::max(points).over(1_h)));
};
using P = onefold::plan::EntityPlan<Ranges, 0>;
using Entry = onefold::engine::Entry<P>;
constexpr auto order_family = P::family_of<0, onefold::accumulate::User<Sequence, std::int64_t>>;
constexpr auto max_family = P::family_of<1, onefold::accumulate::Greatest<std::int64_t>>;

struct List {
    std::vector<Entry> entries;
    const Entry& operator[](std::uint32_t i) const { return entries[i]; }
};

Entry entry_of(std::mt19937_64& random) {
    Event event;
    if (random() % 5 != 0) event.points = static_cast<std::int64_t>(random() % 50);
    return Entry::of(event);
}

} // namespace

TEST_CASE("a range is the entries one after the other, whatever blocks it is made of") {
    std::mt19937_64 random(11);
    for (const std::uint32_t count : {0u, 1u, 63u, 64u, 65u, 96u, 700u, 1'024u, 2'500u}) {
        List list;
        for (std::uint32_t i = 0; i < count; ++i) list.entries.push_back(entry_of(random));
        onefold::engine::RangeIndex<P, order_family> sequences;
        onefold::engine::RangeIndex<P, max_family> maxima;
        for (int question = 0; question < 400; ++question) {
            // Now and then an entry is put between the others, or many are; what is built moves along.
            if (count != 0 && random() % 3 == 0) {
                auto near = random() % list.entries.size();
                if (random() % 2 == 0) near = list.entries.size() - std::min<std::size_t>(list.entries.size(), 40);
                for (auto more = random() % 2 == 0 ? 1 : random() % 150; more > 0; --more) {
                    const auto place = std::min<std::size_t>(near + random() % 40, list.entries.size());
                    list.entries.insert(list.entries.begin() + static_cast<std::ptrdiff_t>(place), entry_of(random));
                    sequences.inserted(static_cast<std::uint32_t>(place));
                    maxima.inserted(static_cast<std::uint32_t>(place));
                }
            }
            const auto size = static_cast<std::uint32_t>(list.entries.size());
            // Now and then an entry changes, and with it everything that was built from there on.
            if (count != 0 && random() % 4 == 0) {
                const auto place = static_cast<std::uint32_t>(random() % size);
                if (random() % 2 == 0) list.entries[place] = entry_of(random);
                else {
                    list.entries.insert(list.entries.begin() + place, entry_of(random));
                    list.entries.pop_back();
                }
                sequences.invalidate(place);
                maxima.invalidate(place);
            }
            auto low = static_cast<std::uint32_t>(random() % (size + 1)),
                 high = static_cast<std::uint32_t>(random() % (size + 1));
            if (low > high) std::swap(low, high);
            // Every other question is one of two windows that slide, as long as nothing comes between.
            auto window = onefold::engine::any_window;
            if (question % 2 == 0) {
                window = static_cast<std::size_t>(question % 4 / 2);
                const auto length = window == 0 ? size / 2 : size / 5;
                low = std::min(size, (size - length) * static_cast<std::uint32_t>(question) / 400);
                high = random() % 8 == 0 ? std::min(size, low + length) : size;
            }
            if (question % 10 == 0) low = 0, high = size;
            INFO("of " << size << " the range [" << low << ", " << high << ")");
            Sequence::State expected;
            auto greatest = onefold::engine::no_position;
            for (auto i = low; i < high; ++i) {
                if (!list[i].present<order_family>()) continue;
                const auto value = list[i].value<order_family>();
                Sequence::add(expected, value);
                if (greatest == onefold::engine::no_position || value >= list[greatest].value<max_family>())
                    greatest = i;
            }
            const auto sequence = sequences.query(list, low, high, window);
            REQUIRE(sequence.hash == expected.hash);
            REQUIRE(sequence.power == expected.power);
            REQUIRE(maxima.query(list, low, high) == greatest);
        }
    }
}
