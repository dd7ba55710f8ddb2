#include "onefold/engine/block_array.hpp"

#include <random>
#include <string>

#include "support/catch.hpp"

TEMPLATE_TEST_CASE("an array of blocks is a plain array, wherever items are put and taken out", "", std::uint64_t,
                   std::string) {
    const auto item = [](std::uint64_t number) {
        if constexpr (std::is_same_v<TestType, std::string>)
            return std::to_string(number) + " is too long to lie inside";
        else return number;
    };
    std::mt19937_64 random(3);
    std::vector<TestType> plain;
    onefold::engine::BlockArray<TestType> blocks;
    const auto same = [&] {
        if (blocks.size() != plain.size()) return false;
        for (std::uint32_t i = 0; i < blocks.size(); ++i)
            if (blocks[i] != plain[i]) return false;
        return true;
    };
    for (std::uint64_t step = 0; step < 12'000; ++step) {
        const auto size = static_cast<std::uint32_t>(plain.size());
        // Now everywhere, now near the end, now at both ends of blocks.
        auto place = static_cast<std::uint32_t>(random() % (size + 1));
        if (step % 3 == 1) place = size - std::min<std::uint32_t>(size, static_cast<std::uint32_t>(random() % 40));
        if (step % 7 == 2) place = std::min<std::uint32_t>(size, place / 256 * 256 + (step % 2 == 0 ? 0 : 255));
        plain.insert(plain.begin() + place, item(step));
        if (place == size && step % 2 == 0) blocks.push_back(item(step));
        else blocks.insert(place, item(step));
        // Now single ones, now as many as were put in since, from everywhere.
        for (auto gone = step % 5 == 4 ? 1 : step % 2'000 == 1'999 ? 1'200 : 0; gone > 0 && !plain.empty(); --gone) {
            place = static_cast<std::uint32_t>(random() % plain.size());
            if (random() % 4 == 0) place = place / 256 * 256;
            plain.erase(plain.begin() + place);
            blocks.erase(place);
        }
        if (plain.empty()) continue;
        if (random() % 1'500 == 0) {
            const auto gone = static_cast<std::uint32_t>(random() % plain.size());
            plain.erase(plain.begin(), plain.begin() + gone);
            blocks.drop_front(gone);
            REQUIRE(same());
        }
        if (step % 97 == 0) REQUIRE(same());
    }
    REQUIRE(same());
}
