#include "onefold/core/bytes.hpp"

#include "support/catch.hpp"

using onefold::ByteReader, onefold::ByteWriter;

TEST_CASE("varints are as short as they can be, and no other spelling is read", "[core]") {
    struct Spelled {
        std::uint64_t value;
        std::string bytes;
    };
    // By hand: seven bits in each byte, the lowest first, the eighth says that more follow.
    for (const auto& [value, bytes] :
         {Spelled{0, std::string(1, '\0')}, Spelled{127, "\x7f"}, Spelled{128, "\x80\x01"}, Spelled{300, "\xac\x02"},
          Spelled{UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"}}) {
        ByteWriter writer;
        writer.put_varint(value);
        CHECK(writer.view() == bytes);
        ByteReader reader(bytes);
        CHECK(reader.get_varint() == value);
        CHECK((reader.ok() && reader.at_end()));
    }
    // Cut off, a zero too much, more than 64 bits, more than ten bytes.
    for (const std::string bytes : {"", "\x80", "\xff\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
                                    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"}) {
        ByteReader reader(bytes);
        CHECK(reader.get_varint() == 0);
        CHECK(!reader.ok());
    }
    ByteReader longer(std::string_view("\x80\x00", 2));
    CHECK(longer.get_varint() == 0);
    CHECK(!longer.ok());
}

TEST_CASE("numbers near zero are short ones, whatever their sign", "[core]") {
    const std::int64_t values[] = {0, -1, 1, -2, 2, INT64_MAX, INT64_MIN};
    const std::uint64_t bits[] = {0, 1, 2, 3, 4, UINT64_MAX - 1, UINT64_MAX};
    for (std::size_t i = 0; i < std::size(values); ++i) {
        CHECK(onefold::zigzag(values[i]) == bits[i]);
        CHECK(onefold::unzigzag(bits[i]) == values[i]);
    }
}
