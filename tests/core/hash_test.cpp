#include "onefold/core/hash.hpp"

#include <array>
#include <limits>

#include "onefold/core/time.hpp"
#include "support/catch.hpp"

using onefold::hash_value;

// The expected values were computed by a Python program of twenty lines, written from the comment in core/hash.hpp with
// integers of any size. They are part of the format of saved state: a change of one of them is a change of every shard.
TEST_CASE("the documented hash never changes") {
    CHECK(onefold::mix(0) == 0xe220a8397b1dcdaf); // the first output of SplitMix64 with seed 0, as published
    CHECK(hash_value(0) == 0xe220a8397b1dcdaf);
    CHECK(hash_value(std::int64_t{1}) == 0x910a2dec89025cc1);
    CHECK(hash_value(std::int64_t{-1}) == 0xe4d971771b652c20);
    CHECK(hash_value(42, 7) == 0xf7e9f3f88cc04ad6);
    CHECK(hash_value(std::numeric_limits<std::int64_t>::min()) == 0x481ec0a212a9f3db);
    CHECK(hash_value(std::string()) == 0xe220a8397b1dcdaf);
    CHECK(hash_value(std::string("a")) == 0x121842d00719760b);
    CHECK(hash_value(std::string("card")) == 0x929d4b77d77ece72);
    CHECK(hash_value(std::string("12345678")) == 0x3e8ec462dc9a15b3);
    CHECK(hash_value(std::string("123456789")) == 0x3f7d9f7c349a01b3);
    CHECK(hash_value(std::string("\xc3\xa9")) == 0xcda3a2e85cdb6720);
    CHECK(hash_value(1.5) == 0xd6dab18e1392608a);
    CHECK(hash_value(std::optional<std::int64_t>()) == 0x6e789e6aa1b965f4);
    CHECK(hash_value(std::optional<std::int64_t>(), 9) == 0x044c3cd7f43c661c);
    CHECK(hash_value(std::array<std::int32_t, 2>{1, 2}) == 0xbcd9dbb49673066b);
    // A composite key: each part seeds the next.
    CHECK(hash_value(std::string("x"), hash_value(5)) == 0xd0073036821c09b8);
    CHECK(hash_value(-1, hash_value(std::optional<int>())) == 0x36b6ef1e3c27fc5b);
}

TEST_CASE("what is one value hashes as one, whatever its type") {
    enum class Small : std::int8_t { minus = -1 };
    CHECK(hash_value(Small::minus) == hash_value(std::int64_t{-1}));
    CHECK(hash_value(std::int8_t{-1}) == hash_value(std::int64_t{-1}));
    CHECK(hash_value(true) == hash_value(1));
    CHECK(hash_value(onefold::Time{1}) == hash_value(1));
    CHECK(hash_value(std::optional<int>(1)) == hash_value(1));
    CHECK(hash_value(std::string("a")) == hash_value(std::string_view("a")));
    CHECK(hash_value(0.0) == hash_value(-0.0));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(hash_value(nan) == 0xc72971d82e15bb46);
    CHECK(hash_value(-nan) == hash_value(nan));
    CHECK(hash_value(static_cast<float>(nan)) == hash_value(nan));
}
