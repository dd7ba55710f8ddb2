#include "onefold/core/owned.hpp"

#include "support/catch.hpp"

namespace {

int alive = 0;
struct Counted {
    Counted() { ++alive; }
    ~Counted() { --alive; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    int value = 7;
};

} // namespace

TEMPLATE_TEST_CASE("what is owned lives as long as its owner", "", Counted, Counted[]) {
    constexpr bool array = std::is_array_v<TestType>;
    {
        onefold::detail::Owned<TestType> owner;
        REQUIRE(!owner);
        const auto make = [&] {
            if constexpr (array) owner.make(3);
            else owner.make();
        };
        make();
        make(); // the first ones are gone
        REQUIRE(alive == (array ? 3 : 1));
        if constexpr (array) REQUIRE(owner[2].value == 7);
        else REQUIRE(owner->value == 7);

        auto other = std::move(owner);
        REQUIRE(other);
        REQUIRE(alive == (array ? 3 : 1));
        make();
        other = std::move(owner);
        owner.reset();
        REQUIRE(other);
        REQUIRE(alive == (array ? 3 : 1));
    }
    REQUIRE(alive == 0);
}
